// Index check: whether the tables of the index are what FORMAT.md says, and agree with each other.
#pragma once

#include "listing/model/entry.h"
#include "listing/store/environment.h"
#include "listing/store/registry.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace fairlist {

struct IndexTally {
    std::uint64_t nodes = 0;
    std::uint64_t addresses = 0;  // entries and exemptions
    std::uint64_t names = 0;
    std::uint64_t digests = 0;
    std::uint64_t verdicts = 0;
    std::map<std::pair<ListId, SourceId>, store::EntryCounts> counts;
};

// Walks all nodes, names, digests and verdicts, and says each fault to `fault`. About 3 million
// entries a second.
[[nodiscard]] IndexTally check_index(const store::Txn& txn,
                                     const std::function<void(std::string)>& fault);

}  // namespace fairlist
