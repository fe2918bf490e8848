#include "importer/reports/json_fields.h"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <utility>

namespace fairlist::importer {

namespace json = boost::json;

Result<json::object> parse_json_object(std::string_view text) {
    json::parse_options limits;
    limits.max_depth = kReportJsonDepthMax;
    boost::system::error_code error;
    json::value document = json::parse(text, error, {}, limits);
    if (error) {
        return fail(Errc::Malformed, "JSON: " + error.message());
    }
    if (!document.is_object()) {
        return fail(Errc::Malformed, "JSON: expected an object");
    }
    return std::move(document.get_object());
}

const json::value* JsonFields::any(std::string_view key) const noexcept {
    const json::value* value = object_.if_contains(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string_view> JsonFields::text(std::string_view key) {
    const json::value* value = any(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (const json::string* text = value->if_string()) {
        return std::string_view(text->data(), text->size());
    }
    set_fault(key, "a string");
    return std::nullopt;
}

std::optional<double> JsonFields::number(std::string_view key) {
    const json::value* value = any(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->is_number()) {
        return value->to_number<double>();
    }
    set_fault(key, "a number");
    return std::nullopt;
}

std::optional<bool> JsonFields::flag(std::string_view key) {
    const json::value* value = any(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->is_bool()) {
        return value->get_bool();
    }
    set_fault(key, "true or false");
    return std::nullopt;
}

const json::object* JsonFields::object(std::string_view key) {
    const json::value* value = any(key);
    if (value != nullptr && !value->is_object()) {
        set_fault(key, "an object");
    }
    return value == nullptr ? nullptr : value->if_object();
}

const json::array* JsonFields::array(std::string_view key) {
    const json::value* value = any(key);
    if (value != nullptr && !value->is_array()) {
        set_fault(key, "an array");
    }
    return value == nullptr ? nullptr : value->if_array();
}

void JsonFields::set_fault(std::string_view key, std::string_view expected) {
    if (!fault_) {
        fault_ =
            Error{Errc::Malformed, fmt::format("\"{}{}\": expected {}", where_, key, expected)};
    }
}

}  // namespace fairlist::importer
