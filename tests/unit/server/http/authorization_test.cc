#include "server/http/authorization.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::http {
namespace {

struct TokenCase {
    std::string name;
    std::string field;
    std::string token;
};

class BearerToken : public testing::TestWithParam<TokenCase> {};

TEST_P(BearerToken, OfTheField) {
    EXPECT_EQ(bearer_token(GetParam().field), GetParam().token);
}

const std::string kLongest(kTokenBytesMax, 'a');

// RFC 6750 section 2.1.
const std::vector<TokenCase> kTokenCases = {
    {"of_the_rfc", "Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"},
    {"all_characters", "Bearer aZ09-._~+/==", "aZ09-._~+/=="},
    {"scheme_has_no_case", "bEARER a", "a"},
    {"longest", "Bearer " + kLongest, kLongest},
    {"too_long", "Bearer a" + kLongest, ""},
    {"empty", "", ""},
    {"only_scheme", "Bearer", ""},
    {"no_token", "Bearer ", ""},
    {"only_equals_signs", "Bearer ==", ""},
    {"equals_sign_inside", "Bearer a=b", ""},
    {"two_tokens", "Bearer a b", ""},
    {"list", "Bearer a, Bearer b", ""},
    {"quoted", "Bearer \"a\"", ""},
    {"other_scheme", "Basic YTpi", ""},
    {"scheme_runs_on", "Bearers a", ""},
    {"no_space", "Bearer=a", ""},
    {"tab", "Bearer\ta", ""},
};

INSTANTIATE_TEST_SUITE_P(Rfc6750, BearerToken, testing::ValuesIn(kTokenCases),
                         [](const auto& param) { return param.param.name; });

class OneToken final : public TokenCheck {
  public:
    std::optional<Principal> principal(std::string_view bearer_token) override {
        ++asked;
        return bearer_token == "right" ? std::optional(Principal{"m", Role::Machine})
                                       : std::nullopt;
    }
    unsigned asked = 0;
};

TEST(Authorize, SetsWhoAsks) {
    OneToken tokens;
    Request request;
    request.authorization = "Bearer right";
    EXPECT_FALSE(authorize(Role::Machine, request, tokens).has_value());
    ASSERT_TRUE(request.principal.has_value());
    EXPECT_EQ(request.principal->name, "m");
}

// Nobody is known by what stood there before.
TEST(Authorize, ForgetsWhoAskedBefore) {
    OneToken tokens;
    Request request;
    request.principal = Principal{"somebody", Role::Operator};
    EXPECT_EQ(authorize(Role::Operator, request, tokens)->status, 401U);
    EXPECT_FALSE(request.principal.has_value());
    request.principal = Principal{"somebody", Role::Operator};
    EXPECT_FALSE(authorize(Role::Public, request, tokens).has_value());
    EXPECT_FALSE(request.principal.has_value());
}

TEST(Authorize, AsksTheStoreForTokensOnly) {
    OneToken tokens;
    Request request;
    for (const std::string field : {"", "Basic right", "Bearer ", "Bearer a b"}) {
        request.authorization = field;
        EXPECT_EQ(authorize(Role::Machine, request, tokens)->status, 401U);
    }
    request.authorization = "Bearer right";
    EXPECT_FALSE(authorize(Role::Public, request, tokens).has_value());
    EXPECT_EQ(tokens.asked, 0U);
}

// RFC 6750 section 3.1: an error code only for who has sent a token.
TEST(Authorize, SaysWhatIsMissing) {
    OneToken tokens;
    Request request;
    EXPECT_EQ(authorize(Role::Machine, request, tokens)->headers.at(0).second,
              "Bearer realm=\"fairlist\"");
    request.authorization = "Bearer wrong";
    EXPECT_EQ(authorize(Role::Machine, request, tokens)->headers.at(0).second,
              "Bearer realm=\"fairlist\", error=\"invalid_token\"");
}

}  // namespace
}  // namespace fairlist::http
