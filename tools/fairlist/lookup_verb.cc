#include "server/shown/plain_words.h"
#include "tools/fairlist/explanation_text.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/subject_input.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

namespace fairlist::cli {

namespace {

std::string words_text(const std::vector<std::string>& lines) {
    std::string text = lines.empty() ? "" : "  in plain words:\n";
    for (const std::string& line : lines) {
        text += "    " + printable(line) + "\n";
    }
    return text;
}

}  // namespace

ExitStatus run_lookup(Session& session, const std::vector<std::string>& subjects) {
    const auto given = gather_subjects(subjects, std::cin);
    if (!given) {
        return session.report(given.error());
    }
    if (given->empty()) {
        return session.report({Errc::Malformed, "no subject: nothing was given"},
                              ExitStatus::Usage);
    }
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const auto ledger = session.ledger_reader();
    if (!ledger) {
        return session.report(ledger.error());
    }
    const Sight sight{**manager, **ledger, **session.config()};
    const auto ground = (*ledger)->ground();
    std::vector<SubjectExplanation> explanations;
    std::size_t failed = 0;
    for (const SubjectText& text : *given) {
        const auto subject = guess_subject(text.text);
        if (!subject) {
            ++failed;
            const Error& error = subject.error();
            static_cast<void>(session.report(
                text.where.empty() ? error : Error{error.code, text.where + ": " + error.message}));
            continue;
        }
        explanations.push_back(explain(sight, text.text, *subject));
    }
    if (session.json()) {
        std::vector<std::vector<std::string>> words;
        for (const SubjectExplanation& explanation : explanations) {
            words.push_back(plain_words(explanation, **session.config(), *ground));
        }
        print(lookups_json(explanations, words));
    } else {
        for (const SubjectExplanation& explanation : explanations) {
            print(explanation_text(explanation));
            print(words_text(plain_words(explanation, **session.config(), *ground)));
        }
    }
    return status_of(explanations.size(), failed);
}

}  // namespace fairlist::cli
