// Registry: the numbers that the store gives to lists and sources, and how many entries each has.
#pragma once

#include "listing/model/entry.h"
#include "listing/model/list.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::store {

struct RegisteredList {
    ListId id{};
    ListKind kind = ListKind::Address;
};

[[nodiscard]] std::optional<RegisteredList> find_list(const Txn& txn, std::string_view name);
// Requires: not there yet. Throws StoreError when all numbers are used.
RegisteredList register_list(WriteTxn& txn, std::string_view name, ListKind kind);

[[nodiscard]] std::optional<SourceId> find_source(const Txn& txn, std::string_view name);
[[nodiscard]] SourceId intern_source(WriteTxn& txn, std::string_view name);

// Names by number, for showing.
struct Names {
    std::map<ListId, std::string> lists;
    std::map<SourceId, std::string> sources;

    [[nodiscard]] std::string list(ListId id) const;
    [[nodiscard]] std::string source(SourceId id) const;
};
[[nodiscard]] Names read_names(const Txn& txn);

struct EntryCounts {
    std::uint64_t entries = 0;
    std::uint64_t exemptions = 0;
};
[[nodiscard]] EntryCounts read_counts(const Txn& txn, ListId list,
                                      std::optional<SourceId> source = std::nullopt);
void add_counts(WriteTxn& txn, ListId list, SourceId source, std::int64_t entries,
                std::int64_t exemptions);

}  // namespace fairlist::store
