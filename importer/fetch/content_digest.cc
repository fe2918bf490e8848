#include "importer/fetch/content_digest.h"

#include "listing/base/check.h"

#include <array>
#include <cstddef>

namespace fairlist::importer {

namespace {

constexpr std::size_t kDigestBytes = 32;

}  // namespace

ContentDigest::ContentDigest() {
    FAIRLIST_CHECK(sodium_init() >= 0);
    FAIRLIST_CHECK(crypto_generichash_init(&state_, nullptr, 0, kDigestBytes) == 0);
}

void ContentDigest::add(std::span<const char> bytes) {
    FAIRLIST_CHECK(crypto_generichash_update(&state_,
                                             reinterpret_cast<const unsigned char*>(bytes.data()),
                                             bytes.size()) == 0);
}

std::string ContentDigest::hex() {
    std::array<unsigned char, kDigestBytes> digest{};
    FAIRLIST_CHECK(crypto_generichash_final(&state_, digest.data(), digest.size()) == 0);
    std::array<char, 2 * kDigestBytes + 1> text{};
    return sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
}

}  // namespace fairlist::importer
