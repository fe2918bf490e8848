// Rule runner: applies the trap rules to a new hit, within the transaction that takes it in.
#pragma once

#include "listing/manager/ground.h"
#include "listing/manager/ledger.h"
#include "listing/manager/ledger_txn.h"
#include "listing/manager/list_target.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist {

class RuleRunner {
  public:
    // Lifetime: of all three, for as long as this.
    RuleRunner(const LedgerOptions& options, const Ground& ground, LedgerTxn& ledger);

    [[nodiscard]] std::vector<RuleEffect> apply(std::uint64_t number, const Hit& hit);

  private:
    struct Case;

    [[nodiscard]] RuleEffect apply(Case& what);
    [[nodiscard]] rules::Decision decide(Case& what);
    [[nodiscard]] std::optional<rules::Past> past_of(ListId list, const Subject& subject);
    void leave_past_alone(rules::Decision& decision) const;
    void act(Case& what, const rules::Decision& decision, RuleEffect& effect);
    void open(Case& what, const rules::Decision& decision, RuleEffect& effect);
    void extend(Case& what, const rules::Decision& decision, RuleEffect& effect);

    const LedgerOptions& options_;
    const Ground& ground_;
    LedgerTxn& ledger_;
};

// Why a subject may not be listed in this list; empty: it may. Protected space, known good senders,
// the do-not-list's domains and exemptions in force.
[[nodiscard]] std::string refusal_of(const store::Txn& txn, const LedgerOptions& options,
                                     const ListSpec& list, const Subject& subject, Time now);

// The network that a subject lies in; 0: not known, or no address.
[[nodiscard]] std::uint32_t network_of(const LedgerOptions& options, const Subject& subject);

}  // namespace fairlist
