// Reading requests: by number, by key, page by page; and forgetting who asked.
#include "listing/manager/ledger_query.h"
#include "listing/manager/removal_impl.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace fairlist {

using store::RemovalQueue;
using store::RemovalRecord;
using store::Table;

namespace {

constexpr std::size_t kPageMax = 1000;
constexpr std::uint32_t kOrphanSeconds = 3600;

bool fits(const Removal& removal, const RemovalFilter& filter) {
    const bool is_open = !has_ended(removal.state) && removal.state != RemovalState::Granted;
    return (!filter.state || removal.state == *filter.state) &&
           (!filter.list || removal.list == *filter.list) &&
           (!filter.provider || removal.provider == *filter.provider) &&
           (!filter.open_only || is_open);
}

std::optional<Removal> read_named(const store::Txn& txn, const store::Names& names,
                                  std::uint64_t id) {
    auto record = read_removal(txn, id);
    if (!record) {
        return std::nullopt;
    }
    record->removal.list = names.list(record->list);
    return std::move(record->removal);
}

// A token is the last number shown, of the operator's queue with its due time before it.
struct PageToken {
    std::uint64_t id = 0;
    std::uint32_t due = 0;
};

Result<PageToken> parse_token(std::string_view text) {
    PageToken token;
    const std::size_t dot = text.find('.');
    const auto read = [](std::string_view part, auto& number) {
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
        return error == std::errc{} && end == part.data() + part.size();
    };
    const bool good = dot == std::string_view::npos ? read(text, token.id)
                                                    : read(text.substr(0, dot), token.due) &&
                                                          read(text.substr(dot + 1), token.id);
    if (!good) {
        return fail(Errc::Malformed, "after: no token of a page of removals");
    }
    return token;
}

RemovalPage page_by_number(const store::Txn& txn, const RemovalFilter& filter,
                           std::optional<PageToken> after, std::size_t limit) {
    const store::Names names = store::read_names(txn);
    RemovalPage page;
    store::Cursor cursor(txn, Table::Removals);
    bool on = false;
    if (after) {
        on = cursor.seek_at_least(store::number_key(after->id)) ? cursor.previous() : cursor.last();
    } else {
        on = cursor.last();
    }
    for (; on; on = cursor.previous()) {
        auto removal = read_named(txn, names, store::key_number(cursor.key()).value_or(0));
        if (!removal || !fits(*removal, filter)) {
            continue;
        }
        if (page.removals.size() == limit) {
            page.next = fmt::format("{}", page.removals.back().id);
            break;
        }
        page.removals.push_back(std::move(*removal));
    }
    return page;
}

RemovalPage page_by_due(const store::Txn& txn, const RemovalFilter& filter,
                        std::optional<PageToken> after, std::size_t limit) {
    const store::Names names = store::read_names(txn);
    RemovalPage page;
    const PageToken from = after.value_or(PageToken{});
    store::Cursor cursor(txn, Table::RemovalTimes);
    for (bool on = cursor.seek_at_least(
             store::removal_time_key(RemovalQueue::Clock, Time{from.due}, after ? from.id + 1 : 0));
         on; on = cursor.next()) {
        const auto due = store::key_removal_time(cursor.key());
        if (!due || due->queue != RemovalQueue::Clock) {
            break;
        }
        auto removal = read_named(txn, names, due->id);
        if (!removal || !fits(*removal, filter)) {
            continue;
        }
        if (page.removals.size() == limit) {
            const Removal& last = page.removals.back();
            page.next = fmt::format("{}.{}", last.due.seconds, last.id);
            break;
        }
        page.removals.push_back(std::move(*removal));
    }
    return page;
}

}  // namespace

std::optional<Removal> RemovalDesk::find(std::uint64_t id) {
    const store::ReadTxn txn(impl_->store);
    return read_named(txn, store::read_names(txn), id);
}

