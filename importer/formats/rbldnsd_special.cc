#include "importer/formats/rbldnsd_special.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <expected>
#include <limits>
#include <string>

namespace fairlist::importer {

namespace {

struct Special {
    std::string_view keyword;  // as written
    std::string_view rest;
    Time now;
};

std::unexpected<Error> bad(const Special& special, std::string_view expected) {
    return fail(Errc::Malformed, fmt::format("${} \"{}\": expected {}", excerpt(special.keyword),
                                             excerpt(special.rest), expected));
}

std::unexpected<Error> too_late(const Special& special) {
    return fail(Errc::Malformed, fmt::format("${}: it concerns entries that stand above it: move "
                                             "it to the top of the data set",
                                             special.keyword));
}

Result<void> apply_soa(const Special& special, RbldnsdScope&, ZoneFacts& facts) {
    constexpr std::size_t kFields = 8;
    constexpr std::size_t kFirstTime = 4;
    std::string_view rest = special.rest;
    std::size_t fields = 0;
    while (!rest.empty() && fields <= kFields) {
        const std::string_view field = take_word(rest);
        const bool is_time = fields == 0 || fields >= kFirstTime;
        if (is_time && !parse_duration(field)) {
            return bad(special, "times such as 3600 or 1h");
        }
        ++fields;
    }
    if (fields != kFields) {
        return bad(special, "ttl origin person serial refresh retry expire minttl");
    }
    if (facts.soa.empty()) {
        facts.soa = special.rest;
    }
    return {};
}

Result<void> apply_ns(const Special& special, RbldnsdScope&, ZoneFacts& facts) {
    std::string_view rest = special.rest;
    if (!parse_duration(take_word(rest)) || rest.empty()) {
        return bad(special, "ttl and name servers");
    }
    const bool is_first = facts.ns.empty();
    while (is_first && !rest.empty() && facts.ns.size() < kZoneServersMax) {
        const std::string_view server = take_word(rest);
        if (!server.starts_with('-')) {
            facts.ns.emplace_back(server);
        }
    }
    return {};
}

Result<void> apply_ttl(const Special& special, RbldnsdScope& scope, ZoneFacts&) {
    const auto seconds = parse_duration(special.rest);
    if (!seconds) {
        return bad(special, "a time such as 35m");
    }
    if (scope.has_entries && *seconds != scope.ttl_seconds) {
        return too_late(special);
    }
    scope.ttl_seconds = *seconds;
    return {};
}

Result<void> apply_max_range(const Special& special, RbldnsdScope& scope, ZoneFacts&) {
    const bool is_length = special.rest.starts_with('/');
    const std::string_view digits = special.rest.substr(is_length ? 1 : 0);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
    if (!is_number || (is_length ? number > 32 : number == 0)) {
        return bad(special, "a number of addresses or a length, such as 256 or /24");
    }
    // It may only be tightened; a wider one is passed over, as rbldnsd does.
    const std::uint64_t addresses = is_length ? std::uint64_t{1} << (32 - number) : number;
    scope.addresses_max = std::min(scope.addresses_max, addresses);
    return {};
}

// At most `digits_max` digits off the front; -1 when there are none.
int take_digits(std::string_view& text, std::size_t digits_max) noexcept {
    int value = -1;
    for (std::size_t i = 0; i < digits_max && !text.empty(); ++i) {
        const char c = text.front();
        if (c < '0' || c > '9') {
            break;
        }
        value = std::max(value, 0) * 10 + (c - '0');
        text.remove_prefix(1);
    }
    return value;
}

// "2026:11:21:08:30", with ":", "-" or nothing between the parts; not set for "0" and "-".
Result<Time> read_stamp(std::string_view text) {
    if (text == "0" || text == "-") {
        return Time{};
    }
    std::array<int, 6> parts = {0, 1, 1, 0, 0, 0};
    std::string_view rest = text;
    std::size_t count = 0;
    while (count < parts.size() && !rest.empty()) {
        const bool delimited = rest.front() == ':' || rest.front() == '-';
        if (count != 0 && delimited) {
            rest.remove_prefix(1);
        }
        parts[count] = take_digits(rest, count == 0 ? 4 : 2);
        if (parts[count++] < 0) {
            break;
        }
    }
    if (count < 3 || !rest.empty()) {
        return fail(Errc::Malformed, "");
    }
    return parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts[0], parts[1],
                                  parts[2], parts[3], parts[4], parts[5]));
}

