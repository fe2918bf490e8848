// Verbs: what each verb of the tool is given, and the function that does it.
#pragma once

#include "tools/fairlist/exit_status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

class Session;

// Options hold the text as it was typed: what is wrong with it is said by the verb, with the
// offending value, and so in one form.

struct ImportOptions {
    std::string input;  // a path, a URL, or "-"
    std::string list;
    std::string source;  // empty: the file's base name
    std::string format;  // empty: told by content
    std::string code;
    std::string reason;
    std::string ttl;
    std::string lifetime;
    std::uint32_t max_errors = 100;
    bool allow_host_bits = false;
    bool allow_private = false;  // fetch from loopback and private addresses
    bool dry_run = false;
    bool yes = false;  // what the guard would hold is applied
};

struct FeedRunOptions {
    std::vector<std::string> names;
    bool due = false;
    bool all = false;
    bool dry_run = false;
};

struct FeedRollbackOptions {
    std::string name;
    std::optional<std::uint64_t> version;  // not set: the one before
};

struct FeedForgetOptions {
    std::string name;
    bool yes = false;
};

struct AddOptions {
    std::string list;
    std::vector<std::string> subjects;
    std::string source = "manual";
    std::string code;
    std::string reason;
    std::string ttl;
    std::string until;     // a time
    std::string duration;  // or from now on
    bool yes = false;      // a whole top-level domain is meant
};

struct RemoveOptions {
    std::string list;
    std::vector<std::string> subjects;
    std::string source;  // empty: of all sources
    bool exemption = false;
};

struct EntriesOptions {
    std::string list;
    std::string source;
    std::string within;
    std::string after;
    std::string format = "text";
    std::uint32_t limit = 1000;
    bool all = false;
    bool exemptions = false;
    bool expired = false;
};

struct JournalOptions {
    std::optional<std::uint64_t> after;  // not set: the newest
    std::uint32_t limit = 50;
};

struct AuditShowOptions {
    std::optional<std::uint64_t> after;  // not set: the newest
    std::uint32_t limit = 50;
};

struct AuditVerifyOptions {
    std::string checkpoints;  // a file of published ones; empty: those of the store alone
};

struct HashOptions {
    std::string kind;  // email, url or file
    std::vector<std::string> values;
    std::string zone;  // empty: every zone of the configuration with a hash list
};

struct ExplainOptions {
    std::string input;                     // a path, "-", or a listing: "12", "listing:12"
    std::string file;                      // a path, whatever it looks like
    std::optional<std::uint64_t> message;  // of an mbox, from 1; not set: all
    std::string peer;
};

ExitStatus run_init(Session& session);
ExitStatus run_check(Session& session);
ExitStatus run_import(Session& session, const ImportOptions& options);
ExitStatus run_feed_list(Session& session);
ExitStatus run_feed_show(Session& session, const std::string& name);
ExitStatus run_feed_run(Session& session, const FeedRunOptions& options);
ExitStatus run_feed_approve(Session& session, const std::string& name);
ExitStatus run_feed_rollback(Session& session, const FeedRollbackOptions& options);
ExitStatus run_feed_forget(Session& session, const FeedForgetOptions& options);
ExitStatus run_add(Session& session, const AddOptions& options);
ExitStatus run_exempt(Session& session, const AddOptions& options);
ExitStatus run_remove(Session& session, const RemoveOptions& options);
ExitStatus run_lookup(Session& session, const std::vector<std::string>& subjects);
ExitStatus run_entries(Session& session, const EntriesOptions& options);
ExitStatus run_lists(Session& session);
ExitStatus run_zones(Session& session);
ExitStatus run_journal(Session& session, const JournalOptions& options);
ExitStatus run_audit_show(Session& session, const AuditShowOptions& options);
ExitStatus run_audit_verify(Session& session, const AuditVerifyOptions& options);
ExitStatus run_audit_checkpoint(Session& session);
ExitStatus run_audit_key(Session& session, const std::string& file);
ExitStatus run_doctor(Session& session);
ExitStatus run_status(Session& session);
ExitStatus run_sweep(Session& session);
ExitStatus run_version(Session& session);
ExitStatus run_explain(Session& session, const ExplainOptions& options);
ExitStatus run_hash(Session& session, const HashOptions& options);

}  // namespace fairlist::cli
