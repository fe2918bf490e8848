#include "importer/policy/policy_document.h"
#include "tools/fairlist/policy_json.h"
#include "tools/fairlist/policy_text.h"
#include "tools/fairlist/policy_verbs.h"
#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

Result<MailPolicy> policy_of(PolicyBook& policies, const PolicyShowOptions& options) {
    const PolicyVoice voice = voice_of(options.ours);
    if (options.version) {
        return policies.version(options.provider, voice, *options.version);
    }
    auto policy = policies.in_force(options.provider, voice);
    if (!policy) {
        return fail(Errc::NotFound,
                    fmt::format("provider \"{}\": no policy is in force; \"fairlist policy "
                                "history\" shows what there was",
                                options.provider));
    }
    return std::move(*policy);
}

// "30d" before now, or a date.
Result<Time> since_option(const std::string& text) {
    if (const auto duration = parse_duration(text)) {
        const Time today = now();
        return Time{today.seconds > *duration ? today.seconds - *duration : 1};
    }
    const auto time = parse_time(text);
    return time ? time : fail_in("--since", time.error());
}

std::string conflicts_text(const std::vector<ProviderConflicts>& all) {
    Table table({{"PROVIDER"}, {"RANGE"}, {"WHERE"}, {"THE POLICY SAYS"}, {"BUT SEEN WAS"}});
    for (const ProviderConflicts& one : all) {
        for (const PolicyConflict& conflict : one.conflicts) {
            table.add({one.provider, to_string(conflict.prefix), to_string(conflict.where),
                       conflict.says, conflict.seen});
        }
    }
    std::string text = table.empty() ? "no conflicts\n" : table.text();
    for (const ProviderConflicts& one : all) {
        if (!one.is_whole) {
            text += fmt::format(
                "{}: only {} hits were looked at, the newest: older ones may say "
                "more\n",
                printable(one.provider), grouped(one.hits_looked_at));
        }
    }
    return text;
}

}  // namespace

ExitStatus run_policy_show(Session& session, const PolicyShowOptions& options) {
    auto books = read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto provider = find_provider(**books, options.provider); !provider) {
        return session.report(provider.error());
    }
    const auto policy = policy_of((*books)->policies, options);
    if (!policy) {
        return session.report(policy.error());
    }
    print(options.csv ? importer::to_csv(*policy) : importer::to_json(*policy));
    return ExitStatus::Done;
}

ExitStatus run_policy_history(Session& session, const std::string& provider) {
    auto books = read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto found = find_provider(**books, provider); !found) {
        return session.report(found.error());
    }
    const std::vector<PolicyVersion> versions = (*books)->policies.versions(provider);
    print(session.json() ? policy_versions_json(provider, versions) : versions_text(versions));
    return ExitStatus::Done;
}

ExitStatus run_policy_conflicts(Session& session, const PolicyConflictsOptions& options) {
    const auto since = since_option(options.since);
    if (!since) {
        return session.report(since.error(), ExitStatus::Usage);
    }
    auto books = read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    std::vector<Provider> providers;
    if (options.provider.empty()) {
        providers = (*books)->providers.list();
    } else if (auto provider = find_provider(**books, options.provider)) {
        providers.push_back(std::move(*provider));
    } else {
        return session.report(provider.error());
    }
    std::vector<ProviderConflicts> all;
    for (const Provider& provider : providers) {
        PolicyConflicts conflicts =
            (*books)->policies.conflicts(provider.slug, *since, options.limit);
        all.push_back({provider.slug, std::move(conflicts.found), conflicts.hits_looked_at,
                       conflicts.is_whole});
    }
    print(session.json() ? policy_conflicts_json(all) : conflicts_text(all));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
