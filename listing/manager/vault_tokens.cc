#include "listing/manager/vault.h"
#include "listing/model/list.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <utility>

namespace fairlist {

namespace {

using store::Bytes;
using store::Table;

// Those who scan for leaked secrets know tokens by what they begin with.
constexpr std::string_view kTokenHead = "fairlist_";
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenTextMax = 200;
constexpr std::uint32_t kUseSeconds = 3600;

std::string make_token() {
    std::array<unsigned char, kTokenBytes> secret{};
    randombytes_buf(secret.data(), secret.size());
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::array<char, sodium_base64_ENCODED_LEN(kTokenBytes, kVariant)> text{};
    std::string token(kTokenHead);
    token += sodium_bin2base64(text.data(), text.size(), secret.data(), secret.size(), kVariant);
    sodium_memzero(secret.data(), secret.size());
    sodium_memzero(text.data(), text.size());
    return token;
}

// A provider's token speaks for one provider, any other for none.
Result<void> check_holder(const NewToken& token) {
    if (token.role != store::TokenRole::Provider) {
        return token.provider.empty()
                   ? Result<void>()
                   : fail(Errc::Malformed,
                          fmt::format("token \"{}\": only one with the role provider names a "
                                      "provider",
                                      token.name));
    }
    if (token.provider.empty()) {
        return fail(Errc::Malformed, fmt::format("token \"{}\": the role provider needs the "
                                                 "provider's name (--provider NAME)",
                                                 token.name));
    }
    if (const auto slug = parse_list_name(token.provider); !slug) {
        return fail(Errc::Malformed,
                    fmt::format("provider \"{}\": expected 1 to 32 of a-z 0-9 _ -, a letter first",
                                token.provider.substr(0, 64)));
    }
    return {};
}

Result<void> check_token(const NewToken& token, Time time) {
    if (const auto name = parse_list_name(token.name); !name) {
        return fail(Errc::Malformed,
                    fmt::format("token name \"{}\": expected 1 to 32 of a-z 0-9 _ -, a letter "
                                "first",
                                token.name.substr(0, 64)));
    }
    if (const auto good = check_holder(token); !good) {
        return good;
    }
    if (token.note.size() > kTrapNoteBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("note of {} bytes: at most {} are kept",
                                                  token.note.size(), kTrapNoteBytesMax));
    }
    if (token.expires.is_set() && token.expires <= time) {
        return fail(Errc::OutOfRange,
                    fmt::format("end {}: it lies in the past", to_string(token.expires)));
    }
    return {};
}

}  // namespace

store::Hash32 Vault::token_hash(std::string_view text) const {
    return hash("token").add(text).finish();
}

Result<std::string> Vault::add_token(const NewToken& token) {
    const Time time = clock_();
    if (const auto good = check_token(token, time); !good) {
        return std::unexpected(good.error());
    }
    const std::string text = make_token();
    const store::TokenRecord record{token.role,       time,       token.expires, {},
                                    token_hash(text), token.note, token.provider};
    Result<std::string> result = text;
    environment_.write([&](store::WriteTxn& txn) {
        if (txn.get(Table::Tokens, token.name)) {
            result = fail(Errc::Conflict,
                          fmt::format("token \"{}\": there is one of that name; revoke it first",
                                      token.name));
        } else if (txn.count(Table::Tokens) >= kTokensMax) {
            result = fail(Errc::OutOfRange,
                          fmt::format("{} tokens already: no more are kept", kTokensMax));
        } else {
            txn.put(Table::Tokens, token.name, store::encode(record));
        }
    });
    return result;
}

Result<void> Vault::revoke_token(std::string_view name) {
    bool found = false;
    environment_.write([&](store::WriteTxn& txn) {
        found = !name.empty() && name.size() <= kTokenTextMax && txn.erase(Table::Tokens, name);
    });
    if (!found) {
        return fail(Errc::NotFound, fmt::format("token \"{}\": there is none", name.substr(0, 64)));
    }
    return {};
}

std::vector<std::string> Vault::revoke_tokens_of(std::string_view provider) {
    std::vector<std::string> revoked;
    environment_.write([&](store::WriteTxn& txn) {
        revoked.clear();
        store::Cursor cursor(txn, Table::Tokens);
        for (bool on = cursor.first(); on && revoked.size() < kTokensMax; on = cursor.next()) {
            const auto record = store::decode_token(cursor.value());
            if (record && !provider.empty() && record->provider == provider) {
                revoked.emplace_back(cursor.key());
            }
        }
        for (const std::string& name : revoked) {
            txn.erase(Table::Tokens, name);
        }
    });
    return revoked;
}

std::optional<Token> Vault::find_token(std::string_view text) const {
    if (text.size() > kTokenTextMax) {
        return std::nullopt;
    }
    const store::Hash32 wanted = token_hash(text);
    const Time time = clock_();
    std::optional<Token> found;
    // All are compared, each whole: neither which one it is nor how near a guess came can be timed.
    for (Token& token : tokens()) {
        const bool same =
            sodium_memcmp(wanted.data(), token.record.hash.data(), wanted.size()) == 0;
        const Time expires = token.record.expires;
        if (same && (!expires.is_set() || time < expires)) {
            found = std::move(token);
        }
    }
    return found;
}

void Vault::note_token_use(std::string_view name) {
    const Time time = clock_();
    if (name.empty() || name.size() > kTokenTextMax) {
        return;
    }
    const auto due = [&](const store::Txn& txn) -> std::optional<store::TokenRecord> {
        const auto bytes = txn.get(Table::Tokens, name);
        auto record = bytes ? store::decode_token(*bytes) : std::nullopt;
        const bool is_due = record && time.seconds >= record->used.seconds + kUseSeconds;
        return is_due ? record : std::nullopt;
    };
    if (!due(store::ReadTxn(environment_))) {
        return;  // without the lock of the writers, and without a sync
    }
    environment_.write([&](store::WriteTxn& txn) {
        if (auto record = due(txn)) {
            record->used = time;
            txn.put(Table::Tokens, name, store::encode(*record));
        }
    });
}

std::vector<Token> Vault::tokens() const {
    std::vector<Token> found;
    const store::ReadTxn txn(environment_);
    store::Cursor cursor(txn, Table::Tokens);
    for (bool on = cursor.first(); on && found.size() < kTokensMax; on = cursor.next()) {
        if (auto record = store::decode_token(cursor.value())) {
            found.push_back({std::string(cursor.key()), std::move(*record)});
        }
    }
    return found;
}

}  // namespace fairlist
