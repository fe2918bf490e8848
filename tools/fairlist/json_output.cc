#include "tools/fairlist/json_output.h"

#include "tools/fairlist/entry_text.h"
#include "tools/fairlist/json_values.h"
#include "tools/fairlist/listing_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

namespace {

namespace json = boost::json;
using namespace json_values;

json::object fault_object(const config::Fault& fault) {
    return {{"file", text(fault.file.string())},
            {"line", fault.line},
            {"column", fault.column},
            {"where", text(fault.where)},
            {"what", text(fault.what)}};
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

json::object outcome_object(const SubjectOutcome& outcome) {
    json::object out{{"subject", text(outcome.subject)}, {"where", text_or_null(outcome.where)}};
    if (outcome.error) {
        out["error"] = error_object(*outcome.error);
    } else {
        out["change"] = text(outcome.change);
        out["entries"] = outcome.entries;
        out["note"] = text_or_null(outcome.note);
    }
    return out;
}

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

json::object lookup_object(const SubjectExplanation& explanation) {
    const bool listed = std::ranges::any_of(explanation.lists, &ListExplanation::listed);
    return {{"asked", text(explanation.asked)},
            {"subject", text(to_string(explanation.subject))},
            {"kind", text(to_string(kind_of(explanation.subject)))},
            {"listed", listed},
            {"note", text_or_null(explanation.note)},
            {"lists", array_of(explanation.lists, list_object)}};
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

json::object feed_state_object(const FeedState& feed) {
    return {{"name", text(feed.name)},
            {"version", feed.version},
            {"entries", feed.entries},
            {"imported", time(feed.imported)},
            {"checked", time(feed.checked)},
            {"data_end", time(feed.data_end)},
            {"digest", text_or_null(feed.digest)},
            {"held", feed.held},
            {"held_why", text_or_null(feed.held_why)},
            {"rolled_back", feed.rolled_back},
            {"last_error", text_or_null(feed.last_error)}};
}

json::object feed_object(const FeedView& view) {
    json::object out = feed_state_object(view.state);
    out["name"] = text(view.feed.name);
    out["list"] = text(view.feed.list);
    out["url"] = text(view.feed.url);
    out["format"] = text_or_null(view.feed.format);
    out["every_seconds"] = view.feed.every_seconds;
    out["due"] = view.due;
    out["versions"] = array_of(view.versions, [](std::uint64_t version) { return version; });
    return out;
}

void put_report(json::object& out, const importer::ImportReport& report) {
    out["version"] = report.version;
    out["format"] = text_or_null(report.format);
    out["held_why"] = text_or_null(report.held_why);
    out["added"] = report.plan.added;
    out["changed"] = report.plan.changed;
    out["removed"] = report.plan.removed;
    out["unchanged"] = report.plan.unchanged;
    out["before"] = report.plan.total_before;
    out["after"] = report.plan.total_after;
    out["lines"] = report.lines;
    out["records"] = report.records;
    out["expired"] = report.expired;
    out["data_end"] = time(report.facts.data_end);
    out["rejected"] = report.rejected;
    out["rejections"] = array_of(report.rejections, [](const importer::Rejection& rejection) {
        return json::object{{"file", text(rejection.file)},
                            {"line", rejection.line},
                            {"text", text(rejection.text)},
                            {"why", text(rejection.why)}};
    });
    out["refused"] = report.refused;
    out["refusals"] = array_of(report.refusals, [](const importer::Refusal& refusal) {
        return json::object{{"subject", text(refusal.subject)}, {"why", text(refusal.why)}};
    });
}

json::object import_object(const ImportResult& result) {
    json::object out{{"source", text(result.source)},
                     {"list", text(result.list)},
                     {"outcome", text(outcome_word(result))}};
    if (result.report) {
        put_report(out, *result.report);
    } else {
        out["error"] = error_object(result.report.error());
    }
    return out;
}

}  // namespace

std::string error_json(const Error& error, const std::vector<config::Fault>& faults) {
    json::object out = error_object(error);
    if (!faults.empty()) {
        out["faults"] = array_of(faults, fault_object);
    }
    return document(json::object{{"error", out}});
}

std::string usage_error_json(const Error& error) {
    return document(
        json::object{{"error", json::object{{"code", "usage"}, {"message", text(error.message)}}}});
}

std::string check_json(const config::Loaded& loaded) {
    return document(json::object{{"ok", loaded.faults.empty()},
                                 {"lists", loaded.config.lists.size()},
                                 {"zones", loaded.config.zones.size()},
                                 {"feeds", loaded.config.feeds.size()},
                                 {"faults", array_of(loaded.faults, fault_object)}});
}

std::string init_json(const std::string& store, const std::vector<std::string>& new_lists) {
    json::array lists;
    for (const std::string& name : new_lists) {
        lists.emplace_back(text(name));
    }
    return document(json::object{{"store", text(store)}, {"new_lists", std::move(lists)}});
}

std::string version_json(const std::string& version) {
    return document(json::object{{"version", text(version)}});
}

std::string outcomes_json(const std::string& list, const std::vector<SubjectOutcome>& outcomes) {
    return document(
        json::object{{"list", text(list)}, {"results", array_of(outcomes, outcome_object)}});
}

std::string lookups_json(const std::vector<SubjectExplanation>& explanations) {
    return document(json::object{{"lookups", array_of(explanations, lookup_object)}});
}

std::string entries_json(const EntryPage& page, const config::Config& config) {
    const auto make = [&](const EntryView& view) {
        return entry_object(view, code_of(view, config));
    };
    return document(
        json::object{{"entries", array_of(page.entries, make)}, {"next", text_or_null(page.next)}});
}

std::string lists_json(const std::vector<ListStatus>& lists, const config::Config& config) {
    const auto make = [&](const ListStatus& list) {
        json::array zones;
        for (const ZoneSpec& zone : config.zones) {
            if (zone.origin && std::ranges::find(zone.lists, list.spec.name) != zone.lists.end()) {
                zones.emplace_back(text(zone.origin->text()));
            }
        }
        return json::object{{"name", text(list.spec.name)},
                            {"kind", text(to_string(list.spec.kind))},
                            {"match", text(to_string(list.spec.match))},
                            {"code", code(list.spec.code)},
                            {"ttl_seconds", seconds_or_null(list.spec.ttl_seconds)},
                            {"reason", text(list.spec.reason)},
                            {"description", text(list.spec.description)},
                            {"entries", list.entries},
                            {"exemptions", list.exemptions},
                            {"zones", zones}};
    };
    return document(json::object{{"lists", array_of(lists, make)}});
}

std::string zones_json(const std::vector<ZoneSpec>& zones) {
    const auto make = [](const ZoneSpec& zone) {
        return json::object{{"zone", text(zone.origin ? zone.origin->text() : "")},
                            {"lists", texts(zone.lists)},
                            {"name_servers", texts(zone.name_servers)},
                            {"ttl_seconds", zone.ttl_seconds},
                            {"negative_ttl_seconds", zone.soa.minimum_seconds}};
    };
    return document(json::object{{"zones", array_of(zones, make)}});
}

std::string doctor_json(const DoctorReport& report) {
    return document(json::object{{"whole", report.fault_count == 0},
                                 {"nodes", report.nodes},
                                 {"addresses", report.addresses},
                                 {"names", report.names},
                                 {"digests", report.digests},
                                 {"verdicts", report.verdicts},
                                 {"commits", report.commits},
                                 {"audit_records", report.audit_records},
                                 {"listings", report.listings},
                                 {"open_listings", report.open_listings},
                                 {"hits", report.hits},
                                 {"fault_count", report.fault_count},
                                 {"faults", texts(report.faults)}});
}

std::string audit_json(const AuditPage& page) {
    const auto audit_object = [](const store::AuditRecord& record) {
        json::array details;
        for (const auto& [name, value] : record.details) {
            details.push_back(json::object{{"name", text(name)}, {"value", text(value)}});
        }
        return json::object{{"number", record.number},       {"time", time(record.time)},
                            {"actor", text(record.actor)},   {"from", text(record.from)},
                            {"action", text(record.action)}, {"why", text(record.why)},
                            {"details", std::move(details)}, {"previous", to_hex(record.previous)},
                            {"hash", to_hex(record.hash)}};
    };
    return document(
        json::object{{"head", page.head}, {"records", array_of(page.records, audit_object)}});
}

std::string audit_verdict_json(const AuditVerdict& verdict) {
    json::value fault;
    if (verdict.fault) {
        fault =
            json::object{{"record", verdict.fault->number}, {"what", text(verdict.fault->what)}};
    }
    return document(json::object{{"good", !verdict.fault},
                                 {"records", verdict.records},
                                 {"checkpoints", verdict.checkpoints},
                                 {"signed_up_to", verdict.signed_up_to},
                                 {"fault", std::move(fault)}});
}

std::string audit_key_json(const std::string& file, const std::string& key) {
    return document(json::object{{"file", file}, {"public_key", key}});
}

std::string checkpoint_json(const AuditCheckpoint& checkpoint) {
    return document(json::object{{"record", checkpoint.number},
                                 {"time", time(checkpoint.time)},
                                 {"hash", to_hex(checkpoint.hash)},
                                 {"key", to_hex(checkpoint.key)},
                                 {"line", to_line(checkpoint)}});
}

std::string journal_json(const JournalPage& page) {
    return document(json::object{{"head", page.head},
                                 {"older", page.older},
                                 {"newer", page.newer},
                                 {"changes", array_of(page.items, journal_object)}});
}

std::string forget_json(const std::string& source, const importer::Holdings& gone) {
    return document(json::object{
        {"source", text(source)}, {"removed", gone.entries}, {"versions", gone.versions}});
}

std::string sweep_json(const SweepTotals& totals) {
    return document(json::object{{"deleted", totals.deleted},
                                 {"expired", totals.expired},
                                 {"lapsed", totals.lapsed},
                                 {"hits", totals.hits}});
}

std::string status_json(const StatusReport& report) {
    return document(json::object{{"store", text(report.store)},
                                 {"format", report.status.format_version},
                                 {"journal_head", report.status.journal_head},
                                 {"entries", report.status.entries},
                                 {"verdicts", report.status.verdicts},
                                 {"file_bytes", report.status.file_bytes},
                                 {"map_bytes", report.status.map_bytes},
                                 {"readers", report.status.readers},
                                 {"lists", report.lists},
                                 {"zones", report.zones},
                                 {"feeds", array_of(report.feeds, feed_state_object)}});
}

std::string imports_json(const std::vector<ImportResult>& results) {
    return document(json::object{{"imports", array_of(results, import_object)}});
}

std::string feeds_json(const std::vector<FeedView>& feeds) {
    return document(json::object{{"feeds", array_of(feeds, feed_object)}});
}

std::string digests_json(const std::vector<MadeDigest>& digests) {
    const auto make = [](const MadeDigest& made) {
        return json::object{{"value", text(made.value)},
                            {"canonical", text(made.canonical)},
                            {"digest", text(made.digest)},
                            {"names", texts(made.names)}};
    };
    return document(json::object{{"digests", array_of(digests, make)}});
}

}  // namespace fairlist::cli
