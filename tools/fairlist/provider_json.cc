#include "tools/fairlist/provider_json.h"

#include "server/shown/json_values.h"
#include "server/shown/provider_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace fairlist::cli {

namespace {

namespace json = boost::json;
using namespace json_values;

json::object shown_object(const ShownProvider& shown) {
    return provider_object(shown.provider, shown.held);
}

}  // namespace

std::string provider_json(const ShownProvider& shown) {
    return document(shown_object(shown));
}

std::string providers_json(const std::vector<ShownProvider>& all) {
    return document(json::object{{"providers", array_of(all, shown_object)}});
}

std::string removed_provider_json(const std::string& slug, bool removed,
                                  const ProviderBook::Held& held) {
    json::object out{{"provider", text(slug)}, {"removed", removed}};
    out["space"] = held_object(held);
    return document(out);
}

std::string space_json(const std::string& slug, const std::vector<HeldRange>& ranges,
                       const std::string& next) {
    return document(json::object{{"provider", text(slug)},
                                 {"ranges", array_of(ranges, held_range_object)},
                                 {"next", text_or_null(next)}});
}

std::string space_outcome_json(const SpaceOutcome& outcome) {
    const SpaceChange& change = outcome.change;
    json::object out{{"provider", text(outcome.provider)},
                     {"source", text_or_null(outcome.source)},
                     {"format", text_or_null(outcome.format)},
                     {"prefixes", outcome.prefixes},
                     {"applied", outcome.applied},
                     {"unchanged_source", outcome.is_unchanged},
                     {"held_why", text_or_null(outcome.held_why)},
                     {"added", change.added},
                     {"removed", change.removed},
                     {"unchanged", change.unchanged},
                     {"taken", change.taken},
                     {"refused", change.refused_total}};
    out["refusals"] = array_of(change.refused, [](const SpaceRefusal& refusal) {
        return json::object{{"prefix", text(to_string(refusal.prefix))},
                            {"why", text(refusal.why)}};
    });
    out["rejected"] = outcome.rejected_total;
    out["rejections"] = array_of(outcome.rejected, [](const importer::Rejection& rejection) {
        return json::object{{"file", text(rejection.file)},
                            {"line", rejection.line},
                            {"text", text(rejection.text)},
                            {"why", text(rejection.why)}};
    });
    out["policies_changed"] = outcome.policies_changed;
    return document(out);
}

}  // namespace fairlist::cli
