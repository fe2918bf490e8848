#include "listing/manager/hit_book.h"

#include "listing/store/bytes.h"
#include "listing/store/records.h"

#include <algorithm>
#include <string>
#include <utility>

namespace fairlist {

using store::Bytes;
using store::EvidenceSide;
using store::Table;

namespace {

constexpr Bytes kLastHitKey = "hit_last";
// Hits that open listings keep alive are passed over, but not without end.
constexpr std::size_t kTrimScanFactor = 10;

Bytes key_bytes(const HitKey& key) noexcept {
    return {reinterpret_cast<const char*>(key.data()), key.size()};
}

std::uint64_t last_hit(const store::Txn& txn) {
    store::ByteReader in(txn.get(Table::Meta, kLastHitKey).value_or(Bytes{}));
    return in.u64();
}

std::string number_bytes(std::uint64_t number) {
    store::ByteWriter out;
    out.u64(number);
    return out.bytes();
}

// The other numbers of the pairs that begin with this one.
std::vector<std::uint64_t> linked(const store::Txn& txn, EvidenceSide side, std::uint64_t number) {
    const std::string begin = store::evidence_key(side, number);
    std::vector<std::uint64_t> others;
    store::Cursor cursor(txn, Table::ListingHits);
    for (bool found = cursor.seek_at_least(begin); found && cursor.key().starts_with(begin);
         found = cursor.next()) {
        others.push_back(store::key_evidence(cursor.key()).value_or(0));
    }
    return others;
}

bool is_needed(const store::Txn& txn, std::uint64_t hit) {
    return std::ranges::any_of(linked(txn, EvidenceSide::OfHit, hit), [&](std::uint64_t id) {
        const auto bytes = txn.get(Table::Listings, store::number_key(id));
        const auto record = bytes ? store::decode_listing(id, *bytes) : std::nullopt;
        return record && !has_ended(record->listing.state);
    });
}

void erase_hit(store::WriteTxn& txn, std::uint64_t number, const Hit& hit) {
    for (const Subject& identity : identities_of(hit)) {
        txn.erase(Table::HitIdentities, store::identity_key(identity, hit.time, number));
    }
    for (const std::uint64_t listing : linked(txn, EvidenceSide::OfHit, number)) {
        txn.erase(Table::ListingHits, store::evidence_key(EvidenceSide::OfHit, number, listing));
        txn.erase(Table::ListingHits,
                  store::evidence_key(EvidenceSide::OfListing, listing, number));
    }
    txn.erase(Table::HitKeys, key_bytes(hit.key));
    txn.erase(Table::Hits, store::number_key(number));
}

}  // namespace

std::vector<Subject> identities_of(const Hit& hit) {
    std::vector<Subject> identities;
    const auto add = [&](Subject identity) {
        if (std::ranges::find(identities, identity) == identities.end()) {
            identities.push_back(std::move(identity));
        }
    };
    if (hit.address) {
        add(identity_of(*hit.address));
    }
    if (hit.signer) {
        add(identity_of(*hit.signer));
    }
    for (std::size_t i = 0; i < std::min(hit.links.size(), kHitLinksMax); ++i) {
        add(hit.links[i]);
    }
    return identities;
}

AddedHit add_hit(store::WriteTxn& txn, const Hit& hit) {
    if (const auto known = txn.get(Table::HitKeys, key_bytes(hit.key))) {
        store::ByteReader in(*known);
        return {in.u64(), true};
    }
    const std::uint64_t number = last_hit(txn) + 1;
    txn.put(Table::Meta, kLastHitKey, number_bytes(number));
    txn.append(Table::Hits, store::number_key(number), store::encode_hit(hit));
    txn.put(Table::HitKeys, key_bytes(hit.key), number_bytes(number));
    const std::string summary = store::encode_identity_hit(hit);
    for (const Subject& identity : identities_of(hit)) {
        txn.put(Table::HitIdentities, store::identity_key(identity, hit.time, number), summary);
    }
    return {number, false};
}

std::optional<Hit> read_hit(const store::Txn& txn, std::uint64_t number) {
    const auto bytes = txn.get(Table::Hits, store::number_key(number));
    return bytes ? store::decode_hit(*bytes) : std::nullopt;
}

void walk_hits(const store::Txn& txn, const HitWalk& walk,
               const std::function<bool(const store::IdentityHit&)>& each) {
    const std::string begin = store::identity_key(walk.identity);
    store::Cursor cursor(txn, Table::HitIdentities);
    bool found =
        cursor.seek_at_least(store::identity_key(walk.identity, Time{walk.now.seconds + 1}, 0));
    found = found ? cursor.previous() : cursor.last();
    for (std::size_t steps = 0; found && steps < kWalkHitsMax && cursor.key().starts_with(begin);
         found = cursor.previous(), ++steps) {
        const std::uint32_t trap = store::trap_of_identity_hit(cursor.value());
        if (trap != 0 && walk.passes_over(trap)) {
            continue;
        }
        const auto hit = store::decode_identity_hit(cursor.key(), cursor.value());
        if (!hit || hit->time <= walk.after || !each(*hit)) {
            return;
        }
    }
}

std::uint64_t trim_hits(store::WriteTxn& txn, Time before, std::size_t limit) {
    std::vector<std::pair<std::uint64_t, Hit>> old;
    {
        store::Cursor cursor(txn, Table::Hits);
        std::size_t scanned = 0;
        for (bool found = cursor.first();
             found && old.size() < limit && scanned < limit * kTrimScanFactor;
             found = cursor.next(), ++scanned) {
            const std::uint64_t number = store::key_number(cursor.key()).value_or(0);
            auto hit = store::decode_hit(cursor.value());
            if (hit && hit->time >= before) {
                break;
            }
            if (hit && !is_needed(txn, number)) {
                old.emplace_back(number, std::move(*hit));
            }
        }
    }
    for (const auto& [number, hit] : old) {
        erase_hit(txn, number, hit);
    }
    return old.size();
}

}  // namespace fairlist
