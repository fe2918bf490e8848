#include "tools/fairlist/listing_reference.h"

#include "tools/fairlist/subject_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <expected>
#include <system_error>
#include <utility>
#include <variant>

namespace fairlist::cli {

namespace {

constexpr std::string_view kNumberPrefix = "listing:";

// As rules list what accuses a subject of this kind; the subject itself when that is the same.
Subject as_rules_list(const Subject& subject) {
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        return *prefix == Prefix::single(prefix->base) ? identity_of(prefix->base) : subject;
    }
    if (const auto* name = std::get_if<NameSubject>(&subject)) {
        return name->scope == NameScope::Exact ? identity_of(name->name) : subject;
    }
    return subject;
}

Result<std::vector<Listing>> by_number(Ledger& ledger, const ListingQuery& query,
                                       std::uint64_t number) {
    auto listing = ledger.find(number);
    if (!listing) {
        return fail(Errc::NotFound,
                    fmt::format("listing {}: there is none; see \"fairlist listing list --ended\"",
                                number));
    }
    if (!query.list.empty() && listing->list != query.list) {
        return fail(Errc::Conflict, fmt::format("listing {}: it is in list {}, not in {}", number,
                                                listing->list, query.list));
    }
    return std::vector<Listing>{std::move(*listing)};
}

std::vector<Listing> of_subject(Ledger& ledger, const ListingQuery& query, const Subject& subject) {
    std::vector<Listing> found;
    for (const ListSpec& list : query.lists) {
        if (list.kind != kind_of(subject) || (!query.list.empty() && list.name != query.list)) {
            continue;
        }
        if (auto listing = ledger.latest(list.name, subject)) {
            found.push_back(std::move(*listing));
        }
    }
    return found;
}

Result<std::vector<Listing>> by_subject(Ledger& ledger, const ListingQuery& query,
                                        const Subject& subject) {
    auto found = of_subject(ledger, query, subject);
    if (found.empty()) {
        found = of_subject(ledger, query, as_rules_list(subject));
    }
    if (found.empty()) {
        const std::string where = query.list.empty() ? "" : " in list " + query.list;
        return fail(Errc::NotFound,
                    fmt::format("{}: no listing of exactly this{}; what else covers it, says "
                                "\"fairlist lookup {}\"",
                                to_string(subject), where, to_string(subject)));
    }
    return found;
}

}  // namespace

Result<std::optional<std::uint64_t>> parse_listing_number(std::string_view text) {
    const bool is_named = text.starts_with(kNumberPrefix);
    const std::string_view digits = is_named ? text.substr(kNumberPrefix.size()) : text;
    const bool is_number =
        !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_named && !is_number) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (read.ec != std::errc() || !is_number || number == 0) {
        return fail(Errc::Malformed,
                    fmt::format("\"{}\": expected the number of a listing, from 1 on", text));
    }
    return number;
}

Result<std::vector<Listing>> find_listings(Ledger& ledger, const ListingQuery& query,
                                           std::string_view text) {
    const auto number = parse_listing_number(text);
    if (!number) {
        return std::unexpected(number.error());
    }
    if (const std::optional<std::uint64_t>& known = *number) {
        return by_number(ledger, query, *known);
    }
    const auto subject = guess_subject(text);
    if (!subject) {
        return std::unexpected(subject.error());
    }
    return by_subject(ledger, query, *subject);
}

Result<Listing> find_listing(Ledger& ledger, const ListingQuery& query, std::string_view text) {
    auto found = find_listings(ledger, query, text);
    if (!found) {
        return std::unexpected(found.error());
    }
    std::string running;
    std::vector<Listing> meant;
    for (const Listing& listing : *found) {
        if (!has_ended(listing.state)) {
            meant.push_back(listing);
            running +=
                fmt::format("{}{} ({})", running.empty() ? "" : ", ", listing.id, listing.list);
        }
    }
    if (meant.size() > 1) {
        return fail(Errc::Conflict,
                    fmt::format("{}: has the listings {}; name one by its number or with --list",
                                text, running));
    }
    return meant.empty() ? *std::ranges::max_element(*found, {}, &Listing::id) : meant.front();
}

}  // namespace fairlist::cli
