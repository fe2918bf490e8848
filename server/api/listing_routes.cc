#include "server/api/listing_access.h"
#include "server/api/route_tables.h"
#include "server/shown/json_values.h"
#include "server/shown/listing_json.h"
#include "server/shown/subject_guess.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

// Nothing for an empty text. Errors: 400.
std::expected<std::optional<ListingState>, Fault> state_of(const std::string& word) {
    constexpr std::array kStates = {ListingState::Noticed,   ListingState::Open,
                                    ListingState::Suspended, ListingState::Expired,
                                    ListingState::Removed,   ListingState::Exempted};
    std::string known;
    for (const ListingState state : kStates) {
        if (to_string(state) == word) {
            return state;
        }
        known += (known.empty() ? "" : ", ") + std::string(to_string(state));
    }
    if (word.empty()) {
        return std::nullopt;
    }
    return refuse(400, "bad-query", fmt::format("state: expected one of {}", known));
}

std::expected<ListingFilter, Fault> filter_of(const Call& call) {
    ListingFilter filter;
    if (const std::string list = call.query_value("list"); !list.empty()) {
        if (const auto known = find_list(call, list); !known) {
            return std::unexpected(known.error());
        }
        filter.list = list;
    }
    const auto state = state_of(call.query_value("state"));
    const auto within = call.query_prefix("within");
    const auto ended = call.query_flag("ended");
    if (!state || !within || !ended) {
        return std::unexpected(!state ? state.error() : !within ? within.error() : ended.error());
    }
    filter.state = *state;
    filter.within = *within;
    filter.ended = *ended;
    if (const std::string text = call.query_value("subject"); !text.empty()) {
        const auto subject = guess_subject(text);
        if (!subject) {
            return refuse(400, "bad-query", "subject: " + subject.error().message);
        }
        filter.subject = *subject;
    }
    return filter;
}

Answer list(Call& call) {
    const auto filter = filter_of(call);
    const auto page = call.page();
    if (!filter || !page) {
        return std::unexpected(filter ? page.error() : filter.error());
    }
    const auto found = call.books.ledger.page(*filter, page->after, page->limit);
    if (!found) {
        return refuse(400, "bad-query", found.error().message);
    }
    const auto make = [&](const Listing& listing) {
        return listing_object(listing, call.now);
    };
    Reply out = reply(json::object{{"listings", json_values::array_of(found->listings, make)}});
    call.put_next(out, found->next);
    return out;
}

Answer show(Call& call) {
    const auto listing = find_listing(call);
    if (!listing) {
        return std::unexpected(listing.error());
    }
    return reply(view_object(view_listing(call.books.ledger, call.config(), *listing), call.now));
}

Answer history(Call& call) {
    const auto listing = find_listing(call);
    if (!listing) {
        return std::unexpected(listing.error());
    }
    return reply(json::object{
        {"listing", listing_object(*listing, call.now)},
        {"events", json_values::array_of(call.books.ledger.history(listing->id), event_object)}});
}

// Redacted: in full it is for who sits at the machine, and says why.
Answer evidence(Call& call) {
    const auto listing = find_listing(call);
    const auto page = call.page();
    if (!listing || !page) {
        return std::unexpected(listing ? page.error() : listing.error());
    }
    json::array hits;
    for (const StoredHit& stored : call.books.ledger.evidence(listing->id, page->limit)) {
        hits.emplace_back(hit_object(show_hit(stored, false)));
    }
    return reply(json::object{{"listing", listing->id}, {"hits", std::move(hits)}});
}

}  // namespace

std::vector<ApiRoute> listing_routes() {
    const std::vector<Role> roles = {Role::Operator};
    return {
        {.method = Method::Get,
         .pattern = "/v1/listings",
         .roles = roles,
         .summary = "Listings, by number",
         .statuses = {200, 404},
         .handle = list,
         .query = paged({{"list", "only of this list"},
                         {"state", "noticed, open, suspended, expired, removed or exempted"},
                         {"within", "only inside of this prefix"},
                         {"subject", "only of exactly this subject"},
                         {"ended", "true: also those that have ended"}}),
         .answers = "Listings"},
        {.method = Method::Get,
         .pattern = "/v1/listings/{id}",
         .roles = roles,
         .summary = "A listing with its answer, evidence in sum, history and earlier ones",
         .statuses = {200, 404},
         .handle = show,
         .answers = "ListingView"},
        {.method = Method::Get,
         .pattern = "/v1/listings/{id}/history",
         .roles = roles,
         .summary = "All that happened to a listing",
         .statuses = {200, 404},
         .handle = history,
         .answers = "ListingHistory"},
        {.method = Method::Get,
         .pattern = "/v1/listings/{id}/evidence",
         .roles = roles,
         .summary = "The newest hits that it rests on, without what could name a trap",
         .statuses = {200, 404},
         .handle = evidence,
         .query = {{"limit", "how many at most, 1 to 1000; 100 when it is not given"}},
         .answers = "Hits"},
    };
}

}  // namespace fairlist::api
