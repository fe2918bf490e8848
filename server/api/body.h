// Body: a JSON object that a client sent, read member by member with every fault.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/prefix.h"
#include "server/api/problem_kind.h"
#include "server/http/http_message.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::api {

inline constexpr std::size_t kBodyDepthMax = 16;
inline constexpr std::size_t kBodyArrayMax = 100000;

// Every reading function asks for one member. One that is not there, or null, gives nothing; one
// that is wrong gives nothing and is a fault. done() tells all faults together, members that no
// function asked for among them: a misspelt one would else be silently without effect.
class Body {
  public:
    // Errors: 415 when it is not application/json, 400 when it is no JSON object. An empty body is
    // an empty object, of any type.
    [[nodiscard]] static std::expected<Body, Fault> parse(const http::Request& request);
    [[nodiscard]] static std::expected<Body, Fault> parse_text(std::string_view text);

    // At most `bytes_max`, UTF-8 without control characters.
    [[nodiscard]] std::optional<std::string> text(std::string_view key, std::size_t bytes_max);
    // The same where it has to be there; empty when it is not, which is a fault.
    [[nodiscard]] std::string need_text(std::string_view key, std::size_t bytes_max);
    [[nodiscard]] std::optional<std::uint64_t> number(std::string_view key, std::uint64_t most);
    [[nodiscard]] bool flag(std::string_view key);  // false when it is not there
    [[nodiscard]] std::vector<std::string> texts(std::string_view key, std::size_t bytes_max);
    [[nodiscard]] std::vector<std::uint64_t> numbers(std::string_view key, std::uint64_t most);
    [[nodiscard]] std::optional<Prefix> need_prefix(std::string_view key);
    [[nodiscard]] std::vector<Prefix> prefixes(std::string_view key);
    // "until", a time, or "for", a duration from `now` on; not set when neither is there. An end
    // that has passed is a fault.
    [[nodiscard]] Time end(Time now);

    // What a member's value came to outside.
    void fault(std::string_view key, std::string_view why);
    template <typename T>
    [[nodiscard]] T take(std::string_view key, Result<T> value) {
        if (!value) {
            fault(key, value.error().message);
            return T{};
        }
        return *std::move(value);
    }

    // Errors: 400 with every fault.
    [[nodiscard]] std::expected<void, Fault> done();

  private:
    explicit Body(boost::json::object object) : object_(std::move(object)) {}
    [[nodiscard]] const boost::json::value* find(std::string_view key);
    [[nodiscard]] const boost::json::array* array(std::string_view key);
    [[nodiscard]] std::optional<std::string> text_of(const boost::json::value& value,
                                                     const std::string& where,
                                                     std::size_t bytes_max);

    boost::json::object object_;
    std::set<std::string, std::less<>> asked_;
    std::vector<http::LineFault> faults_;
};

}  // namespace fairlist::api
