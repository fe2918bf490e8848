#include "importer/formats/cloud_document.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"

#include <array>
#include <expected>
#include <string_view>

namespace fairlist::importer {

namespace {

// A service tag: {"name": "AzureBackup.WestUS", "properties": {"addressPrefixes": [...], ...}}.
bool add_tag(const boost::json::value& value, CloudItems& items) {
    const boost::json::object* tag = value.if_object();
    const boost::json::object* properties =
        tag == nullptr ? nullptr : object_member(*tag, "properties");
    const boost::json::array* prefixes =
        properties == nullptr ? nullptr : array_member(*properties, "addressPrefixes");
    if (prefixes == nullptr) {
        return items.reject(tag == nullptr ? std::string_view{} : text_member(*tag, "name"),
                            "service tag without addressPrefixes");
    }
    const std::array<Attribute, 4> attributes = {
        {{"tag", text_member(*tag, "name")},
         {"service", text_member(*properties, "systemService")},
         {"region", text_member(*properties, "region")},
         {"platform", text_member(*properties, "platform")}}};
    for (const boost::json::value& prefix : *prefixes) {
        const boost::json::string* text = prefix.if_string();
        const bool go_on = text == nullptr
                               ? items.reject(boost::json::serialize(prefix), "expected a string")
                               : items.add({text->data(), text->size()}, attributes);
        if (!go_on) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<void> parse_azure(Input& input, const FormatOptions& options, RecordSink& sink) {
    const auto document = read_json_object(input);
    if (!document) {
        return std::unexpected(document.error());
    }
    const boost::json::array* tags = array_member(*document, "values");
    if (tags == nullptr) {
        return not_a_document(input, "azure", "values");
    }
    CloudItems items(input, options, kAzureAttributes, sink);
    for (const boost::json::value& tag : *tags) {
        if (!add_tag(tag, items)) {
            return too_many_rejected(input);
        }
    }
    return {};
}

}  // namespace fairlist::importer
