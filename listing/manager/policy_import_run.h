// PolicyImportRun: one import of a policy within a transaction: looks first, then writes.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/manager/policy_book.h"
#include "listing/manager/policy_versions.h"
#include "listing/model/policy.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace fairlist {

class PolicyImportRun {
  public:
    struct From {
        const Actor& actor;
        std::string_view slug;
        PolicyVoice voice = PolicyVoice::Provider;
    };
    // Lifetime: all outlive it. Requires: a policy in order (policy_ownership.h).
    PolicyImportRun(const store::Txn& txn, const PolicyBookOptions& options, const From& from,
                    const MailPolicy& policy);

    // What it would do. Errors: as PolicyBook::import().
    [[nodiscard]] Result<PolicyImport> look(bool force);
    // Tells in `import` what the policy would put into the lists.
    void count(PolicyImport& import) const;
    // Requires: look(), within the same transaction.
    void write(store::WriteTxn& txn, PolicyImport& import);

  private:
    [[nodiscard]] store::PolicyKey key(std::uint64_t version) const;
    // All but ranges and exemptions.
    [[nodiscard]] MailPolicy bare() const;
    // Whether it is this version that waits for approval: it comes again each time it is fetched.
    [[nodiscard]] bool is_held() const;
    [[nodiscard]] StoredPolicy make(std::uint64_t version) const;
    void drop_held(store::WriteTxn& txn) const;
    void hold(store::WriteTxn& txn, StoredPolicy stored, PolicyImport& import) const;

    const store::Txn& txn_;
    const PolicyBookOptions& options_;
    From from_;
    const MailPolicy& policy_;
    Time now_;
    std::vector<StoredPolicy> versions_;
    bool is_in_force_ = false;
};

}  // namespace fairlist
