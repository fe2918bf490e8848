#include "tools/fairlist/json_output.h"

#include "server/shown/entry_json.h"
#include "server/shown/json_values.h"
#include "server/shown/listing_json.h"
#include "server/shown/site_json.h"
#include "tools/fairlist/entry_text.h"

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

std::string lookups_json(const std::vector<SubjectExplanation>& explanations,
                         const std::vector<std::vector<std::string>>& words) {
    json::array lookups;
    for (std::size_t i = 0; i < explanations.size(); ++i) {
        json::object lookup = lookup_object(explanations[i]);
        lookup["plain_words"] =
            array_of(words[i], [](const std::string& line) { return text(line); });
        lookups.push_back(std::move(lookup));
    }
    return document(json::object{{"lookups", std::move(lookups)}});
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
        return list_object(list, config);
    };
    return document(json::object{{"lists", array_of(lists, make)}});
}

std::string zones_json(const std::vector<ZoneSpec>& zones) {
    return document(json::object{{"zones", array_of(zones, zone_object)}});
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
