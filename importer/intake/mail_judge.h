// Mail judge: all that is found out about one mail before it becomes hits.
#pragma once

#include "importer/dkim/dkim_keys.h"
#include "importer/dkim/dkim_verifier.h"
#include "importer/mail/mail_child.h"
#include "importer/mail/mail_judgement.h"
#include "importer/mail/public_suffixes.h"
#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/address.h"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace fairlist::importer {

struct MailFacts {
    MailJudgement judgement;
    std::vector<DkimResult> dkim;

    // No signature passed, and one might if its key could be looked up.
    [[nodiscard]] bool is_undecided() const noexcept;
};

// Thread: one.
class MailJudge {
  public:
    virtual ~MailJudge() = default;

    // Errors: Io (nobody can judge now: no mail is at fault), others (this mail cannot be judged).
    [[nodiscard]] virtual Result<MailFacts> judge(std::string_view mail,
                                                  const std::optional<Address>& peer,
                                                  Time received) = 0;
};

// With a reading process of its own. `keys` null: signatures are not looked at.
// Lifetime: rules and suffixes must outlive it.
class LocalMailJudge final : public MailJudge {
  public:
    LocalMailJudge(const MailRules& rules, const PublicSuffixes& suffixes, MailChildOptions reader,
                   std::unique_ptr<DkimKeys> keys);

    [[nodiscard]] Result<MailFacts> judge(std::string_view mail, const std::optional<Address>& peer,
                                          Time received) override;

  private:
    const MailRules& rules_;
    const PublicSuffixes& suffixes_;
    MailChild child_;
    std::unique_ptr<DkimKeys> keys_;
};

}  // namespace fairlist::importer
