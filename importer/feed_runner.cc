#include "importer/feed_runner.h"

#include "importer/feed_folder.h"
#include "importer/feed_import.h"
#include "importer/import_guard.h"

#include <fmt/format.h>

#include <expected>
#include <optional>
#include <utility>

namespace fairlist::importer {

namespace {

FeedState state_of(Manager& manager, const std::string& name) {
    FeedState state = manager.feed(name).value_or(FeedState{});
    state.name = name;
    return state;
}

// The disk that failed the import may fail this as well: what is told is the first error.
void remember_error(Manager& manager, const std::string& name, const Error& error) {
    try {
        FeedState state = state_of(manager, name);
        state.last_error = error.message;
        manager.save_feed(state);
    } catch (const store::StoreError&) {
        return;
    }
}

// Removes the kept bytes of a version unless it comes into force: also when the store throws, as on
// a full disk, where these bytes would be in the way of what comes next.
class VersionGuard {
  public:
    VersionGuard(const FeedFolder& folder, std::uint64_t version)
        : folder_(folder), version_(version) {}
    ~VersionGuard() {
        if (!in_force_) {
            folder_.drop_version(version_);
        }
    }
    VersionGuard(const VersionGuard&) = delete;
    VersionGuard& operator=(const VersionGuard&) = delete;
    void is_in_force() noexcept { in_force_ = true; }

  private:
    const FeedFolder& folder_;
    std::uint64_t version_;
    bool in_force_ = false;
};

// One run with what it needs; each function is one way to bring a version in.
class Run {
  public:
    Run(Manager& manager, const FeedSpec& feed, FeedFolder& folder, FeedImport& import)
        : manager_(manager),
          feed_(feed),
          folder_(folder),
          import_(import),
          state_(state_of(manager, feed.name)) {}

    Result<ImportReport> from_source(const RunOptions& options) {
        // A renewed lifetime is a change although the bytes are the same.
        const bool may_skip = !options.force && feed_.lifetime_seconds == 0 &&
                              folder_.settings() == import_.settings_fingerprint();
        FeedState known = state_;
        if (!may_skip) {
            known.etag.clear();
            known.last_modified.clear();
        }
        auto source = import_.fetch(known, options.dry_run);
        if (!source) {
            return std::unexpected(source.error());
        }
        if (source->is_unchanged()) {
            return unchanged(options.dry_run);
        }
        KeptWriter kept;
        if (!options.dry_run) {
            if (const auto opened = kept.open(folder_.incoming_path()); !opened) {
                return std::unexpected(opened.error());
            }
        }
        if (const auto parsed = import_.parse_source(*source, kept); !parsed) {
            return std::unexpected(parsed.error());
        }
        const std::string digest = import_.digest();
        if (may_skip && digest == state_.digest) {
            return unchanged(options.dry_run);
        }
        if (const auto planned = import_.plan(); !planned) {
            return std::unexpected(planned.error());
        }
        import_.report().held_why = hold_reason(import_.report().plan, feed_.guard);
        if (options.dry_run) {
            return planned_only();
        }
        if (!import_.report().held_why.empty()) {
            return hold(kept);
        }
        state_.rolled_back = false;
        state_.digest = digest;
        state_.etag = source->etag();
        state_.last_modified = source->last_modified();
        return bring_in(kept,
                        options.actor.name.empty() ? Actor{"feed:" + feed_.name} : options.actor);
    }

    Result<ImportReport> from_held(const Actor& actor) {
        if (!state_.held) {
            return fail(Errc::NotFound, "no version is held");
        }
        // The bytes are then known: a run that finds them again has nothing new.
        state_.rolled_back = false;
        return from_kept(folder_.held_path(), actor, true);
    }

    Result<ImportReport> from_version(std::uint64_t version, const Actor& actor) {
        state_.rolled_back = true;
        return from_kept(folder_.version_path(version), actor, false);
    }

  private:
    Result<ImportReport> from_kept(const std::filesystem::path& path, const Actor& actor,
                                   bool takes_digest) {
        auto version = KeptReader::open(path);
        if (!version) {
            return std::unexpected(version.error());
        }
        KeptWriter kept;
        if (const auto opened = kept.open(folder_.incoming_path()); !opened) {
            return std::unexpected(opened.error());
        }
        if (const auto parsed = import_.parse_kept(**version, kept); !parsed) {
            return std::unexpected(parsed.error());
        }
        if (const auto planned = import_.plan(); !planned) {
            return std::unexpected(planned.error());
        }
        if (takes_digest) {
            state_.digest = import_.digest();
            state_.etag.clear();
            state_.last_modified.clear();
        }
        return bring_in(kept, actor);
    }

    Result<ImportReport> unchanged(bool dry_run) {
        ImportReport& report = import_.report();
        report.outcome = ImportOutcome::Unchanged;
        report.version = state_.version;
        report.plan.unchanged = state_.entries;
        report.plan.total_before = state_.entries;
        report.plan.total_after = state_.entries;
        if (!dry_run) {
            state_.checked = import_.now();
            state_.last_error.clear();
            // The source went back to what is in force: what it had in between is of no use.
            state_.held = false;
            state_.held_why.clear();
            manager_.save_feed(state_);
            folder_.drop_held();
        }
        return std::move(report);
    }

