// Ledger verbs: those that read and change listings: what each is given, and what does it.
#pragma once

#include "tools/fairlist/exit_status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

class Session;

// As in verbs.h, options hold the text as it was typed.

struct ListingListOptions {
    std::string list;
    std::string state;
    std::string within;
    std::string after;
    std::uint32_t limit = 1000;
    bool all = false;
    bool ended = false;
};

struct ListingShowOptions {
    std::string reference;  // a number or a subject
    std::string list;
};

struct ListingOpenOptions {
    std::string list;
    std::string subject;
    std::string until;
    std::string duration;
    std::string code;
    std::string reason;
    bool yes = false;  // a whole top-level domain is meant
};

struct ListingChangeOptions {
    std::vector<std::string> references;
    std::string list;
    std::string until;
    std::string duration;
    std::string reason;
    bool no_end = false;
};

struct EvidenceOptions {
    std::optional<std::uint64_t> hit;
    std::string listing;  // a number or a subject
    std::uint32_t limit = 20;
    bool full = false;
};

struct RulesTrialOptions {
    std::string file;   // empty: the configuration in force
    std::string since;  // a duration before now, or a time
};

ExitStatus run_listing_list(Session& session, const ListingListOptions& options);
ExitStatus run_listing_show(Session& session, const ListingShowOptions& options);
ExitStatus run_listing_history(Session& session, const ListingShowOptions& options);
ExitStatus run_listing_open(Session& session, const ListingOpenOptions& options);
ExitStatus run_listing_suspend(Session& session, const ListingChangeOptions& options);
ExitStatus run_listing_resume(Session& session, const ListingChangeOptions& options);
ExitStatus run_listing_remove(Session& session, const ListingChangeOptions& options);
ExitStatus run_listing_extend(Session& session, const ListingChangeOptions& options);
ExitStatus run_listing_exempt(Session& session, const ListingChangeOptions& options);
ExitStatus run_evidence_show(Session& session, const EvidenceOptions& options);
ExitStatus run_rules_show(Session& session);
ExitStatus run_rules_trial(Session& session, const RulesTrialOptions& options);

// `reference`: a listing's number. What `fairlist explain` does with it.
ExitStatus explain_listing(Session& session, const std::string& reference);

}  // namespace fairlist::cli
