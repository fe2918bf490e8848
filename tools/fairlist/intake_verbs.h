// Intake verbs: those of what comes in, traps, mails, hits and reports, and of its figures: what
// each is given, and what does it.
#pragma once

#include "tools/fairlist/exit_status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

class Session;

// As in verbs.h, options hold the text as it was typed.

struct TrapAddOptions {
    std::vector<std::string> addresses;
    std::string weight;
    std::string note;
    bool report = false;  // the addresses take abuse reports
};

struct TrapListOptions {
    std::uint32_t after = 0;
    std::uint32_t limit = 1000;
    bool retired = false;
    bool full = false;
};

struct TrapDeliverOptions {
    std::vector<std::string> recipients;
    std::string peer;
    std::string helo;
    std::string peer_name;
    std::string sender;
};

struct MailImportOptions {
    std::vector<std::string> paths;
    std::optional<std::uint32_t> trap;
    bool remove = false;
};

struct TrapJudgeOptions {
    std::optional<std::uint64_t> limit;
};

struct TrapStatusOptions {
    bool parked = false;
    std::uint64_t after = 0;
    std::uint32_t limit = 100;
};

struct TrapRetryOptions {
    std::vector<std::uint64_t> mails;
    bool all = false;
};

struct HitsImportOptions {
    std::string input;  // a path, or "-"
    std::string sensor = "manual";
    std::uint32_t max_errors = 100;
};

struct ReportImportOptions {
    std::vector<std::string> inputs;
    std::string sensor = "manual";
    std::uint32_t max_errors = 100;
};

struct TokenAddOptions {
    std::string name;
    std::string role = "machine";
    std::string provider;
    std::string duration;
    std::string note;
};

struct StatsOptions {
    std::string since = "30d";
    std::string until;  // empty: today
    std::string list;
    std::string field = "opened";
    std::uint32_t top = 10;
};

ExitStatus run_trap_add(Session& session, const TrapAddOptions& options);
ExitStatus run_trap_import(Session& session, const std::string& input);
ExitStatus run_trap_list(Session& session, const TrapListOptions& options);
ExitStatus run_trap_retire(Session& session, const std::vector<std::uint32_t>& numbers);
ExitStatus run_trap_deliver(Session& session, const TrapDeliverOptions& options);
ExitStatus run_trap_import_mail(Session& session, const MailImportOptions& options);
ExitStatus run_trap_judge(Session& session, const TrapJudgeOptions& options);
ExitStatus run_trap_status(Session& session, const TrapStatusOptions& options);
ExitStatus run_trap_retry(Session& session, const TrapRetryOptions& options);
ExitStatus run_hits_import(Session& session, const HitsImportOptions& options);
ExitStatus run_report_import(Session& session, const ReportImportOptions& options);
ExitStatus run_token_add(Session& session, const TokenAddOptions& options);
ExitStatus run_token_list(Session& session);
ExitStatus run_token_revoke(Session& session, const std::string& name);
ExitStatus run_stats_networks(Session& session, const StatsOptions& options);
ExitStatus run_stats_lists(Session& session, const StatsOptions& options);
ExitStatus run_stats_reasons(Session& session, const StatsOptions& options);

}  // namespace fairlist::cli
