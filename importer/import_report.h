// ImportReport: what a run of a feed did, or would do.
#pragma once

#include "importer/formats/record_sink.h"
#include "importer/formats/zone_facts.h"
#include "listing/manager/manager.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fairlist::importer {

// An entry that was well formed and yet may not be listed.
struct Refusal {
    std::string subject;
    std::string why;
};

inline constexpr std::size_t kRejectionsKept = 20;
inline constexpr std::size_t kRefusalsKept = 20;

enum class ImportOutcome : std::uint8_t {
    Unchanged,  // the source has nothing new
    Applied,
    Held,     // the guard keeps it for the operator; the old version stays in force
    Planned,  // a dry run ended before it was applied
};

struct ImportReport {
    ImportOutcome outcome = ImportOutcome::Unchanged;
    std::string format;         // the one used for the last file
    std::uint64_t version = 0;  // in force after the run
    std::string held_why;       // also in a dry run: why it would be held
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;  // after decoding
    std::uint64_t lines = 0;
    std::uint64_t records = 0;  // well formed, before doubles collapse
    std::uint64_t expired = 0;  // left out: their end is past
    std::uint64_t rejected = 0;
    std::vector<Rejection> rejections;  // the first kRejectionsKept
    std::uint64_t refused = 0;
    std::vector<Refusal> refusals;  // the first kRefusalsKept
    ImportPlan plan;
    ZoneFacts facts;
};

enum class ImportPhase : std::uint8_t { Fetch, Parse, Apply };

// Fetch and Parse count bytes (`total` unknown: 0), Apply entries.
using ImportProgress =
    std::function<void(ImportPhase phase, std::uint64_t done, std::uint64_t total)>;

}  // namespace fairlist::importer
