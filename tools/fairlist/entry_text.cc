#include "tools/fairlist/entry_text.h"

#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

namespace {

const ListSpec* find(const config::Config& config, const std::string& name) noexcept {
    const auto found = std::ranges::find(config.lists, name, &ListSpec::name);
    return found == config.lists.end() ? nullptr : &*found;
}

std::string time_or_empty(Time time) {
    return time.is_set() ? to_string(time) : "";
}

}  // namespace

std::string entries_table(const std::vector<EntryView>& entries, const config::Config& config) {
    Table table({{"LIST"}, {"SUBJECT"}, {"CODE"}, {"SOURCE"}, {"SINCE"}, {"UNTIL"}, {"REASON"}});
    for (const EntryView& view : entries) {
        const Verdict& verdict = view.entry.verdict;
        const ReturnCode code = code_of(view, config);
        const ListSpec* list = find(config, view.list);
        const bool own_reason = !verdict.reason.empty() || verdict.exempt || list == nullptr;
        table.add({view.list, to_string(view.entry.subject),
                   verdict.exempt ? "exempt" : to_string(code), view.source,
                   to_string(view.entry.since), to_string(view.entry.until),
                   own_reason ? verdict.reason : list->reason});
    }
    return table.text();
}

std::string csv_field(std::string_view text) {
    const std::string shown = printable(text);
    const bool has_outer_blank = shown.starts_with(' ') || shown.ends_with(' ');
    if (!has_outer_blank && shown.find_first_of(",\"") == std::string::npos) {
        return shown;
    }
    std::string quoted = "\"";
    for (const char c : shown) {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    return quoted + "\"";
}

std::string entries_csv(const std::vector<EntryView>& entries) {
    std::string out;
    for (const EntryView& view : entries) {
        const Verdict& verdict = view.entry.verdict;
        out += fmt::format("{},{},{},{},{},{},{},{},{}\n", csv_field(view.list),
                           csv_field(view.source), csv_field(to_string(view.entry.subject)),
                           verdict.exempt ? "true" : "false",
                           verdict.code.is_set() ? to_string(verdict.code) : "",
                           verdict.ttl_seconds == 0 ? "" : fmt::format("{}", verdict.ttl_seconds),
                           time_or_empty(view.entry.since), time_or_empty(view.entry.until),
                           csv_field(verdict.reason));
    }
    return out;
}

std::string entries_plain(const std::vector<EntryView>& entries) {
    std::string out;
    for (const EntryView& view : entries) {
        if (!view.entry.verdict.exempt) {
            out += to_string(view.entry.subject) + "\n";
        }
    }
    return out;
}

}  // namespace fairlist::cli
