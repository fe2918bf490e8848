// Vault: what must stay secret: the traps, the mails that they got, and the tokens of the API.
//
// An environment of its own beside the store, so that the processes that answer queries never open
// it. What it gives to the ledger are numbers and hashes under its own key.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/hit.h"
#include "listing/model/trap.h"
#include "listing/store/environment.h"
#include "listing/store/keyed_hash.h"
#include "listing/store/vault_records.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

enum class VaultUse : std::uint8_t { Read, Write, Create };

// The folder is made for, and kept to, its owner alone. Errors: as store::open_environment().
[[nodiscard]] Result<std::unique_ptr<store::Environment>> open_vault(
    const std::filesystem::path& path, VaultUse use);

struct NewTrap {
    TrapAddress address;
    TrapKind kind = TrapKind::Trap;
    std::uint16_t weight = kHitWeightOne;
    std::string note{};  // at most kTrapNoteBytesMax
};

struct AddedTrap {
    std::uint32_t number = 0;
    bool known = false;  // an active trap has this address already; it stays as it is
};

// What became of one recipient of a mail.
struct MailReceipt {
    std::uint64_t mail = 0;  // its number, from 1, never given twice
    bool duplicate = false;  // this trap has this mail already; `mail` is that one's number
};

struct QueuedMail {
    std::uint64_t number = 0;
    store::QueueMark mark;
};

// A mail that could not be judged.
struct FailedMail {
    std::uint64_t number = 0;
    std::string error;
};

struct NewToken {
    std::string name;  // as a list's name
    store::TokenRole role = store::TokenRole::Machine;
    Time expires{};  // not set: never
    std::string note{};
    std::string provider{};  // slug of who holds it: of a provider's token, and of no other
};

struct Token {
    std::string name;
    store::TokenRecord record;
};

struct VaultStatus {
    std::uint64_t traps = 0;      // retired ones as well
    std::uint64_t addresses = 0;  // of active ones
    std::uint64_t mails = 0;
    std::uint64_t queued = 0;  // not judged yet
    std::uint64_t parked = 0;  // cannot be judged
    std::uint64_t tokens = 0;
    std::uint64_t file_bytes = 0;
    std::uint32_t format_version = 0;
};

// Thread: any number may call; LMDB lets one write at a time, also among processes. Every change
// is durable when the call returns. Throws store::StoreError when the environment is broken, and
// when it is open for reading only and something would be changed.
class Vault {
  public:
    explicit Vault(store::Environment& environment, std::function<Time()> clock = now);

    // Under the vault's own key: without it nobody can try values.
    [[nodiscard]] store::KeyedHash hash(std::string_view purpose) const;
    [[nodiscard]] Time time() const { return clock_(); }

    // Traps. One transaction; one result a trap, in their order. Errors: OutOfRange (weight 0,
    // long note), and nothing is added.
    static constexpr std::size_t kAddTrapsMax = 100000;
    [[nodiscard]] Result<std::vector<AddedTrap>> add_traps(std::span<const NewTrap> traps);
    // Mail to its address is refused from now on. The record stays; the address may become a new
    // trap. Errors: NotFound, Conflict (retired already).
    [[nodiscard]] Result<Trap> retire_trap(std::uint32_t number);
    // The active trap that takes mail for this recipient: the address itself, without its tag, or
    // that of the whole domain, the first of these that there is.
    [[nodiscard]] std::optional<Trap> find_trap(std::string_view recipient) const;
    [[nodiscard]] std::optional<Trap> find_trap(const TrapAddress& recipient) const;
    [[nodiscard]] std::optional<Trap> trap(std::uint32_t number) const;
    // By number, those after `after`.
    [[nodiscard]] std::vector<Trap> traps(std::uint32_t after, std::size_t limit) const;

    // Mails. One transaction; of each mail one receipt a recipient, in their order. A recipient
    // whose trap has the mail already (by `content`) adds nothing; a mail without a new one is not
    // kept. `stored` and the numbers are set here.
    [[nodiscard]] std::vector<std::vector<MailReceipt>> store_mails(
        std::span<const store::VaultMail> mails);
    // What makes a mail known: the key of its hits, too.
    [[nodiscard]] HitKey mail_key(const store::Hash32& content, std::uint32_t trap) const;
    [[nodiscard]] std::optional<store::VaultMail> mail(std::uint64_t number) const;
    // Deletes mails that were stored before `before` and are not waiting to be judged, with their
    // keys, oldest first, at most `limit`: after that the same mail would count as new here (the
    // ledger still knows its hits). Returns how many.
    std::uint64_t trim_mails(Time before, std::size_t limit);

    // The queue: mails that are stored but not judged yet, oldest first, without those parked, and
    // without those whose last try of `n` is less than n times `retry_seconds` ago.
    [[nodiscard]] std::vector<QueuedMail> queued_mails(std::size_t limit,
                                                       std::uint32_t retry_seconds) const;
    // Takes mails out of it, and counts a failed try of others; the `tries_max`-th parks.
    // Returns how many were parked.
    std::size_t settle_mails(std::span<const std::uint64_t> judged,
                             std::span<const FailedMail> failed, unsigned tries_max);
    // The first after `after`.
    [[nodiscard]] std::vector<QueuedMail> parked_mails(std::uint64_t after,
                                                       std::size_t limit) const;
    // Puts a mail into the queue again, parked or judged. Errors: NotFound.
    [[nodiscard]] Result<void> requeue_mail(std::uint64_t number);

    // Tokens. Gives the token, which is kept nowhere. Errors: Malformed (name; provider missing or
    // too much), Conflict (name taken), OutOfRange (note, end in the past, more than kTokensMax).
    // That there is such a provider is the caller's to check.
    static constexpr std::size_t kTokensMax = 1000;
    [[nodiscard]] Result<std::string> add_token(const NewToken& token);
    // Errors: NotFound.
    [[nodiscard]] Result<void> revoke_token(std::string_view name);
    // All of a provider that is removed, so that nobody who later gets its name inherits them.
    // Returns their names.
    std::vector<std::string> revoke_tokens_of(std::string_view provider);
    // Whose it is; none: nobody's, or expired. Takes as long whichever it is.
    [[nodiscard]] std::optional<Token> find_token(std::string_view text) const;
    // Keeps when it was last used, to the hour.
    void note_token_use(std::string_view name);
    [[nodiscard]] std::vector<Token> tokens() const;

    // The key under which calls of a provider's webhook are signed; a new one takes the place of
    // the one before. None: none was made.
    [[nodiscard]] std::string make_webhook_secret(std::string_view slug);
    [[nodiscard]] std::optional<std::string> webhook_secret(std::string_view slug) const;

    [[nodiscard]] VaultStatus status() const;

  private:
    [[nodiscard]] store::Hash32 address_hash(const TrapAddress& address) const;
    [[nodiscard]] store::Hash32 token_hash(std::string_view text) const;
    [[nodiscard]] std::vector<MailReceipt> store_mail(store::WriteTxn& txn,
                                                      const store::VaultMail& mail,
                                                      Time time) const;
    void erase_mail(store::WriteTxn& txn, std::uint64_t number) const;

    store::Environment& environment_;
    std::function<Time()> clock_;
    store::SecretKey key_{};
};

}  // namespace fairlist
