#include "importer/mail/literal_host.h"

#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <vector>

namespace fairlist::importer {

namespace {

constexpr std::size_t kPartsMax = 4;

// Decimal, octal behind a zero, hexadecimal behind 0x.
std::optional<std::uint64_t> number_in(std::string_view text) {
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        base = 16;
        text.remove_prefix(2);
        if (text.empty()) {
            return 0;
        }
    } else if (text.size() > 1 && text.starts_with('0')) {
        base = 8;
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    const bool good = error == std::errc{} && end == text.data() + text.size();
    return good ? std::optional(value) : std::nullopt;
}

std::vector<std::string_view> parts_of(std::string_view host) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t dot = host.find('.');
        parts.push_back(host.substr(0, dot));
        if (dot == std::string_view::npos) {
            return parts;
        }
        host.remove_prefix(dot + 1);
    }
}

std::optional<Address> from_parts(std::string_view host) {
    const std::vector<std::string_view> parts = parts_of(host);
    if (parts.size() > kPartsMax) {
        return {};
    }
    std::uint64_t address = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        // The last part fills what is left.
        const std::size_t bits = i + 1 < parts.size() ? 8 : 8 * (kPartsMax - i);
        const auto number = number_in(parts[i]);
        if (!number || *number >> bits != 0) {
            return {};
        }
        address = address << bits | *number;
    }
    return Address::from_v4(static_cast<std::uint32_t>(address));
}

}  // namespace

bool looks_like_address(std::string_view host) noexcept {
    if (host.starts_with('[')) {
        return true;
    }
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return !last.empty() &&
           (number_in(last) || last.find_first_not_of("0123456789") == std::string_view::npos);
}

std::optional<Address> parse_literal_host(std::string_view host) {
    if (!host.starts_with('[')) {
        return from_parts(host);
    }
    const auto address = parse_address(host.substr(1, host.find(']') - 1));
    return address ? std::optional(*address) : std::nullopt;
}

}  // namespace fairlist::importer
