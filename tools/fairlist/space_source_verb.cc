#include "importer/fetch/content_digest.h"
#include "server/roles/networks.h"
#include "tools/fairlist/document_fetch.h"
#include "tools/fairlist/prefix_document.h"
#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/provider_json.h"
#include "tools/fairlist/provider_verbs.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/space_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <expected>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

constexpr std::string_view kAllTheSame = "apply it all the same with --yes";

// As "policy fetch" keeps it: under a name that no feed has.
FeedState state_of(Manager& manager, const std::string& slug) {
    FeedState state = manager.feed("space:" + slug).value_or(FeedState{});
    state.name = "space:" + slug;
    return state;
}

// What the prefixes of a document depend on beside its bytes.
std::string settings_of(const std::string& url, const PrefixFormat& format) {
    importer::ContentDigest digest;
    digest.add(fmt::format("{}\n{}", url, to_string(format)));
    return digest.hex();
}

class SpaceFeed {
  public:
    SpaceFeed(Session& session, ProviderBooks& books, const SpaceFeedOptions& options)
        : session_(session), books_(books), options_(options) {}

    Result<SpaceOutcome> run(const Provider& provider) {
        PrefixFormat format = parse_prefix_format(provider.space_format);
        if (!options_.format.empty() || !options_.select.empty()) {
            format = {options_.format.empty() ? format.name : options_.format, options_.select};
        }
        const std::string url = options_.input.empty() ? provider.space_url : options_.input;
        if (url.empty()) {
            return fail(Errc::NotFound,
                        fmt::format("provider \"{}\": publishes its space nowhere; name a file or "
                                    "URL, or say where with \"fairlist provider change {} "
                                    "--space-url\"",
                                    provider.slug, provider.slug));
        }
        FeedState state = state_of(*books_.manager, provider.slug);
        auto outcome = bring_in(provider, url, format, state);
        if (!options_.dry_run) {
            state.checked = now();
            state.last_error = outcome ? "" : outcome.error().message;
            books_.manager->save_feed(state);
        }
        return outcome;
    }

  private:
    Result<SpaceOutcome> bring_in(const Provider& provider, const std::string& url,
                                  const PrefixFormat& format, FeedState& state) {
        const std::string settings = settings_of(url, format);
        DocumentRequest request;
        request.url = url;
        request.allow_private = options_.allow_private;
        if (state.digest == settings && !options_.dry_run && !options_.yes) {
            request.etag = state.etag;
            request.last_modified = state.last_modified;
        }
        auto source = open_document(request);
        if (!source) {
            return std::unexpected(source.error());
        }
        SpaceOutcome outcome;
        outcome.provider = provider.slug;
        outcome.source = url;
        outcome.is_unchanged = source->is_unchanged();
        if (outcome.is_unchanged) {
            outcome.applied = true;
            outcome.change.unchanged = state.entries;
            return outcome;
        }
        auto document = read_prefixes(*source, format, now());
        if (!document) {
            return std::unexpected(document.error());
        }
        outcome.format = document->format;
        outcome.prefixes = document->prefixes.size();
        outcome.rejected = std::move(document->rejected);
        outcome.rejected_total = document->rejected_total;
        if (const auto put = put_space(session_, books_, SpaceOrigin::Feed, document->prefixes,
                                       !options_.dry_run, options_.yes, outcome);
            !put) {
            return std::unexpected(put.error());
        }
        if (outcome.applied) {
            state.digest = settings;
            state.etag = source->etag();
            state.last_modified = source->last_modified();
            state.entries = outcome.change.added + outcome.change.unchanged;
            state.imported = now();
            ++state.version;
        }
        return outcome;
    }

    Session& session_;
    ProviderBooks& books_;
    const SpaceFeedOptions& options_;
};

}  // namespace

ExitStatus run_space_derive(Session& session, const SpaceDeriveOptions& options) {
    auto books = options.apply ? open_books(session) : read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    const auto provider = find_provider(**books, options.slug);
    if (!provider) {
        return session.report(provider.error());
    }
    if (provider->asns.empty()) {
        return session.report(
            {Errc::NotFound, fmt::format("provider \"{}\": has no ASN; \"fairlist provider change "
                                         "{} --asn\" says which",
                                         options.slug, options.slug)});
    }
    const auto networks = open_networks(**session.config());
    if (!networks) {
        return session.report(networks.error());
    }
    if (*networks == nullptr) {
        return session.report({Errc::NotFound,
                               "no table of networks: networks in [trap] of the "
                               "configuration names one"});
    }
    const std::vector<Prefix> prefixes = (*networks)->prefixes_of(provider->asns);
    SpaceOutcome outcome;
    outcome.provider = options.slug;
    outcome.source =
        fmt::format("AS {} in {}", fmt::join(provider->asns, ", "), (*networks)->source());
    outcome.prefixes = prefixes.size();
    if (const auto put = put_space(session, **books, SpaceOrigin::Network, prefixes, options.apply,
                                   options.yes, outcome);
        !put) {
        return session.report(put.error());
    }
    return report_space(session, outcome,
                        outcome.held_why.empty() ? "apply it with --apply" : kAllTheSame);
}

ExitStatus run_space_feed(Session& session, const SpaceFeedOptions& options) {
    const PrefixFormat format{options.format, options.select};
    if (!options.format.empty()) {
        if (const auto good = check_prefix_format(format); !good) {
            return session.report(good.error(), ExitStatus::Usage);
        }
    }
    auto books = options.dry_run ? read_books(session) : open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    const auto provider = find_provider(**books, options.slug);
    if (!provider) {
        return session.report(provider.error());
    }
    const auto outcome = SpaceFeed(session, **books, options).run(*provider);
    if (!outcome) {
        return session.report(outcome.error());
    }
    return report_space(session, *outcome,
                        outcome->held_why.empty() ? "run it without --dry-run" : kAllTheSame);
}

}  // namespace fairlist::cli
