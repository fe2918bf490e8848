#include "server/shown/json_values.h"

#include "server/shown/utf8.h"

#include <boost/json/serialize.hpp>

namespace fairlist::json_values {

namespace json = boost::json;

namespace {

std::string_view name_of(Errc errc) noexcept {
    switch (errc) {
        case Errc::Malformed:
            return "malformed";
        case Errc::OutOfRange:
            return "out-of-range";
        case Errc::NotFound:
            return "not-found";
        case Errc::Conflict:
            return "conflict";
        case Errc::Refused:
            return "refused";
        case Errc::Io:
            break;
    }
    return "io";
}

}  // namespace

json::value text(std::string_view value) {
    return json::value(to_utf8(value));
}

json::value text_or_null(std::string_view value) {
    return value.empty() ? json::value(nullptr) : text(value);
}

json::value time(Time value) {
    return value.is_set() ? text(to_string(value)) : json::value(nullptr);
}

json::value code(ReturnCode value) {
    return value.is_set() ? text(to_string(value)) : json::value(nullptr);
}

json::value seconds_or_null(std::uint32_t seconds) {
    return number_or_null(seconds);
}

json::value number_or_null(std::uint64_t number) {
    return number == 0 ? json::value(nullptr) : json::value(number);
}

json::array texts(const std::vector<std::string>& items) {
    return array_of(items, [](const std::string& item) { return text(item); });
}

json::object error_object(const Error& error) {
    return {{"code", name_of(error.code)}, {"message", text(error.message)}};
}

std::string document(const json::value& value) {
    return json::serialize(value) + "\n";
}

}  // namespace fairlist::json_values
