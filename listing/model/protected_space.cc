#include "listing/model/protected_space.h"

#include "listing/base/check.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist {

namespace {

struct SpecialRow {
    std::string_view prefix;
    std::string_view why;
};

// IANA's special-purpose registries (RFC 6890) that no public mail host can have, and multicast.
constexpr std::array kSpecialRows = std::to_array<SpecialRow>({
    {"0.0.0.0/8", "this network (RFC 791)"},
    {"10.0.0.0/8", "private use (RFC 1918)"},
    {"100.64.0.0/10", "shared address space (RFC 6598)"},
    {"127.0.0.0/8", "loopback (RFC 1122)"},
    {"169.254.0.0/16", "link local (RFC 3927)"},
    {"172.16.0.0/12", "private use (RFC 1918)"},
    {"192.0.0.0/24", "IETF protocol assignments (RFC 6890)"},
    {"192.0.2.0/24", "documentation (RFC 5737)"},
    {"192.88.99.0/24", "deprecated 6to4 relay anycast (RFC 7526)"},
    {"192.168.0.0/16", "private use (RFC 1918)"},
    {"198.18.0.0/15", "benchmarking (RFC 2544)"},
    {"198.51.100.0/24", "documentation (RFC 5737)"},
    {"203.0.113.0/24", "documentation (RFC 5737)"},
    {"224.0.0.0/4", "multicast (RFC 5771)"},
    {"240.0.0.0/4", "reserved (RFC 1112)"},
    {"::/8", "unspecified, loopback and reserved (RFC 4291)"},
    {"64:ff9b::/96", "IPv4-IPv6 translation (RFC 6052)"},
    {"64:ff9b:1::/48", "IPv4-IPv6 translation (RFC 8215)"},
    {"100::/64", "discard only (RFC 6666)"},
    {"2001:2::/48", "benchmarking (RFC 5180)"},
    {"2001:10::/28", "deprecated ORCHID (RFC 4843)"},
    {"2001:20::/28", "ORCHIDv2 (RFC 7343)"},
    {"2001:db8::/32", "documentation (RFC 3849)"},
    {"3fff::/20", "documentation (RFC 9637)"},
    {"5f00::/16", "segment routing (RFC 9602)"},
    {"fc00::/7", "unique local (RFC 4193)"},
    {"fe80::/10", "link local (RFC 4291)"},
    {"ff00::/8", "multicast (RFC 4291)"},
});

std::vector<ProtectedPrefix> parse_rows() {
    std::vector<ProtectedPrefix> rows;
    for (const SpecialRow& row : kSpecialRows) {
        const auto prefix = parse_prefix(row.prefix);
        FAIRLIST_CHECK(prefix.has_value());
        rows.push_back({*prefix, row.why});
    }
    return rows;
}

// ::/8 numerically holds the mapped IPv4 addresses, which have rows of their own.
bool same_family(const Prefix& a, const Prefix& b) noexcept {
    return a.is_v4() == b.is_v4();
}

constexpr Address kLoopback = Address::from_v4(0x7F000001);
constexpr unsigned kTouchedBits = 16;

std::size_t first_bits(const Address& address, bool is_v4) noexcept {
    return is_v4 ? address.v4() >> (32 - kTouchedBits) : address.high >> (64 - kTouchedBits);
}

}  // namespace

std::span<const ProtectedPrefix> special_purpose_space() noexcept {
    static const std::vector<ProtectedPrefix> rows = parse_rows();
    return rows;
}

ProtectedSpace::ProtectedSpace() : ProtectedSpace({}, {}) {}

ProtectedSpace::ProtectedSpace(std::vector<Prefix> do_not_list, std::vector<Prefix> allowed)
    : do_not_list_(std::move(do_not_list)), allowed_(std::move(allowed)) {
    for (const ProtectedPrefix& row : special_purpose_space()) {
        touch(row.prefix);
    }
    for (const Prefix& mine : do_not_list_) {
        touch(mine);
    }
}

void ProtectedSpace::touch(const Prefix& prefix) {
    const bool is_v4 = prefix.is_v4();
    Touched& touched = is_v4 ? touched_v4_ : touched_v6_;
    const std::size_t last = first_bits(prefix.last(), is_v4);
    for (std::size_t at = first_bits(prefix.base, is_v4); at <= last; ++at) {
        touched.set(at);
    }
}

// Wider prefixes may hold what is refused anywhere inside them.
bool ProtectedSpace::is_touched(const Prefix& prefix) const noexcept {
    const bool is_v4 = prefix.is_v4();
    const Touched& touched = is_v4 ? touched_v4_ : touched_v6_;
    return prefix.length < (is_v4 ? Prefix::kV4Offset : 0U) + kTouchedBits ||
           touched[first_bits(prefix.base, is_v4)];
}

std::string_view ProtectedSpace::refusal(const Prefix& prefix) const noexcept {
    if (!is_touched(prefix)) [[likely]] {
        return {};
    }
    const bool is_allowed = std::ranges::any_of(
        allowed_, [&](const Prefix& allowed) { return allowed.contains(prefix); });
    for (const ProtectedPrefix& row : special_purpose_space()) {
        if (!is_allowed && row.prefix.contains(prefix) && same_family(row.prefix, prefix)) {
            return row.why;
        }
    }
    if (prefix.is_v4() && prefix.contains(kLoopback)) {
        return "holds 127.0.0.1, which must never be listed (RFC 5782 section 2.1)";
    }
    if (!prefix.is_v4() && prefix.length <= 8 && prefix.contains(Prefix{})) {
        return "holds ::ffff:127.0.0.1, which must never be listed (RFC 5782 section 2.4)";
    }
    for (const Prefix& mine : do_not_list_) {
        const bool overlaps = mine.contains(prefix) || prefix.contains(mine);
        if (overlaps && same_family(mine, prefix)) {
            return "on the operator's do-not-list";
        }
    }
    return {};
}

std::string_view ProtectedSpace::refusal(const NameSubject& subject) noexcept {
    const std::string& name = subject.name.text();
    return name == "invalid" || name.ends_with(".invalid")
               ? "the test point that is never listed (RFC 5782 section 2.3)"
               : std::string_view{};
}

}  // namespace fairlist
