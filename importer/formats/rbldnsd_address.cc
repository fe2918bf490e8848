#include "importer/formats/rbldnsd_address.h"

#include "importer/formats/excerpt.h"
#include "listing/model/prefix.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <expected>

namespace fairlist::importer {

namespace {

// The octets that were written, from the left.
struct Octets {
    std::uint32_t value = 0;  // the missing ones are zero
    unsigned count = 0;

    [[nodiscard]] std::uint32_t missing_mask() const noexcept {
        return count == 4 ? 0 : UINT32_MAX >> (8 * count);
    }
};

std::unexpected<Error> bad_ip4(std::string_view text, std::string_view expected) {
    return fail(Errc::Malformed,
                fmt::format("\"{}\" is no address: expected {}", excerpt(text), expected));
}

// Reads one to four octets off the front of `rest`.
bool take_octets(std::string_view& rest, Octets& octets) noexcept {
    const char* const end = rest.data() + rest.size();
    while (true) {
        unsigned value = 0;
        const auto [next, error] = std::from_chars(rest.data(), end, value);
        if (error != std::errc{} || value > 255) {
            return false;
        }
        octets.value |= value << (24 - 8 * octets.count);
        ++octets.count;
        rest = {next, static_cast<std::size_t>(end - next)};
        if (octets.count == 4 || !rest.starts_with('.')) {
            return true;
        }
        rest.remove_prefix(1);
    }
}

Result<unsigned> take_length(std::string_view text, unsigned longest) {
    unsigned length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc{} || end != text.data() + text.size() || length > longest) {
        return fail(Errc::Malformed,
                    fmt::format("prefix length \"{}\": expected 0 to {}", excerpt(text), longest));
    }
    return length;
}

AddressRange range_of(const Prefix& prefix) noexcept {
    return {prefix.base, prefix.last(), true, prefix.length};
}

Result<AddressRange> prefix_range(const Address& address, unsigned length, bool allow_host_bits) {
    const Prefix prefix = Prefix::of(address, length);
    if (prefix.base != address && !allow_host_bits) {
        return fail(Errc::Malformed,
                    fmt::format("host bits are set, expected {}", to_string(prefix)));
    }
    return range_of(prefix);
}

// "127.16-31": one octet behind the dash replaces the last octet in front of it; else both sides
// have the same number of octets, and the right one is filled up with ones.
Result<AddressRange> finish_ip4_range(const Octets& first, std::string_view text,
                                      std::string_view whole) {
    Octets last;
    if (!take_octets(text, last) || !text.empty()) {
        return bad_ip4(whole, "192.0.2.0-192.0.3.255 or 192.0.2.1-9");
    }
    if (last.count == 1 && first.count > 1) {
        const unsigned shift = 32 - 8 * first.count;
        const std::uint32_t octet = last.value >> 24U;
        last.value = (first.value & ~(0xFFU << shift)) | octet << shift;
        last.count = first.count;
    }
    const std::uint32_t end = last.value | last.missing_mask();
    if (last.count != first.count || end < first.value) {
        return bad_ip4(whole, "a range with its end behind its start and both written alike");
    }
    return AddressRange{Address::from_v4(first.value), Address::from_v4(end), false, 0};
}

// One to eight words of hexadecimal, without "::".
struct Words {
    std::array<std::uint8_t, 16> bytes{};
    unsigned count = 0;
};

bool read_words(std::string_view text, Words& words) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (words.count < 8) {
        std::uint16_t value = 0;
        const auto [next, error] = std::from_chars(at, end, value, 16);
        if (error != std::errc{}) {
            return false;
        }
        words.bytes[2UZ * words.count] = static_cast<std::uint8_t>(value >> 8U);
        words.bytes[2UZ * words.count + 1] = static_cast<std::uint8_t>(value & 0xFFU);
        ++words.count;
        if (next == end) {
            return true;
        }
        if (*next != ':') {
            return false;
        }
        at = next + 1;
    }
    return false;
}

}  // namespace

Result<AddressRange> parse_rbldnsd_ip4(std::string_view text, Ip4Syntax syntax,
                                       bool allow_host_bits) {
    std::string_view rest = text;
    Octets octets;
    const bool has_octets = take_octets(rest, octets);
    const bool has_length = has_octets && rest.starts_with('/');
    const bool is_range = has_octets && rest.starts_with('-');
    if (!has_octets || (!rest.empty() && !has_length && !is_range)) {
        return bad_ip4(text, "192.0.2.1, 192.0.2 or 192.0.2.0/24");
    }
    if (syntax == Ip4Syntax::Tset && (octets.count != 4 || !rest.empty())) {
        return bad_ip4(text, "one whole address in an ip4tset");
    }
    if (is_range && syntax != Ip4Syntax::Set) {
        return bad_ip4(text, "no range in an ip4trie");
    }
    if (is_range) {
        return finish_ip4_range(octets, rest.substr(1), text);
    }
    // A lone number is more likely a mistake than a /8; rbldnsd refuses it too.
    if (rest.empty() && octets.count == 1) {
        return bad_ip4(text, "two octets at least, or a length");
    }
    unsigned length = 8 * octets.count;
    if (has_length) {
        const auto given = take_length(rest.substr(1), 32);
        if (!given) {
            return std::unexpected(given.error());
        }
        length = *given;
    }
    return prefix_range(Address::from_v4(octets.value), Prefix::kV4Offset + length,
                        allow_host_bits);
}

Result<AddressRange> parse_rbldnsd_ip6(std::string_view text, bool allow_host_bits) {
    const std::size_t slash = text.find('/');
    const std::string_view host = text.substr(0, slash);
    Words words;
    Address address;
    unsigned length = 128;
    if (read_words(host, words) && (words.count > 1 || slash != std::string_view::npos)) {
        address = Address::from_bytes(words.bytes);
        length = 16 * words.count;
    } else {
        const auto parsed = parse_address(host);
        if (!parsed || host.find('.') != std::string_view::npos) {
            return bad_ip4(text, "2001:db8::1, 2001:db8 or 2001:db8::/32");
        }
        address = *parsed;
    }
    if (slash != std::string_view::npos) {
        const auto given = take_length(text.substr(slash + 1), 128);
        if (!given) {
            return std::unexpected(given.error());
        }
        length = *given;
    }
    return prefix_range(address, length, allow_host_bits);
}

Result<AddressRange> parse_rbldnsd_ip6tset(std::string_view text, bool exclusion) {
    Words words;
    if (!exclusion) {
        if (!read_words(text, words) || words.count != 4) {
            return bad_ip4(text, "a /64 as four words, such as 2001:db8:1:2");
        }
        return range_of(Prefix::of(Address::from_bytes(words.bytes), 64));
    }
    const auto address = parse_address(text);
    if (!address || text.find('.') != std::string_view::npos) {
        return bad_ip4(text, "a whole address in an exclusion, such as 2001:db8:1:2::9");
    }
    return range_of(Prefix::single(*address));
}

}  // namespace fairlist::importer
