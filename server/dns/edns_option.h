// EDNS option codes that queries and responses use; the IANA registry has them all.
#pragma once

#include <cstdint>

namespace fairlist::dns::option {

inline constexpr std::uint16_t kNsid = 3;            // RFC 5001
inline constexpr std::uint16_t kCookie = 10;         // RFC 7873
inline constexpr std::uint16_t kKeepalive = 11;      // RFC 7828
inline constexpr std::uint16_t kExtendedError = 15;  // RFC 8914

}  // namespace fairlist::dns::option
