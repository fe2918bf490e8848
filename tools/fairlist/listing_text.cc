#include "tools/fairlist/listing_text.h"

#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace fairlist::cli {

namespace {

std::string opener(const Listing& listing) {
    return listing.rule.empty() ? listing.opened_by : "rule:" + listing.rule;
}

// When it ended, or will.
Time end_of(const Listing& listing) {
    const bool was_cut =
        listing.state == ListingState::Removed || listing.state == ListingState::Exempted;
    return was_cut ? listing.changed : listing.until;
}

std::string ordinal(std::uint32_t number) {
    const std::uint32_t ten = number % 10;
    const bool is_teen = number % 100 / 10 == 1;
    const std::string_view ending = is_teen || ten == 0 || ten > 3 ? "th"
                                    : ten == 1                     ? "st"
                                    : ten == 2                     ? "nd"
                                                                   : "rd";
    return fmt::format("{}{}", number, ending);
}

std::string headline(const Listing& listing, Time now) {
    const bool in_force = is_in_force(listing, now);
    return fmt::format("listing {}: {} in list {}: {}\n", listing.id,
                       paint(Colour::Bold, to_string(listing.subject)), printable(listing.list),
                       paint(in_force ? Colour::Red : Colour::None, state_word(listing, now)));
}

std::string line(std::string_view name, std::string_view value) {
    return value.empty() ? "" : fmt::format("  {:<11}  {}\n", name, printable(value));
}

// What ends a listing that has not ended, in one clause after its state.
std::string end_to_come(const Listing& listing) {
    const std::string at_once = fmt::format("fairlist listing remove {}", listing.id);
    const std::string by_itself = listing.until.is_set()
                                      ? fmt::format("by itself at {}", to_string(listing.until))
                                      : "not by itself";
    switch (listing.state) {
        case ListingState::Noticed:
            return fmt::format(
                "its owner was told, nothing answers: listed if hits go on after {}, else this "
                "lapses at {}",
                to_string(listing.notice_until), to_string(listing.until));
        case ListingState::Suspended:
            return fmt::format(
                "{}; answers nothing until \"fairlist listing resume {}\"; for good with \"{}\"",
                by_itself, listing.id, at_once);
        default:
            return fmt::format("{}; at once with \"{}\"", by_itself, at_once);
    }
}

std::string end_text(const Listing& listing, Time now) {
    switch (listing.state) {
        case ListingState::Expired:
            return fmt::format("ended by itself at {}", to_string(listing.until));
        case ListingState::Removed:
            return fmt::format("was removed at {}", to_string(listing.changed));
        case ListingState::Exempted:
            return fmt::format(
                "was exempted at {}; to lift that: \"fairlist remove {} {} --exemption\"",
                to_string(listing.changed), listing.list, to_string(listing.subject));
        default:
            return state_word(listing, now) == "ended"
                       ? fmt::format("ended by itself at {}; the next \"fairlist sweep\" notes it",
                                     to_string(listing.until))
                       : "ends " + end_to_come(listing);
    }
}

std::string counts_text(const std::map<std::string, std::uint64_t>& counts) {
    std::vector<std::string> parts;
    parts.reserve(counts.size());
    for (const auto& [name, count] : counts) {
        parts.push_back(fmt::format("{} {}", grouped(count), name));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string names_text(const std::map<std::string, std::uint64_t>& names) {
    std::vector<std::string_view> parts;
    parts.reserve(names.size());
    for (const auto& [name, count] : names) {
        parts.emplace_back(name);
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string evidence_text(const EvidenceSummary& evidence) {
    if (evidence.hits == 0) {
        return line("evidence", "no hits");
    }
    if (evidence.kept == 0) {
        return line("evidence", fmt::format("{}, forgotten since", counted(evidence.hits, "hit")));
    }
    std::string text =
        line("evidence", fmt::format("{}, the first kept one in the hour from {}, the last from {}",
                                     counted(evidence.hits, "hit"), to_string(evidence.first),
                                     to_string(evidence.last)));
    const std::string kept =
        evidence.kept < evidence.hits ? fmt::format("; of {} hits", grouped(evidence.kept)) : "";
    text += line("kinds", counts_text(evidence.kinds) + kept);
    text += line("HELO", counts_text(evidence.helos));
    text += line("PTR", names_text(evidence.names));
    return text;
}

std::string earlier_text(const ListingView& view) {
    std::string text;
    for (const Listing& listing : view.earlier) {
        text += line(
            text.empty() ? "earlier" : "",
            fmt::format("listing {}: {}, {} to {}, by {}", listing.id, to_string(listing.state),
                        to_string(listing.opened), to_string(listing.changed), opener(listing)));
    }
    return text;
}

std::string event_line(const ListingEvent& event) {
    const std::string until =
        event.until.is_set() && !has_ended(event.state) ? ", until " + to_string(event.until) : "";
    const std::string why = event.why.empty() ? "" : ": " + event.why;
    return fmt::format("{}  {}{}, by {}{}", to_string(event.time), to_string(event.action), until,
                       printable(event.actor), printable(why));
}

std::string steps_text(const std::vector<std::string>& steps, std::string_view indent) {
    std::string text;
    for (const std::string& step : steps) {
        text += fmt::format("{}{}\n", indent, printable(step));
    }
    return text;
}

// Times of events are exact, those of hits are not: numbers alone.
std::string event_text(const ListingEvent& event) {
    std::string text = fmt::format("  {}\n", event_line(event)) + steps_text(event.steps, "    ");
    if (!event.hits.empty()) {
        text += fmt::format("    hits {}\n", fmt::join(event.hits, " "));
    }
    return text;
}

std::string secret_text(const ShownHit::Secret& secret) {
    const auto number = [](std::uint64_t value) {
        return value == 0 ? std::string("none") : fmt::format("{}", value);
    };
    return line("time", to_string(secret.time)) + line("sensor", secret.sensor) +
           line("HELO", secret.helo) + line("trap", number(secret.trap)) +
           line("mail", number(secret.mail));
}

}  // namespace

std::string listings_table(const std::vector<Listing>& listings, Time now) {
    Table table({{"NUMBER", true},
                 {"LIST"},
                 {"SUBJECT"},
                 {"STATE"},
                 {"SINCE"},
                 {"UNTIL"},
                 {"TIMES", true},
                 {"HITS", true},
                 {"OPENED BY"}});
    for (const Listing& listing : listings) {
        table.add({fmt::format("{}", listing.id), listing.list, to_string(listing.subject),
                   std::string(state_word(listing, now)), to_string(listing.opened),
                   to_string(end_of(listing)), fmt::format("{}", listing.times),
                   grouped(listing.hits), opener(listing)});
    }
    return table.text();
}

std::string listing_line(const Listing& listing, Time now) {
    const std::string by =
        listing.rule.empty() ? "by " + listing.opened_by : "by rule " + listing.rule;
    return fmt::format("listing {}: {}, {}, {} time; {}", listing.id, state_word(listing, now),
                       printable(by), ordinal(listing.times), end_text(listing, now));
}

std::string listing_text(const ListingView& view, Time now) {
    const Listing& listing = view.listing;
    std::string text = headline(listing, now);
    text += line("since", fmt::format("{}, for the {} time", to_string(listing.opened),
                                      ordinal(listing.times)));
    text += line("end", end_text(listing, now));
    text += line("opened by", listing.opened_by);
    text += line("rule", view.rule.empty() ? listing.rule : view.rule);
    text += line(has_ended(listing.state) ? "answered" : "answers",
                 view.code.is_set() ? to_string(view.code) : "");
    text += line("reason", view.reason);
    text += line("network", listing.asn == 0 ? "" : fmt::format("AS{}", listing.asn));
    text += evidence_text(view.evidence);
    text += earlier_text(view);
    for (const ListingEvent& event : view.events) {
        text += fmt::format("  {}\n", event_line(event));
    }
    return text;
}

std::string history_text(const Listing& listing, std::span<const ListingEvent> events, Time now) {
    std::string text = headline(listing, now);
    for (const ListingEvent& event : events) {
        text += event_text(event);
    }
    return text;
}

std::string listing_explanation(const Listing& listing, std::span<const ListingEvent> events,
                                std::span<const ShownHit> hits, Time now) {
    std::string text = headline(listing, now);
    for (const ListingEvent& event : events) {
        if (explains_listing(event)) {
            text += event_text(event);
        }
    }
    for (const ShownHit& hit : hits) {
        text += hit_text(hit);
    }
    if (hits.empty()) {
        text += "  no hits are kept\n";
    }
    return text;
}

std::string hit_text(const ShownHit& hit) {
    std::string text = fmt::format("hit {}: {}, from {}, in the hour from {}\n", hit.number,
                                   to_string(hit.kind), printable(hit.sensor), to_string(hit.hour));
    const std::string ptr = hit.ptr.empty() ? "" : fmt::format(" ({})", hit.ptr);
    const std::string helo = hit.helo.empty() ? "" : fmt::format(", HELO is {}", hit.helo);
    text += line("address", hit.address.empty() ? "none that may be listed" + ptr + helo
                                                : hit.address + ptr + helo);
    text += line("signer", hit.signer);
    text += line("links", fmt::format("{}", fmt::join(hit.links, " ")));
    text += line("weight", hit.weight);
    text += line("subject", hit.subject_hash);
    if (hit.secret) {
        text += secret_text(*hit.secret);
    }
    return text + steps_text(hit.steps, "    ");
}

}  // namespace fairlist::cli
