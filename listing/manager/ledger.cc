#include "listing/manager/ledger.h"

#include "listing/base/check.h"
#include "listing/manager/expiry.h"
#include "listing/manager/hit_book.h"
#include "listing/manager/holder_notice.h"
#include "listing/manager/ledger_query.h"
#include "listing/manager/ledger_txn.h"
#include "listing/manager/list_target.h"
#include "listing/manager/rule_runner.h"
#include "listing/manager/rules_text.h"
#include "listing/manager/single_change.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <utility>

namespace fairlist {

using store::ListingRecord;
using store::Table;

namespace {

constexpr store::Bytes kRulesKey = "rules";
// Exemptions of listings stand beside those that people make.
constexpr std::string_view kExemptionSource = "manual";

Error no_listing(std::uint64_t id) {
    return {Errc::NotFound, fmt::format("listing {}: there is none", id)};
}

Error wrong_state(const Listing& listing, std::string_view wanted) {
    return {Errc::Conflict,
            fmt::format("listing {} ({}): it is {}, so it cannot be {}", listing.id,
                        to_string(listing.subject), to_string(listing.state), wanted)};
}

}  // namespace

struct Ledger::Impl {
    Impl(store::Environment& store, LedgerOptions wanted)
        : environment(store), options(std::move(wanted)), ground(options.space, options.policy) {}

    store::Environment& environment;
    LedgerOptions options;
    GroundKeeper ground;

    // Runs `change` on the listing of this number in one transaction, unless it is in no state for
    // that: `change` returns an error then.
    Result<Listing> edit(const Actor& actor, std::uint64_t id,
                         const std::function<Result<void>(LedgerTxn&, ListingRecord&)>& change) {
        Result<Listing> result = std::unexpected(no_listing(id));
        environment.write([&](store::WriteTxn& txn) {
            LedgerTxn ledger(txn, actor, options.clock());
            auto record = ledger.find(id);
            if (!record) {
                result = std::unexpected(no_listing(id));
                return;
            }
            expire_if_due(ledger, *record);
            if (const auto good = change(ledger, *record); !good) {
                result = std::unexpected(good.error());
            } else {
                record->listing.list = ledger.list_name(record->list);
                result = record->listing;
            }
            ledger.finish(options.journal);
        });
        return result;
    }

    Result<Listing> move(const Actor& actor, std::uint64_t id, ListingAction action,
                         ListingState to) {
        return edit(actor, id, [&](LedgerTxn& ledger, ListingRecord& record) -> Result<void> {
            const Listing& listing = record.listing;
            const bool resumes = action == ListingAction::Resumed;
            if (!may_become(listing.state, to) || listing.state == to ||
                (resumes && listing.state != ListingState::Suspended)) {
                return std::unexpected(wrong_state(listing, to_string(action)));
            }
            ledger.change(record, {action, to, listing.until});
            return {};
        });
    }

    [[nodiscard]] Result<ListTarget> target_of(const store::Txn& txn,
                                               const NewListing& wanted) const {
        const auto target = find_list_target(txn, options.lists, wanted.list);
        if (!target) {
            return target;
        }
        NewEntry entry;
        entry.subject = wanted.subject;
        entry.code = wanted.code;
        entry.reason = wanted.reason;
        if (const auto good = check_entry(*target->spec, entry, options.protected_space); !good) {
            return std::unexpected(good.error());
        }
        return target;
    }

