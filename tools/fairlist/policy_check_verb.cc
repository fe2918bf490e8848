#include "importer/policy/policy_document.h"
#include "tools/fairlist/document_fetch.h"
#include "tools/fairlist/policy_json.h"
#include "tools/fairlist/policy_survey.h"
#include "tools/fairlist/policy_text.h"
#include "tools/fairlist/policy_verbs.h"
#include "tools/fairlist/prefix_document.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace fairlist::cli {

namespace {

std::string space_text(const SpaceFigure& figure) {
    std::string out;
    if (figure.v4 != 0 || figure.v6_64s == 0) {
        out = grouped(figure.v4) + (figure.v4 == 1 ? " IPv4 address" : " IPv4 addresses");
    }
    if (figure.v6_64s != 0) {
        out +=
            fmt::format("{}{} of IPv6", out.empty() ? "" : " and ", counted(figure.v6_64s, "/64"));
    }
    return out;
}

std::string survey_text(const PolicySurvey& figures) {
    Table table({{"USE"}, {"RANGES", true}, {"IPV4 ADDRESSES", true}, {"IPV6 /64S", true}});
    for (const UseFigure& use : figures.uses) {
        table.add({std::string(to_string(use.use)), grouped(use.ranges), grouped(use.space.v4),
                   grouped(use.space.v6_64s)});
    }
    std::string text = table.empty() ? "" : table.text();
    text += fmt::format("covered: {}\n", space_text(figures.covered));
    text += fmt::format("would be listed: {} that send no mail directly, {} in quarantine, as {}\n",
                        space_text(figures.listed), space_text(figures.quarantined),
                        prefixes_text(figures.listed_prefixes));
    text += fmt::format("would be exempt: {}\n", prefixes_text(figures.exemptions));
    text += fmt::format("would be allowed as smarthosts: {}\n", prefixes_text(figures.smarthosts));
    return text;
}

Result<std::optional<PrefixDocument>> space_of(const PolicyCheckOptions& options) {
    if (options.provider_space.empty()) {
        return std::nullopt;
    }
    auto source = open_document({.url = options.provider_space, .etag = {}, .last_modified = {}});
    if (!source) {
        return std::unexpected(source.error());
    }
    auto space = read_prefixes(*source, {}, now());
    if (space && space->rejected_total != 0) {
        const importer::Rejection& first = space->rejected.front();
        return fail(Errc::Malformed, fmt::format("{}:{}: {}", first.file, first.line, first.why));
    }
    if (!space) {
        return std::unexpected(space.error());
    }
    return std::move(*space);
}

}  // namespace

ExitStatus run_policy_check(Session& session, const PolicyCheckOptions& options) {
    const auto space = space_of(options);
    if (!space) {
        return session.report(space.error());
    }
    DocumentRequest request;
    request.url = options.input;
    request.bytes_max = importer::kPolicyBytesMax;
    request.allow_private = options.allow_private;
    const auto document = fetch_document(request);
    if (!document) {
        return session.report(document.error());
    }
    importer::PolicyReading reading = importer::read_policy(document->text, now());
    check_ownership(reading, *space ? &(*space)->prefixes : nullptr);
    const PolicySurvey figures = survey(reading.policy, now());
    const bool good = reading.faults_total == 0;
    if (session.json()) {
        print(policy_check_json(document->name, reading, figures));
        return good ? ExitStatus::Done : ExitStatus::Failed;
    }
    print_faults(reading, document->name);
    print(survey_text(figures));
    print(fmt::format("{}: {}, {}, {}\n", good ? "ok" : "not a good policy",
                      counted(reading.faults_total, "error"),
                      counted(reading.warnings_total, "warning"),
                      counted(reading.policy.ranges.size(), "range")));
    return good ? ExitStatus::Done : ExitStatus::Failed;
}

}  // namespace fairlist::cli
