#include "listing/manager/vault.h"

#include <sodium.h>

#include <array>

namespace fairlist {

using store::Table;

namespace {

constexpr std::string_view kSecretHead = "whsec_";  // so that scanners for leaked secrets know it
constexpr std::size_t kSecretBytes = 32;

std::string key_of(std::string_view slug) {
    return "webhook:" + std::string(slug);
}

std::string make_secret() {
    std::array<unsigned char, kSecretBytes> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::array<char, 2 * kSecretBytes + 1> hex{};
    std::string secret(kSecretHead);
    secret += sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
    sodium_memzero(bytes.data(), bytes.size());
    sodium_memzero(hex.data(), hex.size());
    return secret;
}

}  // namespace

std::string Vault::make_webhook_secret(std::string_view slug) {
    const std::string secret = make_secret();
    environment_.write([&](store::WriteTxn& txn) { txn.put(Table::Meta, key_of(slug), secret); });
    return secret;
}

std::optional<std::string> Vault::webhook_secret(std::string_view slug) const {
    const store::ReadTxn txn(environment_);
    const auto secret = txn.get(Table::Meta, key_of(slug));
    return secret ? std::optional<std::string>(*secret) : std::nullopt;
}

}  // namespace fairlist
