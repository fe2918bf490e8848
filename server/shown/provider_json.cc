#include "server/shown/provider_json.h"

#include "server/shown/json_values.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace fairlist {

namespace json = boost::json;
using namespace json_values;

json::object provider_object(const Provider& provider, const ProviderBook::Held& held) {
    const auto domain = [](const DomainName& name) {
        return text(name.text());
    };
    return {{"provider", text(provider.slug)},
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
            {"space", held_object(held)}};
}

json::object held_object(const ProviderBook::Held& held) {
    return {{"ranges", held.ranges}, {"ipv4", held.v4}, {"ipv6_64s", held.v6_64s}};
}

json::object public_provider_object(const Provider& provider) {
    return {{"provider", text(provider.slug)},
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
    return {{"added", change.added},           {"removed", change.removed},
            {"unchanged", change.unchanged},   {"taken", change.taken},
            {"refused", change.refused_total}, {"refusals", array_of(change.refused, refusal)}};
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

json::object policy_diff_object(const PolicyDiff& diff) {
    return {{"ranges", json::object{{"added", diff.ranges_added},
                                    {"changed", diff.ranges_changed},
                                    {"removed", diff.ranges_removed}}},
            {"exemptions", json::object{{"added", diff.exemptions_added},
                                        {"changed", diff.exemptions_changed},
                                        {"removed", diff.exemptions_removed}}},
            {"lines", texts(diff.lines)}};
}

json::object policy_import_object(const PolicyImport& import) {
    json::object out{{"version", number_or_null(import.version)},
                     {"applied", import.applied},
                     {"held", import.held},
                     {"held_why", text_or_null(import.held_why)},
                     {"diff", policy_diff_object(import.diff)}};
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

}  // namespace fairlist
