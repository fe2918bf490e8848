#include "listing/model/trap.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist {

namespace {

// RFC 5322 section 3.2.3: what no atom may hold.
constexpr std::string_view kSpecials = "()<>[]:;@\\,\"";

bool is_local_byte(char c) noexcept {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7F' && !kSpecials.contains(c);
}

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

Result<std::string> parse_local(std::string_view text) {
    if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) {
        text = text.substr(1, text.size() - 2);
        if (text.empty()) {
            return fail(Errc::Malformed, "address: empty local part between quotes");
        }
    }
    if (text.size() > kLocalPartBytesMax) {
        return fail(Errc::Malformed,
                    fmt::format("address: local part of {} bytes, at most {} are allowed",
                                text.size(), kLocalPartBytesMax));
    }
    if (!std::ranges::all_of(text, is_local_byte)) {
        return fail(Errc::Malformed,
                    "address: white space or one of ()<>[]:;@\\,\" in the local part");
    }
    std::string local(text);
    std::ranges::transform(local, local.begin(), lower);
    return local;
}

}  // namespace

std::string_view to_string(TrapKind kind) noexcept {
    switch (kind) {
        case TrapKind::Trap:
            return "trap";
        case TrapKind::Report:
            return "report";
    }
    return "?";
}

std::string_view to_string(TrapState state) noexcept {
    switch (state) {
        case TrapState::Active:
            return "active";
        case TrapState::Retired:
            return "retired";
    }
    return "?";
}

Result<TrapKind> parse_trap_kind(std::string_view text) {
    for (const TrapKind kind : {TrapKind::Trap, TrapKind::Report}) {
        if (text == to_string(kind)) {
            return kind;
        }
    }
    return fail(Errc::Malformed,
                fmt::format("kind \"{}\": expected trap or report", text.substr(0, 64)));
}

Result<TrapAddress> parse_trap_address(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos) {
        return fail(Errc::Malformed,
                    "address: no \"@\": expected user@example.org or, for a "
                    "whole domain, @example.org");
    }
    auto local = parse_local(text.substr(0, at));
    if (!local) {
        return std::unexpected(std::move(local.error()));
    }
    const std::string_view right = text.substr(at + 1);
    const auto domain = parse_domain(right);
    if (!domain || right.find_first_of(kSpecials) != std::string_view::npos) {
        return fail(Errc::Malformed, "address: what stands behind the \"@\" is no domain");
    }
    return TrapAddress{std::move(*local), *domain};
}

std::string to_string(const TrapAddress& address) {
    return address.local + "@" + address.domain.text();
}

std::optional<TrapAddress> without_tag(const TrapAddress& address) {
    const std::size_t plus = address.local.find('+');
    if (plus == std::string::npos || plus == 0) {
        return std::nullopt;
    }
    return TrapAddress{address.local.substr(0, plus), address.domain};
}

}  // namespace fairlist
