// JSON values: what the shapes of --json are made of.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/code.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::json_values {

// Bytes that are no UTF-8 are replaced.
[[nodiscard]] boost::json::value text(std::string_view value);
[[nodiscard]] boost::json::value text_or_null(std::string_view value);
// Null when not set.
[[nodiscard]] boost::json::value time(Time value);
[[nodiscard]] boost::json::value code(ReturnCode value);
[[nodiscard]] boost::json::value seconds_or_null(std::uint32_t seconds);
[[nodiscard]] boost::json::value number_or_null(std::uint64_t number);
[[nodiscard]] boost::json::array texts(const std::vector<std::string>& items);
// "code" and "message".
[[nodiscard]] boost::json::object error_object(const Error& error);
// One line.
[[nodiscard]] std::string document(const boost::json::value& value);

template <typename Items, typename Make>
[[nodiscard]] boost::json::array array_of(const Items& items, Make make) {
    boost::json::array out;
    for (const auto& item : items) {
        out.emplace_back(make(item));
    }
    return out;
}

}  // namespace fairlist::json_values
