#include "listing/model/hit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fairlist {

namespace {

struct NamedKind {
    HitKind kind;
    std::string_view name;
};
constexpr std::array<NamedKind, 5> kKinds = {{{HitKind::Mail, "mail"},
                                              {HitKind::Report, "report"},
                                              {HitKind::Web, "web"},
                                              {HitKind::Ssh, "ssh"},
                                              {HitKind::Other, "other"}}};
// One link of a site, and so one customer at least (RFC 4291 section 2.5.4).
constexpr unsigned kSiteLength = 64;

}  // namespace

std::string_view to_string(HitKind kind) noexcept {
    const auto* const found = std::ranges::find(kKinds, kind, &NamedKind::kind);
    return found == kKinds.end() ? "?" : found->name;
}

Result<HitKind> parse_hit_kind(std::string_view text) {
    const auto* const found = std::ranges::find(kKinds, text, &NamedKind::name);
    if (found == kKinds.end()) {
        return fail(Errc::Malformed,
                    fmt::format("kind \"{}\": expected mail, report, web, ssh or other",
                                text.substr(0, 64)));
    }
    return found->kind;
}

Subject identity_of(const Address& address) noexcept {
    return address.is_v4() ? Prefix::single(address) : Prefix::of(address, kSiteLength);
}

Subject identity_of(const DomainName& domain) {
    return NameSubject{domain, NameScope::ExactAndBelow};
}

}  // namespace fairlist
