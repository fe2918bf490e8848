// Provider records: providers and the ranges that they hold, byte by byte as FORMAT.md has them.
#pragma once

#include "listing/model/provider.h"
#include "listing/store/environment.h"

#include <optional>
#include <string>

namespace fairlist::store {

// The slug is the key. Texts longer than the model allows are cut.
[[nodiscard]] std::string encode_provider(const Provider& provider);
// Nothing when the bytes are no record of a version we know; the same of the others below.
[[nodiscard]] std::optional<Provider> decode_provider(Bytes slug, Bytes bytes);

// A range stands once, by its prefix: so nobody holds what another holds.
[[nodiscard]] std::string range_key(const Prefix& prefix);
[[nodiscard]] std::optional<Prefix> key_range(Bytes key);

struct RangeRecord {
    std::string slug;
    SpaceOrigin origin = SpaceOrigin::Given;
    Time since;
};
[[nodiscard]] std::string encode_range(const RangeRecord& record);
[[nodiscard]] std::optional<RangeRecord> decode_range(Bytes bytes);

}  // namespace fairlist::store
