#include "listing/index/range_tree.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace fairlist::index {

using store::Bytes;
using store::Table;

namespace {

constexpr unsigned kStepUnit = 4;  // nibbles: what names below ip6.arpa-like zones are cut at

bool is_root(const NodeKey& key) noexcept {
    return key == NodeKey{} || key == NodeKey{Address::from_v4(0), kV4RootDepth};
}

NodeKey root_of(const Prefix& prefix) noexcept {
    return prefix.is_v4() ? NodeKey{Address::from_v4(0), kV4RootDepth} : NodeKey{};
}

NodeKey child_of(const NodeKey& key, unsigned step, const Address& address) noexcept {
    const unsigned depth = key.depth + step;
    return {mask_to(address, depth), static_cast<std::uint8_t>(depth)};
}

bool has_source(const RangeBlock& block, ListId list, SourceId source) noexcept {
    for (std::uint32_t i = 0; i < block.palette_size(); ++i) {
        const store::Mark mark = block.palette(i);
        if (mark.list == list && mark.source == source) {
            return true;
        }
    }
    return false;
}

RangeBlock open_block(Bytes bytes) {
    const auto block = RangeBlock::open(bytes);
    if (!block) {
        throw store::StoreError("store: nodes: a block is malformed");
    }
    return *block;
}

// The largest number of items that one child would get.
std::size_t largest_child(const NodeKey& key, unsigned step, const std::vector<NodeItem>& items) {
    std::size_t largest = 0;
    std::size_t run = 0;
    Address base;
    for (const NodeItem& item : items) {
        if (item.prefix.length < key.depth + step) {
            continue;
        }
        const Address child = mask_to(item.prefix.base, key.depth + step);
        run = run != 0 && child == base ? run + 1 : 1;
        base = child;
        largest = std::max(largest, run);
    }
    return largest;
}

// The first of from..last whose base is beyond the address; with steps that double, since most
// children get few. Requires: the entry at `from` is not beyond it.
std::size_t first_beyond(const PrefixRun& run, std::size_t from, std::size_t last,
                         const Address& address) noexcept {
    std::size_t inside = from;
    std::size_t step = 1;
    while (step < last - inside && !(address < run.prefix(inside + step).base)) {
        inside += step;
        step *= 2;
    }
    std::size_t beyond = std::min(last, inside + step);
    while (beyond - inside > 1) {
        const std::size_t middle = inside + (beyond - inside) / 2;
        (address < run.prefix(middle).base ? beyond : inside) = middle;
    }
    return beyond;
}

// The smallest step whose children are all at most half as large; else the one with the smallest
// children; 0 when no step parts the items (many lists with the same few prefixes).
unsigned choose_step(const NodeKey& key, const std::vector<NodeItem>& items) {
    unsigned best = 0;
    std::size_t best_size = items.size();
    for (unsigned step = kStepUnit; key.depth + step <= 128; step += kStepUnit) {
        const std::size_t size = largest_child(key, step, items);
        if (size <= items.size() / 2) {
            return step;
        }
        if (size != 0 && size < best_size) {
            best = step;
            best_size = size;
        }
    }
    return best;
}

}  // namespace

Bytes RangeTree::load(const NodeKey& key) const {
    const NodeKeyBytes bytes = encode_key(key);
    return txn_->get(Table::Nodes, Bytes(bytes.data(), bytes.size())).value_or(Bytes{});
}

bool RangeTree::has_children(const NodeKey& key) const {
    store::Cursor cursor(*txn_, Table::Nodes);
    const NodeKeyBytes bytes = encode_key(key);
    bool found = cursor.seek_at_least(Bytes(bytes.data(), bytes.size()));
    if (found && cursor.key() == Bytes(bytes.data(), bytes.size())) {
        found = cursor.next();
    }
    const auto next = found ? decode_node_key(cursor.key()) : std::nullopt;
    return next && mask_to(next->base, key.depth) == key.base;
}

void RangeTree::save(const NodeKey& key, unsigned step, std::vector<NodeItem>& items) {
    if (writer_ == nullptr) {
        return;
    }
    const NodeKeyBytes bytes = encode_key(key);
    const Bytes key_bytes(bytes.data(), bytes.size());
    const bool is_empty_branch = step != 0 && (is_root(key) || !has_children(key));
    if (items.empty() && (step == 0 || is_empty_branch)) {
        writer_->erase(Table::Nodes, key_bytes);
        return;
    }
    if (!std::ranges::is_sorted(items, node_order)) {
        std::ranges::sort(items, node_order);
    }
    // Large ones need no encoding to be told from those that fit.
    const bool is_large = step == 0 && block_bytes_least(key.depth, items) > kBlockBytesMax;
    if (is_large && split_if_possible(key, items)) {
        return;
    }
    const std::string block = encode_block(key.depth, step, items);
    if (!is_large && step == 0 && block.size() > kBlockBytesMax && split_if_possible(key, items)) {
        return;
    }
    writer_->put(Table::Nodes, key_bytes, block);
}

bool RangeTree::split_if_possible(const NodeKey& key, const std::vector<NodeItem>& items) {
    const unsigned step = choose_step(key, items);
    if (step != 0) {
        split(key, step, items);
    }
    return step != 0;
}

void RangeTree::split(const NodeKey& key, unsigned step, const std::vector<NodeItem>& items) {
    std::vector<NodeItem> own;
    std::vector<NodeItem> child_items;
    NodeKey child;
    const auto flush = [&] {
        if (!child_items.empty()) {
            save(child, 0, child_items);
            child_items.clear();
        }
    };
    for (const NodeItem& item : items) {
        if (item.prefix.length < key.depth + step) {
            own.push_back(item);
            continue;
        }
        const NodeKey home = child_of(key, step, item.prefix.base);
        if (home != child) {
            flush();
            child = home;
        }
        child_items.push_back(item);
    }
    flush();
    save(key, step, own);
}

