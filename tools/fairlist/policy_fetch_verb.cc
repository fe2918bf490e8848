#include "importer/fetch/content_digest.h"
#include "tools/fairlist/document_fetch.h"
#include "tools/fairlist/policy_json.h"
#include "tools/fairlist/policy_text.h"
#include "tools/fairlist/policy_verbs.h"
#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

constexpr std::uint32_t kDueSeconds = 86400;

// What is known of a provider's document is kept as that of a feed, under a name that no feed has.
std::string state_name(const std::string& slug) {
    return "policy:" + slug;
}

FeedState state_of(Manager& manager, const std::string& slug) {
    FeedState state = manager.feed(state_name(slug)).value_or(FeedState{});
    state.name = state_name(slug);
    return state;
}

std::string digest_of(const std::string& text) {
    importer::ContentDigest digest;
    digest.add(text);
    return digest.hex();
}

bool is_due(Manager& manager, const Provider& provider, Time now) {
    const Time checked = state_of(manager, provider.slug).checked;
    return !checked.is_set() || now < checked || now.seconds - checked.seconds >= kDueSeconds;
}

class PolicyFetch {
  public:
    PolicyFetch(Session& session, ProviderBooks& books, const PolicyFetchOptions& options)
        : session_(session), books_(books), options_(options) {}

    PolicyOutcome run(const Provider& provider) {
        PolicyOutcome outcome;
        outcome.provider = provider.slug;
        FeedState state = state_of(*books_.manager, provider.slug);
        const auto done = fetch(provider, state, outcome);
        state.checked = now();
        state.last_error = done ? "" : done.error().message;
        if (!done) {
            outcome.error = done.error();
        }
        books_.manager->save_feed(state);
        return outcome;
    }

  private:
    // `state` changes only by what came into force, or waits.
    Result<void> fetch(const Provider& provider, FeedState& state, PolicyOutcome& outcome) {
        if (provider.policy_url.empty()) {
            return fail(Errc::NotFound,
                        fmt::format("provider \"{}\": publishes its policy nowhere; \"fairlist "
                                    "provider change {} --policy-url\" says where",
                                    provider.slug, provider.slug));
        }
        DocumentRequest request;
        request.url = provider.policy_url;
        request.bytes_max = importer::kPolicyBytesMax;
        request.allow_private = options_.allow_private;
        // Of another address, or after a withdrawal, the version that we know does not count.
        const std::string origin = digest_of(provider.policy_url);
        if (state.digest == origin &&
            books_.policies.in_force(provider.slug, PolicyVoice::Provider)) {
            request.etag = state.etag;
            request.last_modified = state.last_modified;
        }
        const auto document = fetch_document(request);
        if (!document) {
            return std::unexpected(document.error());
        }
        outcome.is_unchanged = document->is_unchanged;
        if (outcome.is_unchanged) {
            return {};
        }
        const auto policy = good_policy(*document, session_.json(), outcome.faults);
        if (!policy) {
            return std::unexpected(policy.error());
        }
        auto imported = books_.policies.import(session_.actor(), provider.slug,
                                               PolicyVoice::Provider, *policy, false, options_.yes);
        if (!imported) {
            return std::unexpected(imported.error());
        }
        state.digest = origin;
        state.etag = document->etag;
        state.last_modified = document->last_modified;
        state.held = imported->held;
        state.held_why = imported->held_why;
        state.entries = imported->listed + imported->exemptions;
        if (imported->version != 0) {
            state.version = imported->version;
            state.imported = now();
        }
        outcome.import = std::move(*imported);
        return {};
    }

    Session& session_;
    ProviderBooks& books_;
    const PolicyFetchOptions& options_;
};

Result<std::vector<Provider>> chosen(ProviderBooks& books, const PolicyFetchOptions& options) {
    std::vector<Provider> found;
    for (const std::string& slug : options.providers) {
        auto provider = find_provider(books, slug);
        if (!provider) {
            return std::unexpected(provider.error());
        }
        found.push_back(std::move(*provider));
    }
    if (!options.providers.empty()) {
        return found;
    }
    const Time today = now();
    for (Provider& provider : books.providers.list()) {
        if (!provider.policy_url.empty() &&
            (!options.due || is_due(*books.manager, provider, today))) {
            found.push_back(std::move(provider));
        }
    }
    return found;
}

}  // namespace

ExitStatus run_policy_fetch(Session& session, const PolicyFetchOptions& options) {
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    const auto providers = chosen(**books, options);
    if (!providers) {
        return session.report(providers.error());
    }
    PolicyFetch fetch(session, **books, options);
    std::vector<PolicyOutcome> outcomes;
    std::size_t failed = 0;
    for (const Provider& provider : *providers) {
        outcomes.push_back(fetch.run(provider));
        const PolicyOutcome& outcome = outcomes.back();
        failed += outcome.error ? 1U : 0U;
        if (session.json()) {
            continue;
        }
        if (outcome.error) {
            print_error(printable(fmt::format("fairlist: {}: {}", outcome.provider,
                                              outcome.error->message)) +
                        "\n");
        } else {
            print(outcome_text(outcome, false));
        }
    }
    if (session.json()) {
        print(policy_outcomes_json(outcomes));
    }
    return status_of(outcomes.size() - failed, failed);
}

}  // namespace fairlist::cli
