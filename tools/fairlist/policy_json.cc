#include "tools/fairlist/policy_json.h"

#include "server/shown/json_values.h"
#include "server/shown/provider_json.h"

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

json::object outcome_object(const PolicyOutcome& outcome) {
    json::object out{{"provider", text(outcome.provider)}};
    out["unchanged"] = outcome.is_unchanged;
    if (outcome.import) {
        for (auto& member : policy_import_object(*outcome.import)) {
            out[member.key()] = std::move(member.value());
        }
    }
    out["faults"] = array_of(outcome.faults, fault_object);
    if (outcome.error) {
        out["error"] = error_object(*outcome.error);
    }
    return out;
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
    out["diff"] = policy_diff_object(diff);
    return document(out);
}

std::string policy_versions_json(const std::string& provider,
                                 const std::vector<PolicyVersion>& versions) {
    return document(json::object{{"provider", text(provider)},
                                 {"versions", array_of(versions, policy_version_object)}});
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
            for (auto& member : policy_conflict_object(conflict)) {
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