Result<Removal> RemovalDesk::status(std::string_view key) {
    auto removal = find(impl_->proof.find(key));
    if (!removal) {
        return Impl::unknown_key();
    }
    removal->statement.clear();
    removal->events.clear();
    removal->id = 0;
    if (removal->state == RemovalState::Relisted) {
        removal->changed = rules::hour_of(removal->changed);
        removal->outcome = "listed again within the watch";
    }
    return std::move(*removal);
}

Result<RemovalPage> RemovalDesk::page(const RemovalFilter& filter, std::string_view after,
                                      std::size_t limit) {
    std::optional<PageToken> token;
    if (!after.empty()) {
        const auto parsed = parse_token(after);
        if (!parsed) {
            return std::unexpected(parsed.error());
        }
        token = *parsed;
    }
    limit = std::clamp<std::size_t>(limit, 1, kPageMax);
    const store::ReadTxn txn(impl_->store);
    return filter.state == RemovalState::Operator ? page_by_due(txn, filter, token, limit)
                                                  : page_by_number(txn, filter, token, limit);
}

std::optional<Removal> RemovalDesk::latest(std::string_view list, const Subject& subject) {
    const store::ReadTxn txn(impl_->store);
    const auto registered = store::find_list(txn, list);
    if (!registered) {
        return std::nullopt;
    }
    const auto known = removals_of(txn, registered->id, subject, 1);
    return known.empty() ? std::nullopt : read_named(txn, store::read_names(txn), known.front().id);
}

Result<std::vector<RemovalDesk::Attested>> RemovalDesk::attest(const Actor& actor,
                                                               std::string_view provider,
                                                               const Prefix& within,
                                                               std::string_view text,
                                                               std::size_t limit) {
    if (text.empty() || text.size() > kRemovalTextBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("attest: expected what was done, in at most {} "
                                                  "bytes",
                                                  kRemovalTextBytesMax));
    }
    std::vector<Listing> listings;
    {
        const store::ReadTxn txn(impl_->store);
        const auto ground = impl_->ground.current(txn, impl_->now());
        if (!ground->providers.contains(std::string(provider))) {
            return fail(Errc::NotFound, fmt::format("provider \"{}\": there is none", provider));
        }
        ListingFilter filter;
        filter.within = within;
        std::string after;
        do {
            auto page = page_listings(txn, filter, after, kPageMax);
            if (!page) {
                return std::unexpected(page.error());
            }
            for (Listing& listing : page->listings) {
                const auto* prefix = std::get_if<Prefix>(&listing.subject);
                const bool is_its = prefix != nullptr && ground->holder_of(*prefix) == provider;
                if (listing.state == ListingState::Open && is_its && listings.size() < limit) {
                    listings.push_back(std::move(listing));
                }
            }
            after = page->next;
        } while (!after.empty() && listings.size() < limit);
    }
    std::vector<Attested> attested;
    for (const Listing& listing : listings) {
        attested.push_back(impl_->attest_one(actor, provider, listing, text));
    }
    return attested;
}

std::uint64_t RemovalDesk::trim(std::size_t limit) {
    const Time now = impl_->now();
    const auto before = [&](std::uint32_t seconds) {
        return Time{now.seconds - std::min(now.seconds, seconds)};
    };
    std::vector<std::uint64_t> old;
    {
        const store::ReadTxn txn(impl_->store);
        old = due_removals(txn, RemovalQueue::Forget, before(impl_->options.keep_requester_seconds),
                           limit);
    }
    for (const std::uint64_t id : old) {
        impl_->proof.forget(id);
    }
    if (!old.empty()) {
        impl_->write({.name = "rule:removal"}, [&](RemovalJudge& judge) {
            for (const std::uint64_t id : old) {
                auto record = judge.book().find(id);
                if (record) {
                    record->forgotten = true;
                    record->removal.statement.clear();
                    judge.book().save(*record);
                }
            }
        });
    }
    const store::ReadTxn txn(impl_->store);
    return old.size() + impl_->proof.sweep(txn, before(kOrphanSeconds), limit);
}

}  // namespace fairlist
