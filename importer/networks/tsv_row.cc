#include "importer/networks/tsv_row.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/words.h"
#include "importer/networks/network_text.h"
#include "listing/model/prefix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>

namespace fairlist::importer {

namespace {

constexpr char kTab = '\t';
// Of the network: ASN, name and country.
constexpr std::size_t kNetworkTabs = 2;

std::string_view take_field(std::string_view& rest) noexcept {
    const std::size_t tab = std::min(rest.find(kTab), rest.size());
    const std::string_view field = rest.substr(0, tab);
    rest.remove_prefix(std::min(tab + 1, rest.size()));
    return trim(field);
}

// An ASN has neither.
bool looks_like_address(std::string_view field) noexcept {
    return field.find_first_of(".:") != std::string_view::npos;
}

Result<TsvRow> parse_range(std::string_view start, std::string_view end) {
    const auto first = parse_address(start);
    if (!first) {
        return std::unexpected(first.error());
    }
    const auto last = parse_address(end);
    if (!last) {
        return std::unexpected(last.error());
    }
    if (first->is_v4() != last->is_v4() || *last < *first) {
        return fail(Errc::Malformed,
                    fmt::format("range \"{}\" to \"{}\": expected the first and the last address "
                                "of one family, in this order",
                                start, end));
    }
    return TsvRow{TsvForm::Range, *first, *last, {}};
}

Result<TsvRow> parse_prefix_row(std::string_view text) {
    const auto prefix = parse_prefix(text);
    if (!prefix) {
        return std::unexpected(prefix.error());
    }
    return TsvRow{TsvForm::Prefix, prefix->base, prefix->last(), {}};
}

}  // namespace

std::string_view to_string(TsvForm form) noexcept {
    return form == TsvForm::Prefix ? "PREFIX<TAB>ASN<TAB>NAME<TAB>COUNTRY"
                                   : "START<TAB>END<TAB>ASN<TAB>COUNTRY<TAB>NAME";
}

Result<TsvRow> parse_tsv_row(std::string_view line) {
    std::string_view rest = line;
    const std::string_view first = take_field(rest);
    std::string_view after_second = rest;
    const std::string_view second = take_field(after_second);
    const bool is_range = looks_like_address(second);
    const std::string_view network = is_range ? after_second : rest;
    if (std::ranges::count(network, kTab) != kNetworkTabs) {
        return fail(
            Errc::Malformed,
            fmt::format("{} fields between tabs: expected {}", std::ranges::count(line, kTab) + 1,
                        to_string(is_range ? TsvForm::Range : TsvForm::Prefix)));
    }
    auto row = is_range ? parse_range(first, second) : parse_prefix_row(first);
    if (row) {
        row->network = network;
    }
    return row;
}

Result<std::optional<Network>> parse_tsv_network(TsvForm form, std::string_view network) {
    const auto asn = parse_asn(take_field(network));
    if (!asn) {
        return std::unexpected(asn.error());
    }
    if (*asn == 0) {
        return std::optional<Network>();
    }
    const std::string_view third = take_field(network);
    const std::string_view fourth = take_field(network);
    const std::string_view country = form == TsvForm::Prefix ? fourth : third;
    auto code = parse_country(country);
    if (!code) {
        return fail(Errc::Malformed,
                    fmt::format("country \"{}\": expected two letters such as DE, or nothing, in "
                                "the form {}",
                                excerpt(country), to_string(form)));
    }
    const std::string_view name = form == TsvForm::Prefix ? third : fourth;
    return Network{*asn, tidy_text(name, kNetworkNameBytesMax), std::move(*code)};
}

}  // namespace fairlist::importer
