#include "importer/feed_import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

FeedImport::FeedImport(Manager& manager, const RunnerOptions& options, const FeedSpec& feed,
                       const ImportProgress& progress)
    : manager_(manager), options_(options), feed_(feed), progress_(progress) {}

Result<std::unique_ptr<FeedImport>> FeedImport::prepare(Manager& manager,
                                                        const RunnerOptions& options,
                                                        const FeedSpec& feed,
                                                        const ImportProgress& progress) {
    std::unique_ptr<FeedImport> import(new FeedImport(manager, options, feed, progress));
    if (const auto ready = import->set_up(); !ready) {
        return std::unexpected(ready.error());
    }
    return import;
}

Result<void> FeedImport::set_up() {
    // It becomes the name of a folder.
    if (const auto name = parse_list_name(feed_.name); !name) {
        return std::unexpected(name.error());
    }
    const std::vector<ListStatus> lists = manager_.lists();
    const auto list = std::ranges::find(lists, feed_.list,
                                        [](const ListStatus& status) { return status.spec.name; });
    if (list == lists.end()) {
        return fail(Errc::NotFound, fmt::format("list \"{}\": not configured", feed_.list));
    }
    list_ = list->spec;
    if (!feed_.format.empty()) {
        const auto format = find_format(feed_.format);
        if (!format) {
            return std::unexpected(format.error());
        }
        format_ = *format;
    }
    auto select = parse_selection(feed_.select);
    if (!select) {
        return std::unexpected(select.error());
    }
    CollectorRules rules;
    if (!feed_.code.empty()) {
        const auto code = parse_code(feed_.code, list_.foreign_codes);
        if (!code) {
            return std::unexpected(code.error());
        }
        rules.code = *code;
    }
    rules.kind = list_.kind;
    rules.now = options_.clock();
    rules.protected_space = &options_.protected_space;
    format_options_ = {list_.kind,         feed_.allow_host_bits, list_.foreign_codes,
                       std::move(*select), feed_.reason,          rules.now,
                       &report_.facts};
    collector_.emplace(feed_, rules, report_);
    return {};
}

// A change of these makes other entries of the same bytes.
std::string FeedImport::settings_fingerprint() const {
    ContentDigest digest;
    for (const std::string& part :
         {feed_.list, feed_.url, feed_.format, feed_.code, feed_.reason,
          fmt::format("{} {} {} {} {} {}", feed_.ttl_seconds, feed_.lifetime_seconds,
                      feed_.widest_v4, feed_.widest_v6, feed_.allow_host_bits, feed_.max_errors),
          fmt::format("{}", fmt::join(feed_.select, "\n"))}) {
        digest.add(part);
        digest.add(std::string_view("\0", 1));
    }
    return digest.hex();
}

Result<Source> FeedImport::fetch(const FeedState& state, bool dry_run) {
    FetchRequest request;
    request.url = feed_.url;
    request.etag = state.etag;
    request.last_modified = state.last_modified;
    request.scratch_parent =
        dry_run ? std::filesystem::temp_directory_path() : options_.feeds / feed_.name;
    request.bytes_max = feed_.max_bytes;
    request.timeout_s = feed_.timeout_s;
    request.guard = {feed_.allow_private_fetch, options_.fetch_allowed};
    if (progress_) {
        request.progress = [this](std::uint64_t bytes) {
            progress_(ImportPhase::Fetch, bytes, 0);
        };
    }
    return open_source(request);
}

// Everything that is read passes here: counted, fingerprinted, and kept.
Result<std::size_t> FeedImport::read_through(ByteStream& bytes, KeptWriter& kept,
                                             std::span<char> out) {
    const auto got = bytes.read(out);
    if (!got || *got == 0) {
        return got;
    }
    const std::span<const char> fresh = out.first(*got);
    digest_.add(fresh);
    report_.bytes += fresh.size();
    if (report_.bytes > feed_.max_bytes) {
        return fail(Errc::OutOfRange,
                    fmt::format("larger than the limit of {} bytes (max_bytes)", feed_.max_bytes));
    }
    if (kept.is_open()) {
        if (const auto written = kept.write(fresh); !written) {
            return std::unexpected(written.error());
        }
    }
    if (progress_) {
        progress_(ImportPhase::Parse, report_.bytes, 0);
    }
    return got;
}

Result<void> FeedImport::parse_file(const std::string& name, ByteStream& bytes, KeptWriter& kept) {
    if (kept.is_open()) {
        if (const auto begun = kept.begin(name); !begun) {
            return begun;
        }
    }
    Input input(name, [&](std::span<char> out) { return read_through(bytes, kept, out); });
    const Format* used = nullptr;
    const auto parsed = parse_input(input, format_, format_options_, *collector_, &used);
    ++report_.files;
    report_.lines += input.lines();
    report_.format = used == nullptr ? std::string() : std::string(used->name);
    if (const auto status = collector_->status(); !status) {
        return status;
    }
    return parsed;
}

Result<void> FeedImport::parse_source(Source& source, KeptWriter& kept) {
    while (true) {
        auto file = source.next();
        if (!file) {
            return std::unexpected(file.error());
        }
        if (!*file) {
            return {};
        }
        if (const auto parsed = parse_file((*file)->name, *(*file)->bytes, kept); !parsed) {
            return parsed;
        }
    }
}

Result<void> FeedImport::parse_kept(KeptReader& version, KeptWriter& kept) {
    while (true) {
        const auto name = version.next();
        if (!name) {
            return std::unexpected(name.error());
        }
        if (!*name) {
            return {};
        }
        if (const auto parsed = parse_file(**name, version, kept); !parsed) {
            return parsed;
        }
    }
}

Result<void> FeedImport::plan() {
    auto planned = manager_.plan(feed_.list, feed_.name, collector_->entries());
    if (!planned) {
        return std::unexpected(planned.error());
    }
    report_.plan = *planned;
    return {};
}

Result<void> FeedImport::apply(const Actor& actor, const FeedState& state) {
    Progress progress;
    if (progress_) {
        progress = [this](std::uint64_t done, std::uint64_t total) {
            progress_(ImportPhase::Apply, done, total);
        };
    }
    auto applied =
        manager_.apply(actor, feed_.list, feed_.name, collector_->entries(), state, progress);
    if (!applied) {
        return std::unexpected(applied.error());
    }
    report_.plan = *applied;
    report_.outcome = ImportOutcome::Applied;
    report_.version = state.version;
    return {};
}

}  // namespace fairlist::importer