// "+3d" counts from the stamp, which must then be there.
Result<Time> read_expiry(std::string_view text, Time stamp) {
    if (text.empty() || !text.starts_with('+')) {
        return text.empty() ? Time{} : read_stamp(text);
    }
    const auto seconds = parse_duration(text.substr(1));
    if (!seconds || !stamp.is_set() ||
        *seconds > std::numeric_limits<std::uint32_t>::max() - stamp.seconds) {
        return fail(Errc::Malformed, "");
    }
    return Time{stamp.seconds + *seconds};
}

// rbldnsd reads years up to 2037 and passes the check over beyond; here it reaches to 2106.
// Past the end rbldnsd answers nothing of the data but SERVFAIL; of several ends the first counts.
Result<void> apply_timestamp(const Special& special, RbldnsdScope& scope, ZoneFacts& facts) {
    std::string_view rest = special.rest;
    const Result<Time> stamp = read_stamp(take_word(rest));
    const Result<Time> expiry = stamp ? read_expiry(take_word(rest), *stamp) : stamp;
    if (!expiry || !rest.empty()) {
        return bad(special, "2026:11:21:08:30 and perhaps an end, such as 2026:11:24 or +3d");
    }
    facts.timestamp = special.rest;
    if (*stamp > special.now) {
        return fail(Errc::Refused, fmt::format("$TIMESTAMP: the data are of {}, which is in the "
                                               "future: wrong clock, or a file not meant for now",
                                               to_string(*stamp)));
    }
    if (expiry->is_set() && *expiry < special.now) {
        return fail(Errc::Refused, fmt::format("$TIMESTAMP: the data expired on {}: get a newer "
                                               "version",
                                               to_string(*expiry)));
    }
    if (expiry->is_set() && (!scope.data_end.is_set() || *expiry < scope.data_end)) {
        if (scope.has_entries) {
            return too_late(special);
        }
        scope.data_end = *expiry;
    }
    return {};
}

Result<void> apply_base(const Special& special, RbldnsdScope& scope, ZoneFacts&) {
    if (special.rest.empty()) {
        return bad(special, "a text");
    }
    if (scope.has_entries && scope.variables.base != special.rest) {
        return too_late(special);
    }
    scope.variables.base = std::string(special.rest.substr(0, kRbldnsdTextBytesMax));
    return {};
}

Result<void> apply_variable(const Special& special, RbldnsdScope& scope) {
    const auto number = static_cast<unsigned>(special.keyword.front() - '0');
    if (special.rest.empty()) {
        return bad(special, "a text");
    }
    if ((scope.unresolved >> number & 1U) != 0) {
        return too_late(special);
    }
    auto& value = scope.variables.numbered[number];
    if (!value) {
        value = std::string(special.rest.substr(0, kRbldnsdTextBytesMax));
    }
    return {};
}

using Apply = Result<void> (*)(const Special&, RbldnsdScope&, ZoneFacts&);

struct SpecialRow {
    std::string_view keyword;
    Apply apply;
};

constexpr std::array kSpecials = std::to_array<SpecialRow>({
    {"soa", apply_soa},
    {"ns", apply_ns},
    {"ttl", apply_ttl},
    {"maxrange4", apply_max_range},
    {"timestamp", apply_timestamp},
    {"=", apply_base},
});

}  // namespace

bool is_rbldnsd_special(std::string_view trimmed_line, std::string_view& special) {
    if (trimmed_line.starts_with('$')) {
        special = trimmed_line.substr(1);
        return true;
    }
    if (trimmed_line.starts_with("#$") || trimmed_line.starts_with(";$") ||
        trimmed_line.starts_with(":$")) {
        special = trimmed_line.substr(2);
        return true;
    }
    return false;
}

Result<void> apply_rbldnsd_special(std::string_view special, Time now, RbldnsdScope& scope,
                                   ZoneFacts& facts) {
    std::string_view rest = special;
    const std::string_view keyword =
        is_blank(special.empty() ? ' ' : special.front()) ? std::string_view{} : take_word(rest);
    const Special parts{keyword, trim(rest), now};
    if (keyword.size() == 1 && keyword.front() >= '0' && keyword.front() <= '9') {
        return apply_variable(parts, scope);
    }
    for (const SpecialRow& row : kSpecials) {
        if (equals_lower(keyword, row.keyword)) {
            return row.apply(parts, scope, facts);
        }
    }
    return fail(Errc::Malformed,
                fmt::format("special line \"${}\": expected $SOA, $NS, $TTL, $TIMESTAMP, "
                            "$MAXRANGE4, $DATASET, $= or $0 to $9",
                            excerpt(keyword)));
}

}  // namespace fairlist::importer