void RangeTree::edit(const Prefix& prefix,
                     const std::function<bool(std::vector<NodeItem>&)>& edit) {
    std::vector<std::pair<NodeKey, unsigned>> path;
    NodeKey key = root_of(prefix);
    while (true) {
        const Bytes bytes = load(key);
        unsigned step = is_root(key) ? kRootStep : 0;
        if (!bytes.empty()) {
            step = std::max(step, open_block(bytes).child_step());
        }
        path.emplace_back(key, step);
        if (step == 0 || prefix.length < key.depth + step) {
            break;
        }
        key = child_of(key, step, prefix.base);
    }
    for (bool is_home = true; !path.empty(); is_home = false) {
        const auto [at, step] = path.back();
        path.pop_back();
        const Bytes bytes = load(at);
        std::vector<NodeItem> items;
        if (!bytes.empty()) {
            items = open_block(bytes).items(at.base);
        }
        if (is_home && !edit(items)) {
            return;
        }
        // Above the home only a branch that has become empty has to go.
        if (!is_home && (bytes.empty() || !items.empty())) {
            return;
        }
        const bool was_emptied = items.empty();
        save(at, step, items);
        if (!was_emptied) {
            return;
        }
    }
}

std::vector<RangeTree::Part> RangeTree::parts_below(const NodeKey& key, unsigned step,
                                                    std::size_t first, std::size_t last,
                                                    const PrefixRun& run) const {
    std::vector<Part> parts;
    const unsigned depth = key.depth + step;
    for (std::size_t i = first; i < last;) {
        const Prefix prefix = run.prefix(i);
        if (prefix.length < depth) {
            ++i;
            continue;
        }
        const NodeKey child = child_of(key, step, prefix.base);
        const std::size_t end = first_beyond(run, i, last, Prefix{child.base, child.depth}.last());
        parts.push_back({child, i, end});
        i = end;
    }
    std::vector<Part> all;
    std::size_t next = 0;
    store::Cursor cursor(*txn_, Table::Nodes);
    const NodeKeyBytes bytes = encode_key(key);
    bool found = cursor.seek_at_least(Bytes(bytes.data(), bytes.size()));
    for (; found; found = cursor.next()) {
        const auto existing = decode_node_key(cursor.key());
        if (!existing || mask_to(existing->base, key.depth) != key.base) {
            break;
        }
        // The IPv4 tree lies inside the key range of the IPv6 one.
        const bool is_v4_tree = existing->base.is_v4() && existing->depth >= kV4RootDepth;
        const bool of_this_tree = is_v4_tree == (key.base.is_v4() && key.depth >= kV4RootDepth);
        if (existing->depth != depth || !of_this_tree) {
            continue;
        }
        while (next < parts.size() && parts[next].key < *existing) {
            all.push_back(parts[next++]);
        }
        if (next < parts.size() && parts[next].key == *existing) {
            all.push_back(parts[next++]);
        } else {
            all.push_back({*existing, 0, 0});
        }
    }
    all.insert(all.end(), parts.begin() + static_cast<std::ptrdiff_t>(next), parts.end());
    return all;
}

void RangeTree::merge_node(const NodeKey& key, std::size_t first, std::size_t last,
                           const Merge& what) {
    const Bytes bytes = load(key);
    unsigned step = is_root(key) ? kRootStep : 0;
    bool has_own = false;
    std::vector<NodeItem> items;
    if (!bytes.empty()) {
        const RangeBlock block = open_block(bytes);
        step = std::max(step, block.child_step());
        has_own = has_source(block, what.list, what.source);
        if (has_own && step == 0 && what.is_same(block, key.base, first, last)) {
            return;
        }
        if (has_own || (first != last && step == 0)) {
            items = block.items(key.base);
        }
    }
    std::vector<std::size_t> incoming;
    std::vector<Part> parts;
    if (step != 0) {
        parts = parts_below(key, step, first, last, what.run);
    }
    // What belongs to no child, before, between and behind the children's parts.
    std::size_t at = first;
    const auto take_up_to = [&](std::size_t end) {
        for (; at < end; ++at) {
            incoming.push_back(at);
        }
    };
    for (const Part& part : parts) {
        if (part.first != part.last) {
            take_up_to(part.first);
            at = part.last;
        }
    }
    take_up_to(last);
    if (step != 0) {
        if (items.empty() && !incoming.empty() && !bytes.empty()) {
            items = open_block(bytes).items(key.base);
        }
        for (const Part& part : parts) {
            merge_node(part.key, part.first, part.last, what);
        }
    }
    const bool changed = (has_own || !incoming.empty()) && what.merge(items, incoming);
    if (changed) {
        save(key, step, items);
    } else if (step != 0 && !is_root(key) && writer_ != nullptr && !has_children(key)) {
        // The last child went: so does an empty branch.
        const Bytes now = load(key);
        if (!now.empty() && open_block(now).size() == 0) {
            std::vector<NodeItem> none;
            save(key, step, none);
        }
    }
}

void RangeTree::merge(Family family, const Merge& what) {
    const NodeKey root =
        family == Family::V4 ? NodeKey{Address::from_v4(0), kV4RootDepth} : NodeKey{};
    merge_node(root, 0, what.run.size(), what);
}

}  // namespace fairlist::index
