#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

std::string word_of(const JournalItem& item) {
    if (item.is_bulk) {
        return "bulk";
    }
    switch (item.kind) {
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

std::string detail_of(const JournalItem& item, const Entry& entry) {
    const Verdict& verdict = entry.verdict;
    std::string text = verdict.exempt ? "exemption" : "";
    const auto more = [&](const std::string& part) {
        text += (text.empty() ? "" : ", ") + part;
    };
    if (verdict.code.is_set()) {
        more(to_string(verdict.code));
    }
    if (entry.until.is_set()) {
        more("until " + to_string(entry.until));
    }
    if (item.kind == ChangeKind::Changed && item.before.entry.until != entry.until) {
        more("before until " + to_string(item.before.entry.until));
    }
    if (!verdict.reason.empty()) {
        more(verdict.reason);
    }
    return text;
}

void add_row(Table& table, const JournalItem& item) {
    std::vector<std::string> row = {fmt::format("{}", item.number), to_string(item.time),
                                    item.actor, word_of(item)};
    if (item.is_bulk) {
        row.insert(row.end(), {item.bulk_list, item.bulk_source, "-",
                               fmt::format("{} added, {} changed, {} removed", item.bulk_added,
                                           item.bulk_changed, item.bulk_removed)});
    } else {
        const EntryView& view = item.kind == ChangeKind::Removed ? item.before : item.after;
        row.insert(row.end(), {view.list, view.source, to_string(view.entry.subject),
                               detail_of(item, view.entry)});
    }
    table.add(std::move(row));
}

// The newest `limit` items. A commit has a number and at least one item, so they lie behind head -
// limit; where the journal no longer reaches back that far, half the way is tried.
Result<std::vector<JournalItem>> newest_items(Manager& manager, std::uint64_t head,
                                              std::size_t limit) {
    std::uint64_t back = std::min<std::uint64_t>(head, limit);
    auto page = manager.journal(head - back, limit);
    while (!page && page.error().code == Errc::OutOfRange && back > 0) {
        back /= 2;
        page = manager.journal(head - back, limit);
    }
    std::vector<JournalItem> items;
    while (page && !page->empty()) {
        const std::uint64_t last = page->back().number;
        std::ranges::move(*page, std::back_inserter(items));
        page = manager.journal(last, limit);
    }
    if (!page) {
        return page;
    }
    const std::size_t older = items.size() - std::min(items.size(), limit);
    items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(older));
    return items;
}

}  // namespace

ExitStatus run_journal(Session& session, const JournalOptions& options) {
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const std::uint64_t head = (*manager)->status().journal_head;
    const auto items = options.after ? (*manager)->journal(*options.after, options.limit)
                                     : newest_items(**manager, head, options.limit);
    if (!items) {
        return session.report(items.error());
    }
    if (session.json()) {
        print(journal_json(*items, head));
        return ExitStatus::Done;
    }
    Table table({{"NUMBER", true},
                 {"TIME"},
                 {"WHO"},
                 {"WHAT"},
                 {"LIST"},
                 {"SOURCE"},
                 {"SUBJECT"},
                 {"DETAIL"}});
    for (const JournalItem& item : *items) {
        add_row(table, item);
    }
    print(table.text());
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
