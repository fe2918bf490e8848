#include "server/shown/listing_json.h"

#include "server/shown/json_values.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <map>

namespace fairlist {

namespace {

namespace json = boost::json;
using namespace json_values;

json::object counts_object(const std::map<std::string, std::uint64_t>& counts) {
    json::object out;
    for (const auto& [name, count] : counts) {
        out[name] = count;
    }
    return out;
}

json::object evidence_object(const EvidenceSummary& evidence) {
    return {{"hits", evidence.hits},
            {"kept", evidence.kept},
            {"first_hour", time(evidence.first)},
            {"last_hour", time(evidence.last)},
            {"kinds", counts_object(evidence.kinds)},
            {"helos", counts_object(evidence.helos)},
            {"names", counts_object(evidence.names)}};
}

json::object history_object(const ListingHistory& history, Time now, bool only_why) {
    json::object out = listing_object(history.listing, now);
    json::array events;
    for (const ListingEvent& event : history.events) {
        if (!only_why || explains_listing(event)) {
            events.emplace_back(event_object(event));
        }
    }
    out["events"] = std::move(events);
    if (only_why) {
        out["evidence"] = array_of(history.hits, hit_object);
    }
    return out;
}

json::object outcome_object(const ListingOutcome& outcome, Time now) {
    json::object out{{"asked", text(outcome.asked)}, {"where", text_or_null(outcome.where)}};
    if (outcome.error) {
        out["error"] = error_object(*outcome.error);
    } else {
        out["change"] = text(outcome.change);
        out["listing"] =
            outcome.listing ? json::value(listing_object(*outcome.listing, now)) : json::value();
    }
    return out;
}

}  // namespace

json::object listing_object(const Listing& listing, Time now) {
    return {{"number", listing.id},
            {"list", text(listing.list)},
            {"subject", text(to_string(listing.subject))},
            {"kind", text(to_string(kind_of(listing.subject)))},
            {"state", text(to_string(listing.state))},
            {"in_force", is_in_force(listing, now)},
            {"since", time(listing.opened)},
            {"changed", time(listing.changed)},
            {"until", time(listing.until)},
            {"notice_until", time(listing.notice_until)},
            {"opened_by", text(listing.opened_by)},
            {"rule", text_or_null(listing.rule)},
            {"code", code(listing.code)},
            {"ttl_seconds", seconds_or_null(listing.ttl_seconds)},
            {"reason", text(listing.reason)},
            {"earlier", number_or_null(listing.earlier)},
            {"times", listing.times},
            {"hits", listing.hits},
            {"last_hit_hour", time(hour_of(listing.last_hit))},
            {"asn", number_or_null(listing.asn)}};
}

json::object event_object(const ListingEvent& event) {
    return {{"time", time(event.time)},
            {"action", text(to_string(event.action))},
            {"state", text(to_string(event.state))},
            {"until", time(event.until)},
            {"actor", text(event.actor)},
            {"why", text_or_null(event.why)},
            {"steps", texts(event.steps)},
            {"hits", json::array(event.hits.begin(), event.hits.end())}};
}

json::object hit_object(const ShownHit& hit) {
    json::object out{{"number", hit.number},
                     {"hour", time(hit.hour)},
                     {"kind", text(to_string(hit.kind))},
                     {"sensor", text(hit.sensor)},
                     {"address", text_or_null(hit.address)},
                     {"name", text_or_null(hit.ptr)},
                     {"helo", text_or_null(hit.helo)},
                     {"signer", text_or_null(hit.signer)},
                     {"links", texts(hit.links)},
                     {"weight", text(hit.weight)},
                     {"subject_hash", text_or_null(hit.subject_hash)},
                     {"steps", texts(hit.steps)}};
    if (hit.secret) {
        const ShownHit::Secret& secret = *hit.secret;
        out["full"] = json::object{{"time", time(secret.time)},
                                   {"sensor", text(secret.sensor)},
                                   {"helo", text_or_null(secret.helo)},
                                   {"trap", number_or_null(secret.trap)},
                                   {"mail", number_or_null(secret.mail)}};
    }
    return out;
}

json::object view_object(const ListingView& view, Time now) {
    json::object out = listing_object(view.listing, now);
    out["answers"] = code(view.code);
    out["text"] = text(view.reason);
    out["rule_text"] = text_or_null(view.rule);
    out["before"] = array_of(view.earlier,
                             [&](const Listing& listing) { return listing_object(listing, now); });
    out["evidence"] = evidence_object(view.evidence);
    out["events"] = array_of(view.events, event_object);
    return out;
}

std::string listings_json(const ListingPage& page, Time now) {
    const auto make = [&](const Listing& listing) {
        return listing_object(listing, now);
    };
    return document(json::object{{"listings", array_of(page.listings, make)},
                                 {"next", text_or_null(page.next)}});
}

std::string listing_views_json(const std::vector<ListingView>& views, Time now) {
    const auto make = [&](const ListingView& view) {
        return view_object(view, now);
    };
    return document(json::object{{"listings", array_of(views, make)}});
}

std::string listing_outcomes_json(const std::vector<ListingOutcome>& outcomes, Time now) {
    const auto make = [&](const ListingOutcome& outcome) {
        return outcome_object(outcome, now);
    };
    return document(json::object{{"results", array_of(outcomes, make)}});
}

std::string histories_json(const std::vector<ListingHistory>& histories, Time now) {
    const auto make = [&](const ListingHistory& history) {
        return history_object(history, now, false);
    };
    return document(json::object{{"listings", array_of(histories, make)}});
}

std::string listing_explanations_json(const std::vector<ListingHistory>& histories, Time now) {
    const auto make = [&](const ListingHistory& history) {
        return history_object(history, now, true);
    };
    return document(json::object{{"listings", array_of(histories, make)}});
}

std::string hits_json(const std::vector<ShownHit>& hits) {
    return document(json::object{{"hits", array_of(hits, hit_object)}});
}

}  // namespace fairlist
