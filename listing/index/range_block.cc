#include "listing/index/range_block.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

namespace fairlist::index {

using store::Bytes;
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

// Writes the columns one after another into room that was taken beforehand.
class ColumnWriter {
  public:
    explicit ColumnWriter(char* at) noexcept : at_(at) {}

    template <typename Number>
    void number(Number value) noexcept {
        std::memcpy(at_, &value, sizeof(value));
        at_ += sizeof(value);
    }
    // Numbers of 1, 2 or 4 bytes.
    void column(const std::vector<std::uint32_t>& values, std::uint8_t width) noexcept {
        switch (width) {
            case 1:
                return column_of<std::uint8_t>(values);
            case 2:
                return column_of<std::uint16_t>(values);
            default:
                return column_of<std::uint32_t>(values);
        }
    }

  private:
    template <typename Number>
    void column_of(const std::vector<std::uint32_t>& values) noexcept {
        for (const std::uint32_t value : values) {
            number(static_cast<Number>(value));
        }
    }

    char* at_;
};

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

void write_mark(ColumnWriter& out, const Mark& mark) noexcept {
    out.number(mark.verdict | (mark.exempt ? kExemptBit : 0U));
    out.number(static_cast<std::uint16_t>(mark.list));
    out.number(static_cast<std::uint16_t>(mark.source));
    out.number(mark.since.seconds);
    out.number(mark.until.seconds);
}

// Distinct marks of a node in the order of first use, and which one each item has.
struct Palette {
    std::vector<Mark> marks;
    std::vector<std::uint32_t> of_item;
};

// Finds the numbers of the marks of a palette that is being made.
class PaletteMaker {
  public:
    explicit PaletteMaker(std::vector<Mark>& marks) noexcept : marks_(marks) {}

    std::uint32_t number_of(const Mark& mark) {
        // A node has few marks, or each of its own: a guess is right or worth nothing.
        std::uint32_t& guess = guesses_[(mark.verdict ^ mark.since.seconds) % kGuesses];
        if (guess < marks_.size() && marks_[guess] == mark) {
            return guess;
        }
        const auto next = static_cast<std::uint32_t>(marks_.size());
        const auto [at, is_new] = numbers_.emplace(mark, next);
        if (is_new) {
            marks_.push_back(mark);
        }
        guess = at->second;
        return guess;
    }

  private:
    static constexpr std::size_t kGuesses = 64;