    Result<Listing> open(LedgerTxn& ledger, const ListTarget& target, const NewListing& wanted) {
        auto record = ledger.latest(target.id, wanted.subject);
        if (record) {
            expire_if_due(ledger, *record);
        }
        if (record && record->listing.state == ListingState::Suspended) {
            return std::unexpected(wrong_state(record->listing, "opened; resume it"));
        }
        const bool is_there = record && !has_ended(record->listing.state);
        ListingRecord fresh{target.id, {}};
        ListingRecord& listed = is_there ? *record : fresh;
        Listing& listing = listed.listing;
        listing.list = wanted.list;
        listing.subject = wanted.subject;
        if (wanted.code.is_set() || !is_there) {
            listing.code = wanted.code;
        }
        if (!wanted.reason.empty() || !is_there) {
            listing.reason = wanted.reason;
            listing.ttl_seconds = wanted.ttl_seconds;
        }
        if (is_there && listing.state == ListingState::Open) {
            ledger.change(listed, {ListingAction::Extended, ListingState::Open, wanted.until});
        } else if (is_there) {
            ledger.change(listed, {ListingAction::Opened, ListingState::Open, wanted.until});
        } else {
            listing.opened_by = ledger.actor().name;
            listing.asn = network_of(options, wanted.subject);
            const auto before = ledger.latest(target.id, wanted.subject);
            listing.times = before ? before->listing.times + 1 : 1;
            ledger.open(listed, {ListingAction::Opened, ListingState::Open, wanted.until});
            tell_holder(ledger, *ground.current(ledger.txn(), ledger.now()), listing,
                        options.report_wait_seconds);
        }
        return listing;
    }
};

Ledger::Ledger(store::Environment& environment, LedgerOptions options)
    : impl_(new Impl(environment, std::move(options))) {}

Ledger::~Ledger() = default;

std::vector<RecordedHit> Ledger::record(const Actor& actor, std::span<const Hit> hits) {
    FAIRLIST_CHECK(hits.size() <= kRecordHitsMax);
    std::vector<RecordedHit> recorded;
    if (hits.empty()) {
        return recorded;
    }
    impl_->environment.write([&](store::WriteTxn& txn) {
        recorded.clear();
        const Time now = impl_->options.clock();
        LedgerTxn ledger(txn, actor, now);
        const auto ground = impl_->ground.current(txn, now);
        RuleRunner runner(impl_->options, *ground, ledger);
        for (const Hit& hit : hits) {
            const AddedHit added = add_hit(txn, hit);
            recorded.push_back({added.number, added.duplicate, {}});
            if (!added.duplicate) {
                recorded.back().effects = runner.apply(added.number, hit);
            }
        }
        ledger.finish(impl_->options.journal);
    });
    return recorded;
}

Result<Listing> Ledger::open(const Actor& actor, const NewListing& listing) {
    Result<Listing> result = fail(Errc::NotFound, "");
    impl_->environment.write([&](store::WriteTxn& txn) {
        LedgerTxn ledger(txn, actor, impl_->options.clock());
        const auto target = impl_->target_of(txn, listing);
        std::string refusal;
        if (target) {
            refusal = refusal_of(txn, impl_->options, *target->spec, listing.subject, ledger.now());
        }
        if (!target) {
            result = std::unexpected(target.error());
        } else if (!refusal.empty()) {
            result =
                fail(Errc::Refused, fmt::format("{} in list \"{}\": {}", to_string(listing.subject),
                                                listing.list, refusal));
            ledger.refuse({target->id, listing.subject, refusal, {}}, 0);
        } else if (listing.until.is_set() && listing.until <= ledger.now()) {
            result = fail(Errc::OutOfRange,
                          fmt::format("until {}: has passed", to_string(listing.until)));
        } else {
            result = impl_->open(ledger, *target, listing);
        }
        ledger.finish(impl_->options.journal);
    });
    return result;
}

Result<Listing> Ledger::suspend(const Actor& actor, std::uint64_t id) {
    return impl_->move(actor, id, ListingAction::Suspended, ListingState::Suspended);
}

Result<Listing> Ledger::resume(const Actor& actor, std::uint64_t id) {
    return impl_->move(actor, id, ListingAction::Resumed, ListingState::Open);
}

Result<Listing> Ledger::remove(const Actor& actor, std::uint64_t id) {
    return impl_->move(actor, id, ListingAction::Removed, ListingState::Removed);
}

Result<Listing> Ledger::extend(const Actor& actor, std::uint64_t id, Time until) {
    return impl_->edit(actor, id, [&](LedgerTxn& ledger, ListingRecord& record) -> Result<void> {
        const Listing& listing = record.listing;
        if (has_ended(listing.state) || listing.state == ListingState::Noticed) {
            return std::unexpected(wrong_state(listing, "extended"));
        }
        if (until.is_set() && until <= ledger.now()) {
            return fail(
                Errc::OutOfRange,
                fmt::format("until {}: has passed; to end it now, remove it", to_string(until)));
        }
        ledger.change(record, {ListingAction::Extended, listing.state, until});
        return {};
    });
}

Result<Listing> Ledger::exempt(const Actor& actor, std::uint64_t id, Time until,
                               std::string_view reason) {
    return impl_->edit(actor, id, [&](LedgerTxn& ledger, ListingRecord& record) -> Result<void> {
        const Listing& listing = record.listing;
        if (has_ended(listing.state)) {
            return std::unexpected(wrong_state(listing, "exempted"));
        }
        if (reason.size() > kReasonBytesMax || (until.is_set() && until <= ledger.now())) {
            return fail(Errc::OutOfRange,
                        fmt::format("an exemption needs an end that is to come, and a reason of at "
                                    "most {} bytes",
                                    kReasonBytesMax));
        }
        ledger.change(record, {ListingAction::Exempted, ListingState::Exempted, listing.until,
                               std::string(reason)});
        put_entry(ledger.txn(), listing.subject,
                  {record.list, store::intern_source(ledger.txn(), kExemptionSource), true,
                   ReturnCode{}, 0, std::string(reason)},
                  ledger.now(), until, ledger.log());
        return {};
    });
}

ExpiryStep Ledger::expire(std::size_t limit) {
    ExpiryStep step;
    const Time now = impl_->options.clock();
    std::vector<std::uint64_t> due;
    {
        const store::ReadTxn txn(impl_->environment);
        due = due_listings(txn, now, limit + 1);
    }
    if (due.empty()) {
        return step;
    }
    const bool more = due.size() > limit;
    due.resize(std::min(due.size(), limit));
    const Actor actor{.name = "rule:expiry"};
    impl_->environment.write([&](store::WriteTxn& txn) {
        step = {.more = more};
        LedgerTxn ledger(txn, actor, now);
        for (const std::uint64_t id : due) {
            auto record = ledger.find(id);
            if (!record) {
                continue;
            }
            const ListingState before = record->listing.state;
            expire_if_due(ledger, *record);
            if (record->listing.state != before) {
                ++(before == ListingState::Noticed ? step.lapsed : step.expired);
            }
        }
        ledger.finish(impl_->options.journal);
    });
    return step;
}

Time Ledger::next_end() {
    const store::ReadTxn txn(impl_->environment);
    store::Cursor cursor(txn, Table::ListingEnds);
    const auto end = cursor.first() ? store::key_end(cursor.key()) : std::nullopt;
    return end ? end->until : Time{};
}

std::uint64_t Ledger::trim_hits(std::size_t limit) {
    const Time now = impl_->options.clock();
    const Time before{now.seconds - std::min(now.seconds, impl_->options.keep_hits_seconds)};
    {
        const store::ReadTxn txn(impl_->environment);
        store::Cursor cursor(txn, Table::Hits);
        const auto oldest = cursor.first() ? store::decode_hit(cursor.value()) : std::nullopt;
        if (!oldest || oldest->time >= before) {
            return 0;
        }
    }
    std::uint64_t trimmed = 0;
    impl_->environment.write(
        [&](store::WriteTxn& txn) { trimmed = fairlist::trim_hits(txn, before, limit); });
    return trimmed;
}

std::optional<Listing> Ledger::find(std::uint64_t id) {
    return read_listing(store::ReadTxn(impl_->environment), id);
}

std::optional<Listing> Ledger::latest(std::string_view list, const Subject& subject) {
    const store::ReadTxn txn(impl_->environment);
    const auto registered = store::find_list(txn, list);
    const auto bytes =
        registered ? txn.get(Table::ListingSubjects, store::subject_key(registered->id, subject))
                   : std::nullopt;
    const auto known = bytes ? store::decode_subject_record(*bytes) : std::nullopt;
    return known && known->listing != 0 ? read_listing(txn, known->listing) : std::nullopt;
}

Result<ListingPage> Ledger::page(const ListingFilter& filter, std::string_view after,
                                 std::size_t limit) {
    return page_listings(store::ReadTxn(impl_->environment), filter, after, limit);
}

std::vector<ListingEvent> Ledger::history(std::uint64_t id) {
    return read_history(store::ReadTxn(impl_->environment), id);
}

std::vector<StoredHit> Ledger::evidence(std::uint64_t id, std::size_t limit) {
    return read_evidence(store::ReadTxn(impl_->environment), id, limit);
}

std::optional<StoredHit> Ledger::hit(std::uint64_t number) {
    auto hit = read_hit(store::ReadTxn(impl_->environment), number);
    return hit ? std::optional(StoredHit{number, std::move(*hit)}) : std::nullopt;
}

void Ledger::hits_since(Time from, const std::function<bool(const StoredHit&)>& each) {
    constexpr std::size_t kSlice = 1000;
    std::uint64_t next = 1;
    bool goes_on = true;
    while (goes_on) {
        std::vector<StoredHit> slice;
        {
            // No reader outlives a slice, however slow the other side is.
            const store::ReadTxn txn(impl_->environment);
            store::Cursor cursor(txn, Table::Hits);
            for (bool found = cursor.seek_at_least(store::number_key(next));
                 found && slice.size() < kSlice; found = cursor.next()) {
                const std::uint64_t number = store::key_number(cursor.key()).value_or(0);
                next = number + 1;
                if (auto hit = store::decode_hit(cursor.value())) {
                    slice.push_back({number, std::move(*hit)});
                }
            }
        }
        goes_on = !slice.empty();
        for (const StoredHit& stored : slice) {
            if (goes_on && stored.hit.time >= from) {
                goes_on = each(stored);
            }
        }
    }
}

std::shared_ptr<const Ground> Ledger::ground() {
    return impl_->ground.current(store::ReadTxn(impl_->environment), impl_->options.clock());
}

std::string Ledger::refusal(std::string_view list, const Subject& subject) {
    const store::ReadTxn txn(impl_->environment);
    const auto target = find_list_target(txn, impl_->options.lists, list);
    return target ? refusal_of(txn, impl_->options, *target->spec, subject, impl_->options.clock())
                  : target.error().message;
}

void Ledger::note_access(const Actor& actor, std::uint64_t listing,
                         std::span<const std::uint64_t> hits) {
    impl_->environment.write([&](store::WriteTxn& txn) {
        note_audit(txn, actor, impl_->options.clock(), access_note(listing, hits));
    });
}

std::string Ledger::noted_rules() {
    const store::ReadTxn txn(impl_->environment);
    return std::string(txn.get(Table::Meta, kRulesKey).value_or(store::Bytes{}));
}

std::vector<FigureEntry> Ledger::figures() {
    return store::read_figures(store::ReadTxn(impl_->environment));
}

bool Ledger::note_rules(const Actor& actor) {
    const std::string text = rules_text(impl_->options.rules);
    if (noted_rules() == text) {
        return false;
    }
    impl_->environment.write([&](store::WriteTxn& txn) {
        const std::string before(txn.get(Table::Meta, kRulesKey).value_or(store::Bytes{}));
        if (auto note = rules_note(before, text)) {
            note_audit(txn, actor, impl_->options.clock(), std::move(*note));
        }
        txn.put(Table::Meta, kRulesKey, text);
    });
    return true;
}

}  // namespace fairlist
