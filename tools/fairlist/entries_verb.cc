#include "tools/fairlist/entry_text.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <string>
#include <utility>

namespace fairlist::cli {

namespace {

// What --all asks for at a time, so that no read transaction lasts long.
constexpr std::size_t kPageEntries = 5000;

Result<EntryFilter> filter_of(Session& session, const EntriesOptions& options) {
    EntryFilter filter;
    if (!options.list.empty()) {
        const auto list = session.list(options.list);
        if (!list) {
            return std::unexpected(list.error());
        }
        filter.list = options.list;
    }
    if (!options.source.empty()) {
        filter.source = options.source;
    }
    if (!options.within.empty()) {
        const auto prefix = parse_prefix(options.within);
        if (!prefix) {
            return fail_in("--within", prefix.error());
        }
        filter.within = *prefix;
    }
    filter.exemptions_only = options.exemptions;
    filter.include_expired = options.expired;
    return filter;
}

void print_page(const EntryPage& page, const std::string& format, const config::Config& config) {
    if (format == "csv") {
        print(entries_csv(page.entries));
    } else if (format == "plain") {
        print(entries_plain(page.entries));
    } else {
        print(entries_table(page.entries, config));
    }
}

// Prints page after page; returns the token of what is left, empty when nothing is. Ends: every
// page moves the token forward.
Result<std::string> print_entries(Manager& manager, const EntriesOptions& options,
                                  const EntryFilter& filter, const config::Config& config) {
    if (options.format == "csv") {
        print(kCsvTitles);
    }
    std::string after = options.after;
    do {
        const auto page =
            manager.entries(filter, after, options.all ? kPageEntries : options.limit);
        if (!page) {
            return std::unexpected(page.error());
        }
        print_page(*page, options.format, config);
        after = page->next;
    } while (options.all && !after.empty());
    return after;
}

Result<EntryPage> gather_entries(Manager& manager, const EntriesOptions& options,
                                 const EntryFilter& filter) {
    EntryPage all{{}, options.after};
    do {
        auto page = manager.entries(filter, all.next, options.all ? kPageEntries : options.limit);
        if (!page) {
            return page;
        }
        all.next = std::move(page->next);
        std::ranges::move(page->entries, std::back_inserter(all.entries));
    } while (options.all && !all.next.empty());
    return all;
}

}  // namespace

ExitStatus run_entries(Session& session, const EntriesOptions& options) {
    const auto filter = filter_of(session, options);
    if (!filter) {
        const bool typed_wrong = filter.error().code == Errc::Malformed && !options.within.empty();
        return session.report(filter.error(), typed_wrong ? ExitStatus::Usage : ExitStatus::Failed);
    }
    const auto manager = session.reader();
    if (!manager) {
        return session.report(manager.error());
    }
    const config::Config& config = **session.config();
    if (session.json() || options.format == "json") {
        const auto page = gather_entries(**manager, options, *filter);
        if (!page) {
            return session.report(page.error());
        }
        print(entries_json(*page, config));
        return ExitStatus::Done;
    }
    const auto left = print_entries(**manager, options, *filter, config);
    if (!left) {
        return session.report(left.error());
    }
    if (!left->empty()) {
        print_error(fmt::format("fairlist: there are more; go on with --after {}\n", *left));
    }
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
