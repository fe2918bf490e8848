#include "tools/fairlist/session.h"

#include "tests/unit/tools/fairlist/site_folder.h"

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

class SessionVault : public testing::Test {
  protected:
    [[nodiscard]] std::filesystem::perms mode_of(const char* name) const {
        return std::filesystem::status(site_.folder() / name).permissions() &
               std::filesystem::perms::mask;
    }

    SiteFolder site_;
};

TEST_F(SessionVault, IsMadeForItsOwnerAlone) {
    Session session(site_.globals());
    const auto vault = session.vault();
    ASSERT_TRUE(vault.has_value()) << vault.error().message;
    EXPECT_EQ((*vault)->status().traps, 0U);
    EXPECT_EQ(mode_of("vault"), std::filesystem::perms::owner_all);
    EXPECT_EQ(session.vault().value(), *vault) << "one vault a run";
}

TEST_F(SessionVault, IsNotMadeByWhoOnlyUsesIt) {
    Session writing(site_.globals());
    Session reading(site_.globals());
    for (const auto& vault : {writing.known_vault(), reading.vault_reader()}) {
        ASSERT_FALSE(vault.has_value());
        EXPECT_EQ(vault.error().code, Errc::NotFound);
        EXPECT_THAT(vault.error().message,
                    testing::HasSubstr("vault: there is none; \"fairlist trap add\" makes it"));
    }
    EXPECT_FALSE(std::filesystem::exists(site_.folder() / "vault"));
}

TEST_F(SessionVault, StaysAsItIs) {
    {
        ASSERT_TRUE(Session(site_.globals()).vault().has_value());
    }
    {
        Session again(site_.globals());
        ASSERT_TRUE(again.vault()
                        .value()
                        ->add_token({"web1", store::TokenRole::Machine, {}, ""})
                        .has_value());
    }
    Session reading(site_.globals());
    EXPECT_EQ(reading.vault_reader().value()->status().tokens, 1U);
}

TEST_F(SessionVault, AnotherFolderIsNoVault) {
    std::filesystem::create_directory(site_.folder() / "vault");
    std::ofstream(site_.folder() / "vault" / "data.mdb") << std::string(8192, 'x');
    Session session(site_.globals());
    const auto vault = session.vault();
    ASSERT_FALSE(vault.has_value());
    EXPECT_THAT(vault.error().message, testing::HasSubstr("data.mdb"));
}

TEST_F(SessionVault, ARunPutsOnRecordWhatHappensBesideTheStore) {
    ASSERT_TRUE(Session(site_.globals()).create_store().has_value());
    Globals globals = site_.globals();
    globals.why = "ticket 9";
    Session session(globals);
    ASSERT_TRUE(session.manager().has_value());
    session.note({"trap.add", {{"traps", "1-2"}}});
    const std::uint64_t head = session.manager().value()->audit_head().number;
    const auto record = session.manager().value()->audit(head - 1, 1).front();
    EXPECT_EQ(record.action, "trap.add");
    EXPECT_EQ(record.why, "ticket 9");
    EXPECT_EQ(record.actor, session.actor().name);
    EXPECT_THAT(session.actor_of("rule:traps").from, testing::StartsWith(record.actor + ", "));
    EXPECT_EQ(session.names().value().list(static_cast<ListId>(1)), "sbl");
}

}  // namespace
}  // namespace fairlist::cli
