// ApiRoute: one row of the API: who may ask what, what is answered, and the function that does it.
// The server, the OpenAPI document and the tests are made from the same rows.
#pragma once

#include "server/api/call.h"
#include "server/http/access.h"
#include "server/http/method.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::api {

// What an open route is counted as, against one client asking too much.
enum class Bucket : std::uint8_t { None, Lookup, Request };

struct QueryKey {
    std::string name;
    std::string about;  // for people
};

// What a request that one person must not do alone would touch.
struct Blast {
    std::string action;  // "listing.open"
    std::string text;    // "65,536 addresses, 12 entries, 1 provider"
};

using Handle = std::function<Answer(Call&)>;
// Nothing: one person is enough. Errors: as the route's own.
using SecondPerson = std::function<std::expected<std::optional<Blast>, Fault>(Call&)>;

struct ApiRoute {
    http::Method method = http::Method::Get;
    std::string pattern;
    std::vector<http::Role> roles;
    std::string summary;             // one line for people
    std::vector<unsigned> statuses;  // of its own; see statuses_of()
    Handle handle;
    std::vector<QueryKey> query{};
    std::string answers{};  // the schema of the answer of the first status; empty: no JSON
    std::string takes{};    // the schema of the body; empty: it takes none
    std::size_t body_bytes_max = 0;
    Bucket bucket = Bucket::None;
    SecondPerson second_person{};
    // The pattern of the GET whose ETag If-Match of this request names; empty: its own.
    std::string state{};
    // A stream of other types than JSON; see the handler.
    std::vector<std::string> content_types{};
};

// Every status that the route answers, its own and those that come before its function: 400, 401,
// 403, 404, 409, 412, 413, 415, 422, 429, 503, 304 where they can; in order.
[[nodiscard]] std::vector<unsigned> statuses_of(const ApiRoute& route);

[[nodiscard]] bool is_open(const ApiRoute& route) noexcept;
[[nodiscard]] bool changes(const ApiRoute& route) noexcept;  // not GET
// The names in the braces of the pattern.
[[nodiscard]] std::vector<std::string> path_names(const std::string& pattern);

inline constexpr std::size_t kSmallBody = std::size_t{64} << 10U;

// Shorthand for the rows.
[[nodiscard]] std::vector<QueryKey> paged(std::vector<QueryKey> keys = {});

}  // namespace fairlist::api
