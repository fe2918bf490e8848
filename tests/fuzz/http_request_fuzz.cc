// Any bytes as a connection's stream: what comes out keeps to the limits, and how the bytes were
// cut into packets decides nothing. The first four bytes say how they are cut.

#include "listing/base/check.h"
#include "server/http/authorization.h"
#include "server/http/problem.h"
#include "server/http/response_text.h"
#include "server/http/router.h"
#include "tests/unit/server/http/reader_drive.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <variant>

namespace fairlist::http {
namespace {

constexpr std::size_t kBodyBytesMax = 3000;

Response nothing(const Request&, const PathValues&) {
    return {};
}

const Router& router() {
    static const Router made(
        {{Method::Get, "/v1/health", Role::Public, 0, nothing},
         {Method::Post, "/v1/hits", Role::Machine, 10, nothing},
         {Method::Get, "/v1/{a}/{b}", Role::Public, 0, nothing, {"k", "page"}}});
    return made;
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return c >= 0 && c < ' '; });
}

void check_match(const Match& match, const Request& request) {
    for (const auto& [name, value] : match.values) {
        FAIRLIST_CHECK(!value.empty() && value.size() <= kValueBytesMax && !has_control(value));
    }
    const Result<Values> query = read_query(request.query, match.route->query_keys);
    FAIRLIST_CHECK(query.has_value());
    for (const auto& [key, value] : *query) {
        FAIRLIST_CHECK((key == "k" || key == "page") && !has_control(value));
    }
}

void check_request(const Request& request) {
    FAIRLIST_CHECK(request.path.starts_with('/') || request.path == "*");
    FAIRLIST_CHECK(request.path.size() + request.query.size() <= HeadLimits{}.head_bytes);
    FAIRLIST_CHECK(request.body.size() <= kBodyBytesMax);
    FAIRLIST_CHECK(!has_control(request.path) && !has_control(request.query));
    FAIRLIST_CHECK(bearer_token(request.authorization).size() <= kTokenBytesMax);
    const std::variant<Match, Response> found = router().match(request);
    if (const auto* const match = std::get_if<Match>(&found)) {
        check_match(*match, request);
    } else {
        FAIRLIST_CHECK(is_sendable(std::get<Response>(found)));
    }
    // What we say of outside bytes is fit to be sent.
    FAIRLIST_CHECK(is_sendable(problem(400, request.body)));
    FAIRLIST_CHECK(!has_control(plain_text(request.body)));
}

void run(std::string_view stream, std::uint32_t seed) {
    const Driven whole = drive(stream, kBodyBytesMax, [&] { return stream.size(); });
    std::ranges::for_each(whole.requests, check_request);
    FAIRLIST_CHECK(whole.refused_with == 0 ||
                   (whole.refused_with >= 400 && status_phrase(whole.refused_with) != "Unknown"));
    std::mt19937 random(seed);
    const std::size_t piece_max = 1 + (seed % 300);
    const Driven cut = drive(stream, kBodyBytesMax, [&] { return 1 + (random() % piece_max); });
    FAIRLIST_CHECK(cut.refused_with == whole.refused_with);
    FAIRLIST_CHECK(cut.requests.size() == whole.requests.size());
    for (std::size_t i = 0; i < cut.requests.size(); ++i) {
        FAIRLIST_CHECK(cut.requests[i].path == whole.requests[i].path);
        FAIRLIST_CHECK(cut.requests[i].query == whole.requests[i].query);
        FAIRLIST_CHECK(cut.requests[i].authorization == whole.requests[i].authorization);
        FAIRLIST_CHECK(cut.requests[i].body == whole.requests[i].body);
        FAIRLIST_CHECK(cut.keep_alive[i] == whole.keep_alive[i]);
    }
}

}  // namespace
}  // namespace fairlist::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kSeedBytes = 4;
    if (size < kSeedBytes) {
        return 0;
    }
    std::uint32_t seed = 0;
    for (std::size_t i = 0; i < kSeedBytes; ++i) {
        seed = (seed << 8U) | data[i];
    }
    const std::string stream(data + kSeedBytes, data + size);
    fairlist::http::run(stream, seed);
    return 0;
}
