// Policy verbs: those of providers' mail policies: what each is given, and what does it.
#pragma once

#include "tools/fairlist/exit_status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

class Session;

// As in verbs.h, options hold the text as it was typed.

struct PolicyCheckOptions {
    std::string input;           // a path, a URL, or "-"
    std::string provider_space;  // a file of prefixes; empty: any may be the provider's
    bool allow_private = false;
};

struct PolicyImportOptions {
    std::string provider;
    std::string input;
    bool ours = false;
    bool dry_run = false;
    bool yes = false;  // what the guard would hold is applied
    bool allow_private = false;
};

struct PolicyShowOptions {
    std::string provider;
    std::optional<std::uint64_t> version;  // not set: the one in force
    bool ours = false;
    bool csv = false;
};

struct PolicyDiffOptions {
    std::string provider;
    std::string input;
    bool ours = false;
    bool allow_private = false;
};

struct PolicyVoiceOptions {
    std::string provider;
    bool ours = false;
};

struct PolicyExemptOptions {
    std::string provider;
    std::string prefix;
    std::string reason;
    std::string customer;
    std::string until;
    std::string duration;
};

struct PolicyUnexemptOptions {
    std::string provider;
    std::string prefix;
};

struct PolicyExemptionsOptions {
    std::string provider;
    std::string after;
    std::uint32_t limit = 1000;
};

struct PolicyConflictsOptions {
    std::string provider;  // empty: all
    std::string since = "30d";
    std::uint32_t limit = 100;
};

struct PolicyFetchOptions {
    std::vector<std::string> providers;
    bool due = false;
    bool allow_private = false;
    bool yes = false;
};

ExitStatus run_policy_check(Session& session, const PolicyCheckOptions& options);
ExitStatus run_policy_import(Session& session, const PolicyImportOptions& options);
ExitStatus run_policy_show(Session& session, const PolicyShowOptions& options);
ExitStatus run_policy_diff(Session& session, const PolicyDiffOptions& options);
ExitStatus run_policy_history(Session& session, const std::string& provider);
ExitStatus run_policy_approve(Session& session, const PolicyVoiceOptions& options);
ExitStatus run_policy_withdraw(Session& session, const PolicyVoiceOptions& options);
ExitStatus run_policy_exempt(Session& session, const PolicyExemptOptions& options);
ExitStatus run_policy_unexempt(Session& session, const PolicyUnexemptOptions& options);
ExitStatus run_policy_exemptions(Session& session, const PolicyExemptionsOptions& options);
ExitStatus run_policy_conflicts(Session& session, const PolicyConflictsOptions& options);
ExitStatus run_policy_fetch(Session& session, const PolicyFetchOptions& options);
ExitStatus run_policy_refresh(Session& session);

}  // namespace fairlist::cli
