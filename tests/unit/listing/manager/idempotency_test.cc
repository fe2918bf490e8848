#include "listing/manager/idempotency.h"

#include "tests/support/scratch_vault.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace fairlist {
namespace {

using store::KeptAnswer;

class IdempotencyTest : public testing::Test {
  protected:
    test::ScratchVault vault;
    Idempotency keys{vault.environment(), *vault, 1};
    const KeyedRequest request{"token:anna", "key-1", "POST", "/v1/x", "application/json", "{}"};
    const KeptAnswer answer{201, "application/json", {{"Location", "/v1/x/1"}}, "canary-in-answer"};
};

TEST_F(IdempotencyTest, GivesTheAnswerAgain) {
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
    keys.keep(request, answer);
    EXPECT_EQ(keys.begin(request).value(), answer);
}

TEST_F(IdempotencyTest, ADroppedOneIsNew) {
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
    keys.drop(request);
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
}

TEST_F(IdempotencyTest, OneThatIsAnsweredWaits) {
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
    EXPECT_EQ(keys.begin(request).error().code, Errc::Conflict);
    vault.pass(Idempotency::kGoneSeconds);
    // This process is there, however long it takes.
    EXPECT_EQ(keys.begin(request).error().code, Errc::Conflict);
}

TEST_F(IdempotencyTest, OneOfAProcessThatIsGoneIsNew) {
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
    Idempotency next(vault.environment(), *vault, 2);
    EXPECT_EQ(next.begin(request).error().code, Errc::Conflict);
    vault.pass(Idempotency::kGoneSeconds);
    EXPECT_EQ(next.begin(request).value(), std::nullopt);
    // And the one that was taken for gone changes nothing any more.
    keys.keep(request, answer);
    EXPECT_EQ(next.begin(request).error().code, Errc::Conflict);
}

struct Differs {
    const char* name;
    KeyedRequest request;
    bool is_new;  // else: refused
};

class IdempotencyDiffers : public IdempotencyTest, public testing::WithParamInterface<Differs> {};

TEST_P(IdempotencyDiffers, IsAnotherRequest) {
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
    keys.keep(request, answer);
    const auto begun = keys.begin(GetParam().request);
    if (GetParam().is_new) {
        EXPECT_EQ(begun.value(), std::nullopt);
    } else {
        EXPECT_EQ(begun.error().code, Errc::Refused);
    }
}

INSTANTIATE_TEST_SUITE_P(
    , IdempotencyDiffers,
    testing::Values(
        Differs{
            "Principal", {"token:bob", "key-1", "POST", "/v1/x", "application/json", "{}"}, true},
        Differs{"Key", {"token:anna", "key-2", "POST", "/v1/x", "application/json", "{}"}, true},
        Differs{"Cut", {"token:annak", "ey-1", "POST", "/v1/x", "application/json", "{}"}, true},
        Differs{"Method", {"token:anna", "key-1", "PUT", "/v1/x", "application/json", "{}"}, false},
        Differs{
            "Target", {"token:anna", "key-1", "POST", "/v1/y", "application/json", "{}"}, false},
        Differs{"Type", {"token:anna", "key-1", "POST", "/v1/x", "text/csv", "{}"}, false},
        Differs{
            "Body", {"token:anna", "key-1", "POST", "/v1/x", "application/json", "{ }"}, false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(IdempotencyTest, ForgetsAfterADay) {
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
    keys.keep(request, answer);
    vault.pass(Idempotency::kKeepSeconds - 1);
    EXPECT_EQ(keys.begin(request).value(), answer);
    EXPECT_EQ(keys.trim(10), 0U);
    vault.pass(2);
    EXPECT_EQ(keys.trim(10), 1U);
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
}

TEST_F(IdempotencyTest, TakesNoOtherKeys) {
    for (const std::string& key : {std::string(), std::string("a b"), std::string("\x7f"),
                                   std::string(kIdempotencyKeyBytesMax + 1, 'a')}) {
        KeyedRequest wrong = request;
        wrong.key = key;
        EXPECT_EQ(keys.begin(wrong).error().code, Errc::Malformed) << key;
    }
}

// Who has the vault, and not the client's key, reads no answer.
TEST_F(IdempotencyTest, NoAnswerLiesOpenInTheVault) {
    EXPECT_EQ(keys.begin(request).value(), std::nullopt);
    keys.keep(request, answer);
    const auto folder = vault.path();
    vault.close();
    std::ifstream file(folder / "data.mdb", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_GT(bytes.size(), 1000U);
    EXPECT_EQ(bytes.find("canary-in-answer"), std::string::npos);
    EXPECT_EQ(bytes.find("key-1"), std::string::npos);
}

}  // namespace
}  // namespace fairlist
