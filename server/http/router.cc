#include "server/http/router.h"

#include "listing/base/check.h"
#include "server/http/problem.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace fairlist::http {

namespace {

using Segments = std::vector<std::string>;

// Empty when there are too many. "/" has one, which is empty. Requires: a slash first.
Segments split(std::string_view path) {
    Segments segments;
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        if (segments.size() == kPathSegmentsMax) {
            return {};
        }
        const std::string_view segment = path.substr(0, path.find('/'));
        segments.emplace_back(segment);
        path.remove_prefix(segment.size());
    }
    return segments;
}

bool is_value(const std::string& segment) noexcept {
    return segment.starts_with('{');
}

bool is_name_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

bool is_well_formed(const std::string& segment) {
    const bool value = is_value(segment);
    const std::string_view text(segment);
    if (value && !text.ends_with('}')) {
        return false;
    }
    const std::string_view name = value ? text.substr(1, text.size() - 2) : text;
    return !name.empty() && std::ranges::all_of(name, is_name_char);
}

void check(const Route& route) {
    FAIRLIST_CHECK(route.pattern.starts_with('/'));
    FAIRLIST_CHECK(route.pattern == "/" ||
                   std::ranges::all_of(split(route.pattern), is_well_formed));
    FAIRLIST_CHECK(!split(route.pattern).empty());
    FAIRLIST_CHECK(route.handler != nullptr);
    FAIRLIST_CHECK(route.method != Method::Head && route.method != Method::Options);
    FAIRLIST_CHECK(route.method != Method::Get || route.body_bytes_max == 0);
}

// Whether some path would match both.
bool overlap(const Segments& a, const Segments& b) {
    const auto meet = [](const std::string& x, const std::string& y) {
        return x == y || is_value(x) || is_value(y);
    };
    return a.size() == b.size() && std::ranges::equal(a, b, meet);
}

// An empty segment is no value: "/v1/lists/" is not "/v1/lists/{list}".
bool matches(const Segments& pattern, const Segments& path) {
    const auto fits = [](const std::string& part, const std::string& segment) {
        return is_value(part) ? !segment.empty() : part == segment;
    };
    return std::ranges::equal(pattern, path, fits);
}

Response options_answer(std::string allow) {
    return {
        .status = 204, .content_type = "", .body = "", .headers = {{"Allow", std::move(allow)}}};
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
    for (std::size_t index = 0; index < routes_.size(); ++index) {
        check(routes_[index]);
        add(index);
    }
}

void Router::add(std::size_t index) {
    const Route& route = routes_[index];
    const Segments segments = split(route.pattern);
    const auto known = std::ranges::find_if(
        shapes_, [&](const Shape& shape) { return overlap(shape.segments, segments); });
    if (known == shapes_.end()) {
        shapes_.push_back({segments, {index}});
        return;
    }
    FAIRLIST_CHECK(known->segments == segments);
    FAIRLIST_CHECK(find_route(*known, route.method) == nullptr);
    known->routes.push_back(index);
}

const Router::Shape* Router::find_shape(const Segments& segments) const {
    const auto shape = std::ranges::find_if(
        shapes_, [&](const Shape& known) { return matches(known.segments, segments); });
    return shape == shapes_.end() ? nullptr : &*shape;
}

const Route* Router::find_route(const Shape& shape, Method method) const {
    const Method wanted = method == Method::Head ? Method::Get : method;
    const auto index = std::ranges::find_if(
        shape.routes, [&](std::size_t i) { return routes_[i].method == wanted; });
    return index == shape.routes.end() ? nullptr : &routes_[*index];
}

std::string Router::allow(const Shape& shape) const {
    std::string out;
    for (const std::size_t index : shape.routes) {
        const Method method = routes_[index].method;
        out += std::string(to_string(method)) + (method == Method::Get ? ", HEAD, " : ", ");
    }
    return out + "OPTIONS";
}

std::variant<Match, Response> Router::bind(const Shape& shape, const Route& route,
                                           const Request& request) {
    if (const auto query = read_query(request.query, route.query_keys); !query) {
        return problem(400, query.error().message);
    }
    Match match{.route = &route, .values = {}};
    const Segments path = split(request.path);
    for (std::size_t i = 0; i < path.size(); ++i) {
        const std::string& part = shape.segments[i];
        if (!is_value(part)) {
            continue;
        }
        Result<std::string> value = decode(path[i]);
        if (!value) {
            return problem(400, value.error().message);
        }
        match.values.emplace(part.substr(1, part.size() - 2), *std::move(value));
    }
    return match;
}

std::variant<Match, Response> Router::match(const Request& request) const {
    if (request.path == "*") {
        return request.method == Method::Options
                   ? options_answer("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
                   : problem(400, "\"*\" is for OPTIONS only");
    }
    const Shape* const shape =
        request.path.starts_with('/') ? find_shape(split(request.path)) : nullptr;
    if (shape == nullptr) {
        return problem(404, "there is nothing at this path");
    }
    if (request.method == Method::Options) {
        return options_answer(allow(*shape));
    }
    const Route* const route = find_route(*shape, request.method);
    if (route == nullptr) {
        Response response = problem(405, "this path does not take this method");
        response.headers.emplace_back("Allow", allow(*shape));
        return response;
    }
    return bind(*shape, *route, request);
}

}  // namespace fairlist::http
