#include "tools/fairlist/entry_options.h"

#include "listing/base/time.h"
#include "listing/model/ttl.h"
#include "tools/fairlist/utf8.h"
#include "zones/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>

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

}  // namespace fairlist::cli
