#include "server/api/public_lookup.h"

#include "listing/manager/ground.h"
#include "server/shown/explanation.h"
#include "server/shown/json_values.h"
#include "server/shown/listing_view.h"
#include "server/shown/plain_words.h"
#include "server/shown/provider_json.h"
#include "server/shown/shown_hit.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using namespace json_values;

// An end is told as the next full hour: nothing ends before it is told to.
Time hour_after(Time time) noexcept {
    constexpr std::uint32_t kHour = 3600;
    const std::uint32_t part = time.seconds % kHour;
    return part == 0 || time.seconds > UINT32_MAX - kHour ? time
                                                          : Time{time.seconds - part + kHour};
}

json::value listing_part(const ExplainedEntry& explained, Time now) {
    if (!explained.listing) {
        return nullptr;
    }
    const Listing& listing = *explained.listing;
    return json::object{{"state", text(state_word(listing, now))},
                        {"times", listing.times},
                        {"hits", listing.hits},
                        {"last_hit_hour", time(hour_of(listing.last_hit))}};
}

// Times of the public are of the hour: an end as the next one.
ExplainedEntry by_the_hour(ExplainedEntry explained) {
    Entry& entry = explained.view.entry;
    entry.since = hour_of(entry.since);
    entry.until = hour_after(entry.until);
    return explained;
}

json::object entry_part(const ExplainedEntry& exact, const Call& call, const Ground& ground) {
    const ExplainedEntry explained = by_the_hour(exact);
    const Entry& entry = explained.view.entry;
    return {{"subject", text(to_string(entry.subject))},
            {"role", text(to_string(explained.role))},
            {"exempt", entry.verdict.exempt},
            {"code", code(entry.verdict.exempt ? ReturnCode{} : explained.code)},
            {"why", text(explained.reason)},
            {"on_whose_word", text(whose_word(explained, call.config(), ground))},
            {"source", text(explained.view.source)},
            {"since", time(entry.since)},
            {"until", time(entry.until)},
            {"what_ends_it", text(what_ends(explained, call.config(), ground))},
            {"listing", listing_part(explained, call.now)}};
}

json::object list_part(const ListExplanation& list, const Call& call, const Ground& ground) {
    const auto spec = std::ranges::find(call.config().lists, list.list, &ListSpec::name);
    json::array entries;
    for (const ExplainedEntry& explained : list.entries) {
        if (explained.role != EntryRole::Expired) {
            entries.emplace_back(entry_part(explained, call, ground));
        }
    }
    const auto zone = [](const ZoneName& one) {
        return json::object{{"zone", text(one.zone)}, {"name", text_or_null(one.name)}};
    };
    return {{"list", text(list.list)},
            {"description",
             text(spec == call.config().lists.end() ? "" : std::string_view(spec->description))},
            {"listed", list.listed},
            {"entries", std::move(entries)},
            {"zones", array_of(list.zones, zone)}};
}

// The next step in words: what the listed party can do.
std::string next_step(bool listed, bool test_point, const Subject& subject) {
    if (test_point) {
        return "nothing: zones answer test points by rule";
    }
    if (!listed) {
        return "nothing: it is not listed";
    }
    return std::holds_alternative<Digest>(subject)
               ? "write to the operator of this list"
               : "end the cause, then ask for removal: POST /v1/removals";
}

}  // namespace

json::object public_lookup(Call& call, const Subject& subject) {
    const Sight sight{call.books.manager, call.books.ledger, call.config(), call.now};
    const SubjectExplanation explained = explain(sight, "", subject);
    const auto ground = call.books.ground(call.stores, call.now);
    const bool listed = std::ranges::any_of(explained.lists, &ListExplanation::listed);
    json::object out{{"subject", text(to_string(subject))},
                     {"kind", text(to_string(kind_of(subject)))},
                     {"listed", listed},
                     {"note", text_or_null(explained.note)},
                     {"lists", array_of(explained.lists,
                                        [&](const ListExplanation& list) {
                                            return list_part(list, call, *ground);
                                        })},
                     {"holder", nullptr},
                     {"policy", nullptr},
                     {"next_step", next_step(listed, explained.test_point, subject)}};
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        const auto holder = ground->providers.find(ground->holder_of(*prefix));
        if (holder != ground->providers.end()) {
            out["holder"] = public_provider_object(holder->second);
        }
        if (const PolicyQuote* quote = ground->quote(*prefix)) {
            out["policy"] = policy_quote_object(*quote);
        }
    }
    return out;
}

}  // namespace fairlist::api
