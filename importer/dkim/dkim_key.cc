#include "importer/dkim/dkim_key.h"

#include "importer/dkim/tag_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <optional>

namespace fairlist::importer {

namespace {

using Fault = std::unexpected<DkimFault>;

constexpr std::size_t kKeyBytesMax = 2048;  // RSA of 8192 bits takes 1062
constexpr std::size_t kEd25519Bytes = 32;
constexpr int kExponentBitsMax = 64;

struct ContextFree {
    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};
struct NumberFree {
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};
struct DigestContextFree {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_PKEY_CTX, ContextFree>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, DigestContextFree>;

Fault unusable(std::string detail) {
    return Fault(DkimFault{DkimRule::KeyUnusable, std::move(detail)});
}

bool holds(std::string_view list, std::string_view word) {
    const auto parts = split_at_colons(list);
    return std::ranges::find(parts, word) != parts.end();
}

// Why a record cannot be used whatever key it holds; empty: it can.
std::string_view refusal_of(const TagList& tags) {
    const auto version = tags.value("v");
    if (version && (*version != "DKIM1" || tags.tags().front().name != "v")) {
        return "v= is not DKIM1, or does not come first";
    }
    if (!tags.find("p")) {
        return "p= is missing";
    }
    if (!holds(tags.value("h").value_or("sha256"), "sha256")) {
        return "h= does not allow sha256";
    }
    const std::string_view services = tags.value("s").value_or("*");
    if (!holds(services, "*") && !holds(services, "email")) {
        return "s= is not for mail";
    }
    return {};
}

// With an even exponent, or 1, anyone makes a signature that verifies.
bool exponent_is_sound(const EVP_PKEY* key) {
    BIGNUM* read = nullptr;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &read) != 1) {
        return false;
    }
    const std::unique_ptr<BIGNUM, NumberFree> exponent(read);
    return BN_is_odd(read) != 0 && BN_is_one(read) == 0 && BN_num_bits(read) <= kExponentBitsMax;
}

bool rsa_verifies(EVP_PKEY* key, const Digest256& digest, std::span<const std::uint8_t> signature) {
    const Context context(EVP_PKEY_CTX_new(key, nullptr));
    return context && EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
           EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1 &&
           EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                           digest.size()) == 1;
}

// RFC 8463 section 3: PureEdDSA over the hash.
bool ed25519_verifies(EVP_PKEY* key, const Digest256& digest,
                      std::span<const std::uint8_t> signature) {
    const DigestContext context(EVP_MD_CTX_new());
    return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), digest.data(),
                            digest.size()) == 1;
}

// Reads DER by `decode` (an OpenSSL d2i function bound to its kind); all bytes must be taken.
template <typename Decode>
EVP_PKEY* decode_whole(std::span<const std::uint8_t> der, Decode decode) {
    const unsigned char* at = der.data();
    // NOLINTNEXTLINE(google-runtime-int): the type that OpenSSL takes.
    EVP_PKEY* key = decode(&at, static_cast<long>(der.size()));
    if (key != nullptr && at != der.data() + der.size()) {
        EVP_PKEY_free(key);
        return nullptr;
    }
    return key;
}

}  // namespace

void DkimKey::Free::operator()(EVP_PKEY* key) const noexcept {
    EVP_PKEY_free(key);
}

std::expected<DkimKey::Handle, DkimFault> DkimKey::read_rsa(std::span<const std::uint8_t> der) {
    Handle key(decode_whole(
        der, [](const unsigned char** at, auto size) { return d2i_PUBKEY(nullptr, at, size); }));
    if (!key) {
        key.reset(decode_whole(der, [](const unsigned char** at, auto size) {
            return d2i_PublicKey(EVP_PKEY_RSA, nullptr, at, size);
        }));
    }
    ERR_clear_error();
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
        return unusable("p= is no RSA key");
    }
    const int bits = EVP_PKEY_get_bits(key.get());
    if (bits < kRsaBitsMin) {
        return Fault(DkimFault{DkimRule::WeakKey, fmt::format("RSA of {} bits", bits)});
    }
    if (bits > kRsaBitsMax) {
        return unusable("p= is an RSA key of more than 8192 bits");
    }
    if (!exponent_is_sound(key.get())) {
        return Fault(DkimFault{DkimRule::WeakKey, "RSA with an exponent that proves nothing"});
    }
    return key;
}

std::expected<DkimKey::Handle, DkimFault> DkimKey::read_ed25519(std::span<const std::uint8_t> raw) {
    if (raw.size() != kEd25519Bytes) {
        return unusable("p= is no Ed25519 key of 32 bytes");
    }
    Handle key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
    ERR_clear_error();
    if (!key) {
        return unusable("p= is no Ed25519 key");
    }
    return key;
}

std::expected<DkimKey, DkimFault> parse_dkim_key(std::string_view record) {
    if (record.size() > kKeyRecordBytesMax) {
        return unusable("its record has more than 8 KiB");
    }
    const auto tags = parse_tag_list(record);
    if (!tags) {
        return unusable(tags.error().message);
    }
    if (const auto refusal = refusal_of(*tags); !refusal.empty()) {
        return unusable(std::string(refusal));
    }
    const std::string_view kind = tags->value("k").value_or("rsa");
    if (kind != "rsa" && kind != "ed25519") {
        return unusable("k= is neither rsa nor ed25519");
    }
    const std::string_view text = *tags->value("p");
    if (text.empty()) {
        return Fault(DkimFault{DkimRule::KeyRevoked, {}});
    }
    const auto bytes = decode_base64(text, kKeyBytesMax);
    if (!bytes) {
        return unusable("p= is no key in base64");
    }
    const bool is_rsa = kind == "rsa";
    auto handle = is_rsa ? DkimKey::read_rsa(*bytes) : DkimKey::read_ed25519(*bytes);
    if (!handle) {
        return Fault(std::move(handle.error()));
    }
    DkimKey key(is_rsa ? DkimAlgorithm::RsaSha256 : DkimAlgorithm::Ed25519Sha256,
                std::move(*handle));
    const std::string_view flags = tags->value("t").value_or("");
    key.testing_ = holds(flags, "y");
    key.no_subdomains_ = holds(flags, "s");
    return key;
}

std::expected<DkimKey, DkimFault> choose_dkim_key(std::span<const std::string> records) {
    if (records.empty()) {
        return Fault(DkimFault{DkimRule::KeyMissing, {}});
    }
    if (records.size() > kKeyRecordsMax) {
        return unusable("more than 16 records");
    }
    // A record that is a key but a revoked or weak one counts: it is what the domain says.
    std::optional<std::expected<DkimKey, DkimFault>> chosen;
    for (const std::string& record : records) {
        auto key = parse_dkim_key(record);
        const bool is_key = key || key.error().rule != DkimRule::KeyUnusable;
        if (is_key && chosen) {
            return unusable("several keys under one name");
        }
        if (is_key) {
            chosen = std::move(key);
        }
    }
    return chosen ? std::move(*chosen) : parse_dkim_key(records.front());
}

bool DkimKey::verifies(const Digest256& digest, std::span<const std::uint8_t> signature) const {
    const bool good = algorithm_ == DkimAlgorithm::RsaSha256
                          ? rsa_verifies(key_.get(), digest, signature)
                          : ed25519_verifies(key_.get(), digest, signature);
    ERR_clear_error();
    return good;
}

}  // namespace fairlist::importer
