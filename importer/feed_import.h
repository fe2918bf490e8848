// FeedImport: one run of one feed, step by step; FeedRunner puts the steps in order.
#pragma once

#include "importer/collector.h"
#include "importer/feed_folder.h"
#include "importer/feed_runner.h"
#include "importer/feed_spec.h"
#include "importer/fetch/content_digest.h"
#include "importer/fetch/kept_file.h"
#include "importer/fetch/source.h"
#include "importer/formats/format.h"
#include "importer/import_report.h"
#include "listing/base/result.h"
#include "listing/manager/manager.h"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace fairlist::importer {

class FeedImport {
  public:
    // Checks the feed against the lists and formats. Errors: NotFound, Malformed.
    [[nodiscard]] static Result<std::unique_ptr<FeedImport>> prepare(
        Manager& manager, const RunnerOptions& options, const FeedSpec& feed,
        const ImportProgress& progress);

    // In a dry run a download goes to the system's folder for temporary files.
    [[nodiscard]] Result<Source> fetch(const FeedState& state, bool dry_run);
    // Reads all files; with `kept` open, their bytes are written there as well.
    [[nodiscard]] Result<void> parse_source(Source& source, KeptWriter& kept);
    [[nodiscard]] Result<void> parse_kept(KeptReader& version, KeptWriter& kept);

    [[nodiscard]] Result<void> plan();
    [[nodiscard]] Result<void> apply(const Actor& actor, const FeedState& state);

    // Of all bytes read. Requires: parsing is done; called once.
    [[nodiscard]] std::string digest() { return digest_.hex(); }
    // What the entries depend on beside the bytes.
    [[nodiscard]] std::string settings_fingerprint() const;
    [[nodiscard]] ImportReport& report() noexcept { return report_; }
    [[nodiscard]] Time now() const noexcept { return format_options_.now; }

  private:
    FeedImport(Manager& manager, const RunnerOptions& options, const FeedSpec& feed,
               const ImportProgress& progress);
    [[nodiscard]] Result<void> set_up();
    [[nodiscard]] Result<void> parse_file(const std::string& name, ByteStream& bytes,
                                          KeptWriter& kept);
    [[nodiscard]] Result<std::size_t> read_through(ByteStream& bytes, KeptWriter& kept,
                                                   std::span<char> out);

    Manager& manager_;
    const RunnerOptions& options_;
    const FeedSpec& feed_;
    const ImportProgress& progress_;
    ListSpec list_;
    const Format* format_ = nullptr;  // null: told by content
    FormatOptions format_options_;
    ContentDigest digest_;
    ImportReport report_;
    std::optional<Collector> collector_;
};

}  // namespace fairlist::importer
