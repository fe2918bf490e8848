// Trap: a mail address that nobody writes to who has not harvested, guessed or bought it. A secret.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/domain.h"
#include "listing/model/hit.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class TrapKind : std::uint8_t {
    Trap = 1,   // who writes to it accuses himself
    Report = 2  // takes abuse reports, which accuse others
};
enum class TrapState : std::uint8_t { Active = 1, Retired = 2 };

[[nodiscard]] std::string_view to_string(TrapKind kind) noexcept;
[[nodiscard]] std::string_view to_string(TrapState state) noexcept;
[[nodiscard]] Result<TrapKind> parse_trap_kind(std::string_view text);

// An address as it is compared: the local part in lower case (ASCII letters; servers may tell them
// apart, RFC 5321 section 2.4, but none that matters does), the domain canonical. An empty local
// part stands for every address of the domain, not of the names below it.
struct TrapAddress {
    std::string local;
    DomainName domain;

    friend auto operator<=>(const TrapAddress&, const TrapAddress&) = default;
};

// RFC 5321 section 4.5.3.1.1 allows 64; what a peer sends beyond that must still be comparable.
inline constexpr std::size_t kLocalPartBytesMax = 255;
inline constexpr std::size_t kTrapNoteBytesMax = 1000;

// "user@example.org", "@example.org". A quoted local part is the same without the quotes, as long
// as it needs none. Errors: Malformed, without the text: it may be a trap.
[[nodiscard]] Result<TrapAddress> parse_trap_address(std::string_view text);
// Parsed again by parse_trap_address().
[[nodiscard]] std::string to_string(const TrapAddress& address);

// "user+tag@example.org" without "+tag": servers give such mail to the user (RFC 5233), so a trap
// takes it as well, unless the longer address is a trap of its own. None: no tag.
[[nodiscard]] std::optional<TrapAddress> without_tag(const TrapAddress& address);

struct Trap {
    std::uint32_t number = 0;  // from 1, never given twice
    TrapKind kind = TrapKind::Trap;
    TrapState state = TrapState::Active;
    std::string address;                   // as to_string(TrapAddress) has it
    std::uint16_t weight = kHitWeightOne;  // hundredths
    Time added;
    Time retired;
    std::string note;

    friend bool operator==(const Trap&, const Trap&) = default;
};

}  // namespace fairlist
