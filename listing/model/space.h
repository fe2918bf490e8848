// Space: what ranges of addresses are used for, by whom, and where one customer's part ends.
#pragma once

#include "listing/base/result.h"
#include "listing/model/domain.h"
#include "listing/model/prefix.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// As providers say it in their mail policies. These numbers are on disk (FORMAT.md).
enum class SpaceUse : std::uint8_t {
    Dynamic = 1,
    Static = 2,
    Shared = 3,     // many customers behind one address
    Dedicated = 4,  // one customer at a time
    Assigned = 5,   // to one customer: the border that listings keep
    Smarthost = 6,  // relays its provider's customers
    Quarantine = 7,
    Infrastructure = 8,
    Unassigned = 9,
    MailService = 10  // a known mail service: many senders behind one address
};

// Stable: "dynamic", "mail-service".
[[nodiscard]] std::string_view to_string(SpaceUse use) noexcept;
[[nodiscard]] Result<SpaceUse> parse_space_use(std::string_view text);

// Whether many parties send from one address, so that the address alone accuses all of them.
[[nodiscard]] constexpr bool is_shared(SpaceUse use) noexcept {
    return use == SpaceUse::Shared || use == SpaceUse::Smarthost || use == SpaceUse::MailService;
}

struct SpaceRange {
    Prefix prefix;
    SpaceUse use = SpaceUse::Unassigned;
    std::string customer;                      // as the provider calls it; empty: not said
    std::vector<DomainName> provider_domains;  // that sign for the provider, not for a customer
    // Another's space begins here: what wider ranges say does not hold in it.
    bool is_foreign = false;
};

// Narrower ranges override wider ones, and of two with the same prefix the later one counts.
class AddressSpace {
  public:
    AddressSpace() = default;
    explicit AddressSpace(std::vector<SpaceRange> ranges);

    // The narrowest range of its family that holds the prefix; null: none. Lifetime: of this
    // object.
    [[nodiscard]] const SpaceRange* find(const Prefix& prefix) const noexcept;

    // Sorted by prefix.
    [[nodiscard]] const std::vector<SpaceRange>& ranges() const noexcept { return ranges_; }

    // The next wider range that holds the range; null: none. Requires: a range of this object.
    [[nodiscard]] const SpaceRange* wider(const SpaceRange& range) const noexcept;

    // The prefix, widened to at most `length` bits (as Prefix counts them), but not past the
    // narrowest range that holds it, and not over any part of a range that does not hold it; to
    // IPv6 the ranges of IPv4 are such too.
    // `length` that is no shorter than the prefix's changes nothing.
    [[nodiscard]] Prefix widen(const Prefix& prefix, unsigned length) const noexcept;

  private:
    // The first from 1 + this index upwards through the parents that holds the prefix.
    [[nodiscard]] const SpaceRange* holder(const Prefix& prefix, std::size_t at) const noexcept;

    std::vector<SpaceRange> ranges_;    // sorted by prefix: a range before those it holds
    std::vector<std::size_t> parents_;  // 1 + the narrowest other range that holds it; 0: none
};

}  // namespace fairlist
