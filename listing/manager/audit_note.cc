#include "listing/manager/audit_note.h"

#include "listing/store/audit_chain.h"
#include "listing/store/journal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace fairlist {

namespace {

std::string text_of(const store::JournalSide& side) {
    std::string text;
    const auto add = [&](const std::string& part) {
        text += (text.empty() ? "" : ", ") + part;
    };
    add(side.verdict.code.is_set() ? "code " + to_string(side.verdict.code) : "the list's code");
    if (side.verdict.ttl_seconds != 0) {
        add(fmt::format("TTL {}", side.verdict.ttl_seconds));
    }
    add("since " + to_string(side.since));
    if (side.until.is_set()) {
        add("until " + to_string(side.until));
    }
    if (!side.verdict.reason.empty()) {
        add("reason " + side.verdict.reason);
    }
    return text;
}

}  // namespace

AuditNote entry_note(std::string_view action, std::string_view list, const Subject& subject,
                     bool exempt, const ChangeLog& log) {
    AuditNote note{fmt::format("{}.{}", exempt ? "exemption" : "entry", action),
                   {{"list", std::string(list)}, {"subject", to_string(subject)}}};
    for (const store::JournalChange& change : log.changes()) {
        if (change.before) {
            note.details.emplace_back("before", text_of(*change.before));
        }
        if (change.after) {
            note.details.emplace_back("after", text_of(*change.after));
        }
    }
    return note;
}

AuditNote access_note(std::uint64_t listing, std::span<const std::uint64_t> hits) {
    AuditNote note{"evidence.full", {}};
    if (listing != 0) {
        note.details.emplace_back("listing", fmt::format("{}", listing));
    }
    note.details.emplace_back("hits", fmt::format("{}", fmt::join(hits, " ")));
    return note;
}

AuditNote bulk_note(std::string_view action, const ChangeLog& log) {
    return {std::string(action),
            {{"added", fmt::format("{}", log.added())},
             {"changed", fmt::format("{}", log.changed())},
             {"removed", fmt::format("{}", log.removed())}}};
}

void note_audit(store::WriteTxn& txn, const Actor& actor, Time now, AuditNote note) {
    store::AuditRecord record;
    record.time = now;
    record.actor = actor.name;
    record.from = actor.from;
    record.why = actor.why;
    record.action = std::move(note.action);
    record.details = std::move(note.details);
    store::append_audit(txn, record);
}

void note_audit(store::Environment& environment, const Actor& actor, Time now,
                const AuditNote& note) {
    environment.write([&](store::WriteTxn& txn) { note_audit(txn, actor, now, note); });
}

}  // namespace fairlist