    Result<ImportReport> planned_only() {
        import_.report().outcome = ImportOutcome::Planned;
        import_.report().version = state_.version;
        return std::move(import_.report());
    }

    Result<ImportReport> hold(KeptWriter& kept) {
        if (const auto finished = kept.finish(folder_.held_path()); !finished) {
            return std::unexpected(finished.error());
        }
        ImportReport& report = import_.report();
        report.outcome = ImportOutcome::Held;
        report.version = state_.version;
        state_.checked = import_.now();
        state_.last_error.clear();
        state_.held = true;
        state_.held_why = report.held_why;
        manager_.save_feed(state_);
        return std::move(report);
    }

    // The kept bytes come first: a version without them could not be rolled back to, while bytes
    // without their version do no harm.
    Result<ImportReport> bring_in(KeptWriter& kept, const Actor& actor) {
        const std::uint64_t version = state_.version + 1;
        if (const auto finished = kept.finish(folder_.version_path(version)); !finished) {
            return std::unexpected(finished.error());
        }
        VersionGuard guard(folder_, version);
        state_.version = version;
        state_.imported = import_.now();
        state_.checked = state_.imported;
        state_.entries = import_.report().plan.total_after;
        state_.data_end = import_.report().facts.data_end;
        state_.last_error.clear();
        state_.held = false;
        state_.held_why.clear();
        if (const auto applied = import_.apply(actor, state_); !applied) {
            return std::unexpected(applied.error());
        }
        guard.is_in_force();
        folder_.drop_held();
        folder_.prune();
        if (const auto saved = folder_.save_settings(import_.settings_fingerprint()); !saved) {
            return std::unexpected(saved.error());
        }
        if (const auto saved = folder_.save_origin(origin_of(feed_.url)); !saved) {
            return std::unexpected(saved.error());
        }
        return std::move(import_.report());
    }

    Manager& manager_;
    const FeedSpec& feed_;
    FeedFolder& folder_;
    FeedImport& import_;
    FeedState state_;
};

// Prepares, runs `way`, and keeps an error in the feed's state.
template <typename Way>
Result<ImportReport> run_with(Manager& manager, const RunnerOptions& options, const FeedSpec& feed,
                              const ImportProgress& progress, bool dry_run, Way&& way) {
    const auto import = FeedImport::prepare(manager, options, feed, progress);
    if (!import) {
        return std::unexpected(import.error());
    }
    auto folder = dry_run ? FeedFolder::look(options.feeds, feed.name)
                          : FeedFolder::open(options.feeds, feed.name);
    if (!folder) {
        return std::unexpected(folder.error());
    }
    Run run(manager, feed, *folder, **import);
    return way(run);
}

}  // namespace

FeedRunner::FeedRunner(Manager& manager, RunnerOptions options)
    : manager_(manager), options_(std::move(options)) {}

Result<ImportReport> FeedRunner::run(const FeedSpec& feed, const RunOptions& options) {
    auto report = run_with(manager_, options_, feed, options.progress, options.dry_run,
                           [&](Run& run) { return run.from_source(options); });
    const bool forgets = options.one_off && !manager_.feed(feed.name);
    if (!report && report.error().code != Errc::Conflict && !options.dry_run && !forgets) {
        remember_error(manager_, feed.name, report.error());
    }
    return report;
}

Result<ImportReport> FeedRunner::approve(const FeedSpec& feed, const Actor& actor,
                                         const ImportProgress& progress) {
    return run_with(manager_, options_, feed, progress, false,
                    [&](Run& run) { return run.from_held(actor); });
}

Result<ImportReport> FeedRunner::rollback(const FeedSpec& feed, std::uint64_t version,
                                          const Actor& actor, const ImportProgress& progress) {
    return run_with(manager_, options_, feed, progress, false,
                    [&](Run& run) { return run.from_version(version, actor); });
}

Result<Holdings> FeedRunner::holdings(const std::string& source) {
    if (const auto name = parse_list_name(source); !name) {
        return std::unexpected(name.error());
    }
    Holdings held;
    for (const ListStatus& list : manager_.lists()) {
        ImportSet nothing;
        const auto plan = manager_.plan(list.spec.name, source, nothing);
        if (!plan) {
            return std::unexpected(plan.error());
        }
        held.entries += plan->removed;
    }
    held.versions = kept_versions(options_.feeds, source).size();
    if (held.entries == 0 && held.versions == 0 && !manager_.feed(source)) {
        return fail(Errc::NotFound, fmt::format("source \"{}\": nothing is known of it", source));
    }
    return held;
}

Result<Holdings> FeedRunner::forget(const std::string& source, const Actor& actor) {
    auto held = holdings(source);
    if (!held) {
        return held;
    }
    auto folder = FeedFolder::open(options_.feeds, source);
    if (!folder) {
        return std::unexpected(folder.error());
    }
    for (const ListStatus& list : manager_.lists()) {
        ImportSet nothing;
        const auto plan = manager_.plan(list.spec.name, source, nothing);
        if (plan && plan->removed == 0) {
            continue;
        }
        const auto gone =
            manager_.apply(actor, list.spec.name, source, nothing, std::nullopt, nullptr);
        if (!gone) {
            return std::unexpected(gone.error());
        }
    }
    manager_.forget_feed(actor, source);
    if (const auto removed = folder->remove(); !removed) {
        return std::unexpected(removed.error());
    }
    return held;
}

}  // namespace fairlist::importer
