// RemovalDesk::Impl: what the files of the desk share.
#pragma once

#include "listing/manager/ground.h"
#include "listing/manager/removal_desk.h"
#include "listing/manager/removal_judge.h"
#include "listing/manager/removal_proof.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist {

struct RemovalDesk::Impl {
    store::Environment& store;
    RemovalDeskOptions options;
    RemovalProof proof;
    GroundKeeper ground;

    Impl(store::Environment& environment, store::Environment& vault, RemovalDeskOptions given)
        : store(environment),
          options(std::move(given)),
          proof(vault, options),
          ground(AddressSpace{}, options.ledger.policy) {}

    [[nodiscard]] Time now() const { return options.ledger.clock(); }

    // One write transaction with a judge; `change` may run twice (Environment::write).
    void write(const Actor& actor, const std::function<void(RemovalJudge&)>& change) {
        store.write([&](store::WriteTxn& txn) {
            LedgerTxn ledger(txn, actor, now());
            RemovalJudge judge(ledger, options, ground.current(txn, ledger.now()));
            change(judge);
            ledger.finish(options.ledger.journal);
        });
    }

    // Runs `change` on the request of this number and gives it as it is then. Errors: NotFound,
    // and those of `change`.
    Result<Removal> edit(
        const Actor& actor, std::uint64_t id,
        const std::function<Result<void>(RemovalJudge&, store::RemovalRecord&)>& change) {
        Result<Removal> result = none(id);
        write(actor, [&](RemovalJudge& judge) {
            auto record = judge.book().find(id);
            if (!record) {
                result = none(id);
                return;
            }
            if (const auto good = change(judge, *record); !good) {
                result = std::unexpected(good.error());
            } else {
                result = record->removal;
            }
        });
        return result;
    }

    static std::unexpected<Error> none(std::uint64_t id);
    // By a key that nobody has.
    static std::unexpected<Error> unknown_key();
    static std::unexpected<Error> wrong_state(const Removal& removal, std::string_view wanted);

    // The steps of open().
    [[nodiscard]] Result<void> check_words(const NewRemoval& wanted) const;
    [[nodiscard]] Result<void> check_proof(const NewRemoval& wanted, const RemovalTarget& target,
                                           const Ground& known) const;
    [[nodiscard]] Result<OpenedRemoval> open_one(const Actor& actor, const NewRemoval& wanted,
                                                 const RemovalTarget& target);
    [[nodiscard]] Result<OpenedRemoval> attest_open(const Actor& actor, std::uint64_t id,
                                                    const std::string& text);
    [[nodiscard]] std::uint64_t last_number();

    // Of a proof by mail: where the code goes, once the DNS has been looked at.
    [[nodiscard]] Result<void> make_code(const Removal& removal, const PartyFindings& findings);
    void settle_mail(RemovalJudge& judge, store::RemovalRecord& record,
                     const PartyFindings& findings, const Result<void>& code);
    void settle_dns(RemovalJudge& judge, store::RemovalRecord& record,
                    const PartyFindings& findings, bool is_met);
    // A time of the request has come.
    bool run_clock(RemovalJudge& judge, store::RemovalRecord& record);
    bool run_operator(RemovalJudge& judge, store::RemovalRecord& record);
    bool run_watch(RemovalJudge& judge, store::RemovalRecord& record);
    std::uint64_t run_watches(const Actor& actor);

    [[nodiscard]] Attested attest_one(const Actor& actor, std::string_view provider,
                                      const Listing& listing, std::string_view text);
};

}  // namespace fairlist
