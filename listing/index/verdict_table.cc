#include "listing/index/verdict_table.h"

#include "listing/index/range_block.h"
#include "listing/store/bytes.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace fairlist::index {

using store::ByteReader;
using store::Bytes;
using store::ByteWriter;
using store::Table;

namespace {

constexpr std::size_t kSlots = 4096;
constexpr Bytes kNextNumberKey = "verdict_next";
constexpr Bytes kMadeKey = "verdicts_made";  // since the last collection
constexpr Bytes kCodesKey = "codes_used";
constexpr std::size_t kUsedCodeBytes = 6;
constexpr std::uint32_t kNumberMax = (1U << 31U) - 1;
constexpr unsigned kProbesMax =
    64;  // equal 64-bit hashes in a row: never seen, bounded all the same
constexpr std::uint64_t kCollectAtLeast = 10000;

Bytes integer_key(const std::uint32_t& number) noexcept {
    return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

std::string hash_key(std::uint64_t hash) {
    ByteWriter out;
    out.u64(hash);
    return out.bytes();
}

// FNV-1a with a final mix: it only spreads; equality is checked on the record.
std::uint64_t hash_of(Bytes bytes) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : bytes) {
        hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
    }
    return (hash ^ (hash >> 29U)) * 0xBF58476D1CE4E5B9U;
}

struct Found {
    std::uint32_t number = 0;
    std::uint64_t free_hash = 0;  // where an entry for a new one may go
};

Found probe_from(const store::Txn& txn, Bytes record, std::uint64_t hash) {
    for (unsigned i = 0; i < kProbesMax; ++i, ++hash) {
        const auto at = txn.get(Table::VerdictIds, hash_key(hash));
        if (!at) {
            return {0, hash};
        }
        ByteReader in(*at);
        const std::uint32_t number = in.u32();
        if (txn.get(Table::Verdicts, integer_key(number)) == record) {
            return {number, hash};
        }
    }
    throw store::StoreError("store: verdict_ids: too many equal hashes");
}

Found probe(const store::Txn& txn, Bytes record) {
    return probe_from(txn, record, hash_of(record));
}

std::uint64_t read_number(const store::Txn& txn, Bytes key) {
    ByteReader in(txn.get(Table::Meta, key).value_or(Bytes{}));
    const std::uint64_t value = in.u64();
    return in.ok() ? value : 0;
}

void write_number(store::WriteTxn& txn, Bytes key, std::uint64_t value) {
    ByteWriter out;
    out.u64(value);
    txn.put(Table::Meta, key, out.bytes());
}

void mark_blocks(const store::Txn& txn, std::vector<bool>& used) {
    store::Cursor cursor(txn, Table::Nodes);
    for (bool found = cursor.first(); found; found = cursor.next()) {
        const auto block = RangeBlock::open(cursor.value());
        if (!block) {
            throw store::StoreError("store: nodes: a block is malformed");
        }
        for (std::uint32_t i = 0; i < block->palette_size(); ++i) {
            used.at(block->palette(i).verdict) = true;
        }
    }
}

void mark_scoped(const store::Txn& txn, Table table, std::vector<bool>& used) {
    store::Cursor cursor(txn, table);
    for (bool found = cursor.first(); found; found = cursor.next()) {
        store::ScopedMarkReader reader(cursor.value());
        store::ScopedMark mark;
        while (reader.next(mark)) {
            used.at(mark.verdict) = true;
        }
    }
}

void erase_verdict(store::WriteTxn& txn, std::uint32_t number) {
    const auto record = txn.get(Table::Verdicts, integer_key(number));
    if (!record) {
        return;
    }
    const Found found = probe(txn, *record);
    txn.erase(Table::Verdicts, integer_key(number));
    if (found.number != number) {
        return;
    }
    // Keep the probe sequence whole: move later records of it forward.
    std::uint64_t hole = found.free_hash;
    txn.erase(Table::VerdictIds, hash_key(hole));
    for (std::uint64_t next = hole + 1;; ++next) {
        const auto at = txn.get(Table::VerdictIds, hash_key(next));
        if (!at) {
            return;
        }
        ByteReader in(*at);
        const std::uint32_t moved = in.u32();
        const auto moved_record = txn.get(Table::Verdicts, integer_key(moved));
        if (!moved_record || hash_of(*moved_record) > hole) {
            continue;
        }
        ByteWriter value;
        value.u32(moved);
        txn.erase(Table::VerdictIds, hash_key(next));
        txn.put(Table::VerdictIds, hash_key(hole), value.bytes());
        hole = next;
    }
}

}  // namespace

VerdictTable::VerdictTable() : slots_(kSlots) {}

void VerdictTable::attach(const store::Txn& txn) noexcept {
    txn_ = &txn;
    const std::uint64_t id = txn.id();
    const std::uint64_t map_generation = txn.environment().gate().generation();
    if (id == txn_id_ && map_generation == map_generation_) {
        return;
    }
    txn_id_ = id;
    map_generation_ = map_generation;
    if (++generation_ == 0) {
        std::ranges::fill(slots_, Slot{});
        generation_ = 1;
    }
}

std::optional<store::VerdictRecord> VerdictTable::find(std::uint32_t number) {
    Slot& slot = slots_[number % kSlots];
    if (slot.generation != generation_ || slot.number != number) {
        const auto bytes = txn_->get(Table::Verdicts, integer_key(number));
        slot = {number, generation_, bytes.value_or(Bytes{})};
    }
    return store::decode_verdict(slot.bytes);
}

