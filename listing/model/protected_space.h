// Protected space: addresses that are never listed, whatever a source says.
#pragma once

#include "listing/model/prefix.h"
#include "listing/model/subject.h"

#include <bitset>
#include <span>
#include <string_view>
#include <vector>

namespace fairlist {

struct ProtectedPrefix {
    Prefix prefix;
    std::string_view why;  // "loopback (RFC 1122)"
};

// Special-purpose space: the registries of RFC 6890 (IPv4 and IPv6) as amended, multicast and
// reserved space. Static storage.
[[nodiscard]] std::span<const ProtectedPrefix> special_purpose_space() noexcept;

// special_purpose_space() and the operator's do-not-list, less what the operator allows.
class ProtectedSpace {
  public:
    ProtectedSpace();
    // `allowed`: prefixes inside special-purpose space that may be listed all the same (an
    // operator who lists such space discloses it, RFC 6471 section 3.5).
    ProtectedSpace(std::vector<Prefix> do_not_list, std::vector<Prefix> allowed);

    // Why this prefix must not be listed; empty when it may be. Refused: what lies inside
    // special-purpose space, what holds 127.0.0.1 (RFC 5782 section 2.1), and what overlaps the
    // do-not-list in either direction. A wider prefix that holds special-purpose space among other
    // space is allowed.
    [[nodiscard]] std::string_view refusal(const Prefix& prefix) const noexcept;

    // The same for a name: "invalid" and what is below it must not be listed (RFC 5782 section
    // 2.3), for a resolver that has learnt that "invalid" does not exist asks no further (RFC
    // 8020).
    [[nodiscard]] static std::string_view refusal(const NameSubject& subject) noexcept;

  private:
    // A bit for each value of the first 16 bits below which something may be refused.
    using Touched = std::bitset<1U << 16U>;

    void touch(const Prefix& prefix);
    [[nodiscard]] bool is_touched(const Prefix& prefix) const noexcept;

    std::vector<Prefix> do_not_list_;
    std::vector<Prefix> allowed_;
    Touched touched_v4_;
    Touched touched_v6_;
};

}  // namespace fairlist
