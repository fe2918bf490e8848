#include "server/api/call.h"

#include "listing/base/check.h"
#include "server/shown/json_values.h"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fairlist::api {

namespace {

std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

std::string encoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

}  // namespace

Reply reply(boost::json::value document) {
    return {.document = std::move(document)};
}

Reply created(boost::json::value document, const std::string& location) {
    Reply out{.status = 201, .document = std::move(document)};
    out.headers.emplace_back("Location", location);
    return out;
}

Actor Call::actor(std::string why) const {
    std::string from = request.unix_peer ? "http, Unix socket" : "http " + to_string(request.peer);
    if (!approved_by.empty()) {
        from += fmt::format(", approved by operator:{} (approval {})", approved_by, approval);
    }
    if (!request.principal) {
        return {.name = "public", .from = std::move(from), .why = std::move(why)};
    }
    const http::Principal& who = *request.principal;
    const std::string name = who.role == http::Role::Operator ? "operator:" + who.name
                             : who.role == http::Role::Provider
                                 ? fmt::format("provider:{}/{}", who.provider, who.name)
                                 : "machine:" + who.name;
    return {.name = name, .from = std::move(from), .why = std::move(why)};
}

const std::string& Call::person() const {
    FAIRLIST_CHECK(request.principal.has_value());
    return request.principal->name;
}

std::expected<std::string, Fault> Call::provider() const {
    if (!request.principal || request.principal->provider.empty()) {
        return refuse(403, "refused", "the token speaks for no provider");
    }
    return request.principal->provider;
}

const std::string& Call::path_value(std::string_view name) const {
    const auto found = path.find(name);
    FAIRLIST_CHECK(found != path.end());
    return found->second;
}

std::expected<std::uint64_t, Fault> Call::path_number(std::string_view name) const {
    const auto number = number_of(path_value(name));
    if (!number) {
        return refuse(404, "not-found", fmt::format("{}: expected a number", name));
    }
    return *number;
}

std::string Call::query_value(std::string_view name) const {
    const auto found = query.find(name);
    return found == query.end() ? "" : found->second;
}

std::expected<bool, Fault> Call::query_flag(std::string_view name) const {
    const std::string text = query_value(name);
    if (text.empty() || text == "false") {
        return false;
    }
    if (text == "true") {
        return true;
    }
    return refuse(400, "bad-query", fmt::format("{}: expected true or false", name));
}

std::expected<std::optional<Prefix>, Fault> Call::query_prefix(std::string_view name) const {
    const std::string text = query_value(name);
    if (text.empty()) {
        return std::nullopt;
    }
    const auto prefix = parse_prefix(text);
    if (!prefix) {
        return refuse(400, "bad-query", fmt::format("{}: {}", name, prefix.error().message));
    }
    return *prefix;
}

std::expected<PageQuery, Fault> Call::page() const {
    PageQuery page;
    page.after = query_value("after");
    if (const std::string text = query_value("limit"); !text.empty()) {
        const auto limit = number_of(text);
        if (!limit || *limit == 0 || *limit > kPageMax) {
            return refuse(400, "bad-query",
                          fmt::format("limit: expected a number from 1 to {}", kPageMax));
        }
        page.limit = *limit;
    }
    return page;
}

void Call::put_next(Reply& out, const std::string& next) const {
    out.document.as_object()["next"] = json_values::text_or_null(next);
    if (next.empty()) {
        return;
    }
    std::string target = request.path + "?";
    for (const auto& [name, value] : query) {
        if (name != "after") {
            target += fmt::format("{}={}&", encoded(name), encoded(value));
        }
    }
    out.headers.emplace_back("Link",
                             fmt::format("<{}after={}>; rel=\"next\"", target, encoded(next)));
}

std::expected<const ListSpec*, Fault> find_list(const Call& call, std::string_view name) {
    const auto& lists = call.config().lists;
    const auto found = std::ranges::find(lists, name, &ListSpec::name);
    if (found != lists.end()) {
        return &*found;
    }
    std::string known;
    for (const ListSpec& list : lists) {
        known += (known.empty() ? "" : ", ") + list.name;
    }
    return refuse(404, "not-found",
                  fmt::format("list \"{}\": not in the configuration, which has {}", name,
                              known.empty() ? "none" : known));
}

}  // namespace fairlist::api
