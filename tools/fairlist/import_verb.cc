#include "tools/fairlist/feed_access.h"
#include "tools/fairlist/import_result.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"
#include "zones/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace fairlist::cli {

namespace {

constexpr std::string_view kDefaultSource = "manual-import";

// The file's base name as far as it can be a name: "Drop List.txt" is "drop-list".
std::string source_name(const ImportOptions& options) {
    if (!options.source.empty()) {
        return options.source;
    }
    std::string name = std::filesystem::path(options.input).stem().string();
    std::ranges::transform(name, name.begin(), [](char c) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        return lower == ' ' || lower == '.' ? '-' : lower;
    });
    return parse_list_name(name).value_or(std::string(kDefaultSource));
}

Result<std::uint32_t> seconds_of(std::string_view option, const std::string& text) {
    if (text.empty()) {
        return 0;
    }
    const auto seconds = parse_duration(text);
    if (!seconds) {
        return fail_in(std::string(option), seconds.error());
    }
    return seconds;
}

// The guard stands aside for --yes.
importer::GuardSpec guard_of(const ImportOptions& options) {
    return options.yes ? importer::GuardSpec{100, UINT32_MAX, true} : importer::GuardSpec{};
}

Result<importer::FeedSpec> spec_of(const ImportOptions& options) {
    importer::FeedSpec spec;
    const auto name = parse_list_name(source_name(options));
    if (!name) {
        return fail_in("--source", name.error());
    }
    spec.name = *name;
    spec.list = options.list;
    spec.url = options.input;
    spec.format = options.format;
    spec.code = options.code;
    spec.reason = options.reason;
    const auto ttl = seconds_of("--ttl", options.ttl);
    const auto lifetime = seconds_of("--lifetime", options.lifetime);
    if (!ttl || !lifetime) {
        return std::unexpected((ttl ? lifetime : ttl).error());
    }
    spec.ttl_seconds = *ttl;
    spec.lifetime_seconds = *lifetime;
    spec.max_errors = options.max_errors;
    spec.allow_host_bits = options.allow_host_bits;
    spec.allow_private_fetch = options.allow_private;
    spec.guard = guard_of(options);
    return spec;
}

void print_result(const Session& session, const ImportResult& result) {
    if (session.json()) {
        print(imports_json({result}));
    } else if (result.report) {
        print(import_text(result, "apply it all the same with --yes"));
    } else {
        static_cast<void>(session.report(result.report.error()));
    }
}

}  // namespace

ExitStatus run_import(Session& session, const ImportOptions& options) {
    const auto spec = spec_of(options);
    if (!spec) {
        return session.report(spec.error(), ExitStatus::Usage);
    }
    if (const auto list = session.list(options.list); !list) {
        return session.report(list.error());
    }
    auto runner = make_runner(session, options.dry_run);
    if (!runner) {
        return session.report(runner.error());
    }
    importer::RunOptions run;
    run.dry_run = options.dry_run;
    run.force = true;
    run.actor = Session::actor();
    run.progress = progress_on_terminal(spec->name);
    const ImportResult result{spec->name, spec->list, runner->run(*spec, run)};
    run.progress = nullptr;
    print_result(session, result);
    return status_of(result);
}

}  // namespace fairlist::cli
