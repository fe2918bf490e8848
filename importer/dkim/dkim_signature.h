// DkimSignature: what one DKIM-Signature field says (RFC 6376 section 3.5).
#pragma once

#include "importer/dkim/base64.h"
#include "importer/dkim/dkim_canon.h"
#include "importer/dkim/dkim_rule.h"
#include "listing/model/domain.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

enum class DkimAlgorithm : std::uint8_t { RsaSha256, Ed25519Sha256 };

// An RSA signature is as long as its key: 8192 bits.
inline constexpr std::size_t kSignatureBytesMax = 1024;
inline constexpr std::size_t kSignedNamesMax = 256;

struct DkimSignature {
    DkimSignature(DkimAlgorithm with, DomainName signer)
        : algorithm(with), domain(std::move(signer)) {}

    DkimAlgorithm algorithm;
    DomainName domain;  // d=
    DkimCanon header_canon = DkimCanon::Simple;
    DkimCanon body_canon = DkimCanon::Simple;
    bool identity_below = false;     // i= names a domain below d=
    std::string selector;            // s=, a secret (it can identify a trap): only for the look-up
    std::vector<std::string> names;  // h=, lower case
    Bytes body_hash;                 // bh=, kSha256Bytes
    Bytes signature;                 // b=
    std::optional<std::uint64_t> body_bytes;  // l=
    std::optional<std::uint64_t> signed_at;   // t=, Unix seconds
    std::optional<std::uint64_t> expires;     // x=, Unix seconds
    // Where in the field's value b= holds its text, white space around it included.
    std::size_t b_begin = 0;
    std::size_t b_bytes = 0;
};

// The field's value, folded or not. Stricter than the RFC has to be: d= and s= are host names with
// underscores allowed, not every text that DNS could hold.
[[nodiscard]] std::expected<DkimSignature, DkimFault> parse_dkim_signature(std::string_view value);

// The domain that a signature names, when that much can be read: to say whose signature is broken.
[[nodiscard]] std::optional<DomainName> claimed_domain(std::string_view value);

// "SELECTOR._domainkey.DOMAIN", lower case; a secret as the selector is.
[[nodiscard]] std::string key_record_name(const DkimSignature& signature);

// The field as it was hashed into its own signature: canonical, with b= empty (section 3.7).
[[nodiscard]] std::string canonical_own_field(const RawField& field,
                                              const DkimSignature& signature);

}  // namespace fairlist::importer
