// A block from a damaged store must never make a look-up read outside its bytes or go round in
// circles.
#include "listing/index/range_block.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace {

using fairlist::Address;
using fairlist::Prefix;
using fairlist::index::RangeBlock;

void walk(const RangeBlock& block, const Address& address) {
    block.expect(address);
    std::uint32_t steps = 0;
    std::uint32_t item = block.narrowest(address);
    while (item != RangeBlock::kNone) {
        static_cast<void>(block.mark(item));
        static_cast<void>(block.length(item));
        item = block.parent(item);
        if (++steps > block.size()) {
            std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto block = RangeBlock::open(bytes);
    if (!block) {
        return 0;
    }
    walk(*block, Address::from_v4(0x0B010203));
    walk(*block, Address{});
    walk(*block, Address{UINT64_MAX, UINT64_MAX});
    if (block->size() < 4096) {
        for (const auto& item : block->items(Address{})) {
            walk(*block, item.prefix.base);
        }
    }
    static_cast<void>(block->lower_bound(Prefix::single(Address::from_v4(0x0B010203))));
    return 0;
}
