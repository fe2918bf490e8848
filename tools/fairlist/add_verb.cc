#include "listing/base/time.h"
#include "server/shown/explanation.h"
#include "tools/fairlist/entry_options.h"
#include "tools/fairlist/subject_changes.h"
#include "tools/fairlist/subject_input.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

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

// Everything of the entry but its subject.
Result<NewEntry> entry_of(const AddOptions& options, const ListSpec& list, bool exempt) {
    NewEntry entry;
    entry.exempt = exempt;
    entry.reason = options.reason;
    if (exempt && options.reason.empty()) {
        return fail(Errc::Malformed, "--reason \"\": expected why the subject is taken out");
    }
    if (const auto good = check_reason_option("--reason", options.reason); !good) {
        return std::unexpected(good.error());
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
    const auto ttl = ttl_option("--ttl", options.ttl);
    if (!ttl) {
        return std::unexpected(ttl.error());
    }
    entry.ttl_seconds = *ttl;
    const auto until = end_option(options.until, options.duration, now());
    if (!until) {
        return std::unexpected(until.error());
    }
    entry.until = *until;
    return entry;
}

// Why an entry that stands in the list now does not answer; empty when it does.
std::string silence_of(Manager& manager, const ListSpec& list, const AddOptions& options,
                       const Subject& subject) {
    std::vector<EntryView> covering = manager.lookup(subject);
    std::erase_if(covering, [&](const EntryView& view) { return view.list != list.name; });
    const std::vector<EntryRole> roles = judge(list, covering, now());
    const auto exempts = std::ranges::find(roles, EntryRole::Exempts);
    for (std::size_t i = 0; i < covering.size(); ++i) {
        const EntryView& view = covering[i];
        const bool is_ours = view.entry.subject == subject && view.source == options.source &&
                             !view.entry.verdict.exempt;
        if (is_ours && roles[i] == EntryRole::Overridden && exempts != roles.end()) {
            const EntryView& first = covering[static_cast<std::size_t>(exempts - roles.begin())];
            return fmt::format(
                "does not answer, because the exemption {} of source {} stands "
                "before it",
                to_string(first.entry.subject), first.source);
        }
    }
    return {};
}

// One subject of the command line, with what holds for all of them.
Result<ChangeResult> add_one(Session& session, const AddOptions& options, Manager& manager,
                             const ListSpec& list, const NewEntry& entry) {
    if (const auto fit = check_name(entry.subject, options.yes); !fit) {
        return std::unexpected(fit.error());
    }
    const auto changed = manager.add(session.actor(), list.name, options.source, entry);
    if (!changed) {
        return std::unexpected(with_remedy(changed.error(), **session.config(), entry.subject));
    }
    ChangeResult result{std::string(word_of(*changed)), 1};
    if (entry.exempt) {
        result.word = *changed == ChangeKind::Added ? "exempted" : "";
    } else {
        result.note = silence_of(manager, list, options, entry.subject);
    }
    return result;
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
    return change_subjects(session, options.list, options.subjects,
                           [&](Manager& manager, const ListSpec& spec, const Subject& subject) {
                               NewEntry entry = *model;
                               entry.subject = subject;
                               return add_one(session, options, manager, spec, entry);
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
