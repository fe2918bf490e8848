#include "server/api/blast.h"

#include <fmt/format.h>

#include <cstdint>
#include <set>
#include <variant>

namespace fairlist::api {

namespace {

constexpr std::size_t kCountedMax = 1000;

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    if (count > kCountedMax) {
        return fmt::format("more than {} {}", kCountedMax, many);
    }
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

// Of IPv4 addresses, of IPv6 /64s.
std::string size_text(const Prefix& prefix) {
    const unsigned length = prefix.written_length();
    if (prefix.is_v4()) {
        return fmt::format("{}: {} addresses", to_string(prefix),
                           std::uint64_t{1} << (32 - length));
    }
    if (length == 0 || length > 64) {
        return to_string(prefix);
    }
    return fmt::format("{}: {} /64 networks", to_string(prefix), std::uint64_t{1} << (64 - length));
}

std::size_t entries_inside(Call& call, const Prefix& prefix) {
    EntryFilter filter;
    filter.within = prefix;
    const auto page = call.books.manager.entries(filter, "", kCountedMax + 1);
    return page ? page->entries.size() : 0;
}

std::size_t listings_inside(Call& call, const Prefix& prefix) {
    ListingFilter filter;
    filter.within = prefix;
    const auto page = call.books.ledger.page(filter, "", kCountedMax + 1);
    return page ? page->listings.size() : 0;
}

}  // namespace

bool is_wide(const Subject& subject) noexcept {
    const auto* prefix = std::get_if<Prefix>(&subject);
    return prefix != nullptr && prefix->written_length() < (prefix->is_v4() ? kAloneV4 : kAloneV6);
}

bool is_wide_space(const Prefix& prefix) noexcept {
    return prefix.written_length() < (prefix.is_v4() ? kSpaceAloneV4 : kSpaceAloneV6);
}

std::string blast_text(Call& call, std::span<const Prefix> prefixes) {
    constexpr std::size_t kPrefixesShown = 5;
    std::string text;
    std::size_t entries = 0;
    std::size_t listings = 0;
    std::set<std::uint32_t> holders;
    const HolderMap map = call.books.providers.holders();
    for (const Prefix& prefix : prefixes.first(std::min(prefixes.size(), kPrefixesShown))) {
        text += (text.empty() ? "" : ", ") + size_text(prefix);
        entries += entries_inside(call, prefix);
        listings += listings_inside(call, prefix);
        for (const HolderMap::Row& row : map.inside(prefix)) {
            holders.insert(row.holder);
        }
        if (const auto* around = map.narrowest(prefix)) {
            holders.insert(around->holder);
        }
    }
    if (prefixes.size() > kPrefixesShown) {
        text += fmt::format(", and {} more", prefixes.size() - kPrefixesShown);
    }
    return fmt::format("{}; inside: {}, {}, {}", text, counted(entries, "entry", "entries"),
                       counted(listings, "listing", "listings"),
                       counted(holders.size(), "provider", "providers"));
}

std::optional<Blast> blast_of(Call& call, std::string_view action, const Subject& subject) {
    if (!is_wide(subject)) {
        return std::nullopt;
    }
    const Prefix prefix = std::get<Prefix>(subject);
    return Blast{std::string(action), blast_text(call, std::span(&prefix, 1))};
}

}  // namespace fairlist::api
