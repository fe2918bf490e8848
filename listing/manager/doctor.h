// Doctor: whether a store is whole: index, counts, journal, audit log, ledger, providers and
// policies, each in itself and all with each other.
#pragma once

#include "listing/store/environment.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist {

struct DoctorReport {
    std::uint64_t nodes = 0;
    std::uint64_t addresses = 0;  // entries and exemptions, here and below
    std::uint64_t names = 0;
    std::uint64_t digests = 0;
    std::uint64_t verdicts = 0;
    std::uint64_t commits = 0;        // in the journal
    std::uint64_t audit_records = 0;  // that are as written
    std::uint64_t listings = 0;       // in the ledger, those that have ended as well
    std::uint64_t open_listings = 0;
    std::uint64_t hits = 0;
    std::uint64_t providers = 0;
    std::uint64_t provider_ranges = 0;
    std::uint64_t policy_versions = 0;
    std::uint64_t granted_exemptions = 0;
    std::uint64_t fault_count = 0;
    std::vector<std::string> faults;  // the first kFaultsMax
};

inline constexpr std::size_t kFaultsMax = 100;

// One snapshot, so that all are of the same moment; it pins the pages that a writer frees
// meanwhile. About 3 million entries a second.
[[nodiscard]] DoctorReport examine(const store::Txn& txn);

}  // namespace fairlist
