// Removal verbs: those of requests for removal: what each is given, and what does it.
#pragma once

#include "tools/fairlist/exit_status.h"
#include "tools/fairlist/verb_options.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::cli {

class Session;

struct RemovalRequestOptions {
    std::string subject;
    std::string list;
    std::string helo;
    std::string mail_domain;
    std::string text;
};

struct RemovalListOptions {
    std::string list;
    std::string state;
    std::string provider;
    std::string after;
    std::uint32_t limit = 100;
    bool open = false;
};

struct RemovalShowOptions {
    std::uint64_t number = 0;
};

struct RemovalDecideOptions {
    std::uint64_t number = 0;
    std::string reason;
};

struct RemovalKeyOptions {
    std::string key;
    std::string reason;
};

struct RemovalProbeOptions {
    std::string address;
    std::string helo;
    std::string mail_domain;
    std::vector<std::string> resolvers;  // empty: those of the machine
    double timeout = 20;                 // seconds, for all of it
    bool challenge = false;
};

struct AttestOptions {
    std::string provider;
    std::string prefix;
    std::string text;
    std::uint32_t limit = 10000;
};

ExitStatus run_removal_request(Session& session, const RemovalRequestOptions& options);
ExitStatus run_removal_status(Session& session, const RemovalKeyOptions& options);
ExitStatus run_removal_appeal(Session& session, const RemovalKeyOptions& options);
ExitStatus run_removal_list(Session& session, const RemovalListOptions& options);
ExitStatus run_removal_show(Session& session, const RemovalShowOptions& options);
ExitStatus run_removal_grant(Session& session, const RemovalDecideOptions& options);
ExitStatus run_removal_refuse(Session& session, const RemovalDecideOptions& options);
ExitStatus run_removal_due(Session& session);
ExitStatus run_removal_probe(Session& session, const RemovalProbeOptions& options);
ExitStatus run_attest(Session& session, const AttestOptions& options);

// Requires: `run` outlives `app`.
void declare_removal_verbs(CLI::App& app, Run& run);

}  // namespace fairlist::cli
