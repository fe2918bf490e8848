#include "listing/manager/idempotency.h"

#include "listing/base/check.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace fairlist {

using store::Bytes;
using store::Hash32;
using store::IdempotencyRecord;
using store::KeptAnswer;
using store::Table;

namespace {

const unsigned char* raw(Bytes bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::uint64_t random_run() {
    FAIRLIST_CHECK(sodium_init() >= 0);
    std::uint64_t run = 0;
    while (run == 0) {
        randombytes_buf(&run, sizeof(run));
    }
    return run;
}

// The nonce, then the box.
std::string seal(Bytes plain, const Hash32& key) {
    std::string out(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size(), '\0');
    auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
    randombytes_buf(bytes, crypto_secretbox_NONCEBYTES);
    static_cast<void>(crypto_secretbox_easy(bytes + crypto_secretbox_NONCEBYTES, raw(plain),
                                            plain.size(), bytes, key.data()));
    return out;
}

std::optional<std::string> open(Bytes sealed, const Hash32& key) {
    constexpr std::size_t kExtra = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (sealed.size() < kExtra) {
        return std::nullopt;
    }
    std::string plain(sealed.size() - kExtra, '\0');
    const Bytes box = sealed.substr(crypto_secretbox_NONCEBYTES);
    if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(plain.data()), raw(box),
                                   box.size(), raw(sealed), key.data()) != 0) {
        return std::nullopt;
    }
    return plain;
}

std::optional<IdempotencyRecord> find(const store::Txn& txn, const Hash32& name) {
    const auto bytes = txn.get(Table::Idempotency, store::idempotency_key(name));
    return bytes ? store::decode_idempotency(*bytes) : std::nullopt;
}

void erase(store::WriteTxn& txn, Time made, const Hash32& name) {
    txn.erase(Table::Idempotency, store::idempotency_key(name));
    txn.erase(Table::Idempotency, store::idempotency_time_key(made, name));
}

// Those made before `before`, oldest first, at most `limit`.
std::vector<store::IdempotencyTime> oldest(const store::Txn& txn, Time before, std::size_t limit) {
    std::vector<store::IdempotencyTime> found;
    store::Cursor cursor(txn, Table::Idempotency);
    for (bool more = cursor.seek_at_least(Bytes(&store::kIdempotencyTime, 1));
         more && found.size() < limit; more = cursor.next()) {
        const auto time = store::idempotency_time(cursor.key());
        if (!time || time->made >= before) {
            break;
        }
        found.push_back(*time);
    }
    return found;
}

Result<void> check_key(std::string_view key) {
    const bool is_text = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
    if (key.empty() || key.size() > kIdempotencyKeyBytesMax || !is_text) {
        return fail(Errc::Malformed,
                    fmt::format("Idempotency-Key: expected 1 to {} visible characters",
                                kIdempotencyKeyBytesMax));
    }
    return {};
}

}  // namespace

Idempotency::Idempotency(store::Environment& vault_environment, const Vault& vault,
                         std::uint64_t run)
    : environment_(vault_environment), vault_(vault), run_(run == 0 ? random_run() : run) {
    FAIRLIST_CHECK(vault_environment.schema() == store::Schema::Vault);
}

Hash32 Idempotency::name_of(const KeyedRequest& request) const {
    return vault_.hash("idempotency").add_part(request.principal).add_part(request.key).finish();
}

Hash32 Idempotency::content_of(const KeyedRequest& request) const {
    return vault_.hash("idempotency request")
        .add_part(request.method)
        .add_part(request.target)
        .add_part(request.content_type)
        .add_part(request.body)
        .finish();
}

Hash32 Idempotency::seal_key_of(const KeyedRequest& request) const {
    return vault_.hash("idempotency seal")
        .add_part(request.principal)
        .add_part(request.key)
        .finish();
}

Result<std::optional<KeptAnswer>> Idempotency::begin(const KeyedRequest& request) {
    if (const auto good = check_key(request.key); !good) {
        return std::unexpected(good.error());
    }
    const Hash32 name = name_of(request);
    const Hash32 content = content_of(request);
    const Time time = vault_.time();
    Result<std::optional<KeptAnswer>> result = std::nullopt;
    environment_.write([&](store::WriteTxn& txn) {
        result = std::nullopt;
        const auto known = find(txn, name);
        const bool is_kept = known && known->made.seconds + kKeepSeconds > time.seconds;
        if (is_kept && known->request != content) {
            result = fail(Errc::Refused, "the idempotency key was used for another request");
            return;
        }
        if (is_kept && known->run == 0) {
            const auto plain = open(known->answer, seal_key_of(request));
            auto answer = plain ? store::decode_kept_answer(*plain) : std::nullopt;
            if (!answer) {
                throw store::StoreError("vault: idempotency: an answer cannot be read");
            }
            result = std::move(answer);
            return;
        }
        const bool is_gone =
            known && known->run != run_ && known->made.seconds + kGoneSeconds <= time.seconds;
        if (is_kept && !is_gone) {
            result = fail(Errc::Conflict, "the same request is being answered");
            return;
        }
        if (known) {
            erase(txn, known->made, name);
        }
        txn.put(Table::Idempotency, store::idempotency_key(name),
                store::encode(IdempotencyRecord{time, run_, content, ""}));
        txn.put(Table::Idempotency, store::idempotency_time_key(time, name), "");
        if (txn.count(Table::Idempotency) > 2 * kRecordsMax) {
            for (const auto& old : oldest(txn, time, 1)) {
                erase(txn, old.made, old.name);
            }
        }
    });
    return result;
}

void Idempotency::keep(const KeyedRequest& request, const KeptAnswer& answer) {
    if (answer.body.size() > store::kKeptBodyBytesMax ||
        answer.headers.size() > store::kKeptHeadersMax) {
        drop(request);
        return;
    }
    const Hash32 name = name_of(request);
    const std::string sealed = seal(store::encode(answer), seal_key_of(request));
    environment_.write([&](store::WriteTxn& txn) {
        auto record = find(txn, name);
        if (record && record->run == run_) {
            record->run = 0;
            record->answer = sealed;
            txn.put(Table::Idempotency, store::idempotency_key(name), store::encode(*record));
        }
    });
}

void Idempotency::drop(const KeyedRequest& request) {
    const Hash32 name = name_of(request);
    environment_.write([&](store::WriteTxn& txn) {
        const auto record = find(txn, name);
        if (record && record->run == run_) {
            erase(txn, record->made, name);
        }
    });
}

std::uint64_t Idempotency::trim(std::size_t limit) {
    const Time time = vault_.time();
    const Time before{time.seconds < kKeepSeconds ? 0 : time.seconds - kKeepSeconds};
    if (oldest(store::ReadTxn(environment_), before, 1).empty()) {
        return 0;
    }
    std::uint64_t trimmed = 0;
    environment_.write([&](store::WriteTxn& txn) {
        const auto found = oldest(txn, before, limit);
        for (const auto& old : found) {
            erase(txn, old.made, old.name);
        }
        trimmed = found.size();
    });
    return trimmed;
}

}  // namespace fairlist
