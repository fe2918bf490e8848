#include "listing/manager/removal_proof.h"

#include "listing/manager/vault_counter.h"
#include "listing/store/bytes.h"
#include "listing/store/records.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist {

using store::Bytes;
using store::Hash32;
using store::RemovalSecret;
using store::Table;

namespace {

constexpr std::uint32_t kDay = 86400;
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kGivenBytesMax = 200;  // of what a requester hands in
// Without 0 O, 1 I L and U, which is taken for V: 14 of 30 letters are 68 bits.
constexpr std::string_view kCodeLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeSize = 14;
constexpr std::size_t kChallengeBytes = 16;

std::string to_hex(const unsigned char* bytes, std::size_t size) {
    std::string hex(size * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), bytes, size);
    hex.pop_back();
    return hex;
}

std::string random_hex() {
    std::array<unsigned char, kKeyBytes> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return to_hex(bytes.data(), bytes.size());
}

std::string random_code() {
    std::string code;
    for (std::size_t i = 0; i < kCodeSize; ++i) {
        code += kCodeLetters[randombytes_uniform(static_cast<std::uint32_t>(kCodeLetters.size()))];
    }
    return code;
}

// As people type it: in any case, with blanks and dashes between.
std::string canonical_code(std::string_view given) {
    std::string code;
    for (const char c : given.substr(0, kGivenBytesMax)) {
        if (c == ' ' || c == '-') {
            continue;
        }
        code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return code;
}

bool same(const Hash32& a, const Hash32& b) noexcept {
    return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<RemovalSecret> read_secret(const store::Txn& txn, std::uint64_t id) {
    const auto bytes = txn.get(Table::RemovalSecrets, store::number_key(id));
    return bytes ? store::decode_removal_secret(*bytes) : std::nullopt;
}

void write_secret(store::WriteTxn& txn, std::uint64_t id, const RemovalSecret& secret) {
    txn.put(Table::RemovalSecrets, store::number_key(id), store::encode(secret));
}

constexpr Bytes kCounter = "removal_next";

std::uint64_t next_after(store::WriteTxn& txn, std::uint64_t last) {
    std::uint64_t number = vault::next_number(txn, kCounter);
    if (number <= last) {  // the vault is older than the store: a backup of it was put back
        store::ByteWriter out;
        out.u64(last + 1);
        txn.put(Table::Meta, kCounter, out.bytes());
        number = last + 1;
    }
    return number;
}

std::string text_of(const Address& address, unsigned v4, unsigned v6) {
    return to_string(Prefix::of(address, address.is_v4() ? Prefix::kV4Offset + v4 : v6));
}

}  // namespace

RemovalProof::RemovalProof(store::Environment& vault, const RemovalDeskOptions& options)
    : environment_(vault), vault_(vault, options.ledger.clock), options_(options) {}

Hash32 RemovalProof::key_hash(std::string_view key) const {
    return vault_.hash("removal key").add(key.substr(0, kGivenBytesMax)).finish();
}

Hash32 RemovalProof::code_hash(std::uint64_t id, std::string_view code) const {
    return vault_.hash("removal code").add_number(id).add(code).finish();
}

Result<void> RemovalProof::count(store::WriteTxn& txn, std::string_view what,
                                 std::string_view value, std::uint32_t most) const {
    const std::uint32_t day = vault_.time().seconds / kDay;
    const Hash32 hash = vault_.hash("removal limit").add_part(what).add_part(value).finish();
    const std::string key = store::limit_key(day, hash);
    store::ByteReader in(txn.get(Table::RemovalKeys, key).value_or(Bytes{}));
    const std::uint32_t made = in.u32();
    if (made >= most) {
        return fail(Errc::OutOfRange,
                    fmt::format("{} {} today for one {}: no more are taken; try again at {}", made,
                                what == "mail domain" ? "codes by mail" : "requests", what,
                                to_string(Time{(day + 1) * kDay})));
    }
    store::ByteWriter out;
    out.u32(made + 1);
    txn.put(Table::RemovalKeys, key, out.bytes());
    return {};
}

Result<void> RemovalProof::count_all(store::WriteTxn& txn, const Requester& requester,
                                     const Subject& subject) const {
    if (requester.peer == Address{}) {
        return {};  // who has a token is known
    }
    if (auto good =
            count(txn, "address", text_of(requester.peer, 32, 64), options_.per_address_day);
        !good) {
        return good;
    }
    if (auto good =
            count(txn, "network", text_of(requester.peer, 24, 48), options_.per_network_day);
        !good) {
        return good;
    }
    return count(txn, "subject", to_string(subject), options_.per_subject_day);
}

Result<RemovalProof::Issued> RemovalProof::issue(const Requester& requester, const Subject& subject,
                                                 std::uint64_t last) {
    Result<Issued> result = Issued{0, random_hex()};
    const Hash32 hash = key_hash(result->key);
    const std::string key = result->key;
    environment_.write([&](store::WriteTxn& txn) {
        if (const auto good = count_all(txn, requester, subject); !good) {
            result = std::unexpected(good.error());
            return;
        }
        result = Issued{next_after(txn, last), key};
        RemovalSecret secret;
        secret.made = vault_.time();
        secret.peer = requester.peer;
        secret.party = requester.party;
        secret.actor = requester.actor;
        secret.mailbox = requester.mailbox;
        secret.key = hash;
        write_secret(txn, result->id, secret);
        txn.put(Table::RemovalKeys, store::requester_key(hash), store::number_key(result->id));
    });
    return result;
}

std::uint64_t RemovalProof::find(std::string_view key) const {
    const Hash32 hash = key_hash(key);
    const store::ReadTxn txn(environment_);
    const auto bytes = txn.get(Table::RemovalKeys, store::requester_key(hash));
    const std::uint64_t id = bytes ? store::key_number(*bytes).value_or(0) : 0;
    // Also for a key that is not known a record is read and compared.
    const RemovalSecret secret = read_secret(txn, id).value_or(RemovalSecret{});
    return same(secret.key, hash) ? id : 0;
}

std::optional<RemovalSecret> RemovalProof::secret(std::uint64_t id) const {
    return read_secret(store::ReadTxn(environment_), id);
}

std::string RemovalProof::challenge(std::uint64_t id) const {
    const Hash32 hash = vault_.hash("removal challenge").add_number(id).finish();
    return to_hex(hash.data(), kChallengeBytes);
}

bool RemovalProof::is_met(std::uint64_t id, std::string_view seen) const {
    const std::string wanted = challenge(id);
    bool met = false;
    while (!seen.empty()) {
        const std::string_view text = seen.substr(0, seen.find(' '));
        seen.remove_prefix(std::min(seen.size(), text.size() + 1));
        met = met || (text.size() == wanted.size() &&
                      sodium_memcmp(text.data(), wanted.data(), wanted.size()) == 0);
    }
    return met;
}

Result<void> RemovalProof::make_code(std::uint64_t id, std::string_view domain, Time until) {
    const std::string code = random_code();
    Result<void> result;
    environment_.write([&](store::WriteTxn& txn) {
        result = {};
        auto secret = read_secret(txn, id);
        if (!secret) {
            result = fail(Errc::NotFound, "who asked is not known any more");
            return;
        }
        if (secret->code_text.empty()) {  // else a process ended before it told the store
            result = count(txn, "mail domain", domain, options_.mails_per_domain_day);
        }
        if (!result) {
            return;
        }
        secret->code = code_hash(id, code);
        secret->code_text = code;
        secret->code_until = until;
        secret->tries = 0;
        secret->mail_to = fmt::format("{}@{}", secret->mailbox, domain);
        write_secret(txn, id, *secret);
    });
    return result;
}

Result<void> RemovalProof::try_code(std::uint64_t id, std::string_view code) {
    const Hash32 given = code_hash(id, canonical_code(code));
    Result<void> result;
    environment_.write([&](store::WriteTxn& txn) {
        result = {};
        auto secret = read_secret(txn, id);
        if (!secret || secret->code == Hash32{} || secret->code_until <= vault_.time() ||
            secret->tries >= options_.code_tries_max) {
            result = fail(Errc::Conflict,
                          "no code is out for this request, or it is good no more: "
                          "make a new request");
            return;
        }
        // Before the comparison's outcome is known to anybody: no try is free.
        ++secret->tries;
        write_secret(txn, id, *secret);
        if (!same(secret->code, given)) {
            result = fail(Errc::Refused, fmt::format("this is not the code: {} tries are left",
                                                     options_.code_tries_max - secret->tries));
        }
    });
    return result;
}

bool RemovalProof::tries_left(std::uint64_t id) const {
    const auto known = secret(id);
    return known && known->tries < options_.code_tries_max;
}

void RemovalProof::forget_mail(std::uint64_t id, bool with_code) {
    environment_.write([&](store::WriteTxn& txn) {
        auto secret = read_secret(txn, id);
        if (!secret) {
            return;
        }
        secret->code_text.clear();
        secret->mail_to.clear();
        if (with_code) {
            secret->code = {};
        }
        write_secret(txn, id, *secret);
    });
}

void RemovalProof::forget(std::uint64_t id) {
    environment_.write([&](store::WriteTxn& txn) {
        if (const auto secret = read_secret(txn, id)) {
            txn.erase(Table::RemovalKeys, store::requester_key(secret->key));
        }
        txn.erase(Table::RemovalSecrets, store::number_key(id));
    });
}

std::uint64_t RemovalProof::sweep(const store::Txn& store, Time before, std::size_t limit) {
    std::vector<std::uint64_t> orphans;
    std::vector<std::string> counts;
    {
        const store::ReadTxn txn(environment_);
        store::Cursor cursor(txn, Table::RemovalSecrets);
        for (bool on = cursor.first(); on && orphans.size() < limit; on = cursor.next()) {
            const auto secret = store::decode_removal_secret(cursor.value());
            if (secret && secret->made < before && !store.get(Table::Removals, cursor.key())) {
                orphans.push_back(store::key_number(cursor.key()).value_or(0));
            }
        }
        store::Cursor limits(txn, Table::RemovalKeys);
        const std::uint32_t today = vault_.time().seconds / kDay;
        for (bool on = limits.seek_at_least(store::limit_key(0, {}));
             on && counts.size() < limit && store::limit_day(limits.key()).value_or(today) < today;
             on = limits.next()) {
            counts.emplace_back(limits.key());
        }
    }
    for (const std::uint64_t id : orphans) {
        forget(id);
    }
    if (!counts.empty()) {
        environment_.write([&](store::WriteTxn& txn) {
            for (const std::string& key : counts) {
                txn.erase(Table::RemovalKeys, key);
            }
        });
    }
    return orphans.size() + counts.size();
}

}  // namespace fairlist
