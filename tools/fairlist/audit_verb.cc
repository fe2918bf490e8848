#include "tools/fairlist/audit_key_file.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

std::string text_of(const store::AuditRecord& record) {
    std::string text = fmt::format("{} {} {} {}\n", record.number, to_string(record.time),
                                   printable(record.actor), printable(record.action));
    const auto line = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) {
            text += fmt::format("    {}: {}\n", printable(name), printable(value));
        }
    };
    for (const auto& [name, value] : record.details) {
        line(name, value);
    }
    line("why", record.why);
    line("from", record.from);
    return text;
}

// Errors name the line.
Result<std::vector<AuditCheckpoint>> read_file(const std::string& file) {
    std::vector<AuditCheckpoint> checkpoints;
    std::ifstream in(file);
    if (!in) {
        return fail(Errc::NotFound, fmt::format("{}: cannot be read", file));
    }
    std::string line;
    for (unsigned number = 1; std::getline(in, line); ++number) {
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        const auto checkpoint = parse_checkpoint(line);
        if (!checkpoint) {
            return fail(Errc::Malformed,
                        fmt::format("{}:{}: {}", file, number, checkpoint.error().message));
        }
        checkpoints.push_back(*checkpoint);
    }
    return checkpoints;
}

// The key whose checkpoints count, when the configuration names one.
Result<std::optional<AuditPublicKey>> trusted_key(const config::Config& config) {
    if (config.audit.public_key.empty()) {
        return std::nullopt;
    }
    const auto key = parse_public_key(config.audit.public_key);
    if (!key) {
        return fail(Errc::Malformed, "audit.public_key: " + key.error().message);
    }
    return *key;
}

std::string text_of(const AuditVerdict& verdict) {
    if (verdict.fault) {
        return fmt::format("{}\n{} before it {} as written\n", verdict.fault->what,
                           counted(verdict.records, "record"), verdict.records == 1 ? "is" : "are");
    }
    return fmt::format("{}, all as written; {} compared, {}\n", counted(verdict.records, "record"),
                       counted(verdict.checkpoints, "checkpoint"),
                       verdict.signed_up_to == 0
                           ? "none signed"
                           : fmt::format("signed up to record {}", verdict.signed_up_to));
}

}  // namespace

ExitStatus run_audit_show(Session& session, const AuditShowOptions& options) {
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    AuditPage page;
    page.head = (*manager)->audit_head().number;
    const std::uint64_t newest = page.head - std::min<std::uint64_t>(page.head, options.limit);
    page.records = (*manager)->audit(options.after.value_or(newest), options.limit);
    if (session.json()) {
        print(audit_json(page));
        return ExitStatus::Done;
    }
    for (const store::AuditRecord& record : page.records) {
        print(text_of(record));
    }
    const std::uint64_t last = page.records.empty() ? page.head : page.records.back().number;
    if (last < page.head) {
        print_error(fmt::format("fairlist: {} left out; go on with --after {}\n",
                                counted(page.head - last, "newer record"), last));
    }
    return ExitStatus::Done;
}

ExitStatus run_audit_verify(Session& session, const AuditVerifyOptions& options) {
    std::vector<AuditCheckpoint> published;
    if (!options.checkpoints.empty()) {
        auto read = read_file(options.checkpoints);
        if (!read) {
            return session.report(read.error());
        }
        published = std::move(*read);
    }
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const auto trusted = trusted_key(**session.config());
    if (!trusted) {
        return session.report(trusted.error());
    }
    const AuditVerdict verdict = (*manager)->check_audit(published, *trusted);
    print(session.json() ? audit_verdict_json(verdict) : text_of(verdict));
    return verdict.fault ? ExitStatus::Failed : ExitStatus::Done;
}

ExitStatus run_audit_checkpoint(Session& session) {
    const auto config = session.config();
    if (!config) {
        return session.report(config.error());
    }
    const auto key = read_audit_key((*config)->audit.key);
    if (!key) {
        return session.report(key.error());
    }
    const auto manager = session.manager();
    if (!manager) {
        return session.report(manager.error());
    }
    const auto checkpoint = (*manager)->checkpoint_audit(*key);
    if (!checkpoint) {
        return session.report(checkpoint.error());
    }
    print(session.json() ? checkpoint_json(*checkpoint) : to_line(*checkpoint) + "\n");
    return ExitStatus::Done;
}

ExitStatus run_audit_key(Session& session, const std::string& file) {
    const AuditSecretKey key = make_audit_key();
    if (const auto written = write_audit_key(file, key); !written) {
        return session.report(written.error());
    }
    const std::string open = to_hex(public_key(key));
    print(session.json() ? audit_key_json(file, open)
                         : fmt::format("{}: the secret key; keep it from who may write the store\n"
                                       "In the configuration:\n"
                                       "[audit]\nkey = \"{}\"\npublic_key = \"{}\"\n",
                                       file, file, open));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
