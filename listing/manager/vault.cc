#include "listing/manager/vault.h"

#include "listing/base/check.h"
#include "listing/store/records.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstddef>
#include <system_error>
#include <utility>

namespace fairlist {

namespace {

using store::Bytes;
using store::Table;

constexpr Bytes kSecretKey = "secret";

std::optional<store::SecretKey> read_secret(const store::Txn& txn) {
    const Bytes bytes = txn.get(Table::Meta, kSecretKey).value_or(Bytes{});
    store::SecretKey key{};
    if (bytes.size() != key.size()) {
        return std::nullopt;
    }
    std::ranges::copy(bytes, key.begin());
    return key;
}

// Made once: with another one no trap would be found any more.
store::SecretKey secret_of(store::Environment& environment) {
    if (const auto known = read_secret(store::ReadTxn(environment))) {
        return *known;
    }
    if (environment.is_read_only()) {
        throw store::StoreError(fmt::format("vault {}: it has no key yet: open it for writing once",
                                            environment.path().string()));
    }
    store::SecretKey key = store::random_key();
    environment.write([&](store::WriteTxn& txn) {
        if (const auto known = read_secret(txn)) {
            key = *known;  // another process was faster
            return;
        }
        txn.put(Table::Meta, kSecretKey, store::as_bytes(key));
    });
    return key;
}

}  // namespace

Result<std::unique_ptr<store::Environment>> open_vault(const std::filesystem::path& path,
                                                       VaultUse use) {
    store::EnvironmentOptions options;
    options.path = path;
    options.schema = store::Schema::Vault;
    options.create = use == VaultUse::Create;
    options.read_only = use == VaultUse::Read;
    std::error_code error;
    if (options.create && std::filesystem::create_directories(path, error)) {
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
    }
    if (error) {
        return fail(Errc::Io, fmt::format("vault {}: {}", path.string(), error.message()));
    }
    return store::open_environment(options);
}

Vault::Vault(store::Environment& environment, std::function<Time()> clock)
    : environment_(environment), clock_(std::move(clock)) {
    FAIRLIST_CHECK(environment.schema() == store::Schema::Vault);
    FAIRLIST_CHECK(sodium_init() >= 0);
    key_ = secret_of(environment);
}

store::KeyedHash Vault::hash(std::string_view purpose) const {
    return {key_, purpose};
}

VaultStatus Vault::status() const {
    const store::ReadTxn txn(environment_);
    VaultStatus status;
    status.traps = txn.count(Table::Traps);
    status.addresses = txn.count(Table::TrapAddresses);
    status.mails = txn.count(Table::Mails);
    status.tokens = txn.count(Table::Tokens);
    store::Cursor cursor(txn, Table::MailQueue);
    for (bool on = cursor.seek_at_least(store::number_key(store::kParkedBit)); on;
         on = cursor.next()) {
        ++status.parked;
    }
    status.queued = txn.count(Table::MailQueue) - status.parked;
    status.file_bytes = environment_.status().used_bytes;
    status.format_version = store::format_version(txn);
    return status;
}

}  // namespace fairlist
