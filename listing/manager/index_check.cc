#include "listing/manager/index_check.h"

#include "listing/index/range_block.h"
#include "listing/index/range_index.h"
#include "listing/index/verdict_table.h"
#include "listing/store/bytes.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace fairlist {

using index::NodeItem;
using index::NodeKey;
using index::RangeBlock;
using store::Bytes;
using store::Table;

namespace {

class IndexCheck {
  public:
    IndexCheck(const store::Txn& txn, const std::function<void(std::string)>& fault)
        : txn_(txn), fault_(fault), names_(store::read_names(txn)) {
        verdicts_.attach(txn);
    }

    IndexTally run() {
        walk(Table::Nodes, [&](Bytes key, Bytes value) { check_node(key, value); });
        walk(Table::Names,
             [&](Bytes key, Bytes value) { tally_.names += check_marks("names", key, value); });
        walk(Table::Digests,
             [&](Bytes key, Bytes value) { tally_.digests += check_marks("digests", key, value); });
        walk(Table::Verdicts, [&](Bytes key, Bytes value) { check_verdict(key, value); });
        if (txn_.count(Table::VerdictIds) != tally_.verdicts) {
            fault_(fmt::format("verdict_ids: {} hashes for {} verdicts",
                               txn_.count(Table::VerdictIds), tally_.verdicts));
        }
        return std::move(tally_);
    }

  private:
    template <typename Visit>
    void walk(Table table, const Visit& visit) {
        store::Cursor cursor(txn_, table);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            visit(cursor.key(), cursor.value());
        }
    }

    void check_node(Bytes key_bytes, Bytes value) {
        ++tally_.nodes;
        const auto key = index::decode_node_key(key_bytes);
        if (!key) {
            fault_("nodes: a key that is none");
            return;
        }
        const std::string name = fmt::format("node {}/{}", to_string(key->base), key->depth);
        const auto block = RangeBlock::open(value);
        if (!block || block->depth() != key->depth) {
            fault_(name + ": the block is malformed");
            return;
        }
        if (!is_reached(*key)) {
            fault_(name + ": no way leads to it from the root");
        }
        const std::vector<NodeItem> items = block->items(key->base);
        tally_.addresses += items.size();
        check_order(name, *key, *block, items);
        std::uint64_t list_bits = 0;
        for (const NodeItem& item : items) {
            const store::Mark& mark = item.mark;
            check_mark(name, mark.verdict, mark.list, mark.source, mark.exempt);
            if (!mark.exempt) {
                list_bits |= std::uint64_t{1} << (static_cast<unsigned>(mark.list) % 64U);
            }
        }
        if (list_bits != block->list_bits()) {
            fault_(name + ": the list bits are not those of its items");
        }
    }

    void check_order(const std::string& name, const NodeKey& key, const RangeBlock& block,
                     const std::vector<NodeItem>& items) {
        std::vector<std::uint32_t> open;
        for (std::uint32_t i = 0; i < items.size(); ++i) {
            const Prefix& prefix = items[i].prefix;
            const bool fits =
                prefix.length >= key.depth &&
                (block.child_step() == 0 || prefix.length < key.depth + block.child_step());
            if (!fits || mask_to(prefix.base, key.depth) != key.base) {
                fault_(fmt::format("{}: {} does not belong there", name, to_string(prefix)));
            }
            if (i != 0 && index::node_order(items[i], items[i - 1])) {
                fault_(fmt::format("{}: {} is out of order", name, to_string(prefix)));
            }
            while (!open.empty() && !items[open.back()].prefix.contains(prefix)) {
                open.pop_back();
            }
            if (block.parent(i) != (open.empty() ? RangeBlock::kNone : open.back())) {
                fault_(fmt::format("{}: {} names the wrong parent", name, to_string(prefix)));
            }
            open.push_back(i);
        }
    }

    // As a look-up finds it.
    bool is_reached(const NodeKey& key) const {
        const bool is_v4 = key.base.is_v4() && key.depth >= index::kV4RootDepth;
        unsigned depth = is_v4 ? index::kV4RootDepth : 0;
        unsigned step = index::kRootStep;
        while (depth < key.depth && step != 0) {
            depth += step;
            if (depth < key.depth) {
                const auto bytes =
                    index::encode_key({mask_to(key.base, depth), static_cast<std::uint8_t>(depth)});
                const auto block = RangeBlock::open(
                    txn_.get(Table::Nodes, Bytes(bytes.data(), bytes.size())).value_or(Bytes{}));
                step = block ? block->child_step() : 0;
            }
        }
        return depth == key.depth;
    }

    // Returns how many marks there are.
    std::uint64_t check_marks(std::string_view table, Bytes key, Bytes value) {
        constexpr std::size_t kListBytes = 2;
        if (key.size() <= kListBytes) {
            fault_(fmt::format("{}: a key that is none", table));
            return 0;
        }
        const auto list = static_cast<ListId>(static_cast<std::uint8_t>(key[0]) << 8U |
                                              static_cast<std::uint8_t>(key[1]));
        const std::string name = fmt::format("{}: a key of list {}", table, names_.list(list));
        const std::vector<store::ScopedMark> marks = store::decode_marks(value);
        if (marks.empty() || store::encode(marks) != value) {
            fault_(name + ": the marks are malformed");
        }
        for (const store::ScopedMark& mark : marks) {
            const auto verdict = verdicts_.find(mark.verdict);
            check_mark(name, mark.verdict, list, verdict ? verdict->source : SourceId{},
                       mark.exempt);
        }
        return marks.size();
    }

    void check_mark(const std::string& where, std::uint32_t number, ListId list, SourceId source,
                    bool exempt) {
        const auto verdict = verdicts_.find(number);
        if (!verdict) {
            fault_(fmt::format("{}: verdict {} is not there", where, number));
        } else if (verdict->list != list || verdict->source != source ||
                   verdict->exempt != exempt) {
            fault_(fmt::format("{}: verdict {} says another list, source or kind", where, number));
        }
        if (!names_.lists.contains(list) || !names_.sources.contains(source)) {
            fault_(fmt::format("{}: list {} or source {} has no name", where,
                               static_cast<unsigned>(list), static_cast<unsigned>(source)));
        }
        store::EntryCounts& counts = tally_.counts[{list, source}];
        ++(exempt ? counts.exemptions : counts.entries);
    }

    void check_verdict(Bytes key, Bytes value) {
        ++tally_.verdicts;
        store::ByteReader in(key);
        const std::uint32_t number = in.u32();
        const auto record = store::decode_verdict(value);
        if (!record) {
            fault_(fmt::format("verdicts: number {} is malformed", number));
        } else if (index::find_verdict(txn_, store::to_verdict(*record)) != number) {
            fault_(fmt::format("verdicts: number {} is not found by its hash", number));
        }
    }

    const store::Txn& txn_;
    const std::function<void(std::string)>& fault_;
    store::Names names_;
    index::VerdictTable verdicts_;
    IndexTally tally_;
};

}  // namespace

IndexTally check_index(const store::Txn& txn, const std::function<void(std::string)>& fault) {
    return IndexCheck(txn, fault).run();
}

}  // namespace fairlist
