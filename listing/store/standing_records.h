// Standing records: the standing of a provider on a day, byte by byte as FORMAT.md has it.
#pragma once

#include "listing/model/standing.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::store {

[[nodiscard]] std::string encode_standing(const Standing& standing);
// Nothing when the bytes are no record of a version we know.
[[nodiscard]] std::optional<Standing> decode_standing(Bytes bytes);

// Days since 1970. All keys of one provider begin with the first, and no other's do.
// Requires: a slug of at most 255 bytes.
[[nodiscard]] std::string standing_key(std::string_view slug);
[[nodiscard]] std::string standing_key(std::string_view slug, std::uint32_t day);
[[nodiscard]] constexpr std::uint32_t day_of(Time time) noexcept {
    return time.seconds / 86400;
}
struct StandingKey {
    std::string slug;
    std::uint32_t day = 0;
};
[[nodiscard]] std::optional<StandingKey> key_standing(Bytes key);

// The latest of the provider; none: it has none yet.
[[nodiscard]] std::optional<Standing> latest_standing(const Txn& txn, std::string_view slug);
// The latest of a day before this one.
[[nodiscard]] std::optional<Standing> standing_before(const Txn& txn, std::string_view slug,
                                                      std::uint32_t day);
// Of all providers that have one.
[[nodiscard]] std::map<std::string, Tier> latest_tiers(const Txn& txn);

}  // namespace fairlist::store
