#include "tools/fairlist/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace fairlist::cli {
namespace {

class ChooseConfig : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) / "fairlist_session_test";
        std::filesystem::create_directories(folder_);
        std::ofstream(folder_ / "second.toml") << "";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string chosen(const std::string& option, const char* environment) const {
        const auto file =
            choose_config(option, environment, {folder_ / "first.toml", folder_ / "second.toml"});
        return file ? file->string() : file.error().message;
    }

    std::filesystem::path folder_;
};

TEST_F(ChooseConfig, OptionComesFirst) {
    EXPECT_EQ(chosen("a.toml", "b.toml"), "a.toml");
}

TEST_F(ChooseConfig, ThenTheEnvironment) {
    EXPECT_EQ(chosen("", "b.toml"), "b.toml");
}

TEST_F(ChooseConfig, AnEmptyVariableIsNone) {
    EXPECT_EQ(chosen("", ""), (folder_ / "second.toml").string());
}

TEST_F(ChooseConfig, ThenTheFirstThatExists) {
    EXPECT_EQ(chosen("", nullptr), (folder_ / "second.toml").string());
}

TEST_F(ChooseConfig, SaysWhereItLooked) {
    std::filesystem::remove(folder_ / "second.toml");
    EXPECT_THAT(chosen("", nullptr), testing::AllOf(testing::HasSubstr("first.toml and "),
                                                    testing::HasSubstr("second.toml; name one")));
}

TEST(SessionActor, NamesAPerson) {
    EXPECT_THAT(Session({}).actor().name, testing::MatchesRegex("operator:.+"));
}

}  // namespace
}  // namespace fairlist::cli
