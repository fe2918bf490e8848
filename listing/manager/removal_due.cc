// What the clock does to requests: waits and watches end, proofs lapse, persons are due.
#include "listing/manager/removal_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace fairlist {

using store::RemovalQueue;
using store::RemovalRecord;

namespace {

constexpr std::size_t kDueMax = 256;          // in one transaction
constexpr std::size_t kWatchedMax = 1000000;  // looked at in one run

Time plus(Time time, std::uint32_t seconds) {
    return Time{time.seconds + std::min(seconds, UINT32_MAX - time.seconds)};
}

Time entered(const Removal& removal, RemovalState state) {
    Time time = removal.changed;
    for (const RemovalEvent& event : removal.events) {
        time = event.state == state ? event.time : time;
    }
    return time;
}

}  // namespace

bool RemovalDesk::Impl::run_operator(RemovalJudge& judge, RemovalRecord& record) {
    Removal& removal = record.removal;
    const Time last = plus(entered(removal, RemovalState::Operator), options.operator_seconds_max);
    if (judge.end_if_moot(record)) {
        return true;
    }
    if (judge.ledger().now() < last) {
        removal.due = last;
        judge.book().save(record);
        judge.ledger().note({"removal.overdue",
                             {{"removal", fmt::format("{}", removal.id)},
                              {"list", removal.list},
                              {"subject", to_string(removal.subject)},
                              {"last", to_string(last)}}});
        return true;
    }
    // RFC 6471 section 2.2.3: never past seven days. Silence does not hurt who is listed, unless
    // hits went on after the request.
    const auto listing = judge.ledger().find(removal.listing);
    if (listing && listing->listing.last_hit >= removal.made) {
        removal.outcome = fmt::format(
            "no person has answered within {}, and hits went on after "
            "the request: make a new one when they have stopped",
            format_duration(options.operator_seconds_max));
        judge.book().move(record, RemovalState::Refused, removal.outcome);
        return true;
    }
    judge.grant(record, fmt::format("no person has answered within {}, and no hit came since the "
                                    "request",
                                    format_duration(options.operator_seconds_max)));
    return true;
}

bool RemovalDesk::Impl::run_watch(RemovalJudge& judge, RemovalRecord& record) {
    Removal& removal = record.removal;
    const std::uint64_t again = relisted(judge.ledger().txn(), record);
    if (again != 0) {
        removal.outcome = fmt::format("listed again within the watch, as listing {}", again);
        judge.book().move(record, RemovalState::Relisted, removal.outcome);
    } else if (removal.until <= judge.ledger().now()) {
        removal.outcome = "the watch is over, and it was not listed again";
        judge.book().move(record, RemovalState::Kept, removal.outcome);
    } else {
        return false;
    }
    return true;
}

bool RemovalDesk::Impl::run_clock(RemovalJudge& judge, RemovalRecord& record) {
    Removal& removal = record.removal;
    switch (removal.state) {
        case RemovalState::Proving:
            removal.outcome = "the proof did not come in time";
            judge.book().move(record, RemovalState::Lapsed, removal.outcome);
            return true;
        case RemovalState::Waiting:
            if (!judge.end_if_moot(record)) {
                record.look = judge.ledger().now();
                judge.book().move(record, RemovalState::Checking, "the wait is over");
            }
            return true;
        case RemovalState::Operator:
            return run_operator(judge, record);
        case RemovalState::Granted:
            return run_watch(judge, record);
        default:
            return false;
    }
}

// Of all that are watched: a listing that was opened since.
std::uint64_t RemovalDesk::Impl::run_watches(const Actor& actor) {
    std::vector<std::uint64_t> again;
    {
        const store::ReadTxn txn(store);
        for (const std::uint64_t id :
             due_removals(txn, RemovalQueue::Watch, Time{UINT32_MAX}, kWatchedMax)) {
            const auto record = read_removal(txn, id);
            if (record && relisted(txn, *record) != 0) {
                again.push_back(id);
            }
        }
    }
    std::uint64_t changed = 0;
    for (std::size_t first = 0; first < again.size(); first += kDueMax) {
        std::uint64_t batch = 0;
        write(actor, [&](RemovalJudge& judge) {
            batch = 0;
            for (std::size_t i = first; i < std::min(again.size(), first + kDueMax); ++i) {
                auto record = judge.book().find(again[i]);
                if (record && record->removal.state == RemovalState::Granted) {
                    batch += run_watch(judge, *record) ? 1U : 0U;
                }
            }
        });
        changed += batch;
    }
    return changed;
}

std::uint64_t RemovalDesk::run_due(const Actor& actor) {
    std::uint64_t changed = impl_->run_watches(actor);
    for (;;) {
        std::vector<std::uint64_t> due;
        {
            const store::ReadTxn txn(impl_->store);
            due = due_removals(txn, RemovalQueue::Clock, impl_->now(), kDueMax);
        }
        std::uint64_t batch = 0;
        if (!due.empty()) {
            impl_->write(actor, [&](RemovalJudge& judge) {
                batch = 0;
                for (const std::uint64_t id : due) {
                    auto record = judge.book().find(id);
                    batch += record && impl_->run_clock(judge, *record) ? 1U : 0U;
                }
            });
        }
        changed += batch;
        if (batch == 0) {
            return changed;
        }
    }
}

}  // namespace fairlist
