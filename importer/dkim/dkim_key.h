// DkimKey: a domain's public key, as its TXT record says (RFC 6376 section 3.6.1, RFC 8463).
#pragma once

#include "importer/dkim/dkim_rule.h"
#include "importer/dkim/dkim_signature.h"
#include "importer/dkim/sha256.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <openssl/types.h>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist::importer {

inline constexpr std::size_t kKeyRecordBytesMax = std::size_t{8} << 10U;
inline constexpr std::size_t kKeyRecordsMax = 16;
inline constexpr int kRsaBitsMin = 1024;  // RFC 8301 section 3.2
inline constexpr int kRsaBitsMax = 8192;

class DkimKey {
  public:
    [[nodiscard]] DkimAlgorithm algorithm() const noexcept { return algorithm_; }
    // t=y: the domain is to be treated as if it did not sign.
    [[nodiscard]] bool testing() const noexcept { return testing_; }
    // t=s: i= may name no domain below d=.
    [[nodiscard]] bool no_subdomains() const noexcept { return no_subdomains_; }

    // Whether the signature over a header with this hash was made with the key's other half.
    [[nodiscard]] bool verifies(const Digest256& digest,
                                std::span<const std::uint8_t> signature) const;

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const noexcept;
    };
    using Handle = std::unique_ptr<EVP_PKEY, Free>;

    friend std::expected<DkimKey, DkimFault> parse_dkim_key(std::string_view record);
    static std::expected<Handle, DkimFault> read_rsa(std::span<const std::uint8_t> der);
    static std::expected<Handle, DkimFault> read_ed25519(std::span<const std::uint8_t> raw);
    DkimKey(DkimAlgorithm algorithm, Handle key) : algorithm_(algorithm), key_(std::move(key)) {}

    DkimAlgorithm algorithm_;
    bool testing_ = false;
    bool no_subdomains_ = false;
    Handle key_;
};

// One TXT record, its strings joined. RSA keys are read in both forms that are in use
// (SubjectPublicKeyInfo and RSAPublicKey, erratum 3017).
[[nodiscard]] std::expected<DkimKey, DkimFault> parse_dkim_key(std::string_view record);

// The one key among the TXT records of a name. Records that are no key are passed over; two keys
// are none, since nothing says which is meant (section 3.6.2.2).
[[nodiscard]] std::expected<DkimKey, DkimFault> choose_dkim_key(
    std::span<const std::string> records);

}  // namespace fairlist::importer
