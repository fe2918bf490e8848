// Provider verbs: those of providers and their space: what each is given, and what does it.
#pragma once

#include "tools/fairlist/exit_status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

class Session;

// As in verbs.h, options hold the text as it was typed. Not set: stays as it is.
struct ProviderFieldOptions {
    std::string slug;
    std::optional<std::string> name;
    std::optional<std::string> abuse;
    std::optional<std::string> postmaster;
    std::optional<std::string> support;
    std::optional<std::string> webhook;
    std::optional<std::string> policy_url;
    std::optional<std::string> space_url;
    std::optional<std::string> space_format;
    std::vector<std::string> asns;     // "-" alone: none
    std::vector<std::string> domains;  // "-" alone: none
    bool shows_standing = false;
    bool hides_standing = false;
};

struct ProviderRemoveOptions {
    std::string slug;
    bool yes = false;
};

struct SpaceChangeOptions {
    std::string slug;
    std::vector<std::string> prefixes;
    bool take = false;  // from another that holds it
};

struct SpaceListOptions {
    std::string slug;
    std::string after;
    std::uint32_t limit = 1000;
    bool all = false;
};

struct SpaceDeriveOptions {
    std::string slug;
    bool apply = false;  // else it is a dry run
    bool yes = false;    // also what the guard would hold
};

struct SpaceFeedOptions {
    std::string slug;
    std::string input;  // empty: where the provider publishes it
    std::string format;
    std::vector<std::string> select;
    bool dry_run = false;
    bool yes = false;
    bool allow_private = false;
};

ExitStatus run_provider_add(Session& session, const ProviderFieldOptions& options);
ExitStatus run_provider_change(Session& session, const ProviderFieldOptions& options);
ExitStatus run_provider_show(Session& session, const std::string& slug);
ExitStatus run_provider_list(Session& session);
ExitStatus run_provider_remove(Session& session, const ProviderRemoveOptions& options);
ExitStatus run_space_add(Session& session, const SpaceChangeOptions& options);
ExitStatus run_space_remove(Session& session, const SpaceChangeOptions& options);
ExitStatus run_space_list(Session& session, const SpaceListOptions& options);
ExitStatus run_space_derive(Session& session, const SpaceDeriveOptions& options);
ExitStatus run_space_feed(Session& session, const SpaceFeedOptions& options);

}  // namespace fairlist::cli
