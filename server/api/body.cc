#include "server/api/body.h"

#include "server/http/sensor_routes.h"
#include "server/shown/utf8.h"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist::api {

namespace json = boost::json;

namespace {

bool has_control(std::string_view text) noexcept {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

std::expected<Body, Fault> Body::parse(const http::Request& request) {
    if (request.body.empty()) {
        return Body(json::object());
    }
    if (http::media_type(request.content_type) != "application/json") {
        return refuse(415, "", "the content type is not application/json");
    }
    return parse_text(request.body);
}

std::expected<Body, Fault> Body::parse_text(std::string_view text) {
    json::parse_options limits;
    limits.max_depth = kBodyDepthMax;
    boost::system::error_code error;
    json::value document = json::parse(text, error, {}, limits);
    if (error) {
        return refuse(400, "bad-body", "JSON: " + error.message());
    }
    if (!document.is_object()) {
        return refuse(400, "bad-body", "JSON: expected an object");
    }
    return Body(std::move(document.get_object()));
}

const json::value* Body::find(std::string_view key) {
    asked_.emplace(key);
    const json::value* value = object_.if_contains(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

const json::array* Body::array(std::string_view key) {
    const json::value* value = find(key);
    if (value == nullptr) {
        return nullptr;
    }
    const json::array* items = value->if_array();
    if (items == nullptr) {
        fault(key, "expected an array");
    } else if (items->size() > kBodyArrayMax) {
        fault(key, fmt::format("expected at most {} items", kBodyArrayMax));
        return nullptr;
    }
    return items;
}

void Body::fault(std::string_view key, std::string_view why) {
    http::LineFault fault{.line = 0, .why = std::string(why)};
    fault.where = key;
    faults_.push_back(std::move(fault));
}

std::optional<std::string> Body::text_of(const json::value& value, const std::string& where,
                                         std::size_t bytes_max) {
    const json::string* text = value.if_string();
    if (text == nullptr) {
        fault(where, "expected a string");
        return std::nullopt;
    }
    if (text->size() > bytes_max) {
        fault(where, fmt::format("expected at most {} bytes", bytes_max));
        return std::nullopt;
    }
    std::string out(text->data(), text->size());
    if (has_control(out) || to_utf8(out) != out) {
        fault(where, "expected UTF-8 without control characters");
        return std::nullopt;
    }
    return out;
}

std::optional<std::string> Body::text(std::string_view key, std::size_t bytes_max) {
    const json::value* value = find(key);
    return value == nullptr ? std::nullopt : text_of(*value, std::string(key), bytes_max);
}

std::string Body::need_text(std::string_view key, std::size_t bytes_max) {
    const json::value* value = find(key);
    if (value == nullptr) {
        fault(key, "missing");
        return "";
    }
    return text_of(*value, std::string(key), bytes_max).value_or("");
}

std::optional<std::uint64_t> Body::number(std::string_view key, std::uint64_t most) {
    const json::value* value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    json::error_code error;
    const auto number = value->to_number<std::uint64_t>(error);
    if (error || number > most) {
        fault(key, fmt::format("expected a number from 0 to {}", most));
        return std::nullopt;
    }
    return number;
}

bool Body::flag(std::string_view key) {
    const json::value* value = find(key);
    if (value == nullptr) {
        return false;
    }
    if (!value->is_bool()) {
        fault(key, "expected true or false");
        return false;
    }
    return value->get_bool();
}

std::vector<std::string> Body::texts(std::string_view key, std::size_t bytes_max) {
    std::vector<std::string> out;
    if (const json::array* items = array(key)) {
        for (const json::value& item : *items) {
            const std::string where = fmt::format("{}[{}]", key, &item - items->data());
            if (auto text = text_of(item, where, bytes_max)) {
                out.push_back(*std::move(text));
            }
        }
    }
    return out;
}

std::vector<std::uint64_t> Body::numbers(std::string_view key, std::uint64_t most) {
    std::vector<std::uint64_t> out;
    if (const json::array* items = array(key)) {
        for (const json::value& item : *items) {
            json::error_code error;
            const auto number = item.to_number<std::uint64_t>(error);
            if (error || number > most) {
                fault(fmt::format("{}[{}]", key, &item - items->data()),
                      fmt::format("expected a number from 0 to {}", most));
            } else {
                out.push_back(number);
            }
        }
    }
    return out;
}

std::optional<Prefix> Body::need_prefix(std::string_view key) {
    const std::string text = need_text(key, 100);
    if (text.empty()) {
        return std::nullopt;
    }
    const auto prefix = parse_prefix(text);
    if (!prefix) {
        fault(key, prefix.error().message);
        return std::nullopt;
    }
    return *prefix;
}

std::vector<Prefix> Body::prefixes(std::string_view key) {
    std::vector<Prefix> out;
    std::size_t index = 0;
    for (const std::string& text : texts(key, 100)) {
        const auto prefix = parse_prefix(text);
        if (prefix) {
            out.push_back(*prefix);
        } else {
            fault(fmt::format("{}[{}]", key, index), prefix.error().message);
        }
        ++index;
    }
    return out;
}

Time Body::end(Time now) {
    const auto until = text("until", 32);
    const auto lasting = text("for", 32);
    if (until && lasting) {
        fault("for", "expected one of \"until\" and \"for\"");
    } else if (until) {
        const Time time = take("until", parse_time(*until));
        if (time.is_set() && time <= now) {
            fault("until", fmt::format("is past already, now is {}", to_string(now)));
        }
        return time;
    } else if (lasting) {
        const std::uint32_t seconds = take("for", parse_duration(*lasting));
        if (seconds > UINT32_MAX - now.seconds) {
            fault("for", "expected an end before 2106");
            return {};
        }
        return seconds == 0 ? Time{} : Time{now.seconds + seconds};
    }
    return {};
}

std::expected<void, Fault> Body::done() {
    for (const auto& member : object_) {
        if (!asked_.contains(std::string_view(member.key().data(), member.key().size()))) {
            fault(to_utf8(std::string_view(member.key().data(),
                                           std::min<std::size_t>(member.key().size(), 64))),
                  "not a member of this object");
        }
    }
    if (faults_.empty()) {
        return {};
    }
    auto refused = refuse(
        400, "bad-body",
        fmt::format("the body has {} fault{}: {}: {}", faults_.size(),
                    faults_.size() == 1 ? "" : "s", faults_.front().where, faults_.front().why));
    refused.error().problem.errors = std::move(faults_);
    return refused;
}

}  // namespace fairlist::api
