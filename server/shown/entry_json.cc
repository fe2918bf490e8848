#include "server/shown/entry_json.h"

#include "server/shown/json_values.h"
#include "server/shown/listing_json.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string_view>

namespace fairlist {

namespace json = boost::json;
using namespace json_values;

namespace {

json::object explained_object(const ExplainedEntry& explained) {
    json::object out = entry_object(explained.view, explained.code);
    out["role"] = text(to_string(explained.role));
    out["text"] = text(explained.reason);
    out["listing"] = explained.listing ? listing_object(*explained.listing, now()) : json::value();
    return out;
}

json::object list_object(const ListExplanation& list) {
    return {{"list", text(list.list)},
            {"listed", list.listed},
            {"entries", array_of(list.entries, explained_object)},
            {"inside", array_of(list.narrower,
                                [](const EntryView& view) {
                                    return entry_object(view, view.entry.verdict.code);
                                })},
            {"more_inside", list.more_narrower},
            {"zones", array_of(list.zones, [](const ZoneName& zone) {
                 return json::object{{"zone", text(zone.zone)}, {"name", text_or_null(zone.name)}};
             })}};
}

// A change's own values: what the list would stand in for is null.
json::value side_object(const EntryView& view, bool present) {
    return present ? json::value(entry_object(view, view.entry.verdict.code))
                   : json::value(nullptr);
}

std::string_view name_of(const JournalItem& item) noexcept {
    if (item.is_bulk) {
        return "bulk";
    }
    return item.kind == ChangeKind::Added     ? "added"
           : item.kind == ChangeKind::Changed ? "changed"
           : item.kind == ChangeKind::Removed ? "removed"
                                              : "unchanged";
}

}  // namespace

ReturnCode code_of(const EntryView& view, const config::Config& config) noexcept {
    const Verdict& verdict = view.entry.verdict;
    if (verdict.exempt || verdict.code.is_set()) {
        return verdict.exempt ? ReturnCode{} : verdict.code;
    }
    const auto list = std::ranges::find(config.lists, view.list, &ListSpec::name);
    return list == config.lists.end() ? ReturnCode{} : list->code;
}

json::object entry_object(const EntryView& view, ReturnCode answered) {
    const Entry& entry = view.entry;
    return {{"list", text(view.list)},
            {"source", text(view.source)},
            {"subject", text(to_string(entry.subject))},
            {"exempt", entry.verdict.exempt},
            {"code", code(entry.verdict.exempt ? ReturnCode{} : answered)},
            {"ttl_seconds", seconds_or_null(entry.verdict.ttl_seconds)},
            {"reason", text(entry.verdict.reason)},
            {"since", time(entry.since)},
            {"until", time(entry.until)}};
}

json::object lookup_object(const SubjectExplanation& explanation) {
    const bool listed = std::ranges::any_of(explanation.lists, &ListExplanation::listed);
    return {{"asked", text(explanation.asked)},
            {"subject", text(to_string(explanation.subject))},
            {"kind", text(to_string(kind_of(explanation.subject)))},
            {"listed", listed},
            {"note", text_or_null(explanation.note)},
            {"lists", array_of(explanation.lists, list_object)}};
}

json::object journal_object(const JournalItem& item) {
    json::object out{{"number", item.number},
                     {"time", time(item.time)},
                     {"actor", text(item.actor)},
                     {"change", text(name_of(item))}};
    if (item.is_bulk) {
        out["list"] = text(item.bulk_list);
        out["source"] = text(item.bulk_source);
        out["added"] = item.bulk_added;
        out["changed"] = item.bulk_changed;
        out["removed"] = item.bulk_removed;
        return out;
    }
    out["before"] = side_object(item.before, item.kind != ChangeKind::Added);
    out["after"] = side_object(item.after, item.kind != ChangeKind::Removed);
    return out;
}

}  // namespace fairlist
