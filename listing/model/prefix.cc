#include "listing/model/prefix.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <expected>

namespace fairlist {

namespace {

unsigned trailing_zeros(const Address& address) noexcept {
    if (address.low != 0) {
        return static_cast<unsigned>(std::countr_zero(address.low));
    }
    return 64 + static_cast<unsigned>(std::countr_zero(address.high));
}

}  // namespace

Result<Prefix> parse_prefix(std::string_view text, bool allow_host_bits) {
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) {
        return std::unexpected(address.error());
    }
    if (slash == std::string_view::npos) {
        return Prefix::single(*address);
    }
    const std::string_view digits = text.substr(slash + 1);
    const bool written_as_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    const unsigned longest = written_as_v4 ? 32 : 128;
    unsigned length = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    const bool leading_zero = digits.size() > 1 && digits.front() == '0';
    if (error != std::errc{} || end != digits.data() + digits.size() || length > longest ||
        leading_zero) {
        return fail(Errc::Malformed, fmt::format("prefix \"{}\": the length must be 0 to {}",
                                                 text.substr(0, 64), longest));
    }
    const Prefix prefix = Prefix::of(*address, written_as_v4 ? length + Prefix::kV4Offset : length);
    if (prefix.base != *address && !allow_host_bits) {
        return fail(Errc::Malformed, fmt::format("prefix \"{}\": host bits are set, expected {}",
                                                 text, to_string(prefix)));
    }
    return prefix;
}

std::string to_string(const Prefix& prefix) {
    if (prefix.length == 128) {
        return to_string(prefix.base);
    }
    return fmt::format("{}/{}", to_string(prefix.base), prefix.written_length());
}

std::vector<Prefix> split_range(const Address& first, const Address& last) {
    std::vector<Prefix> prefixes;
    const unsigned shortest = first.is_v4() ? Prefix::kV4Offset : 0;
    Address at = first;
    while (true) {
        const unsigned zeros = trailing_zeros(at);
        unsigned length = zeros >= 128 ? 0 : 128 - zeros;
        length = std::max(length, shortest);
        while (Prefix::of(at, length).last() > last) {
            ++length;
        }
        const Prefix prefix = Prefix::of(at, length);
        prefixes.push_back(prefix);
        if (prefix.last() == last) {
            return prefixes;
        }
        at = prefix.last().next();
    }
}

}  // namespace fairlist
