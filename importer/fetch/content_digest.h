// ContentDigest: the fingerprint of a feed's bytes, BLAKE2b-256 (RFC 7693).
#pragma once

#include <sodium.h>

#include <span>
#include <string>
#include <string_view>

namespace fairlist::importer {

class ContentDigest {
  public:
    ContentDigest();

    void add(std::span<const char> bytes);
    // 64 hex digits. Nothing may be added afterwards.
    [[nodiscard]] std::string hex();

  private:
    crypto_generichash_state state_;
};

}  // namespace fairlist::importer
