// FeedRecord: FeedState as the feeds table holds it.
#pragma once

#include "listing/manager/manager.h"
#include "listing/store/environment.h"

#include <optional>
#include <string>

namespace fairlist {

[[nodiscard]] std::string encode_feed(const FeedState& state);
// Nothing when the record is malformed or of a version we do not know.
[[nodiscard]] std::optional<FeedState> decode_feed(store::Bytes name, store::Bytes record);

}  // namespace fairlist
