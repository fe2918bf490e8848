// RangeBlock: one value of the nodes table: the sorted, nested prefixes of one bucket of address
// space, all lists together. Layout: listing/store/FORMAT.md.
#pragma once

#include "listing/model/address.h"
#include "listing/store/environment.h"
#include "listing/store/records.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::index {

// One entry of a node while it is being changed.
struct NodeItem {
    Prefix prefix;
    store::Mark mark;
};

// Order inside a node: by prefix (the wider first), then entries before exemptions. So a walk from
// an item to its parents meets an exemption before the entries of the same prefix.
[[nodiscard]] bool node_order(const NodeItem& a, const NodeItem& b) noexcept;

// Reads a block in place. Lifetime: the bytes belong to the transaction.
//
// A block that open() accepted cannot make any accessor read outside its bytes, whatever they say.
class RangeBlock {
  public:
    RangeBlock() = default;
    // Nothing when the header and the size contradict each other.
    [[nodiscard]] static std::optional<RangeBlock> open(store::Bytes bytes) noexcept;
    // The same block again, without looking whether it is sound. Requires: open() has accepted the
    // bytes, and the transaction still holds them.
    [[nodiscard]] static RangeBlock reopen(const char* bytes) noexcept;

    [[nodiscard]] std::uint32_t size() const noexcept { return count_; }
    [[nodiscard]] unsigned depth() const noexcept { return depth_; }
    // 0: no children. Else entries of depth() + child_step() bits and more are in nodes below.
    [[nodiscard]] unsigned child_step() const noexcept { return child_step_; }
    // One bit for each list that has an entry (not only exemptions) here, modulo 64.
    [[nodiscard]] std::uint64_t list_bits() const noexcept { return list_bits_; }

    [[nodiscard]] unsigned length(std::uint32_t item) const noexcept;
    [[nodiscard]] Prefix prefix(std::uint32_t item, const Address& node_base) const noexcept;
    [[nodiscard]] store::Mark mark(std::uint32_t item) const noexcept;
    // The narrowest item that holds this one and is another; kNone at the top.
    [[nodiscard]] std::uint32_t parent(std::uint32_t item) const noexcept;

    // The narrowest item that covers the address; kNone when there is none. Follow with parent().
    [[nodiscard]] std::uint32_t narrowest(const Address& address) const noexcept;
    // A hint that narrowest() will be asked for the address soon. Only nodes with keys of 8 or 16
    // bits take it: those of IPv4 below the root.
    void expect(const Address& address) const noexcept;
    // The first item not before this prefix; size() when there is none.
    [[nodiscard]] std::uint32_t lower_bound(const Prefix& prefix) const noexcept;

    [[nodiscard]] std::uint32_t palette_size() const noexcept { return palette_count_; }
    [[nodiscard]] store::Mark palette(std::uint32_t at) const noexcept;

    [[nodiscard]] std::vector<NodeItem> items(const Address& node_base) const;
    // Whole columns, for those who look at every item: prefix() of each, and the number in the
    // palette of its mark().
    void prefixes(const Address& node_base, std::vector<Prefix>& out) const;
    void mark_numbers(std::vector<std::uint32_t>& out) const;

    static constexpr std::uint32_t kNone = UINT32_MAX;
    static constexpr std::size_t kHeaderBytes = 24;

  private:
    // Where the columns lie, from the header's numbers.
    void find_columns(const char* columns) noexcept;
    template <typename Key>
    [[nodiscard]] std::uint32_t last_not_after(Key key) const noexcept;
    template <typename Key>
    [[nodiscard]] std::uint32_t narrowest_by(const Address& address) const noexcept;
    template <typename Key>
    void read_prefixes(const Address& node_base, std::vector<Prefix>& out) const;
    template <typename Index>
    void read_indexes(std::vector<std::uint32_t>& out) const;
    template <typename Key>
    [[nodiscard]] Key key_at(std::uint32_t item) const noexcept;

    const char* keys_ = nullptr;
    const char* lengths_ = nullptr;
    const char* parents_ = nullptr;
    const char* indexes_ = nullptr;
    const char* palette_ = nullptr;
    std::uint64_t list_bits_ = 0;
    std::uint32_t count_ = 0;
    std::uint32_t palette_count_ = 0;
    std::uint8_t depth_ = 0;
    std::uint8_t key_bytes_ = 0;
    std::uint8_t child_step_ = 0;
    std::uint8_t parent_bytes_ = 0;
    std::uint8_t index_bytes_ = 0;
};

// Requires: sorted by node_order(), all prefixes inside the node and not shorter than `depth`.
[[nodiscard]] std::string encode_block(unsigned depth, unsigned child_step,
                                       const std::vector<NodeItem>& items);
// What encode_block() makes of them is at least as large.
[[nodiscard]] std::size_t block_bytes_least(unsigned depth,
                                            const std::vector<NodeItem>& items) noexcept;

// Key of a node: 16 bytes of base in network order and the depth.
inline constexpr std::size_t kNodeKeyBytes = 17;
struct NodeKey {
    Address base;
    std::uint8_t depth = 0;

    friend auto operator<=>(const NodeKey&, const NodeKey&) noexcept = default;
};
using NodeKeyBytes = std::array<char, kNodeKeyBytes>;
[[nodiscard]] NodeKeyBytes encode_key(const NodeKey& key) noexcept;
[[nodiscard]] std::optional<NodeKey> decode_node_key(store::Bytes bytes) noexcept;

}  // namespace fairlist::index
