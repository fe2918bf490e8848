#include "importer/formats/cloud_document.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/record_fields.h"

#include <fmt/format.h>

#include <cstddef>
#include <expected>
#include <utility>

namespace fairlist::importer {

namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 16;

}  // namespace

Result<json::object> read_json_object(Input& input) {
    json::parse_options limits;
    limits.max_depth = kDepthMax;
    json::stream_parser parser({}, limits);
    std::size_t bytes = 0;
    boost::system::error_code error;
    for (std::string_view block = input.next_block(); !block.empty() && !error;
         block = input.next_block()) {
        bytes += block.size();
        if (bytes > kCloudDocumentBytesMax) {
            return fail(Errc::OutOfRange, fmt::format("{}: larger than {} MiB", input.name(),
                                                      kCloudDocumentBytesMax >> 20U));
        }
        parser.write(block.data(), block.size(), error);
    }
    if (!input.status()) {
        return std::unexpected(input.status().error());
    }
    if (!error) {
        parser.finish(error);
    }
    if (error) {
        return fail(Errc::Malformed, fmt::format("{}: JSON: {}", input.name(), error.message()));
    }
    json::value document = parser.release();
    if (!document.is_object()) {
        return fail(Errc::Malformed, fmt::format("{}: JSON: expected an object", input.name()));
    }
    return std::move(document.get_object());
}

const json::array* array_member(const json::object& object, std::string_view key) noexcept {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_array();
}

const json::object* object_member(const json::object& object, std::string_view key) noexcept {
    const json::value* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_object();
}

std::string_view text_member(const json::object& object, std::string_view key) noexcept {
    const json::value* value = object.if_contains(key);
    const json::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
}

std::unexpected<Error> not_a_document(const Input& input, std::string_view format,
                                      std::string_view missing) {
    return fail(Errc::Malformed, fmt::format("{}: not a document of the format {}: no array \"{}\"",
                                             input.name(), format, missing));
}

CloudItems::CloudItems(const Input& input, const FormatOptions& options,
                       std::span<const std::string_view> keys, RecordSink& sink)
    : input_(input),
      options_(options),
      sink_(sink),
      fills_reason_(names_attribute(options.reason, keys)) {}

bool CloudItems::add(std::string_view prefix_text, std::span<const Attribute> attributes) {
    const auto prefix = parse_prefix(prefix_text, options_.allow_host_bits);
    if (!prefix) {
        return reject(prefix_text, prefix.error().message);
    }
    if (!options_.select.wants(attributes)) {
        ++items_;
        return true;
    }
    Record record;
    record.subject = *prefix;
    if (fills_reason_) {
        reason_ = fill_attributes(options_.reason, attributes);
        if (const auto checked = check_reason_text(reason_); !checked) {
            return reject(prefix_text, checked.error().message);
        }
        record.reason = reason_;
    }
    ++items_;
    sink_.accept(record);
    return true;
}

bool CloudItems::reject(std::string_view text, std::string_view why) {
    return sink_.reject({input_.name(), ++items_, excerpt(text), std::string(why)});
}

}  // namespace fairlist::importer
