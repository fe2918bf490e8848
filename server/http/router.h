// Router: which route answers a request; routes are data.
#pragma once

#include "server/http/access.h"
#include "server/http/http_message.h"
#include "server/http/target.h"

#include <cstddef>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace fairlist::http {

// The decoded {name} parts of the path.
using PathValues = Values;

// Thread: workers call one handler at the same time. May throw: 503.
using Handler = std::function<Response(const Request&, const PathValues&)>;

inline constexpr std::size_t kBodyBytesMaxDefault = std::size_t{1} << 20U;

// Everything but the query keys must be said: a route without roles does not compile.
struct Route {
    Method method;               // HEAD comes with GET, and OPTIONS with every route
    std::string pattern;         // "/v1/lists/{list}"
    Roles roles;                 // whom it lets in
    std::size_t body_bytes_max;  // 0: the request must not have a body
    Handler handler;
    std::vector<std::string> query_keys = {};  // every other key is refused
};

struct Match {
    const Route* route = nullptr;  // lives as long as the router
    PathValues values;
};

class Router {
  public:
    // Requires: patterns are well formed; one method and pattern come once; two patterns that could
    // match the same path are the same, so that no order decides who may see what.
    explicit Router(std::vector<Route> routes);

    // A route, or the finished answer: 400, 404, 405 with Allow, or what OPTIONS asks for. Literal
    // parts are compared as sent: "/v1/%68its" is 404, so that a filter in front of this server
    // that compares texts sees the path that is served.
    [[nodiscard]] std::variant<Match, Response> match(const Request& request) const;

    [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

  private:
    struct Shape {
        std::vector<std::string> segments;
        std::vector<std::size_t> routes;  // one a method
    };

    void add(std::size_t index);
    [[nodiscard]] const Shape* find_shape(const std::vector<std::string>& segments) const;
    [[nodiscard]] const Route* find_route(const Shape& shape, Method method) const;
    [[nodiscard]] std::string allow(const Shape& shape) const;
    [[nodiscard]] static std::variant<Match, Response> bind(const Shape& shape, const Route& route,
                                                            const Request& request);

    std::vector<Route> routes_;
    std::vector<Shape> shapes_;
};

}  // namespace fairlist::http
