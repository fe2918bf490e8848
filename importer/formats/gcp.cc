#include "importer/formats/cloud_document.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"

#include <array>
#include <expected>
#include <string_view>

namespace fairlist::importer {

namespace {

bool add_item(const boost::json::value& value, CloudItems& items) {
    const boost::json::object* object = value.if_object();
    if (object == nullptr) {
        return items.reject(boost::json::serialize(value), "expected an object");
    }
    const std::string_view v4 = text_member(*object, "ipv4Prefix");
    const std::string_view prefix = v4.empty() ? text_member(*object, "ipv6Prefix") : v4;
    if (prefix.empty()) {
        return items.reject(boost::json::serialize(value), "no prefix in the item");
    }
    // Google calls a region a scope.
    const std::string_view scope = text_member(*object, "scope");
    const std::array<Attribute, 3> attributes = {
        {{"service", text_member(*object, "service")}, {"scope", scope}, {"region", scope}}};
    return items.add(prefix, attributes);
}

}  // namespace

Result<void> parse_gcp(Input& input, const FormatOptions& options, RecordSink& sink) {
    const auto document = read_json_object(input);
    if (!document) {
        return std::unexpected(document.error());
    }
    const boost::json::array* prefixes = array_member(*document, "prefixes");
    if (prefixes == nullptr) {
        return not_a_document(input, "gcp", "prefixes");
    }
    CloudItems items(input, options, kGcpAttributes, sink);
    for (const boost::json::value& value : *prefixes) {
        if (!add_item(value, items)) {
            return too_many_rejected(input);
        }
    }
    return {};
}

}  // namespace fairlist::importer
