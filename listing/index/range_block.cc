#include "listing/index/range_block.h"

#include "listing/store/bytes.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

namespace fairlist::index {

using store::Bytes;
using store::ByteWriter;
using store::Mark;

namespace {

__extension__ using Uint128 = unsigned __int128;

constexpr std::uint8_t kBlockVersion = 1;
constexpr std::size_t kPaletteItemBytes = 16;
constexpr std::uint32_t kExemptBit = 1U << 31U;

// The address bits after `depth`, the first at the top of the key.
template <typename Key>
Key relative_key(const Address& address, unsigned depth) noexcept {
    const Uint128 bits = static_cast<Uint128>(address.high) << 64U | address.low;
    if (depth >= 128) {
        return 0;
    }
    return static_cast<Key>((bits << depth) >> (128 - 8 * sizeof(Key)));
}

template <typename Key>
Address absolute(Key key, unsigned depth, const Address& base) noexcept {
    if (depth >= 128) {
        return base;
    }
    const Uint128 bits = (static_cast<Uint128>(key) << (128 - 8 * sizeof(Key))) >> depth;
    return {base.high | static_cast<std::uint64_t>(bits >> 64U),
            base.low | static_cast<std::uint64_t>(bits)};
}

template <typename Key>
bool covers(Key item_key, unsigned relative_length, Key key) noexcept {
    constexpr unsigned kBits = 8 * sizeof(Key);
    if (relative_length == 0) {
        return true;
    }
    return static_cast<Key>((item_key ^ key) >> (kBits - relative_length)) == 0;
}

// Of a column of parents or indexes. Reads four bytes whatever the width, without a branch: behind
// both columns stands a palette of at least 16 bytes.
std::uint32_t read_small(const char* column, std::uint32_t item, std::uint8_t width) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, column + std::size_t{item} * width, sizeof(value));
    return value & (UINT32_MAX >> (32U - 8U * width));
}

std::uint8_t width_for(std::uint64_t largest) noexcept {
    return largest <= UINT8_MAX ? 1 : largest <= UINT16_MAX ? 2 : 4;
}

std::uint8_t key_width_for(unsigned relative_length_max) noexcept {
    for (const unsigned bytes : {1U, 2U, 4U, 8U}) {
        if (relative_length_max <= 8 * bytes) {
            return static_cast<std::uint8_t>(bytes);
        }
    }
    return 16;
}

void write_small(std::string& out, std::uint64_t value, std::uint8_t width) {
    for (unsigned i = 0; i < width; ++i) {
        out.push_back(static_cast<char>(value >> (8 * i)));
    }
}

Mark read_mark(const char* at) noexcept {
    std::array<std::uint32_t, 4> words{};
    std::memcpy(words.data(), at, kPaletteItemBytes);
    return {words[0] & ~kExemptBit,
            (words[0] & kExemptBit) != 0,
            ListId{static_cast<std::uint16_t>(words[1])},
            SourceId{static_cast<std::uint16_t>(words[1] >> 16U)},
            Time{words[2]},
            Time{words[3]}};
}

void write_mark(std::string& out, const Mark& mark) {
    write_small(out, mark.verdict | (mark.exempt ? kExemptBit : 0U), 4);
    write_small(out, static_cast<std::uint16_t>(mark.list), 2);
    write_small(out, static_cast<std::uint16_t>(mark.source), 2);
    write_small(out, mark.since.seconds, 4);
    write_small(out, mark.until.seconds, 4);
}

// Distinct marks of a node in the order of first use, and which one each item has.
struct Palette {
    std::vector<Mark> marks;
    std::vector<std::uint32_t> of_item;
};

Palette make_palette(const std::vector<NodeItem>& items) {
    Palette palette;
    std::map<Mark, std::uint32_t> numbers;
    palette.of_item.reserve(items.size());
    for (const NodeItem& item : items) {
        // Neighbours mostly say the same.
        if (!palette.of_item.empty() && palette.marks[palette.of_item.back()] == item.mark) {
            palette.of_item.push_back(palette.of_item.back());
            continue;
        }
        const auto next = static_cast<std::uint32_t>(palette.marks.size());
        const auto [at, is_new] = numbers.emplace(item.mark, next);
        if (is_new) {
            palette.marks.push_back(item.mark);
        }
        palette.of_item.push_back(at->second);
    }
    return palette;
}

// For each item one more than the number of its parent, 0 at the top.
std::vector<std::uint32_t> find_parents(const std::vector<NodeItem>& items) {
    std::vector<std::uint32_t> parents(items.size(), 0);
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        while (!open.empty() && !items[open.back()].prefix.contains(items[i].prefix)) {
            open.pop_back();
        }
        if (!open.empty()) {
            parents[i] = open.back() + 1;
        }
        open.push_back(i);
    }
    return parents;
}

void write_keys(std::string& out, const std::vector<NodeItem>& items, unsigned depth,
                std::uint8_t key_bytes) {
    for (const NodeItem& item : items) {
        const auto key = relative_key<Uint128>(item.prefix.base, depth);
        const Uint128 top = key >> (128 - 8U * key_bytes);
        write_small(out, static_cast<std::uint64_t>(top), std::min<std::uint8_t>(key_bytes, 8));
        if (key_bytes == 16) {
            write_small(out, static_cast<std::uint64_t>(top >> 64U), 8);
        }
    }
}

}  // namespace

