#include "tools/fairlist/entry_options.h"

#include "listing/model/protected_space.h"
#include "listing/model/ttl.h"
#include "server/shown/utf8.h"
#include "zones/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <variant>

namespace fairlist::cli {

Result<std::uint32_t> ttl_option(const std::string& option, std::string_view text) {
    if (text.empty()) {
        return 0;
    }
    const auto seconds = parse_duration(text);
    if (!seconds) {
        return fail_in(option, seconds.error());
    }
    if (*seconds > kTtlSecondsMax) {
        return fail(Errc::OutOfRange, fmt::format("{} \"{}\": expected at most {}", option, text,
                                                  format_duration(kTtlSecondsMax)));
    }
    return seconds;
}

Result<void> check_reason_option(const std::string& option, std::string_view text,
                                 std::span<const std::string_view> attributes) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    };
    if (std::ranges::any_of(text, is_control)) {
        return fail(Errc::Malformed,
                    fmt::format("{} \"{}\": expected one line without control characters", option,
                                text.substr(0, 100)));
    }
    if (to_utf8(text) != text) {
        return fail(Errc::Malformed,
                    fmt::format("{} \"{}\": expected UTF-8", option, to_utf8(text.substr(0, 100))));
    }
    if (const auto good = check_reason(text, false, attributes); !good) {
        return fail_in(option, good.error());
    }
    return {};
}

Result<Time> end_option(const std::string& until, const std::string& duration, Time from) {
    if (!until.empty()) {
        const auto end = parse_time(until);
        if (!end) {
            return fail_in("--until", end.error());
        }
        if (*end <= from) {
            return fail(Errc::OutOfRange, fmt::format("--until \"{}\": is past already, now is {}",
                                                      until, to_string(from)));
        }
        return end;
    }
    if (duration.empty()) {
        return Time{};
    }
    const auto seconds = parse_duration(duration);
    if (!seconds) {
        return fail_in("--for", seconds.error());
    }
    if (*seconds == 0 || *seconds > UINT32_MAX - from.seconds) {
        return fail(Errc::OutOfRange,
                    fmt::format("--for \"{}\": expected more than nothing, and an end before 2106",
                                duration));
    }
    return Time{from.seconds + *seconds};
}

Error with_remedy(const Error& error, const config::Config& config, const Subject& subject) {
    const auto* prefix = std::get_if<Prefix>(&subject);
    if (error.code != Errc::Refused || prefix == nullptr) {
        return error;
    }
    const ProtectedSpace as_it_is(config.do_not_list, config.protected_exceptions);
    const ProtectedSpace allowing(config.do_not_list, {*prefix});
    if (as_it_is.refusal(*prefix).empty() || !allowing.refusal(*prefix).empty()) {
        return error;
    }
    return {error.code, error.message +
                            "; to list it all the same, name it in allow of [protected] in the "
                            "configuration"};
}

}  // namespace fairlist::cli
