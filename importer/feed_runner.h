// FeedRunner: takes a feed from its source to the Manager: fetch, parse, refuse, plan, guard,
// apply.
#pragma once

#include "importer/feed_spec.h"
#include "importer/fetch/address_guard.h"
#include "importer/import_report.h"
#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/manager.h"
#include "listing/model/protected_space.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace fairlist::importer {

struct RunnerOptions {
    std::filesystem::path feeds;  // "<store>/feeds", made when needed
    ProtectedSpace protected_space;
    std::vector<Prefix> fetch_allowed;  // private space that every feed may be fetched from
    std::function<Time()> clock = now;
};

struct RunOptions {
    // Changes nothing in the store and leaves no file beside it, so that reading it is enough; a
    // download lies in the system's folder for temporary files meanwhile. Takes no lock: an import
    // may run at the same time.
    bool dry_run = false;
    bool force = false;       // imports also when the source has nothing new
    bool one_off = false;     // no feed: when its first import fails, nothing remembers it
    ImportProgress progress;  // may be empty
    Actor actor;              // who, for the journal; without a name "feed:NAME"
};

// What a source has in the store, which forget() takes away.
struct Holdings {
    std::uint64_t entries = 0;
    std::uint64_t versions = 0;  // kept
};

// Nothing here prints. An error leaves the version in force whole and, but for a dry run, is kept
// in the feed's state as last_error. Throws what the Manager throws.
class FeedRunner {
  public:
    FeedRunner(Manager& manager, RunnerOptions options);

    // Errors: NotFound (list, format, source), Conflict (another import of the feed runs), Refused
    // (source address; data that say of themselves that they must not be used), Malformed (too
    // many rejected lines), OutOfRange (limits), Io.
    [[nodiscard]] Result<ImportReport> run(const FeedSpec& feed, const RunOptions& options);

    // Applies exactly the bytes that are held, without the guard. Error: NotFound (nothing held).
    [[nodiscard]] Result<ImportReport> approve(const FeedSpec& feed, const Actor& actor,
                                               const ImportProgress& progress);

    // Makes a kept version the newest one, without the guard. The source's present bytes go on
    // counting as known, so that the next run does not bring them back. Error: NotFound.
    [[nodiscard]] Result<ImportReport> rollback(const FeedSpec& feed, std::uint64_t version,
                                                const Actor& actor, const ImportProgress& progress);

    // The source's entries of all lists, its state and its kept versions. forget() removes them, a
    // transaction for each list. Errors: Malformed (no name), NotFound (nothing of this name),
    // Conflict (an import of it runs), Io.
    [[nodiscard]] Result<Holdings> holdings(const std::string& source);
    [[nodiscard]] Result<Holdings> forget(const std::string& source, const Actor& actor);

  private:
    Manager& manager_;
    RunnerOptions options_;
};

}  // namespace fairlist::importer
