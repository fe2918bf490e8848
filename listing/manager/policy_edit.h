// PolicyEdit: one change of providers' policies within a transaction, or a look at what it would
// do.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/manager/policy_book.h"
#include "listing/manager/policy_versions.h"
#include "listing/model/policy.h"
#include "listing/model/provider.h"
#include "listing/store/environment.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist {

class PolicyEdit {
  public:
    // Lifetime: the options and the actor outlive it. With a plain Txn it only looks.
    PolicyEdit(const store::Txn& txn, const PolicyBookOptions& options, const Actor& actor);
    PolicyEdit(store::WriteTxn& txn, const PolicyBookOptions& options, const Actor& actor);

    [[nodiscard]] Time now() const noexcept { return now_; }
    // Why the provider may not exempt the prefix; empty: it may.
    [[nodiscard]] std::string exemption_refusal(std::string_view slug, const Prefix& prefix) const;
    // A version imported now, that says it was published then.
    [[nodiscard]] bool is_fresh_now(Time published) const noexcept;

    // Puts what may be said of the policy into the lists, and tells in `import` what stands there.
    void put_lists(const store::PolicyKey& key, const MailPolicy& policy, bool fresh,
                   PolicyImport& import);
    // The version comes into force in place of `versions`: lists, parts and ground.
    void put_in_force(const StoredPolicy& stored, const MailPolicy& policy,
                      const std::vector<StoredPolicy>& versions, PolicyImport& import);
    // Makes the lists what the version in force says now; the exemptions alone without one.
    void renew(std::string_view slug, PolicyVoice voice, PolicyImport& import);

    using Details = std::vector<std::pair<std::string, std::string>>;
    // Requires: a WriteTxn.
    void note(std::string_view action, std::string_view slug, PolicyVoice voice,
              const Details& more);

  private:
    const store::Txn& txn_;
    store::WriteTxn* write_ = nullptr;
    const PolicyBookOptions& options_;
    const Actor& actor_;
    Time now_;
    HolderMap holders_;
};

}  // namespace fairlist
