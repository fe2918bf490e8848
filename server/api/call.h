// Call: one request as the function of its route sees it.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "server/api/books.h"
#include "server/api/problem_kind.h"
#include "server/http/http_message.h"
#include "server/http/router.h"
#include "server/http/target.h"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::api {

// Either a document or bytes of another type.
struct Reply {
    unsigned status = 200;
    boost::json::value document = nullptr;
    std::string content_type{};  // empty: the document counts
    std::string bytes{};
    std::vector<std::pair<std::string, std::string>> headers{};
};
using Answer = std::expected<Reply, Fault>;

[[nodiscard]] Reply reply(boost::json::value document);
[[nodiscard]] Reply created(boost::json::value document, const std::string& location);

// A part of a long answer.
struct PageQuery {
    std::string after;
    std::size_t limit = 100;
};
inline constexpr std::size_t kPageMax = 1000;

struct Call {
    const http::Request& request;
    const http::PathValues& path;
    http::Values query;
    Books& books;
    const Stores& stores;
    Time now;
    // Of a request that a second person has approved: who, and the approval's number.
    std::string approved_by{};
    std::uint64_t approval = 0;

    [[nodiscard]] const config::Config& config() const noexcept { return books.setup->config; }
    // "operator:anna", "provider:SLUG/TOKEN", "public"; from the address. `why` of the body or the
    // query.
    [[nodiscard]] Actor actor(std::string why = "") const;
    // The token's name. Requires: a route that is not open.
    [[nodiscard]] const std::string& person() const;
    // The slug that the token speaks for. Errors: 403 when it speaks for none.
    [[nodiscard]] std::expected<std::string, Fault> provider() const;

    // Requires: a part of the pattern.
    [[nodiscard]] const std::string& path_value(std::string_view name) const;
    [[nodiscard]] std::expected<std::uint64_t, Fault> path_number(std::string_view name) const;
    // Empty when it was not given.
    [[nodiscard]] std::string query_value(std::string_view name) const;
    [[nodiscard]] std::expected<bool, Fault> query_flag(std::string_view name) const;
    [[nodiscard]] std::expected<std::optional<Prefix>, Fault> query_prefix(
        std::string_view name) const;
    [[nodiscard]] std::expected<PageQuery, Fault> page() const;

    // Adds "next" to the answer, and the Link field (RFC 8288) that leads there.
    void put_next(Reply& out, const std::string& next) const;
};

// A list of the configuration. Errors: 404 that names those there are.
[[nodiscard]] std::expected<const ListSpec*, Fault> find_list(const Call& call,
                                                              std::string_view name);

}  // namespace fairlist::api
