// Audit checkpoint: a signed statement of what the audit log was at a time. Published outside the
// store, it shows that the log was rewritten or cut since.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/store/audit_chain.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// Ed25519 (RFC 8032). The secret part is 64 bytes as libsodium keeps it: seed and public key.
using AuditPublicKey = std::array<std::uint8_t, 32>;
using AuditSecretKey = std::array<std::uint8_t, 64>;
using AuditSignature = std::array<std::uint8_t, 64>;

struct AuditCheckpoint {
    std::uint64_t number = 0;  // of the record that it signs
    Time time;
    store::AuditHash hash{};
    AuditPublicKey key{};
    AuditSignature signature{};
};

// One line of text: "fairlist-audit 1 NUMBER TIME HASH KEY SIGNATURE", the last three in hex. What
// is signed is all of it before the last space.
[[nodiscard]] std::string to_line(const AuditCheckpoint& checkpoint);
// Errors: Malformed, with what was expected.
[[nodiscard]] Result<AuditCheckpoint> parse_checkpoint(std::string_view line);

[[nodiscard]] AuditCheckpoint sign_checkpoint(const store::AuditHead& head, Time time,
                                              const AuditSecretKey& key);
[[nodiscard]] bool has_good_signature(const AuditCheckpoint& checkpoint);

// In the store, by the number of the record; one of the same record replaces it.
void save_checkpoint(store::WriteTxn& txn, const AuditCheckpoint& checkpoint);
[[nodiscard]] std::vector<AuditCheckpoint> read_checkpoints(const store::Txn& txn);

// A new pair; the public key is the secret one's second half.
[[nodiscard]] AuditSecretKey make_audit_key();
[[nodiscard]] AuditPublicKey public_key(const AuditSecretKey& key) noexcept;
// Hex in either case. Errors: Malformed.
[[nodiscard]] Result<AuditPublicKey> parse_public_key(std::string_view text);
[[nodiscard]] Result<AuditSecretKey> parse_secret_key(std::string_view text);
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

}  // namespace fairlist
