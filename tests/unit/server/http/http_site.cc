#include "tests/unit/server/http/http_site.h"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace fairlist::http {

std::optional<Principal> KnownTokens::principal(std::string_view bearer_token) {
    static const std::map<std::string, Role, std::less<>> kRoles = {{"machine", Role::Machine},
                                                                    {"provider", Role::Provider},
                                                                    {"operator", Role::Operator},
                                                                    {"none", Role::Public}};
    if (bearer_token == "broken") {
        throw std::runtime_error("the store of tokens is broken");
    }
    const auto known = kRoles.find(bearer_token);
    if (known == kRoles.end()) {
        return std::nullopt;
    }
    return Principal{.name = "the-" + known->first, .role = known->second};
}

Result<Taken> SinkStub::take(std::string text) {
    const std::lock_guard lock(mutex_);
    taken.push_back(std::move(text));
    return answer;
}

Result<Taken> SinkStub::take_hits(const Principal& sensor, std::string_view lines) {
    return take(sensor.name + " hits " + std::string(lines));
}

Result<Taken> SinkStub::take_report(const Principal& sensor, std::string_view content_type,
                                    std::string_view body) {
    return take(sensor.name + " " + std::string(content_type) + " " + std::string(body));
}

void Gate::pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_open_; });
}

void Gate::open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
}

void Gate::await(unsigned count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
}

HttpSettings HttpSite::settings() {
    HttpSettings settings;
    settings.endpoints = {{.address = *parse_address("127.0.0.1"), .port = 0, .tls = false}};
    settings.limits.rate.per_second = 0;
    return settings;
}

void HttpSite::serve(const HttpLimits& limits) {
    HttpSettings chosen = settings();
    chosen.limits = limits;
    serve(std::move(chosen));
}

void HttpSite::serve(HttpSettings settings) {
    server_ = std::make_unique<HttpServer>(std::move(settings), make_router(), tokens_,
                                           [this](std::string_view text) {
                                               const std::lock_guard lock(mutex_);
                                               warnings_.emplace_back(text);
                                           });
    const Result<void> opened = server_->open();
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    ASSERT_TRUE(server_->start().has_value());
}

HttpSite::~HttpSite() {
    gate_.open();
}

void HttpSite::await(HttpCount count, std::uint64_t value) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (this->count(count) < value && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    ASSERT_GE(this->count(count), value);
}

void HttpSite::await_none_open() const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (count(HttpCount::Open) != 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    ASSERT_EQ(count(HttpCount::Open), 0U);
}

std::vector<std::string> HttpSite::warnings() {
    const std::lock_guard lock(mutex_);
    return warnings_;
}

Router HttpSite::make_router() {
    std::vector<Route> routes = sensor_routes(sink_);
    routes.push_back(health_route());
    const auto text = [](std::string body) {
        return Response{
            .status = 200, .content_type = "text/plain", .body = std::move(body), .headers = {}};
    };
    const auto show = [text](const Request& request, const PathValues& values) {
        std::string out = request.principal ? request.principal->name : "nobody";
        for (const auto& [name, value] : values) {
            out += " " + name + "=" + value;
        }
        return text(out + " auth=" + request.authorization + " body=" + request.body);
    };
    const auto wait = [this, text](const Request&, const PathValues&) {
        gate_.pass();
        return text("waited");
    };
    const auto fail = [](const Request&, const PathValues&) -> Response {
        throw std::runtime_error("the store is broken");
    };
    const auto split = [](const Request&, const PathValues&) -> Response {
        return {.status = 200,
                .content_type = "text/plain",
                .body = "",
                .headers = {{"Location", "/a\r\nSet-Cookie: b=c"}}};
    };
    routes.push_back({Method::Post, "/test/open", Role::Public, 64, show});
    routes.push_back({Method::Get, "/test/wait", Role::Public, 0, wait});
    routes.push_back({Method::Get, "/test/throw", Role::Public, 0, fail});
    routes.push_back({Method::Get, "/test/split", Role::Public, 0, split});
    routes.push_back({Method::Get, "/test/cases/{case}", Role::Provider, 0, show});
    routes.push_back({Method::Delete, "/test/cases/{case}", Role::Operator, 0, show});
    routes.push_back(
        {Method::Get, "/test/both", Roles{Role::Provider, Role::Operator}, 0, show, {"page"}});
    return Router(std::move(routes));
}

std::string request(std::string_view line, std::string_view fields, std::string_view body) {
    std::string out = std::string(line) + " HTTP/1.1\r\nHost: fairlist.example\r\n";
    out += fields;
    if (!body.empty()) {
        out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    return out + "\r\n" + std::string(body);
}

}  // namespace fairlist::http
