#include "importer/formats/cloud_document.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"

#include <expected>
#include <string_view>
#include <vector>

namespace fairlist::importer {

namespace {

// Oracle's tags say which services a range serves: OCI, OSN, OBJECT_STORAGE.
std::vector<Attribute> attributes_of(const boost::json::object& item, std::string_view region) {
    std::vector<Attribute> attributes = {{"region", region}};
    const boost::json::array* tags = array_member(item, "tags");
    if (tags == nullptr) {
        return attributes;
    }
    for (const boost::json::value& tag : *tags) {
        if (const boost::json::string* text = tag.if_string()) {
            attributes.push_back({"tag", {text->data(), text->size()}});
            attributes.push_back({"service", {text->data(), text->size()}});
        }
    }
    return attributes;
}

bool add_region(const boost::json::value& value, CloudItems& items) {
    const boost::json::object* region = value.if_object();
    const boost::json::array* cidrs = region == nullptr ? nullptr : array_member(*region, "cidrs");
    if (cidrs == nullptr) {
        return items.reject(boost::json::serialize(value), "region without cidrs");
    }
    for (const boost::json::value& item : *cidrs) {
        const boost::json::object* object = item.if_object();
        const std::string_view prefix =
            object == nullptr ? std::string_view{} : text_member(*object, "cidr");
        const bool go_on =
            prefix.empty()
                ? items.reject(boost::json::serialize(item), "no prefix in the item")
                : items.add(prefix, attributes_of(*object, text_member(*region, "region")));
        if (!go_on) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<void> parse_oracle(Input& input, const FormatOptions& options, RecordSink& sink) {
    const auto document = read_json_object(input);
    if (!document) {
        return std::unexpected(document.error());
    }
    const boost::json::array* regions = array_member(*document, "regions");
    if (regions == nullptr) {
        return not_a_document(input, "oracle", "regions");
    }
    CloudItems items(input, options, kOracleAttributes, sink);
    for (const boost::json::value& region : *regions) {
        if (!add_region(region, items)) {
            return too_many_rejected(input);
        }
    }
    return {};
}

}  // namespace fairlist::importer
