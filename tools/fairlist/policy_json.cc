#include "tools/fairlist/policy_json.h"

#include "server/shown/json_values.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace fairlist::cli {

namespace {

namespace json = boost::json;
using namespace json_values;

json::object fault_object(const importer::PolicyFault& fault) {
    return {{"line", fault.line},
            {"column", fault.column},
            {"severity", fault.is_warning ? "warning" : "error"},
            {"where", text_or_null(fault.where)},
            {"message", text(fault.what)}};
}

json::object space_object(const SpaceFigure& figure) {
    return {{"ipv4", figure.v4}, {"ipv6_64s", figure.v6_64s}};
}

json::object survey_object(const PolicySurvey& figures) {
    return {{"uses", array_of(figures.uses,
                              [](const UseFigure& use) {
                                  json::object out{{"use", text(to_string(use.use))},
                                                   {"ranges", use.ranges}};
                                  out["addresses"] = space_object(use.space);
                                  return out;
                              })},
            {"covered", space_object(figures.covered)},
            {"listed", space_object(figures.listed)},
            {"quarantined", space_object(figures.quarantined)},
            {"listed_prefixes", figures.listed_prefixes},
            {"exemptions", figures.exemptions},
            {"smarthosts", figures.smarthosts}};
}

json::object diff_object(const PolicyDiff& diff) {
    return {{"ranges", json::object{{"added", diff.ranges_added},
                                    {"changed", diff.ranges_changed},
                                    {"removed", diff.ranges_removed}}},
            {"exemptions", json::object{{"added", diff.exemptions_added},
                                        {"changed", diff.exemptions_changed},
                                        {"removed", diff.exemptions_removed}}},
            {"lines", texts(diff.lines)}};
}

json::object import_object(const PolicyImport& import) {
    json::object out{{"version", number_or_null(import.version)},
                     {"applied", import.applied},
                     {"held", import.held},
                     {"held_why", text_or_null(import.held_why)},
                     {"diff", diff_object(import.diff)}};
    out["refused"] = import.refused_total;
    out["refusals"] = array_of(import.refused, [](const PolicyRefusal& refusal) {
        return json::object{{"prefix", text(to_string(refusal.prefix))},
                            {"is_exemption", refusal.is_exemption},
                            {"why", text(refusal.why)}};
    });
    out["listed"] = import.listed;
    out["exemptions"] = import.exemptions;
    out["smarthosts"] = import.smarthosts;
    out["entries_changed"] = import.entries_changed;
    out["left_out"] = texts(import.left_out);
    return out;
}

json::object outcome_object(const PolicyOutcome& outcome) {
    json::object out{{"provider", text(outcome.provider)}};
    out["unchanged"] = outcome.is_unchanged;
    if (outcome.import) {
        for (auto& member : import_object(*outcome.import)) {
            out[member.key()] = std::move(member.value());
        }
    }
    out["faults"] = array_of(outcome.faults, fault_object);
    if (outcome.error) {
        out["error"] = error_object(*outcome.error);
    }
    return out;
}

json::object version_object(const PolicyVersion& version) {
    return {{"version", version.version},         {"voice", text(to_string(version.voice))},
            {"imported", time(version.imported)}, {"published", time(version.published)},
            {"actor", text(version.actor)},       {"ranges", version.ranges},
            {"exemptions", version.exemptions},   {"refused", version.refused},
            {"in_force", version.in_force},       {"held", version.held}};
}

json::object exemption_object(const PolicyExemption& exemption) {
    return {{"prefix", text(to_string(exemption.prefix))},
            {"reason", text(exemption.reason)},
            {"customer", text_or_null(exemption.customer)},
            {"until", time(exemption.until)}};
}

json::object conflict_object(const PolicyConflict& conflict) {
    return {{"prefix", text(to_string(conflict.prefix))},
            {"where", text(to_string(conflict.where))},
            {"says", text(conflict.says)},
            {"seen", text(conflict.seen)}};
}

}  // namespace

std::string policy_check_json(const std::string& file, const importer::PolicyReading& reading,
                              const PolicySurvey& figures) {
    return document(json::object{{"file", text(file)},
                                 {"format", reading.is_csv ? "csv" : "json"},
                                 {"good", reading.faults_total == 0},
                                 {"errors", reading.faults_total},
                                 {"warnings", reading.warnings_total},
                                 {"faults", array_of(reading.faults, fault_object)},
                                 {"summary", survey_object(figures)}});
}

std::string policy_outcomes_json(const std::vector<PolicyOutcome>& outcomes) {
    return document(json::object{{"policies", array_of(outcomes, outcome_object)}});
}

std::string policy_outcome_json(const PolicyOutcome& outcome) {
    return document(outcome_object(outcome));
}

std::string policy_diff_json(const std::string& provider, const PolicyDiff& diff) {
    json::object out{{"provider", text(provider)}};
    out["diff"] = diff_object(diff);
    return document(out);
}

std::string policy_versions_json(const std::string& provider,
                                 const std::vector<PolicyVersion>& versions) {
    return document(json::object{{"provider", text(provider)},
                                 {"versions", array_of(versions, version_object)}});
}

std::string policy_exemptions_json(const std::string& provider,
                                   const std::vector<PolicyExemption>& exemptions,
                                   const std::string& next) {
    return document(json::object{{"provider", text(provider)},
                                 {"exemptions", array_of(exemptions, exemption_object)},
                                 {"next", text_or_null(next)}});
}

std::string policy_exempt_json(const std::string& provider, const std::string& prefix,
                               const std::string& change) {
    return document(json::object{
        {"provider", text(provider)}, {"prefix", text(prefix)}, {"change", text(change)}});
}

std::string policy_conflicts_json(const std::vector<ProviderConflicts>& all) {
    json::array out;
    for (const ProviderConflicts& one : all) {
        for (const PolicyConflict& conflict : one.conflicts) {
            json::object shown{{"provider", text(one.provider)}};
            for (auto& member : conflict_object(conflict)) {
                shown[member.key()] = std::move(member.value());
            }
            out.push_back(std::move(shown));
        }
    }
    const bool is_whole = std::ranges::all_of(all, &ProviderConflicts::is_whole);
    return document(json::object{{"conflicts", std::move(out)}, {"is_whole", is_whole}});
}

std::string policy_refresh_json(std::uint64_t changed) {
    return document(json::object{{"policies_changed", changed}});
}

}  // namespace fairlist::cli
