// JSON fields: members of an object of a report, each read as the type that it must have.
#pragma once

#include "listing/base/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::importer {

inline constexpr std::size_t kReportJsonDepthMax = 16;

// Errors: Malformed (no JSON, deeper than kReportJsonDepthMax, no object). None quotes the text.
[[nodiscard]] Result<boost::json::object> parse_json_object(std::string_view text);

// A member that is missing or null is not there. One of a wrong type is not there either, and the
// first such is kept as the fault, which names the key and never the value.
// Lifetime: views point into the object.
class JsonFields {
  public:
    // `where`: put before the keys in messages: "Report.".
    explicit JsonFields(const boost::json::object& object, std::string where = "")
        : object_(object), where_(std::move(where)) {}

    [[nodiscard]] std::optional<std::string_view> text(std::string_view key);
    [[nodiscard]] std::optional<double> number(std::string_view key);
    [[nodiscard]] std::optional<bool> flag(std::string_view key);
    [[nodiscard]] const boost::json::object* object(std::string_view key);
    [[nodiscard]] const boost::json::array* array(std::string_view key);
    // Of any type; null: not there.
    [[nodiscard]] const boost::json::value* any(std::string_view key) const noexcept;

    // Keeps `expected` as the fault of the key, unless there is one already.
    void set_fault(std::string_view key, std::string_view expected);
    [[nodiscard]] const std::optional<Error>& fault() const noexcept { return fault_; }

  private:
    const boost::json::object& object_;
    std::string where_;
    std::optional<Error> fault_;
};

}  // namespace fairlist::importer