bool node_order(const NodeItem& a, const NodeItem& b) noexcept {
    if (const auto order = a.prefix <=> b.prefix; order != 0) {
        return order < 0;
    }
    if (a.mark.exempt != b.mark.exempt) {
        return b.mark.exempt;
    }
    return a.mark < b.mark;
}

void RangeBlock::find_columns(const char* columns) noexcept {
    const std::size_t count = count_;
    keys_ = columns;
    lengths_ = keys_ + count * key_bytes_;
    parents_ = lengths_ + count;
    indexes_ = parents_ + count * parent_bytes_;
    palette_ = indexes_ + count * index_bytes_;
}

RangeBlock RangeBlock::reopen(const char* bytes) noexcept {
    // By hand, as reopening is most of what finding an address costs; open() looked at the size.
    const auto byte = [bytes](std::size_t at) {
        return static_cast<std::uint8_t>(bytes[at]);
    };
    RangeBlock block;
    block.depth_ = byte(1);
    block.key_bytes_ = byte(2);
    block.child_step_ = byte(3);
    std::memcpy(&block.count_, bytes + 4, sizeof(block.count_));
    std::memcpy(&block.palette_count_, bytes + 8, sizeof(block.palette_count_));
    block.parent_bytes_ = byte(12);
    block.index_bytes_ = byte(13);
    std::memcpy(&block.list_bits_, bytes + 16, sizeof(block.list_bits_));
    block.find_columns(bytes + kHeaderBytes);
    return block;
}

std::optional<RangeBlock> RangeBlock::open(Bytes bytes) noexcept {
    if (bytes.size() < kHeaderBytes) {
        return std::nullopt;
    }
    const RangeBlock block = reopen(bytes.data());
    const auto version = static_cast<std::uint8_t>(bytes[0]);
    const auto is_width = [](std::uint8_t width) {
        return width == 1 || width == 2 || width == 4;
    };
    const bool good_widths = is_width(block.parent_bytes_) && is_width(block.index_bytes_) &&
                             std::has_single_bit(block.key_bytes_) && block.key_bytes_ <= 16;
    const bool good_depth = block.depth_ <= 128 && block.child_step_ <= 128 - block.depth_;
    const std::uint64_t item_bytes =
        1U + block.key_bytes_ + block.parent_bytes_ + block.index_bytes_;
    // Of 32-bit counts and small widths, so that it cannot overflow.
    const std::uint64_t size = kHeaderBytes + block.count_ * item_bytes +
                               std::uint64_t{block.palette_count_} * kPaletteItemBytes;
    if (version != kBlockVersion || !good_widths || !good_depth || size != bytes.size() ||
        (block.count_ != 0 && block.palette_count_ == 0)) {
        return std::nullopt;
    }
    return block;
}

unsigned RangeBlock::length(std::uint32_t item) const noexcept {
    const unsigned length = depth_ + static_cast<std::uint8_t>(lengths_[item]);
    return length <= 128 ? length : 128;
}

Prefix RangeBlock::prefix(std::uint32_t item, const Address& node_base) const noexcept {
    Address base;
    switch (key_bytes_) {
        case 1:
            base = absolute(key_at<std::uint8_t>(item), depth_, node_base);
            break;
        case 2:
            base = absolute(key_at<std::uint16_t>(item), depth_, node_base);
            break;
        case 4:
            base = absolute(key_at<std::uint32_t>(item), depth_, node_base);
            break;
        case 8:
            base = absolute(key_at<std::uint64_t>(item), depth_, node_base);
            break;
        default:
            base = absolute(key_at<Uint128>(item), depth_, node_base);
            break;
    }
    return Prefix::of(base, length(item));
}

Mark RangeBlock::palette(std::uint32_t at) const noexcept {
    const std::uint32_t safe = at < palette_count_ ? at : 0;
    return read_mark(palette_ + std::size_t{safe} * kPaletteItemBytes);
}

Mark RangeBlock::mark(std::uint32_t item) const noexcept {
    return palette(read_small(indexes_, item, index_bytes_));
}

std::uint32_t RangeBlock::parent(std::uint32_t item) const noexcept {
    const std::uint32_t plus_one = read_small(parents_, item, parent_bytes_);
    // Parents stand before their children: a block that says otherwise would loop.
    return plus_one <= item ? plus_one - 1 : kNone;
}

template <typename Key>
Key RangeBlock::key_at(std::uint32_t item) const noexcept {
    Key key{};
    std::memcpy(&key, keys_ + std::size_t{item} * sizeof(Key), sizeof(Key));
    return key;
}

// Halves without branches on the data, so that the processor can run ahead.
template <typename Key>
std::uint32_t RangeBlock::last_not_after(Key key) const noexcept {
    std::uint32_t low = 0;
    std::uint32_t left = count_;
    while (left > 1) {
        const std::uint32_t half = left / 2;
        low = key_at<Key>(low + half) <= key ? low + half : low;
        left -= half;
    }
    return count_ != 0 && key_at<Key>(low) <= key ? low : kNone;
}

