// NameReader: domain names as they stand in a query.
#pragma once

#include "server/dns/query.h"
#include "server/dns/wire_reader.h"

#include <cstdint>
#include <optional>
#include <span>

namespace fairlist::dns {

// A name of the record sections: where it stands, not what it means. A pointer is not followed, so
// that no message can make us run in circles (RFC 9267 section 2).
struct RawName {
    std::span<const std::uint8_t> bytes;  // its labels, with the root label or pointer at the end
    std::uint16_t pointer = 0;            // the pointer's target; 0: ends in the root label

    [[nodiscard]] bool is_root() const noexcept { return bytes.size() == 1; }
};

// The name of a question, in lower case; false when it is malformed. Compression is refused:
// nothing stands before the question that a pointer could mean.
[[nodiscard]] bool read_question_name(WireReader& reader, QueryName& name) noexcept;

// Any other name; none when it is malformed or points anywhere but backwards.
[[nodiscard]] std::optional<RawName> read_raw_name(WireReader& reader) noexcept;

}  // namespace fairlist::dns
