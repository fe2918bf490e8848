#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/provider_json.h"
#include "tools/fairlist/provider_verbs.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/space_text.h"
#include "tools/fairlist/subject_input.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist::cli {

namespace {

// Prefixes, ranges, or "-" for those of standard input.
Result<std::vector<Prefix>> prefixes_of(const std::vector<std::string>& arguments) {
    const auto given =
        gather_subjects(arguments, std::cin, "fairlist provider space feed PROVIDER FILE");
    if (!given) {
        return std::unexpected(given.error());
    }
    std::vector<Prefix> prefixes;
    for (const SubjectText& text : *given) {
        const auto subjects = expand_subject(ListKind::Address, text.text);
        if (!subjects) {
            return text.where.empty() ? std::unexpected(subjects.error())
                                      : fail_in(text.where, subjects.error());
        }
        for (const Subject& subject : *subjects) {
            prefixes.push_back(std::get<Prefix>(subject));
        }
    }
    if (prefixes.empty()) {
        return fail(Errc::Malformed, "no prefix: nothing was given");
    }
    return prefixes;
}

ExitStatus change_space(Session& session, const SpaceChangeOptions& options, bool adds) {
    const auto prefixes = prefixes_of(options.prefixes);
    if (!prefixes) {
        return session.report(prefixes.error(), ExitStatus::Usage);
    }
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto provider = find_provider(**books, options.slug); !provider) {
        return session.report(provider.error());
    }
    ProviderBook& book = (*books)->providers;
    auto changed = adds ? book.add_space(session.actor(), options.slug, *prefixes, options.take)
                        : book.remove_space(session.actor(), options.slug, *prefixes);
    if (!changed) {
        return session.report(changed.error());
    }
    SpaceOutcome outcome;
    outcome.provider = options.slug;
    outcome.change = std::move(*changed);
    outcome.applied = true;
    if (outcome.change.added + outcome.change.removed + outcome.change.taken != 0) {
        outcome.policies_changed = (*books)->policies.refresh(session.actor());
    }
    const std::size_t done = outcome.change.added + outcome.change.removed +
                             outcome.change.unchanged + outcome.change.taken;
    static_cast<void>(report_space(session, outcome, ""));
    return status_of(done, outcome.change.refused_total);
}

std::string space_table(const std::vector<HeldRange>& ranges) {
    Table table({{"PREFIX"}, {"KNOWN BY"}, {"SINCE"}});
    for (const HeldRange& range : ranges) {
        table.add({to_string(range.prefix), std::string(to_string(range.origin)),
                   to_string(range.since)});
    }
    return table.text();
}

}  // namespace

ExitStatus run_space_add(Session& session, const SpaceChangeOptions& options) {
    return change_space(session, options, true);
}

ExitStatus run_space_remove(Session& session, const SpaceChangeOptions& options) {
    return change_space(session, options, false);
}

ExitStatus run_space_list(Session& session, const SpaceListOptions& options) {
    std::optional<Prefix> after;
    if (!options.after.empty()) {
        const auto parsed = parse_prefix(options.after);
        if (!parsed) {
            return session.report(parsed.error(), ExitStatus::Usage);
        }
        after = *parsed;
    }
    auto books = read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto provider = find_provider(**books, options.slug); !provider) {
        return session.report(provider.error());
    }
    // One more tells whether there are more.
    const std::size_t limit = options.all ? kProviderRangesMax : options.limit;
    std::vector<HeldRange> ranges = (*books)->providers.space(options.slug, after, limit + 1);
    std::string next;
    if (ranges.size() > limit) {
        ranges.resize(limit);
        next = to_string(ranges.back().prefix);
    }
    if (session.json()) {
        print(space_json(options.slug, ranges, next));
        return ExitStatus::Done;
    }
    print(space_table(ranges));
    if (!next.empty()) {
        print_error(fmt::format("fairlist: there are more: --after {}, or --all\n", next));
    }
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
