#include "server/shown/stats_json.h"

#include "server/shown/json_values.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace fairlist {

namespace json = boost::json;

namespace {

json::object share_object(const FigureShare& share) {
    return {{"count", share.count},
            {"percent", share.percent},
            {"before", share.before},
            {"difference", share.difference},
            {"ratio", share.ratio ? json::value(*share.ratio) : json::value(nullptr)}};
}

json::object row_object(const StatsRow& row, FigureGroup by) {
    using namespace json_values;
    json::object out;
    if (by == FigureGroup::Networks) {
        out["asn"] = number_or_null(row.asn);
        out["name"] = text_or_null(row.name);
        out["country"] = text_or_null(row.country);
    } else {
        out[group_word(by)] = text(row.label);
    }
    for (const auto& member : share_object(row.share)) {
        out[member.key()] = member.value();
    }
    return out;
}

json::object range_object(const DayRange& range) {
    return {{"first", date_of(range.first)}, {"last", date_of(range.last)}};
}

}  // namespace

std::string date_of(std::uint32_t day) {
    return day == 0 ? "1970-01-01" : to_string(Time{day * kSecondsPerDay}).substr(0, 10);
}

std::string_view group_word(FigureGroup by) noexcept {
    switch (by) {
        case FigureGroup::Networks:
            return "network";
        case FigureGroup::Lists:
            return "list";
        case FigureGroup::Reasons:
            break;
    }
    return "reason";
}

json::object stats_object(const StatsView& view, std::string_view sentence) {
    using namespace json_values;
    const auto make = [&](const StatsRow& row) {
        return row_object(row, view.by);
    };
    const auto before = view.range.before();
    json::object others = share_object(view.others);
    others["groups"] = view.other_groups;
    return {{"by", std::string(group_word(view.by)) + "s"},
            {"field", text(field_word(view.field))},
            {"list", text_or_null(view.list)},
            {"days", range_object(view.range)},
            {"days_before", before ? json::value(range_object(*before)) : json::value(nullptr)},
            {"rows", array_of(view.rows, make)},
            {"others", std::move(others)},
            {"all", share_object(view.all)},
            {"concentration", json::object{{"groups", view.concentration.rows.size()},
                                           {"percent", view.concentration.percent},
                                           {"text", text_or_null(sentence)}}},
            {"networks", text_or_null(view.networks)}};
}

}  // namespace fairlist
