#include "server/api/provider_json.h"

#include "server/shown/json_values.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace fairlist::api {

namespace json = boost::json;
using namespace json_values;

json::object provider_object(const Provider& provider, const ProviderBook::Held& held) {
    const auto domain = [](const DomainName& name) {
        return text(name.text());
    };
    return {{"slug", text(provider.slug)},
            {"name", text(provider.name)},
            {"asns", json::array(provider.asns.begin(), provider.asns.end())},
            {"abuse", text_or_null(provider.abuse)},
            {"postmaster", text_or_null(provider.postmaster)},
            {"support", text_or_null(provider.support)},
            {"webhook", text_or_null(provider.webhook)},
            {"policy_url", text_or_null(provider.policy_url)},
            {"space_url", text_or_null(provider.space_url)},
            {"space_format", text_or_null(provider.space_format)},
            {"domains", array_of(provider.domains, domain)},
            {"shows_standing", provider.shows_standing},
            {"added", time(provider.added)},
            {"changed", time(provider.changed)},
            {"ranges", held.ranges},
            {"addresses_v4", held.v4},
            {"networks_v6_64", held.v6_64s}};
}

json::object public_provider_object(const Provider& provider) {
    return {{"slug", text(provider.slug)},
            {"name", text(provider.name)},
            {"support", text_or_null(provider.support)}};
}

json::object held_range_object(const HeldRange& range) {
    return {{"prefix", text(to_string(range.prefix))},
            {"origin", text(to_string(range.origin))},
            {"since", time(range.since)}};
}

json::object space_change_object(const SpaceChange& change) {
    const auto refusal = [](const SpaceRefusal& one) {
        return json::object{{"prefix", text(to_string(one.prefix))}, {"why", text(one.why)}};
    };
    return {{"added", change.added},
            {"removed", change.removed},
            {"unchanged", change.unchanged},
            {"taken", change.taken},
            {"refused", array_of(change.refused, refusal)},
            {"refused_total", change.refused_total}};
}

json::object policy_quote_object(const PolicyQuote& quote) {
    const PolicyRange& range = quote.range;
    return {{"provider", text(quote.provider)},
            {"voice", text(to_string(quote.voice))},
            {"published", time(quote.published)},
            {"fresh", quote.fresh},
            {"prefix", text(to_string(range.prefix))},
            {"use", text(to_string(range.use))},
            {"direct_mail", text_or_null(to_string(range.direct_mail))},
            {"port25", text_or_null(to_string(range.port25))},
            {"smarthost", text_or_null(range.smarthost)},
            {"policy", text_or_null(range.policy)},
            {"contact", text_or_null(range.contact)}};
}

json::object policy_import_object(const PolicyImport& import) {
    const auto refusal = [](const PolicyRefusal& one) {
        return json::object{{"prefix", text(to_string(one.prefix))},
                            {"exemption", one.is_exemption},
                            {"why", text(one.why)}};
    };
    const PolicyDiff& diff = import.diff;
    return {{"version", number_or_null(import.version)},
            {"applied", import.applied},
            {"held", import.held},
            {"held_why", text_or_null(import.held_why)},
            {"diff", json::object{{"ranges_added", diff.ranges_added},
                                  {"ranges_changed", diff.ranges_changed},
                                  {"ranges_removed", diff.ranges_removed},
                                  {"exemptions_added", diff.exemptions_added},
                                  {"exemptions_changed", diff.exemptions_changed},
                                  {"exemptions_removed", diff.exemptions_removed},
                                  {"lines", texts(diff.lines)}}},
            {"refused", array_of(import.refused, refusal)},
            {"refused_total", import.refused_total},
            {"listed", import.listed},
            {"exemptions", import.exemptions},
            {"smarthosts", import.smarthosts},
            {"entries_changed", import.entries_changed},
            {"left_out", texts(import.left_out)}};
}

json::object policy_version_object(const PolicyVersion& version) {
    return {{"version", version.version},         {"voice", text(to_string(version.voice))},
            {"imported", time(version.imported)}, {"published", time(version.published)},
            {"actor", text(version.actor)},       {"ranges", version.ranges},
            {"exemptions", version.exemptions},   {"refused", version.refused},
            {"in_force", version.in_force},       {"held", version.held}};
}

json::object policy_conflict_object(const PolicyConflict& conflict) {
    return {{"prefix", text(to_string(conflict.prefix))},
            {"where", text(to_string(conflict.where))},
            {"says", text(conflict.says)},
            {"seen", text(conflict.seen)}};
}

json::object exemption_object(const PolicyExemption& exemption) {
    return {{"prefix", text(to_string(exemption.prefix))},
            {"reason", text(exemption.reason)},
            {"customer", text_or_null(exemption.customer)},
            {"until", time(exemption.until)}};
}

}  // namespace fairlist::api
