#include "listing/base/time.h"
#include "tools/fairlist/subject_changes.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"
#include "zones/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace fairlist::cli {

namespace {

std::string_view word_of(ChangeKind kind) noexcept {
    switch (kind) {
        case ChangeKind::Added:
            return "added";
        case ChangeKind::Changed:
            return "changed";
        case ChangeKind::Removed:
            return "removed";
        case ChangeKind::Unchanged:
            break;
    }
    return "unchanged";
}

Result<Time> end_of(const AddOptions& options, Time from) {
    if (!options.until.empty()) {
        const auto until = parse_time(options.until);
        if (until && *until <= from) {
            return fail(Errc::OutOfRange, fmt::format("--until \"{}\": is past already, now is {}",
                                                      options.until, to_string(from)));
        }
        return until;
    }
    if (options.duration.empty()) {
        return Time{};
    }
    const auto seconds = parse_duration(options.duration);
    if (!seconds) {
        return std::unexpected(seconds.error());
    }
    if (*seconds == 0 || *seconds > UINT32_MAX - from.seconds) {
        return fail(Errc::OutOfRange,
                    fmt::format("--for \"{}\": expected more than nothing, and an end before 2106",
                                options.duration));
    }
    return Time{from.seconds + *seconds};
}

// The text stands in TXT answers and in the replies of mail servers, which are lines.
Result<void> check_reason_text(const std::string& reason) {
    const auto is_control = [](char c) {
        return (c >= 0 && c < ' ') || c == 0x7F;
    };
    if (std::ranges::any_of(reason, is_control)) {
        return fail(Errc::Malformed, fmt::format("\"{}\": expected one line without control "
                                                 "characters",
                                                 printable(reason.substr(0, 64))));
    }
    return check_reason(reason, false);
}

// Everything of the entry but its subject.
Result<NewEntry> entry_of(const AddOptions& options, const ListSpec& list, bool exempt) {
    NewEntry entry;
    entry.exempt = exempt;
    entry.reason = options.reason;
    if (const auto good = check_reason_text(options.reason); !good) {
        return fail_in("--reason", good.error());
    }
    if (const auto name = parse_list_name(options.source); !name) {
        return fail_in("--source", name.error());
    }
    if (!options.code.empty()) {
        const auto code = parse_code(options.code, list.foreign_codes);
        if (!code) {
            return fail_in("--code", code.error());
        }
        entry.code = *code;
    }
    if (!options.ttl.empty()) {
        const auto ttl = parse_duration(options.ttl);
        if (!ttl) {
            return fail_in("--ttl", ttl.error());
        }
        entry.ttl_seconds = *ttl;
    }
    const auto until = end_of(options, now());
    if (!until) {
        return std::unexpected(until.error());
    }
    entry.until = *until;
    return entry;
}

ExitStatus run(Session& session, const AddOptions& options, bool exempt) {
    const auto list = session.list(options.list);
    if (!list) {
        return session.report(list.error());
    }
    const auto model = entry_of(options, **list, exempt);
    if (!model) {
        const bool typed_wrong = model.error().code != Errc::Refused;
        return session.report(model.error(), typed_wrong ? ExitStatus::Usage : ExitStatus::Failed);
    }
    const Actor actor = Session::actor();
    return change_subjects(session, options.list, options.subjects,
                           [&](Manager& manager, const ListSpec& spec,
                               const Subject& subject) -> Result<ChangeResult> {
                               NewEntry entry = *model;
                               entry.subject = subject;
                               const auto changed =
                                   manager.add(actor, spec.name, options.source, entry);
                               if (!changed) {
                                   return std::unexpected(changed.error());
                               }
                               return ChangeResult{std::string(word_of(*changed)), 1};
                           });
}

}  // namespace

ExitStatus run_add(Session& session, const AddOptions& options) {
    return run(session, options, false);
}

ExitStatus run_exempt(Session& session, const AddOptions& options) {
    return run(session, options, true);
}

}  // namespace fairlist::cli
