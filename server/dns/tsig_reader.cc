#include "server/dns/tsig_reader.h"

#include "server/dns/wire_reader.h"

#include <algorithm>

namespace fairlist::dns {
namespace {

// The key's name is sent back as it came. A pointer keeps its meaning then only when it points at a
// label of the question, which is sent back at the same place.
bool can_be_echoed(const RawName& owner, const Query& query) noexcept {
    if (owner.pointer == 0) {
        return true;
    }
    if (!query.has_question) {
        return false;
    }
    const std::size_t target = owner.pointer - kHeaderBytes;
    const auto starts = std::span(query.name.label_start).first(query.name.label_count);
    const bool at_label =
        target == query.name.size || std::ranges::find(starts, target) != starts.end();
    // Two octets of pointer are replaced by the rest of the question's name and the root label.
    return at_label && owner.bytes.size() - 2 + (query.name.size - target) + 1 <= kNameBytesMax;
}

}  // namespace

bool read_tsig(const RawName& owner, std::span<const std::uint8_t> rdata, Query& query) noexcept {
    WireReader reader(rdata);
    // Never compressed (RFC 3597 section 4): it stands first, with nothing before it to point at.
    const auto algorithm = read_raw_name(reader);
    if (!algorithm || !can_be_echoed(owner, query)) {
        return false;
    }
    const std::uint64_t time = reader.read_u48();
    static_cast<void>(reader.read_u16());                     // fudge
    static_cast<void>(reader.read_bytes(reader.read_u16()));  // MAC
    const std::uint16_t original_id = reader.read_u16();
    static_cast<void>(reader.read_u16());                     // error
    static_cast<void>(reader.read_bytes(reader.read_u16()));  // other data
    if (!reader.at_end()) {
        return false;
    }
    query.tsig_key_name = owner.bytes;
    query.tsig_algorithm = algorithm->bytes;
    query.tsig_time = time;
    query.tsig_original_id = original_id;
    return true;
}

}  // namespace fairlist::dns
