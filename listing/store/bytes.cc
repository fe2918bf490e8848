#include "listing/store/bytes.h"

#include "listing/base/check.h"

namespace fairlist::store {

std::string_view ByteReader::bytes(std::size_t size) noexcept {
    if (size > rest_.size()) {
        ok_ = false;
        rest_ = {};
        return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
}

void ByteWriter::text(std::string_view value) {
    FAIRLIST_CHECK(value.size() <= UINT16_MAX);
    u16(static_cast<std::uint16_t>(value.size()));
    bytes(value);
}

}  // namespace fairlist::store
