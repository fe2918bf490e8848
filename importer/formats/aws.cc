#include "importer/formats/cloud_document.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"

#include <array>
#include <expected>
#include <string_view>

namespace fairlist::importer {

namespace {

bool add_all(const boost::json::array& array, std::string_view prefix_key, CloudItems& items) {
    for (const boost::json::value& value : array) {
        const boost::json::object* object = value.if_object();
        const std::string_view prefix =
            object == nullptr ? std::string_view{} : text_member(*object, prefix_key);
        if (prefix.empty()) {
            if (!items.reject(boost::json::serialize(value), "no prefix in the item")) {
                return false;
            }
            continue;
        }
        const std::array<Attribute, 3> attributes = {
            {{"service", text_member(*object, "service")},
             {"region", text_member(*object, "region")},
             {"network_border_group", text_member(*object, "network_border_group")}}};
        if (!items.add(prefix, attributes)) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<void> parse_aws(Input& input, const FormatOptions& options, RecordSink& sink) {
    const auto document = read_json_object(input);
    if (!document) {
        return std::unexpected(document.error());
    }
    const boost::json::array* v4 = array_member(*document, "prefixes");
    const boost::json::array* v6 = array_member(*document, "ipv6_prefixes");
    if (v4 == nullptr) {
        return not_a_document(input, "aws", "prefixes");
    }
    CloudItems items(input, options, kAwsAttributes, sink);
    const bool complete =
        add_all(*v4, "ip_prefix", items) && (v6 == nullptr || add_all(*v6, "ipv6_prefix", items));
    return complete ? Result<void>() : too_many_rejected(input);
}

}  // namespace fairlist::importer
