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

// The newest `limit` items, and what else belongs to the oldest of their commits. A commit has a
// number and at least one item, so they lie behind head - limit; where the journal no longer
// reaches back that far, it is read from its tail on.
Result<std::vector<JournalItem>> newest_items(Manager& manager, const StoreStatus& status,
                                              std::size_t limit) {
    const std::uint64_t back = std::min<std::uint64_t>(status.journal_head, limit);
    const std::uint64_t oldest = status.journal_tail == 0 ? 0 : status.journal_tail - 1;
    auto page = manager.journal(std::max(status.journal_head - back, oldest), limit);
    std::vector<JournalItem> items;
    while (page && !page->empty()) {
        const std::uint64_t last = page->back().number;
        std::ranges::move(*page, std::back_inserter(items));
        page = manager.journal(last, limit);
    }
    if (!page) {
        return page;
    }
    std::size_t first = items.size() - std::min(items.size(), limit);
    while (first > 0 && items[first - 1].number == items[first].number) {
        --first;
    }
    items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(first));
    return items;
}

// Says on standard error what is not shown.
void print_rest(const JournalPage& page, const StoreStatus& status) {
    if (page.older != 0) {
        print_error(
            fmt::format("fairlist: {} left out; see more with --limit, or all from the "
                        "oldest on with --after {}\n",
                        counted(page.older, "older commit"), status.journal_tail - 1));
    }
    if (page.newer != 0) {
        print_error(fmt::format("fairlist: {} left out; go on with --after {}\n",
                                counted(page.newer, "newer commit"), page.items.back().number));
    }
}

}  // namespace

ExitStatus run_journal(Session& session, const JournalOptions& options) {
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const StoreStatus status = (*manager)->status();
    auto items = options.after ? (*manager)->journal(*options.after, options.limit)
                               : newest_items(**manager, status, options.limit);
    if (!items) {
        return session.report(items.error());
    }
    JournalPage page{std::move(*items), status.journal_head, 0, 0};
    if (!page.items.empty()) {
        page.older = options.after ? 0 : page.items.front().number - status.journal_tail;
        // Another process may have written since.
        page.newer = page.head - std::min(page.head, page.items.back().number);
    }
    if (session.json()) {
        print(journal_json(page));
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
    for (const JournalItem& item : page.items) {
        add_row(table, item);
    }
    print(table.text());
    print_rest(page, status);
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
