#include "server/dns/wire_writer.h"

#include <algorithm>

namespace fairlist::dns {

void WireWriter::patch_u16(std::size_t offset, std::uint16_t value) noexcept {
    if (offset + 2 <= size_) {
        store_u16(out_.data() + offset, value);
    }
}

void WireWriter::set_limit(std::size_t limit) noexcept {
    limit_ = std::min(limit, out_.size());
}

void WireWriter::rewind(std::size_t size) noexcept {
    size_ = std::min(size, size_);
    ok_ = true;
}

}  // namespace fairlist::dns