template <typename Key>
std::uint32_t RangeBlock::narrowest_by(const Address& address) const noexcept {
    const Key key = relative_key<Key>(address, depth_);
    std::uint32_t item = last_not_after(key);
    while (item != kNone) {
        const unsigned relative = static_cast<std::uint8_t>(lengths_[item]);
        if (relative <= 8 * sizeof(Key) && covers(key_at<Key>(item), relative, key)) {
            break;
        }
        item = parent(item);
    }
    return item;
}

std::uint32_t RangeBlock::narrowest(const Address& address) const noexcept {
    switch (key_bytes_) {
        case 1:
            return narrowest_by<std::uint8_t>(address);
        case 2:
            return narrowest_by<std::uint16_t>(address);
        case 4:
            return narrowest_by<std::uint32_t>(address);
        case 8:
            return narrowest_by<std::uint64_t>(address);
        default:
            return narrowest_by<Uint128>(address);
    }
}

void RangeBlock::expect(const Address& address) const noexcept {
    std::uint32_t item = kNone;
    if (key_bytes_ == sizeof(std::uint16_t)) {
        item = last_not_after(relative_key<std::uint16_t>(address, depth_));
    } else if (key_bytes_ == sizeof(std::uint8_t)) {
        item = last_not_after(relative_key<std::uint8_t>(address, depth_));
    }
    if (item == kNone) {
        return;
    }
    // Here and not in a function of their own: one that only prefetches has no effect that GCC
    // sees, and a call of it in the same file is dropped.
    __builtin_prefetch(lengths_ + item);
    __builtin_prefetch(parents_ + std::size_t{item} * parent_bytes_);
    __builtin_prefetch(indexes_ + std::size_t{item} * index_bytes_);
    __builtin_prefetch(palette_);
}

std::uint32_t RangeBlock::lower_bound(const Prefix& wanted) const noexcept {
    std::uint32_t low = 0;
    std::uint32_t high = count_;
    const Address node_base = mask_to(wanted.base, depth_);
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (prefix(middle, node_base) < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

std::vector<NodeItem> RangeBlock::items(const Address& node_base) const {
    std::vector<NodeItem> items;
    items.reserve(count_);
    for (std::uint32_t i = 0; i < count_; ++i) {
        items.push_back({prefix(i, node_base), mark(i)});
    }
    return items;
}

std::string encode_block(unsigned depth, unsigned child_step, const std::vector<NodeItem>& items) {
    unsigned longest = depth;
    std::uint64_t list_bits = 0;
    for (const NodeItem& item : items) {
        longest = std::max<unsigned>(longest, item.prefix.length);
        if (!item.mark.exempt) {
            list_bits |= std::uint64_t{1} << (static_cast<unsigned>(item.mark.list) % 64U);
        }
    }
    const Palette palette = make_palette(items);
    const std::vector<std::uint32_t> parents = find_parents(items);
    const std::uint8_t key_bytes = key_width_for(longest - depth);
    const std::uint8_t parent_bytes = width_for(items.size());
    const std::uint8_t index_bytes = width_for(palette.marks.size());

    ByteWriter header;
    header.u8(kBlockVersion);
    header.u8(static_cast<std::uint8_t>(depth));
    header.u8(key_bytes);
    header.u8(static_cast<std::uint8_t>(child_step));
    header.u32(static_cast<std::uint32_t>(items.size()));
    header.u32(static_cast<std::uint32_t>(palette.marks.size()));
    header.u8(parent_bytes);
    header.u8(index_bytes);
    header.u16(0);
    header.u64(list_bits);

    std::string out = header.bytes();
    out.reserve(out.size() +
                items.size() * (std::size_t{key_bytes} + 1 + parent_bytes + index_bytes) +
                palette.marks.size() * kPaletteItemBytes);
    write_keys(out, items, depth, key_bytes);
    for (const NodeItem& item : items) {
        out.push_back(static_cast<char>(item.prefix.length - depth));
    }
    for (const std::uint32_t parent : parents) {
        write_small(out, parent, parent_bytes);
    }
    for (const std::uint32_t at : palette.of_item) {
        write_small(out, at, index_bytes);
    }
    for (const Mark& mark : palette.marks) {
        write_mark(out, mark);
    }
    return out;
}

NodeKeyBytes encode_key(const NodeKey& key) noexcept {
    NodeKeyBytes out{};
    const auto base = key.base.to_bytes();
    std::memcpy(out.data(), base.data(), base.size());
    out[kNodeKeyBytes - 1] = static_cast<char>(key.depth);
    return out;
}

std::optional<NodeKey> decode_node_key(Bytes bytes) noexcept {
    if (bytes.size() != kNodeKeyBytes) {
        return std::nullopt;
    }
    std::array<std::uint8_t, 16> base{};
    std::memcpy(base.data(), bytes.data(), base.size());
    return NodeKey{Address::from_bytes(base), static_cast<std::uint8_t>(bytes.back())};
}

}  // namespace fairlist::index
