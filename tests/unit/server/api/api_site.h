// ApiSite: the API over a scratch store and a scratch vault, asked without a socket.
#pragma once

#include "server/api/api_service.h"
#include "server/app/token_access.h"
#include "server/http/route_call.h"
#include "tests/support/ledger_site.h"
#include "tests/support/scratch_vault.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist::api {

struct Asked {
    std::string method = "GET";
    std::string target;
    std::string token{};  // a name of ApiSite::tokens
    std::string body{};
    std::string key{};  // Idempotency-Key
    std::string if_match{};
    std::string if_none_match{};
    std::string content_type = "application/json";
    std::string peer = "198.51.100.7";
};

// Tokens: "machine", "provider" of example-cloud, "other" of other-cloud, "anna" and "bob", who are
// operators, "revoked" and "expired", who were.
class ApiSite : public testing::Test {
  protected:
    ApiSite() { build(); }

    void build(PublicRates rates = generous()) {
        router.reset();
        service.reset();
        site.make();
        ServiceOptions options{.setup = setup()};
        options.sensors = &sink;
        options.rates = rates;
        options.version = "test";
        options.warn = [this](std::string_view text) {
            warnings.emplace_back(text);
        };
        service = std::make_unique<ApiService>(
            Stores{site.store.environment(), vault.environment(), *vault,
                   [this] {
                       return site.now;
                   }},
            std::move(options));
        router = std::make_unique<http::Router>(service->routes());
        if (tokens.empty()) {
            make_tokens();
        }
    }

    static PublicRates generous() {
        return {{{1000000, 1000000}, {1000000, 1000000}, 1},
                {{1000000, 1000000}, {1000000, 1000000}, 1}};
    }

    http::Response ask(const Asked& asked) {
        http::Request request;
        request.method = http::parse_method(asked.method).value();
        const auto target = http::parse_target(asked.target).value();
        request.path = target.path;
        request.query = target.query;
        request.body = asked.body;
        request.content_type = asked.body.empty() ? "" : asked.content_type;
        request.idempotency_key = asked.key;
        request.if_match = asked.if_match;
        request.if_none_match = asked.if_none_match;
        request.peer = *parse_address(asked.peer);
        if (!asked.token.empty()) {
            request.authorization = "Bearer " + tokens.at(asked.token);
        }
        const auto found = router->match(request);
        if (const auto* const answer = std::get_if<http::Response>(&found)) {
            return *answer;
        }
        app::TokenAccess access(*vault);
        const std::function<void(std::string_view)> warn = [this](std::string_view text) {
            warnings.emplace_back(text);
        };
        auto outcome = http::RouteCall{std::get<http::Match>(found), request, access, warn, 5}.run(
            http::Task::Both);
        return outcome.answer.value();
    }

    boost::json::value json(const Asked& asked, unsigned status = 200) {
        const http::Response response = ask(asked);
        EXPECT_EQ(response.status, status) << asked.method << " " << asked.target << "\n"
                                           << response.body;
        return response.body.empty() ? boost::json::value() : boost::json::parse(response.body);
    }

    static std::string field(const http::Response& response, std::string_view name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) {
                return value;
            }
        }
        return "";
    }

    class Sink final : public http::SensorSink {
      public:
        Result<http::Taken> take_hits(const http::Principal&, std::string_view) override {
            ++calls;
            return http::Taken{.accepted = 1, .duplicates = 0, .refused = {}};
        }
        Result<http::Taken> take_report(const http::Principal&, std::string_view,
                                        std::string_view) override {
            ++calls;
            return http::Taken{.accepted = 1, .duplicates = 0, .refused = {}};
        }
        unsigned calls = 0;
    };

    test::LedgerSite site;
    test::ScratchVault vault;
    Sink sink;
    std::vector<std::string> warnings;
    std::map<std::string, std::string> tokens;
    std::unique_ptr<ApiService> service;
    std::unique_ptr<http::Router> router;

  private:
    api::Setup setup() {
        api::Setup out;
        out.config.lists = site.options.lists;
        out.ledger = site.options;
        return out;
    }

    void add(const std::string& name, store::TokenRole role, const std::string& provider = "",
             Time expires = {}) {
        NewToken token;
        token.name = name;
        token.role = role;
        token.provider = provider;
        token.expires = expires;
        tokens[name] = vault->add_token(token).value();
    }

    void make_tokens() {
        using store::TokenRole;
        add("machine", TokenRole::Machine);
        add("provider", TokenRole::Provider, "example-cloud");
        add("other", TokenRole::Provider, "other-cloud");
        add("anna", TokenRole::Operator);
        add("bob", TokenRole::Operator);
        add("revoked", TokenRole::Operator);
        add("expired", TokenRole::Operator, "", Time{vault.time().seconds + 10});
        EXPECT_TRUE(vault->revoke_token("revoked").has_value());
        vault.pass(20);
        for (const char* slug : {"example-cloud", "other-cloud"}) {
            const auto made =
                ask({.method = "POST",
                     .target = "/v1/providers",
                     .token = "anna",
                     .body = std::string(R"({"slug":")") + slug + R"(","name":"A cloud"})"});
            EXPECT_EQ(made.status, 201U) << made.body;
        }
    }
};

}  // namespace fairlist::api
