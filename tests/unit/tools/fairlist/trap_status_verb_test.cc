#include "importer/intake/prepared_mail.h"
#include "tests/unit/tools/fairlist/site_folder.h"
#include "tools/fairlist/intake_verbs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// A vault with a trap and three mails, of which the second and third are parked.
class TrapStatus : public testing::Test {
  protected:
    TrapStatus() {
        Session session(site_.globals());
        Vault& vault = *session.vault().value();
        const std::vector<NewTrap> traps = {
            {parse_trap_address("canary@trap.example").value(), TrapKind::Trap, 100, ""}};
        EXPECT_TRUE(vault.add_traps(traps).has_value());
        const std::vector<std::string> recipients = {"canary@trap.example"};
        for (const char* body : {"1", "2", "3"}) {
            importer::PreparedMail mail = importer::place_recipients(vault, recipients);
            importer::pack_into(mail.mail, vault, std::string("Subject: x\n\n") + body, {});
            EXPECT_EQ(vault.store_mails({&mail.mail, 1}).size(), 1U);
        }
        const std::vector<FailedMail> failed = {{2, "too deep"}, {3, "no end"}};
        EXPECT_EQ(vault.settle_mails({}, failed, 1), 2U);
    }
    // What the verb prints, in a run of its own.
    std::string printed(bool json, const TrapStatusOptions& options) {
        return in_a_run(json, [&](Session& session) { return run_trap_status(session, options); });
    }
    std::string retried(const TrapRetryOptions& options) {
        return in_a_run(false, [&](Session& session) { return run_trap_retry(session, options); });
    }

  private:
    template <typename Verb>
    std::string in_a_run(bool json, Verb verb) {
        Globals globals = site_.globals();
        globals.json = json;
        Session session(globals);
        testing::internal::CaptureStdout();
        const ExitStatus status = verb(session);
        std::fflush(stdout);
        std::string text = testing::internal::GetCapturedStdout();
        EXPECT_EQ(status, ExitStatus::Done) << text;
        return text;
    }

    SiteFolder site_;
};

TEST_F(TrapStatus, CountsWhatThereIs) {
    const std::string text = printed(false, {});
    EXPECT_THAT(text, HasSubstr("traps   1, 0 retired\n"
                                "mails   3\n"
                                "queued  1\n"
                                "parked  2; \"fairlist trap retry\" tries them again\n"
                                "tokens  0\n"));
    EXPECT_THAT(text, Not(HasSubstr("too deep")));
    EXPECT_THAT(printed(true, {}), HasSubstr("\"traps\":1,\"retired\":0,\"mails\":3,\"queued\":1,"
                                             "\"parked\":2,\"tokens\":0}"));
}

TEST_F(TrapStatus, SaysWhyMailsAreParked) {
    EXPECT_THAT(printed(false, {.parked = true}),
                testing::ContainsRegex("MAIL  TRIES  LAST +WHY\n"
                                       "   2      1  [0-9T:Z-]+  too deep\n"
                                       "   3      1  [0-9T:Z-]+  no end\n"));
    const std::string page = printed(true, {.parked = true, .after = 2});
    EXPECT_THAT(page, HasSubstr("\"parked_mails\":[{\"number\":3,\"tries\":1,\"last\":"));
    EXPECT_THAT(page, HasSubstr("\"error\":\"no end\"}]"));
    EXPECT_THAT(page, Not(HasSubstr("canary")));
}

TEST_F(TrapStatus, ParkedMailsWaitAgainAfterARetry) {
    EXPECT_EQ(retried({.mails = {3}, .all = false}), "1 mail put into the queue again\n");
    EXPECT_THAT(printed(true, {}), HasSubstr("\"queued\":2,\"parked\":1"));
    EXPECT_EQ(retried({.mails = {}, .all = true}), "1 mail put into the queue again\n");
    EXPECT_THAT(printed(true, {}), HasSubstr("\"queued\":3,\"parked\":0"));
}

}  // namespace
}  // namespace fairlist::cli
