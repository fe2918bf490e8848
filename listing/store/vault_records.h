// Vault records: the values of the vault's tables, byte by byte as FORMAT.md has them.
#pragma once

#include "listing/base/time.h"
#include "listing/model/address.h"
#include "listing/model/trap.h"
#include "listing/store/environment.h"
#include "listing/store/keyed_hash.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fairlist::store {

// A trap that a mail came to, and the addresses that the envelope named for it: several when the
// trap is a whole domain, none when they are not known. Canonical.
struct MailRecipient {
    std::uint32_t trap = 0;
    std::vector<std::string> addresses;

    friend bool operator==(const MailRecipient&, const MailRecipient&) = default;
};

inline constexpr std::size_t kMailRecipientsMax = 1000;  // traps and addresses each
inline constexpr std::size_t kEnvelopeTextBytesMax = 512;

// A mail to traps, as it was taken in.
struct VaultMail {
    Time received;  // when our server took it, as far as known
    Time stored;    // when it came into the vault
    std::string sensor;
    std::optional<Address> peer;  // who connected
    std::string helo;
    std::string peer_name;
    std::string sender;
    std::vector<MailRecipient> recipients;  // each trap once, at most kMailRecipientsMax
    Hash32 content{};                       // keyed hash of what makes the mail itself
    std::uint32_t bytes = 0;                // before packing
    std::string packed;                     // one zstd frame

    friend bool operator==(const VaultMail&, const VaultMail&) = default;
};

// What became of the tries to judge a mail.
struct QueueMark {
    std::uint8_t tries = 0;
    Time last;
    std::string error;

    friend bool operator==(const QueueMark&, const QueueMark&) = default;
};

// These numbers are on disk (FORMAT.md): never reuse one.
enum class TokenRole : std::uint8_t { Machine = 1, Provider = 2, Operator = 3 };

// Who may speak to the API, without the token itself.
struct TokenRecord {
    TokenRole role = TokenRole::Machine;
    Time added;
    Time expires;  // not set: never
    Time used;     // about; not set: never
    Hash32 hash{};
    std::string note;
    std::string provider{};  // slug; of that role only

    friend bool operator==(const TokenRecord&, const TokenRecord&) = default;
};

// Texts longer than their limits are a broken invariant.
[[nodiscard]] std::string encode(const Trap& trap);
[[nodiscard]] std::string encode(const VaultMail& mail);
// The same with these recipients and this time of storing.
[[nodiscard]] std::string encode(const VaultMail& mail, std::span<const MailRecipient> recipients,
                                 Time stored);
[[nodiscard]] std::string encode(const QueueMark& mark);
[[nodiscard]] std::string encode(const TokenRecord& token);

// Nothing when the bytes are no record of a version we know.
[[nodiscard]] std::optional<Trap> decode_trap(std::uint32_t number, Bytes bytes);
[[nodiscard]] std::optional<VaultMail> decode_mail(Bytes bytes);
// Of the record of a mail only when it was stored.
[[nodiscard]] std::optional<Time> mail_stored(Bytes bytes) noexcept;
[[nodiscard]] std::optional<QueueMark> decode_queue_mark(Bytes bytes);
[[nodiscard]] std::optional<TokenRecord> decode_token(Bytes bytes);

// Keys. Of the queue: a mail that is parked sorts behind all others.
[[nodiscard]] std::string trap_key(std::uint32_t number);
[[nodiscard]] std::optional<std::uint32_t> trap_number(Bytes key) noexcept;
inline constexpr std::uint64_t kParkedBit = 1ULL << 63U;

}  // namespace fairlist::store
