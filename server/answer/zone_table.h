// ZoneTable: the zones of a configuration, compiled for answering; immutable once made.
#pragma once

#include "listing/base/result.h"
#include "listing/model/list.h"
#include "zones/zone.h"

#include <memory>
#include <string>
#include <vector>

namespace fairlist::answer {

struct ZoneTableOptions {
    std::vector<ListSpec> lists;
    std::vector<ZoneSpec> zones;
    std::string version;  // CH TXT version.bind; empty: REFUSED
    std::string nsid;
};

class ZoneTable;

// Errors: a record whose value does not parse, a zone under two origins, an unknown list.
[[nodiscard]] Result<std::shared_ptr<const ZoneTable>> make_zone_table(
    const ZoneTableOptions& options);

}  // namespace fairlist::answer
