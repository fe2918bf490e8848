// Digest: the subject of a hash list: the hash of an e-mail address, URL, file or wallet.
#pragma once

#include "listing/base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class DigestClass : std::uint8_t { Plain = 0, Email = 1, Url = 2, File = 3, Wallet = 4 };

// SHA-1 (20 bytes, 40 hex digits as a label) or SHA-256 (32 bytes, 52 Base32 digits: its 64 hex
// digits fit no label, RFC 1035 section 2.3.4). Bytes past `size` are zero.
struct Digest {
    DigestClass kind = DigestClass::Plain;
    std::uint8_t size = 0;
    std::array<std::uint8_t, 32> bytes{};

    // By class, then bytes, then size: the order of the keys on disk, which imports rely on.
    friend constexpr auto operator<=>(const Digest& a, const Digest& b) noexcept {
        return std::tie(a.kind, a.bytes, a.size) <=> std::tie(b.kind, b.bytes, b.size);
    }
    friend constexpr bool operator==(const Digest&, const Digest&) noexcept = default;
};

inline constexpr std::size_t kSha1Bytes = 20;
inline constexpr std::size_t kSha256Bytes = 32;

// Reads one label, either case: 40 hex digits, or 52 digits of Base32 (RFC 4648 section 6, without
// padding). Returns 0 bytes in `size` when it is neither. `kind` is left Plain.
[[nodiscard]] Digest digest_from_label(std::string_view label) noexcept;

// "_email", "_url", "_file", "_cw" without regard to case; Plain for everything else.
[[nodiscard]] DigestClass digest_class_from_label(std::string_view label) noexcept;
[[nodiscard]] std::string_view label_of(DigestClass kind) noexcept;

// "HASH" or "HASH._email", HASH as a label or as 64 hex digits of SHA-256.
[[nodiscard]] Result<Digest> parse_digest(std::string_view text);
// As the name under the zone: "HASH._email", lower case.
[[nodiscard]] std::string to_string(const Digest& digest);

}  // namespace fairlist