    std::vector<Mark>& marks_;
    std::array<std::uint32_t, kGuesses> guesses_{};
    std::map<Mark, std::uint32_t> numbers_;
};

Palette make_palette(const std::vector<NodeItem>& items) {
    Palette palette;
    PaletteMaker maker(palette.marks);
    palette.of_item.reserve(items.size());
    for (const NodeItem& item : items) {
        palette.of_item.push_back(maker.number_of(item.mark));
    }
    return palette;
}

// For each item one more than the number of its parent, 0 at the top.
std::vector<std::uint32_t> find_parents(const std::vector<NodeItem>& items) {
    struct Open {
        Address last;
        std::uint32_t plus_one = 0;
    };
    std::vector<std::uint32_t> parents;
    parents.reserve(items.size());
    std::vector<Open> open;
    for (const NodeItem& item : items) {
        // They are sorted: what begins inside an earlier one lies inside it.
        while (!open.empty() && open.back().last < item.prefix.base) {
            open.pop_back();
        }
        parents.push_back(open.empty() ? 0 : open.back().plus_one);
        open.push_back({item.prefix.last(), static_cast<std::uint32_t>(parents.size())});
    }
    return parents;
}

template <typename Key>
void write_keys_as(ColumnWriter& out, const std::vector<NodeItem>& items, unsigned depth) {
    for (const NodeItem& item : items) {
        out.number(relative_key<Key>(item.prefix.base, depth));
    }
}

void write_keys(ColumnWriter& out, const std::vector<NodeItem>& items, unsigned depth,
                std::uint8_t key_bytes) {
    switch (key_bytes) {
        case 1:
            return write_keys_as<std::uint8_t>(out, items, depth);
        case 2:
            return write_keys_as<std::uint16_t>(out, items, depth);
        case 4:
            return write_keys_as<std::uint32_t>(out, items, depth);
        case 8:
            return write_keys_as<std::uint64_t>(out, items, depth);
        default:
            return write_keys_as<Uint128>(out, items, depth);
    }
}

std::uint8_t key_width_of(unsigned depth, const std::vector<NodeItem>& items) noexcept {
    unsigned longest = depth;
    for (const NodeItem& item : items) {
        longest = std::max<unsigned>(longest, item.prefix.length);
    }
    return key_width_for(longest - depth);
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

template <typename Key>
void RangeBlock::read_prefixes(const Address& node_base, std::vector<Prefix>& out) const {
    for (std::uint32_t i = 0; i < count_; ++i) {
        out.push_back(Prefix::of(absolute(key_at<Key>(i), depth_, node_base), length(i)));
    }
}

void RangeBlock::prefixes(const Address& node_base, std::vector<Prefix>& out) const {
    out.clear();
    out.reserve(count_);
    switch (key_bytes_) {
        case 1:
            return read_prefixes<std::uint8_t>(node_base, out);
        case 2:
            return read_prefixes<std::uint16_t>(node_base, out);
        case 4:
            return read_prefixes<std::uint32_t>(node_base, out);
        case 8:
            return read_prefixes<std::uint64_t>(node_base, out);
        default:
            return read_prefixes<Uint128>(node_base, out);
    }
}

template <typename Index>
void RangeBlock::read_indexes(std::vector<std::uint32_t>& out) const {
    for (std::uint32_t i = 0; i < count_; ++i) {
        Index index{};
        std::memcpy(&index, indexes_ + std::size_t{i} * sizeof(Index), sizeof(Index));
        out.push_back(index < palette_count_ ? index : 0);
    }
}

void RangeBlock::mark_numbers(std::vector<std::uint32_t>& out) const {
    out.clear();
    out.reserve(count_);
    switch (index_bytes_) {
        case 1:
            return read_indexes<std::uint8_t>(out);
        case 2:
            return read_indexes<std::uint16_t>(out);
        default:
            return read_indexes<std::uint32_t>(out);
    }
}

std::vector<NodeItem> RangeBlock::items(const Address& node_base) const {
    std::vector<NodeItem> items;
    items.reserve(count_);
    std::vector<Prefix> prefixes_here;
    prefixes(node_base, prefixes_here);
    for (std::uint32_t i = 0; i < count_; ++i) {
        items.push_back({prefixes_here[i], mark(i)});
    }
    return items;
}

std::size_t block_bytes_least(unsigned depth, const std::vector<NodeItem>& items) noexcept {
    const std::size_t item_bytes =
        std::size_t{key_width_of(depth, items)} + 1 + width_for(items.size()) + 1;
    return RangeBlock::kHeaderBytes + items.size() * item_bytes;
}

std::string encode_block(unsigned depth, unsigned child_step, const std::vector<NodeItem>& items) {
    std::uint64_t list_bits = 0;
    for (const NodeItem& item : items) {
        if (!item.mark.exempt) {
            list_bits |= std::uint64_t{1} << (static_cast<unsigned>(item.mark.list) % 64U);
        }
    }
    const Palette palette = make_palette(items);
    const std::vector<std::uint32_t> parents = find_parents(items);
    const std::uint8_t key_bytes = key_width_of(depth, items);
    const std::uint8_t parent_bytes = width_for(items.size());
    const std::uint8_t index_bytes = width_for(palette.marks.size());

    std::string block(RangeBlock::kHeaderBytes +
                          items.size() * (std::size_t{key_bytes} + 1 + parent_bytes + index_bytes) +
                          palette.marks.size() * kPaletteItemBytes,
                      '\0');
    ColumnWriter out(block.data());
    out.number(kBlockVersion);
    out.number(static_cast<std::uint8_t>(depth));
    out.number(key_bytes);
    out.number(static_cast<std::uint8_t>(child_step));
    out.number(static_cast<std::uint32_t>(items.size()));
    out.number(static_cast<std::uint32_t>(palette.marks.size()));
    out.number(parent_bytes);
    out.number(index_bytes);
    out.number(std::uint16_t{0});
    out.number(list_bits);
    write_keys(out, items, depth, key_bytes);
    for (const NodeItem& item : items) {
        out.number(static_cast<std::uint8_t>(item.prefix.length - depth));
    }
    out.column(parents, parent_bytes);
    out.column(palette.of_item, index_bytes);
    for (const Mark& mark : palette.marks) {
        write_mark(out, mark);
    }
    return block;
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
