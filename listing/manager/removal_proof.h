// RemovalProof: what the vault holds of requests: who asks, keys, codes, tries and the limits of a
// day.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/removal_desk.h"
#include "listing/manager/vault.h"
#include "listing/store/environment.h"
#include "listing/store/removal_records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// Keys, codes and mail addresses stand in the vault alone. Thread: one. Throws store::StoreError.
class RemovalProof {
  public:
    RemovalProof(store::Environment& vault, const RemovalDeskOptions& options);

    struct Requester {
        Address peer;
        Address party;
        std::string actor;
        std::string mailbox;
    };
    struct Issued {
        std::uint64_t id = 0;
        std::string key;
    };
    // Counts the request and gives it a number above `last`, and a key. Durable when it returns.
    // Errors: OutOfRange (a limit of the day; says when again).
    [[nodiscard]] Result<Issued> issue(const Requester& requester, const Subject& subject,
                                       std::uint64_t last);
    // The number of the request of this key; 0: none's. Takes as long for either.
    [[nodiscard]] std::uint64_t find(std::string_view key) const;
    [[nodiscard]] std::optional<store::RemovalSecret> secret(std::uint64_t id) const;

    // The text of a DNS challenge.
    [[nodiscard]] std::string challenge(std::uint64_t id) const;
    // Whether one of the texts, apart by spaces, is the challenge.
    [[nodiscard]] bool is_met(std::uint64_t id, std::string_view seen) const;

    // Makes a code to be mailed to `mailbox`@`domain`; one that is out is good no more. Errors:
    // OutOfRange (mails to this domain today; says when again).
    [[nodiscard]] Result<void> make_code(std::uint64_t id, std::string_view domain, Time until);
    // Counts the try before it compares. Errors: Refused (wrong; says how many tries are left).
    // Conflict: no code is out, or its time or tries are used up.
    [[nodiscard]] Result<void> try_code(std::uint64_t id, std::string_view code);
    [[nodiscard]] bool tries_left(std::uint64_t id) const;
    // The code and where it went are forgotten; `with_code`: its hash as well.
    void forget_mail(std::uint64_t id, bool with_code);
    // Of requests that ended: everything.
    void forget(std::uint64_t id);
    // Requests without a record, made before `before`, whose process ended in between; and counts
    // of past days.
    std::uint64_t sweep(const store::Txn& store, Time before, std::size_t limit);

  private:
    [[nodiscard]] store::Hash32 key_hash(std::string_view key) const;
    [[nodiscard]] store::Hash32 code_hash(std::uint64_t id, std::string_view code) const;
    // Errors: OutOfRange.
    [[nodiscard]] Result<void> count(store::WriteTxn& txn, std::string_view what,
                                     std::string_view value, std::uint32_t most) const;
    [[nodiscard]] Result<void> count_all(store::WriteTxn& txn, const Requester& requester,
                                         const Subject& subject) const;

    store::Environment& environment_;
    Vault vault_;
    const RemovalDeskOptions& options_;
};

}  // namespace fairlist