std::size_t used_codes_bytes(const store::Txn& txn) {
    return txn.get(Table::Meta, kCodesKey).value_or(Bytes{}).size();
}

std::vector<UsedCode> used_codes(const store::Txn& txn) {
    std::vector<UsedCode> codes;
    const Bytes record = txn.get(Table::Meta, kCodesKey).value_or(Bytes{});
    ByteReader in(record);
    for (std::size_t i = 0; i < record.size() / kUsedCodeBytes; ++i) {
        const ListId list{in.u16()};
        codes.push_back({list, ReturnCode{in.u32()}});
    }
    return codes;
}

std::uint32_t find_verdict(const store::Txn& txn, const Verdict& verdict) {
    return probe(txn, store::encode(verdict)).number;
}

bool is_verdict(const store::Txn& txn, std::uint32_t number, const Verdict& verdict) {
    const auto bytes = txn.get(Table::Verdicts, integer_key(number));
    const auto record = store::decode_verdict(bytes.value_or(Bytes{}));
    return record && record->list == verdict.list && record->source == verdict.source &&
           record->exempt == verdict.exempt && record->code == verdict.code &&
           record->ttl_seconds == verdict.ttl_seconds && record->reason == verdict.reason;
}

std::uint32_t intern_verdict(store::WriteTxn& txn, const Verdict& verdict) {
    if (const std::uint32_t known = find_verdict(txn, verdict); known != 0) {
        return known;
    }
    VerdictMaker maker(txn);
    const std::uint32_t number = maker.intern(verdict);
    maker.finish();
    return number;
}

VerdictMaker::VerdictMaker(store::WriteTxn& txn)
    : txn_(&txn),
      last_number_(read_number(txn, kNextNumberKey)),
      codes_(used_codes(txn)),
      codes_before_(codes_.size()) {}

std::uint32_t VerdictMaker::intern(const Verdict& verdict) {
    const std::string record = store::encode(verdict);
    std::uint64_t free_hash = 0;
    if (const std::uint32_t known = find(record, free_hash); known != 0) {
        return known;
    }
    if (last_number_ >= kNumberMax) {
        throw store::StoreError("store: verdicts: all numbers are used");
    }
    const auto number = static_cast<std::uint32_t>(++last_number_);
    ++made_;
    // Numbers grow, so the new one is always the last.
    txn_->append(Table::Verdicts, integer_key(number), record);
    pending_.emplace(std::byteswap(free_hash), number);
    remember_code(verdict);
    return number;
}

// As probe(), with those that the table does not have yet.
std::uint32_t VerdictMaker::find(Bytes record, std::uint64_t& free_hash) const {
    Found found = probe(*txn_, record);
    for (unsigned i = 0; i < kProbesMax && found.number == 0; ++i) {
        const auto at = pending_.find(std::byteswap(found.free_hash));
        if (at == pending_.end()) {
            free_hash = found.free_hash;
            return 0;
        }
        if (txn_->get(Table::Verdicts, integer_key(at->second)) == record) {
            return at->second;
        }
        found = probe_from(*txn_, record, found.free_hash + 1);
    }
    if (found.number == 0) {
        throw store::StoreError("store: verdict_ids: too many equal hashes");
    }
    return found.number;
}

void VerdictMaker::remember_code(const Verdict& verdict) {
    if (!verdict.code.is_set() || verdict.exempt) {
        return;
    }
    // From the back, where the verdict before has put the code that this one has too, mostly.
    const bool is_known = std::any_of(codes_.rbegin(), codes_.rend(), [&](const UsedCode& used) {
        return used.list == verdict.list && used.code == verdict.code;
    });
    if (!is_known && codes_.size() < kUsedCodesMax) {
        codes_.push_back({verdict.list, verdict.code});
    }
}

void VerdictMaker::finish() {
    if (made_ == 0) {
        return;
    }
    for (const auto& [swapped_hash, number] : pending_) {
        ByteWriter value;
        value.u32(number);
        txn_->put(Table::VerdictIds, hash_key(std::byteswap(swapped_hash)), value.bytes());
    }
    write_number(*txn_, kNextNumberKey, last_number_);
    write_number(*txn_, kMadeKey, read_number(*txn_, kMadeKey) + made_);
    if (codes_.size() == codes_before_) {
        return;
    }
    ByteWriter out;
    out.bytes(txn_->get(Table::Meta, kCodesKey).value_or(Bytes{}));
    for (std::size_t i = codes_before_; i < codes_.size(); ++i) {
        out.u16(static_cast<std::uint16_t>(codes_[i].list));
        out.u32(codes_[i].code.value);
    }
    txn_->put(Table::Meta, kCodesKey, out.bytes());
}

std::uint64_t collect_verdicts(store::WriteTxn& txn) {
    const std::uint64_t total = txn.count(Table::Verdicts);
    if (read_number(txn, kMadeKey) < std::max(kCollectAtLeast, total / 2)) {
        return 0;
    }
    std::vector<bool> used(read_number(txn, kNextNumberKey) + 1);
    mark_blocks(txn, used);
    mark_scoped(txn, Table::Names, used);
    mark_scoped(txn, Table::Digests, used);
    std::vector<std::uint32_t> unused;
    {
        store::Cursor cursor(txn, Table::Verdicts);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            std::uint32_t number = 0;
            std::memcpy(&number, cursor.key().data(), sizeof(number));
            if (!used.at(number)) {
                unused.push_back(number);
            }
        }
    }
    for (const std::uint32_t number : unused) {
        erase_verdict(txn, number);
    }
    write_number(txn, kMadeKey, 0);
    return unused.size();
}

}  // namespace fairlist::index
