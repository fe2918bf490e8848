#include "tools/fairlist/document_fetch.h"
#include "tools/fairlist/policy_json.h"
#include "tools/fairlist/policy_text.h"
#include "tools/fairlist/policy_verbs.h"
#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"

#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

DocumentRequest request_of(const std::string& input, bool allow_private) {
    DocumentRequest request;
    request.url = input;
    request.bytes_max = importer::kPolicyBytesMax;
    request.allow_private = allow_private;
    return request;
}

// The document before the store: what is wrong with it needs none.
Result<MailPolicy> read_input(Session& session, const std::string& input, bool allow_private,
                              std::vector<importer::PolicyFault>& faults) {
    const auto document = fetch_document(request_of(input, allow_private));
    if (!document) {
        return std::unexpected(document.error());
    }
    return good_policy(*document, session.json(), faults);
}

ExitStatus print_outcome(Session& session, const PolicyOutcome& outcome, bool dry_run) {
    if (session.json()) {
        print(policy_outcome_json(outcome));
    } else {
        print(outcome_text(outcome, dry_run));
    }
    return outcome.import->refused_total == 0 ? ExitStatus::Done : ExitStatus::Partly;
}

}  // namespace

ExitStatus run_policy_import(Session& session, const PolicyImportOptions& options) {
    PolicyOutcome outcome;
    outcome.provider = options.provider;
    const auto policy = read_input(session, options.input, options.allow_private, outcome.faults);
    if (!policy) {
        if (session.json() && !outcome.faults.empty()) {
            outcome.error = policy.error();
            print(policy_outcome_json(outcome));
            return ExitStatus::Failed;
        }
        return session.report(policy.error());
    }
    auto books = options.dry_run ? read_books(session) : open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto provider = find_provider(**books, options.provider); !provider) {
        return session.report(provider.error());
    }
    auto imported =
        (*books)->policies.import(session.actor(), options.provider, voice_of(options.ours),
                                  *policy, options.dry_run, options.yes);
    if (!imported) {
        return session.report(imported.error());
    }
    outcome.import = std::move(*imported);
    return print_outcome(session, outcome, options.dry_run);
}

ExitStatus run_policy_diff(Session& session, const PolicyDiffOptions& options) {
    std::vector<importer::PolicyFault> faults;
    const auto policy = read_input(session, options.input, options.allow_private, faults);
    if (!policy) {
        return session.report(policy.error());
    }
    auto books = read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto provider = find_provider(**books, options.provider); !provider) {
        return session.report(provider.error());
    }
    const auto before = (*books)->policies.in_force(options.provider, voice_of(options.ours));
    const PolicyDiff found = diff(before.value_or(MailPolicy{}), *policy);
    print(session.json() ? policy_diff_json(options.provider, found) : diff_text(found));
    return ExitStatus::Done;
}

ExitStatus run_policy_approve(Session& session, const PolicyVoiceOptions& options) {
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    auto approved =
        (*books)->policies.approve(session.actor(), options.provider, voice_of(options.ours));
    if (!approved) {
        return session.report(approved.error());
    }
    PolicyOutcome outcome;
    outcome.provider = options.provider;
    outcome.import = std::move(*approved);
    return print_outcome(session, outcome, false);
}

ExitStatus run_policy_withdraw(Session& session, const PolicyVoiceOptions& options) {
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    auto withdrawn =
        (*books)->policies.withdraw(session.actor(), options.provider, voice_of(options.ours));
    if (!withdrawn) {
        return session.report(withdrawn.error());
    }
    PolicyOutcome outcome;
    outcome.provider = options.provider;
    outcome.import = std::move(*withdrawn);
    if (session.json()) {
        print(policy_outcome_json(outcome));
    } else {
        print(printable(options.provider) + ": the policy is withdrawn\n");
    }
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
