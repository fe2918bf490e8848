// KeyedHash: BLAKE2b-256 under a secret (RFC 7693), so that nobody can try values without it.
#pragma once

#include <sodium.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fairlist::store {

using SecretKey = std::array<std::uint8_t, 32>;
using Hash32 = std::array<std::uint8_t, 32>;

class KeyedHash {
  public:
    // `purpose`: hashes of the same bytes for different purposes have nothing in common.
    KeyedHash(const SecretKey& key, std::string_view purpose);

    // Bytes of one value, in as many pieces as they come.
    KeyedHash& add(std::string_view bytes);
    // A value whose end counts: "a" "bc" differs from "ab" "c".
    KeyedHash& add_part(std::string_view bytes);
    KeyedHash& add_number(std::uint64_t number);

    // Nothing may be added afterwards.
    [[nodiscard]] Hash32 finish();

  private:
    crypto_generichash_state state_;
};

// The first eight bytes, never zero.
[[nodiscard]] std::uint64_t short_hash(const Hash32& hash) noexcept;
[[nodiscard]] std::string_view as_bytes(const Hash32& hash) noexcept;

[[nodiscard]] SecretKey random_key();

}  // namespace fairlist::store
