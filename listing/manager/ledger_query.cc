#include "listing/manager/ledger_query.h"

#include "listing/manager/hit_book.h"
#include "listing/store/ledger_records.h"
#include "listing/store/records.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

namespace fairlist {

using store::EvidenceSide;
using store::Table;

namespace {

bool matches(const ListingFilter& filter, const Listing& listing) {
    if ((filter.state && listing.state != *filter.state) ||
        (!filter.state && !filter.ended && has_ended(listing.state)) ||
        (filter.list && listing.list != *filter.list) ||
        (filter.subject && listing.subject != *filter.subject)) {
        return false;
    }
    const auto* prefix = std::get_if<Prefix>(&listing.subject);
    return !filter.within || (prefix != nullptr && filter.within->contains(*prefix));
}

Result<std::uint64_t> number_of(std::string_view token) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (error != std::errc() || end != token.data() + token.size()) {
        return fail(Errc::Malformed,
                    fmt::format("\"{}\": no token of a page of listings", token.substr(0, 64)));
    }
    return number;
}

}  // namespace

std::optional<Listing> read_listing(const store::Txn& txn, std::uint64_t id) {
    const auto bytes = txn.get(Table::Listings, store::number_key(id));
    auto record = bytes ? store::decode_listing(id, *bytes) : std::nullopt;
    if (!record) {
        return std::nullopt;
    }
    record->listing.list = store::read_names(txn).list(record->list);
    return std::move(record->listing);
}

Result<ListingPage> page_listings(const store::Txn& txn, const ListingFilter& filter,
                                  std::string_view after, std::size_t limit) {
    const auto from = after.empty() ? Result<std::uint64_t>(0) : number_of(after);
    if (!from) {
        return std::unexpected(from.error());
    }
    if (filter.list && !store::find_list(txn, *filter.list)) {
        return fail(Errc::NotFound, fmt::format("list \"{}\": not in the store", *filter.list));
    }
    const store::Names names = store::read_names(txn);
    ListingPage page;
    store::Cursor cursor(txn, Table::Listings);
    for (bool found = cursor.seek_at_least(store::number_key(*from + 1)); found;
         found = cursor.next()) {
        auto record =
            store::decode_listing(store::key_number(cursor.key()).value_or(0), cursor.value());
        if (!record) {
            throw store::StoreError(
                "store: listings: a record is malformed; see \"fairlist doctor\"");
        }
        record->listing.list = names.list(record->list);
        if (!matches(filter, record->listing)) {
            continue;
        }
        if (page.listings.size() == limit) {
            page.next = fmt::format("{}", page.listings.back().id);
            break;
        }
        page.listings.push_back(std::move(record->listing));
    }
    return page;
}

std::vector<ListingEvent> read_history(const store::Txn& txn, std::uint64_t id) {
    std::vector<ListingEvent> events;
    const std::string begin = store::number_key(id);
    store::Cursor cursor(txn, Table::ListingEvents);
    for (bool found = cursor.seek_at_least(begin); found && cursor.key().starts_with(begin);
         found = cursor.next()) {
        if (auto event = store::decode_event(cursor.value())) {
            events.push_back(std::move(*event));
        }
    }
    return events;
}

std::vector<StoredHit> read_evidence(const store::Txn& txn, std::uint64_t id, std::size_t limit) {
    std::vector<StoredHit> hits;
    const std::string begin = store::evidence_key(EvidenceSide::OfListing, id);
    store::Cursor cursor(txn, Table::ListingHits);
    // From behind: the first key of the next listing, and back.
    bool found = cursor.seek_at_least(store::evidence_key(EvidenceSide::OfListing, id + 1));
    found = found ? cursor.previous() : cursor.last();
    for (; found && cursor.key().starts_with(begin) && hits.size() < limit;
         found = cursor.previous()) {
        const std::uint64_t number = store::key_evidence(cursor.key()).value_or(0);
        if (auto hit = read_hit(txn, number)) {
            hits.push_back({number, std::move(*hit)});
        }
    }
    return hits;
}

}  // namespace fairlist
