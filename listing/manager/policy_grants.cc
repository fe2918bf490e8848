#include "listing/manager/policy_grants.h"

#include "listing/store/bytes.h"
#include "listing/store/policy_records.h"

#include <utility>

namespace fairlist {

using store::Cursor;
using store::Table;

namespace {

constexpr std::size_t kSlugBytesMax = 255;  // of granted_key()

bool has_ended(const PolicyExemption& exemption, Time now) noexcept {
    return exemption.until.is_set() && exemption.until <= now;
}

}  // namespace

std::vector<PolicyExemption> policy_grants(const store::Txn& txn, std::string_view slug, Time now,
                                           std::optional<Prefix> after, std::size_t limit) {
    std::vector<PolicyExemption> found;
    if (slug.size() > kSlugBytesMax) {
        return found;
    }
    const std::string head = store::granted_key(slug);
    Cursor cursor(txn, Table::PolicyParts);
    for (bool good = cursor.seek_at_least(after ? store::granted_key(slug, *after) : head);
         good && cursor.key().starts_with(head) && found.size() < limit; good = cursor.next()) {
        auto exemption = store::decode_granted(cursor.value());
        if (exemption && !has_ended(*exemption, now) && (!after || exemption->prefix != *after)) {
            found.push_back(std::move(*exemption));
        }
    }
    return found;
}

std::optional<PolicyExemption> find_policy_grant(const store::Txn& txn, std::string_view slug,
                                                 const Prefix& prefix) {
    if (slug.size() > kSlugBytesMax) {
        return std::nullopt;
    }
    const auto bytes = txn.get(Table::PolicyParts, store::granted_key(slug, prefix));
    return bytes ? store::decode_granted(*bytes) : std::nullopt;
}

void put_policy_grant(store::WriteTxn& txn, std::string_view slug,
                      const PolicyExemption& exemption) {
    txn.put(Table::PolicyParts, store::granted_key(slug, exemption.prefix),
            store::encode_granted(exemption));
}

bool erase_policy_grant(store::WriteTxn& txn, std::string_view slug, const Prefix& prefix) {
    return slug.size() <= kSlugBytesMax &&
           txn.erase(Table::PolicyParts, store::granted_key(slug, prefix));
}

void drop_policy_grants(store::WriteTxn& txn, std::string_view slug, std::optional<Time> ended_at) {
    std::vector<std::string> keys;
    const std::string head = store::granted_key(slug);
    {
        Cursor cursor(txn, Table::PolicyParts);
        for (bool good = cursor.seek_at_least(head); good && cursor.key().starts_with(head);
             good = cursor.next()) {
            const auto exemption = store::decode_granted(cursor.value());
            if (!ended_at || (exemption && has_ended(*exemption, *ended_at))) {
                keys.emplace_back(cursor.key());
            }
        }
    }
    for (const std::string& key : keys) {
        txn.erase(Table::PolicyParts, key);
    }
}

std::vector<std::string> policy_grantors(const store::Txn& txn) {
    std::vector<std::string> slugs;
    Cursor cursor(txn, Table::PolicyParts);
    for (bool good = cursor.first(); good;) {
        store::ByteReader in(cursor.key());
        const std::string slug(in.bytes(in.u8()));
        if (!in.ok()) {
            break;
        }
        const std::string head = store::granted_key(slug);
        if (cursor.seek_at_least(head) && cursor.key().starts_with(head)) {
            slugs.push_back(slug);
        }
        // The voices of a provider's keys are small numbers: what follows them all is another's.
        good = cursor.seek_at_least(store::policy_key(slug) + "\xFF");
    }
    return slugs;
}

}  // namespace fairlist
