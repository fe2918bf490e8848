// RemovalJudge: what the store says of a request, what the list's rule makes of it, and its effect
// on listing and index; within one write transaction.
#pragma once

#include "listing/manager/ground.h"
#include "listing/manager/ledger_txn.h"
#include "listing/manager/removal_book.h"
#include "listing/manager/removal_desk.h"
#include "listing/manager/removal_target.h"
#include "listing/rules/removal_decision.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

class RemovalJudge {
  public:
    // Lifetime: within one call of Environment::write().
    RemovalJudge(LedgerTxn& ledger, const RemovalDeskOptions& options,
                 std::shared_ptr<const Ground> ground);

    [[nodiscard]] RemovalBook& book() noexcept { return book_; }
    [[nodiscard]] LedgerTxn& ledger() noexcept { return ledger_; }

    // Decides a request that is proved, with what the DNS said; ends one whose subject is not
    // listed any more. Requires: Checking.
    void decide(store::RemovalRecord& record, const PartyFindings& findings);
    // Decides it when nothing that the DNS may say can change it: an attested fix of a good
    // provider, the word of who holds the address.
    void decide_early(store::RemovalRecord& record);
    // Ends the listing, or adds an exemption, and watches. Requires: may_become Granted.
    void grant(store::RemovalRecord& record, std::string why);
    // Hands it to a person, who is due from now.
    void hand_over(store::RemovalRecord& record, std::string why);
    // Ends it when its subject is not listed any more; false: it is.
    bool end_if_moot(store::RemovalRecord& record);

    // Sets step, and whose the address is.
    void place(store::RemovalRecord& record) const;

  private:
    struct Facts {
        RemovalRule rule;
        Time last_hit;
        EarlierGrants earlier;
        const PolicyQuote* quote = nullptr;
        bool permits = true;
        std::string policy_text;
    };
    [[nodiscard]] Facts facts_of(const store::RemovalRecord& record) const;
    [[nodiscard]] std::vector<Check> checks_of(const store::RemovalRecord& record,
                                               const Facts& facts) const;
    [[nodiscard]] rules::RemovalDecision judge(const store::RemovalRecord& record,
                                               const Facts& facts) const;
    void apply(store::RemovalRecord& record, const rules::RemovalDecision& decision);

    LedgerTxn& ledger_;
    const RemovalDeskOptions& options_;
    std::shared_ptr<const Ground> ground_;
    RemovalBook book_;
};

// The listing of the same subject that was opened since the grant; 0: none was.
[[nodiscard]] std::uint64_t relisted(const store::Txn& txn, const store::RemovalRecord& record);

}  // namespace fairlist
