#include "listing/manager/provider_store.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace fairlist {

using store::Cursor;
using store::RangeRecord;
using store::Table;

namespace {

constexpr unsigned kSixtyFour = 64;

// IPv4 addresses, or IPv6 /64s; a narrower IPv6 range counts as one.
std::uint64_t size_of(const Prefix& prefix) noexcept {
    if (prefix.is_v4()) {
        return std::uint64_t{1} << (128U - prefix.length);
    }
    const unsigned length = std::clamp<unsigned>(prefix.length, 1, kSixtyFour);
    return std::uint64_t{1} << (kSixtyFour - length);
}

// Adds a range of the provider, or takes a part away that a narrower range of another has; part of
// a /64 does not take it away.
void count(ProviderBook::Held& held, const Prefix& prefix, bool adds) noexcept {
    if (!adds && !prefix.is_v4() && prefix.length > kSixtyFour) {
        return;
    }
    std::uint64_t& sum = prefix.is_v4() ? held.v4 : held.v6_64s;
    const std::uint64_t size = size_of(prefix);
    sum = adds ? sum + size : sum - std::min(sum, size);
}

bool is_inside(const Prefix& outer, const Prefix& inner) noexcept {
    return outer.contains(inner) && outer.is_v4() == inner.is_v4();
}

}  // namespace

std::optional<Provider> find_provider(const store::Txn& txn, std::string_view slug) {
    if (slug.empty() || slug.size() > kProviderTextBytesMax) {
        return std::nullopt;
    }
    const auto bytes = txn.get(Table::Providers, slug);
    return bytes ? store::decode_provider(slug, *bytes) : std::nullopt;
}

std::vector<Provider> all_providers(const store::Txn& txn) {
    std::vector<Provider> all;
    Cursor cursor(txn, Table::Providers);
    for (bool good = cursor.first(); good; good = cursor.next()) {
        if (auto provider = store::decode_provider(cursor.key(), cursor.value())) {
            all.push_back(std::move(*provider));
        }
    }
    return all;
}

void walk_space(const store::Txn& txn, std::optional<Prefix> from, const EachRange& each) {
    Cursor cursor(txn, Table::ProviderSpace);
    for (bool good = from ? cursor.seek_at_least(store::range_key(*from)) : cursor.first(); good;
         good = cursor.next()) {
        const auto prefix = store::key_range(cursor.key());
        const auto record = store::decode_range(cursor.value());
        if (prefix && record && !each(*prefix, *record)) {
            return;
        }
    }
}

HolderMap holder_map(const store::Txn& txn) {
    std::vector<std::string> slugs;
    std::map<std::string, std::uint32_t, std::less<>> numbers;
    std::vector<HolderMap::Row> rows;
    walk_space(txn, std::nullopt, [&](const Prefix& prefix, const RangeRecord& record) {
        const auto [at, is_new] =
            numbers.try_emplace(record.slug, static_cast<std::uint32_t>(slugs.size()));
        if (is_new) {
            slugs.push_back(record.slug);
        }
        rows.push_back({prefix, at->second});
        return true;
    });
    return {std::move(slugs), std::move(rows)};
}

// In the order of the prefixes a range stands before those in it: the way down to here is a stack.
ProviderBook::Held held_by(const store::Txn& txn, std::string_view slug) {
    struct Above {
        Prefix prefix;
        bool is_mine = false;
    };
    ProviderBook::Held held;
    std::vector<Above> way;
    walk_space(txn, std::nullopt, [&](const Prefix& prefix, const RangeRecord& record) {
        while (!way.empty() && !is_inside(way.back().prefix, prefix)) {
            way.pop_back();
        }
        const bool is_mine = record.slug == slug;
        const bool is_in_mine = !way.empty() && way.back().is_mine;
        if (is_mine != is_in_mine) {
            count(held, prefix, is_mine);
        }
        held.ranges += is_mine ? 1 : 0;
        way.push_back({prefix, is_mine});
        return true;
    });
    return held;
}

}  // namespace fairlist
