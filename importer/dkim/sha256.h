// Sha256: the one hash that DKIM still uses (RFC 8301 section 3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/types.h>
#include <string_view>

namespace fairlist::importer {

inline constexpr std::size_t kSha256Bytes = 32;
using Digest256 = std::array<std::uint8_t, kSha256Bytes>;

class Sha256 {
  public:
    Sha256();

    void add(std::string_view bytes);
    // Nothing may be added afterwards.
    [[nodiscard]] Digest256 finish();

  private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const noexcept;
    };
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace fairlist::importer
