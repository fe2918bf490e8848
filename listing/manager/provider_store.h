// ProviderStore: providers and their space as the store holds them, for who reads them within a
// transaction.
#pragma once

#include "listing/manager/provider_book.h"
#include "listing/model/provider.h"
#include "listing/store/environment.h"
#include "listing/store/provider_records.h"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace fairlist {

[[nodiscard]] std::optional<Provider> find_provider(const store::Txn& txn, std::string_view slug);
// By slug.
[[nodiscard]] std::vector<Provider> all_providers(const store::Txn& txn);

// Ranges in the order of their prefixes, from `from` (not set: the first), until `each` says false.
using EachRange = std::function<bool(const Prefix& prefix, const store::RangeRecord& record)>;
void walk_space(const store::Txn& txn, std::optional<Prefix> from, const EachRange& each);

[[nodiscard]] HolderMap holder_map(const store::Txn& txn);
// Of nested ranges the narrowest counts, so that no address is counted for two.
[[nodiscard]] ProviderBook::Held held_by(const store::Txn& txn, std::string_view slug);

}  // namespace fairlist
