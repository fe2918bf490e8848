#include "importer/feed_folder.h"
#include "importer/formats/format.h"
#include "tools/fairlist/entry_options.h"
#include "tools/fairlist/feed_access.h"
#include "tools/fairlist/import_result.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

namespace {

// What add enters under: an import would delete it all.
constexpr std::string_view kSourceOfAdd = "manual";

// The file's base name as far as it can be a name: "Drop List.txt" is "drop-list". Sources that
// share a name replace each other, so none is made up.
Result<std::string> source_name(const ImportOptions& options) {
    if (!options.source.empty()) {
        const auto given = parse_list_name(options.source);
        return given ? given : fail_in("--source", given.error());
    }
    std::string name = std::filesystem::path(options.input).stem().string();
    std::ranges::transform(name, name.begin(), [](char c) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        return lower == ' ' || lower == '.' ? '-' : lower;
    });
    auto made = parse_list_name(name);
    if (!made) {
        return fail(Errc::Malformed,
                    fmt::format("\"{}\": no source can be named after it; name one with --source",
                                options.input));
    }
    return made;
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
    const auto name = source_name(options);
    if (!name) {
        return std::unexpected(name.error());
    }
    if (*name == kSourceOfAdd && !(options.source == kSourceOfAdd && options.yes)) {
        return fail(Errc::Refused,
                    "source \"manual\": holds what \"fairlist add\" entered, and an import would "
                    "replace it; name another with --source, or say --source manual --yes");
    }
    spec.name = *name;
    spec.list = options.list;
    spec.url = options.input;
    spec.format = options.format;
    spec.code = options.code;
    spec.reason = options.reason;
    const auto ttl = ttl_option("--ttl", options.ttl);
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

// A name that was made after a file may be another source's, whose entries would go.
Result<void> check_origin(const ImportOptions& options, const config::Config& config,
                          const std::string& name) {
    if (!options.source.empty()) {
        return {};
    }
    std::string before = importer::kept_origin(feeds_folder(config), name);
    const std::string origin = importer::origin_of(options.input);
    if (const auto feed = find_feed(config, name)) {
        before = importer::origin_of((*feed)->url);
    }
    if (before.empty() || before == origin) {
        return {};
    }
    return fail(Errc::Conflict,
                fmt::format("source {}: is filled from {}; to replace those entries by {} say "
                            "--source {}, else name another",
                            name, before, origin, name));
}

// What the importer would find only after it had fetched the input.
Result<void> check_options(const ImportOptions& options, const ListSpec& list) {
    // A format that is told by content may be any: its attributes are known only then.
    const auto formats = importer::formats();
    std::vector<std::string_view> attributes;
    for (const importer::Format& format : formats) {
        if (options.format.empty() || format.name == options.format) {
            attributes.insert(attributes.end(), format.attributes.begin(), format.attributes.end());
        }
    }
    if (!options.code.empty()) {
        if (const auto code = parse_code(options.code, list.foreign_codes); !code) {
            return fail_in("--code", code.error());
        }
    }
    return check_reason_option("--reason", options.reason, attributes);
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
    const auto list = session.list(options.list);
    if (!list) {
        return session.report(list.error());
    }
    if (const auto good = check_options(options, **list); !good) {
        return session.report(good.error(), ExitStatus::Usage);
    }
    if (const auto good = check_origin(options, **session.config(), spec->name); !good) {
        return session.report(good.error());
    }
    auto runner = make_runner(session, options.dry_run);
    if (!runner) {
        return session.report(runner.error());
    }
    importer::RunOptions run;
    run.dry_run = options.dry_run;
    run.force = true;
    run.one_off = !find_feed(**session.config(), spec->name);
    run.actor = session.actor();
    run.progress = progress_on_terminal(spec->name);
    const ImportResult result{spec->name, spec->list, runner->run(*spec, run)};
    run.progress = nullptr;
    print_result(session, result);
    return status_of(result);
}

}  // namespace fairlist::cli
