#include "importer/mail/mail_judgement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SplitMbox, CutsAtFromLines) {
    EXPECT_THAT(split_mbox(""), ElementsAre(""));
    EXPECT_THAT(split_mbox("A: b\n\nFrom x\n"), ElementsAre("A: b\n\nFrom x\n"));
    EXPECT_THAT(split_mbox("From a\nb\n\nFrom c\nd\n"),
                ElementsAre("From a\nb\n\n", "From c\nd\n"));
}

class MailJudged : public testing::Test {
  protected:
    MailJudgement judge(std::string_view body, const std::string& head = "") {
        const std::string mail = "Received: from a ([8.8.8.8]) by mx for <canary@kept.com>; x\n" +
                                 head + "\n" + std::string(body);
        MailRules rules;
        rules.fault.trusted_relays = {parse_prefix("9.9.9.0/24").value()};
        rules.do_not_list_domains = {parse_domain("good.com").value()};
        return judge_mail(mail, {}, rules, suffixes_, child_).value();
    }

    PublicSuffixes suffixes_ = PublicSuffixes::open().value();
    MailChild child_{{FAIRLIST_MAIL, std::chrono::seconds(60)}};
};

TEST_F(MailJudged, PutsTraceAndLinksTogether) {
    const MailJudgement judgement =
        judge("http://x.evil.com http://good.com http://kept.com http://9.9.9.9");
    EXPECT_EQ(to_string(judgement.fault.peer.value()), "8.8.8.8");
    std::string rules;
    for (const LinkFinding& link : judgement.links) {
        rules += std::string(to_string(link.rule)) + " ";
    }
    EXPECT_EQ(rules, "domain do-not-list recipient known-good ");
    EXPECT_THAT(judgement.cuts, IsEmpty());
}

TEST_F(MailJudged, HasAnAddressEvenWhenItsPartsCannotBeRead) {
    std::string groups = "To: ";
    for (int i = 0; i < 300000; ++i) {
        groups += "a:";
    }
    const MailJudgement judgement = judge(groups + "\n\nx", "Content-Type: message/rfc822\n");
    EXPECT_TRUE(judgement.unreadable);
    EXPECT_TRUE(judgement.fault.may_be_listed);
    EXPECT_FALSE(judge("http://evil.com").unreadable);
}

}  // namespace
}  // namespace fairlist::importer
