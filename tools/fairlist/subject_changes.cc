#include "tools/fairlist/subject_changes.h"

#include "tools/fairlist/subject_input.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

namespace {

SubjectOutcome outcome_of(const std::string& subject, const std::string& where,
                          const Result<ChangeResult>& changed) {
    SubjectOutcome outcome{subject, where, "", 0, std::nullopt, "", ""};
    if (changed) {
        outcome.change = changed->change;
        outcome.entries = changed->entries;
        outcome.word = changed->word;
        outcome.note = changed->note;
    } else {
        outcome.error = changed.error();
    }
    return outcome;
}

void change_one(Manager& manager, const ListSpec& list, const SubjectText& given,
                const ChangeStep& step, std::vector<SubjectOutcome>& outcomes) {
    const auto subjects = expand_subject(list.kind, given.text);
    if (!subjects) {
        const Error& error = subjects.error();
        const std::string kind(to_string(list.kind));
        const Error told{error.code,
                         fmt::format("{}; list {} is of kind {}", error.message, list.name, kind)};
        outcomes.push_back(outcome_of(given.text, given.where, std::unexpected(told)));
        return;
    }
    for (const Subject& subject : *subjects) {
        outcomes.push_back(
            outcome_of(to_string(subject), given.where, step(manager, list, subject)));
    }
}

void print_outcomes(const std::string& list, const std::vector<SubjectOutcome>& outcomes) {
    for (const SubjectOutcome& outcome : outcomes) {
        if (outcome.error) {
            const std::string where = outcome.where.empty() ? "" : outcome.where + ": ";
            print_error(printable("fairlist: " + where + outcome.error->message) + "\n");
        } else {
            print(fmt::format("{:<9}  {}  {}{}{}\n",
                              outcome.word.empty() ? outcome.change : outcome.word, list,
                              outcome.subject, outcome.note.empty() ? "" : "  ", outcome.note));
        }
    }
}

}  // namespace

ExitStatus change_subjects(Session& session, const std::string& list,
                           const std::vector<std::string>& arguments, const ChangeStep& step) {
    const auto spec = session.list(list);
    if (!spec) {
        return session.report(spec.error());
    }
    const auto given = gather_subjects(arguments, std::cin);
    if (!given) {
        return session.report(given.error());
    }
    if (given->empty()) {
        return session.report({Errc::Malformed, "no subject: nothing was given"},
                              ExitStatus::Usage);
    }
    const auto manager = session.manager();
    if (!manager) {
        return session.report(manager.error());
    }
    std::vector<SubjectOutcome> outcomes;
    for (const SubjectText& text : *given) {
        change_one(**manager, **spec, text, step, outcomes);
    }
    if (session.json()) {
        print(outcomes_json(list, outcomes));
    } else {
        print_outcomes(list, outcomes);
    }
    const auto failed = static_cast<std::size_t>(std::ranges::count_if(
        outcomes, [](const SubjectOutcome& outcome) { return outcome.error.has_value(); }));
    return status_of(outcomes.size() - failed, failed);
}

}  // namespace fairlist::cli
