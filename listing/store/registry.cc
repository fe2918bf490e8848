#include "listing/store/registry.h"

#include "listing/store/bytes.h"

#include <fmt/format.h>

namespace fairlist::store {

namespace {

constexpr std::uint64_t kListNumberMax = 1023;  // index::kListsMax - 1
constexpr std::uint64_t kSourceNumberMax = 65535;

// List, then source, big endian: all counts of a list stand together.
std::string counts_key(ListId list, SourceId source) {
    ByteWriter out;
    for (const unsigned id : {static_cast<unsigned>(list), static_cast<unsigned>(source)}) {
        out.u8(static_cast<std::uint8_t>(id >> 8U));
        out.u8(static_cast<std::uint8_t>(id));
    }
    return out.bytes();
}

EntryCounts decode_counts(Bytes bytes) noexcept {
    ByteReader in(bytes);
    EntryCounts counts;
    counts.entries = in.u64();
    counts.exemptions = in.u64();
    return in.ok() ? counts : EntryCounts{};
}

std::uint64_t apply(std::uint64_t count, std::int64_t change) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(count) + change);
}

}  // namespace

std::optional<RegisteredList> find_list(const Txn& txn, std::string_view name) {
    const auto bytes = txn.get(Table::Lists, name);
    if (!bytes) {
        return std::nullopt;
    }
    ByteReader in(*bytes);
    RegisteredList list;
    list.id = ListId{in.u16()};
    list.kind = static_cast<ListKind>(in.u8());
    if (!in.ok()) {
        throw StoreError(fmt::format("store: lists: the record of \"{}\" is malformed", name));
    }
    return list;
}

RegisteredList register_list(WriteTxn& txn, std::string_view name, ListKind kind) {
    const std::uint64_t number = txn.count(Table::Lists) + 1;
    if (number > kListNumberMax) {
        throw StoreError("store: lists: more than 1023");
    }
    const RegisteredList list{static_cast<ListId>(number), kind};
    ByteWriter out;
    out.u16(static_cast<std::uint16_t>(number));
    out.u8(static_cast<std::uint8_t>(kind));
    txn.put(Table::Lists, name, out.bytes());
    return list;
}

std::optional<SourceId> find_source(const Txn& txn, std::string_view name) {
    const auto bytes = txn.get(Table::Sources, name);
    if (!bytes) {
        return std::nullopt;
    }
    ByteReader in(*bytes);
    const SourceId id{in.u16()};
    return in.ok() ? std::optional(id) : std::nullopt;
}

SourceId intern_source(WriteTxn& txn, std::string_view name) {
    if (const auto found = find_source(txn, name)) {
        return *found;
    }
    const std::uint64_t number = txn.count(Table::Sources) + 1;
    if (number > kSourceNumberMax) {
        throw StoreError("store: sources: more than 65535");
    }
    ByteWriter out;
    out.u16(static_cast<std::uint16_t>(number));
    txn.put(Table::Sources, name, out.bytes());
    return static_cast<SourceId>(number);
}

std::string Names::list(ListId id) const {
    const auto at = lists.find(id);
    return at == lists.end() ? fmt::format("list-{}", static_cast<unsigned>(id)) : at->second;
}

std::string Names::source(SourceId id) const {
    const auto at = sources.find(id);
    return at == sources.end() ? fmt::format("source-{}", static_cast<unsigned>(id)) : at->second;
}

Names read_names(const Txn& txn) {
    Names names;
    Cursor lists(txn, Table::Lists);
    for (bool found = lists.first(); found; found = lists.next()) {
        ByteReader in(lists.value());
        names.lists.emplace(ListId{in.u16()}, lists.key());
    }
    Cursor sources(txn, Table::Sources);
    for (bool found = sources.first(); found; found = sources.next()) {
        ByteReader in(sources.value());
        names.sources.emplace(SourceId{in.u16()}, sources.key());
    }
    return names;
}

EntryCounts read_counts(const Txn& txn, ListId list, std::optional<SourceId> source) {
    if (source) {
        return decode_counts(txn.get(Table::Counts, counts_key(list, *source)).value_or(Bytes{}));
    }
    EntryCounts sum;
    const std::string prefix = counts_key(list, SourceId{0}).substr(0, 2);
    Cursor cursor(txn, Table::Counts);
    bool found = cursor.seek_at_least(prefix);
    while (found && cursor.key().starts_with(prefix)) {
        const EntryCounts counts = decode_counts(cursor.value());
        sum.entries += counts.entries;
        sum.exemptions += counts.exemptions;
        found = cursor.next();
    }
    return sum;
}

void add_counts(WriteTxn& txn, ListId list, SourceId source, std::int64_t entries,
                std::int64_t exemptions) {
    const EntryCounts before = read_counts(txn, list, source);
    ByteWriter out;
    out.u64(apply(before.entries, entries));
    out.u64(apply(before.exemptions, exemptions));
    txn.put(Table::Counts, counts_key(list, source), out.bytes());
}

}  // namespace fairlist::store
