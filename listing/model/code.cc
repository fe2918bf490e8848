#include "listing/model/code.h"

#include "listing/model/address.h"

#include <fmt/format.h>

#include <charconv>

namespace fairlist {

Result<ReturnCode> parse_code(std::string_view text, bool allow_foreign) {
    ReturnCode code;
    unsigned octet = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), octet);
    if (error == std::errc{} && end == text.data() + text.size()) {
        if (octet == 0 || octet > 255) {
            return fail(Errc::OutOfRange,
                        fmt::format("code \"{}\": a short code is 2 to 255", text));
        }
        code.value = 0x7F000000U | octet;
    } else {
        const auto address = parse_address(text);
        if (!address || !address->is_v4()) {
            return fail(Errc::Malformed,
                        fmt::format("code \"{}\": expected 127.0.0.2 or 2", text.substr(0, 64)));
        }
        code.value = address->v4();
    }
    if (!allow_foreign && !is_listing_code(code)) {
        return fail(Errc::OutOfRange,
                    fmt::format("code {}: must lie in 127/8 and be neither 127.0.0.1 nor in "
                                "127.255.255.0/24 (set foreign_codes on the list to carry others)",
                                to_string(code)));
    }
    return code;
}

std::string to_string(ReturnCode code) {
    return to_string(Address::from_v4(code.value));
}

}  // namespace fairlist
