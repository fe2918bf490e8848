// Border count: how many parts of a range are listed by themselves.
#pragma once

#include "listing/model/entry.h"
#include "listing/model/prefix.h"
#include "listing/store/environment.h"

#include <cstdint>

namespace fairlist {

// Open listings of this list inside the border, narrower than it, `left_out` not counted; at most
// `enough`. Looks at the first 4,096 subjects in the border that were ever listed.
[[nodiscard]] std::uint32_t count_open_within(const store::Txn& txn, ListId list,
                                              const Prefix& border, const Prefix& left_out,
                                              std::uint32_t enough);

}  // namespace fairlist
