#include "importer/checks/party_checks.h"

#include "importer/mail/public_suffixes.h"
#include "tests/unit/importer/checks/fake_dns.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::importer {
namespace {

using test::FakeDns;

class PartyLooks : public testing::Test {
  protected:
    PartyLooks() {
        dns.add("25.113.0.203.in-addr.arpa", DnsType::Ptr, {"Mail.Customer.example.com"});
        dns.add("Mail.Customer.example.com", DnsType::A, {"203.0.113.25"});
        dns.add("mail.customer.example.com", DnsType::A, {"203.0.113.25"});
        dns.add("example.com", DnsType::Txt, {"v=spf1 ip4:203.0.113.25 -all"});
        question.address = parse_address("203.0.113.25").value();
        question.helo = "mail.customer.example.com";
        question.mail_domain = "example.com";
    }
    PartyFindings look() { return look_at_party(dns, *suffixes, question); }
    const Check& check(CheckKind kind) {
        findings = look();
        EXPECT_EQ(findings.checks.size(), 5U);
        return findings.checks.at(static_cast<std::size_t>(kind) - 1);
    }

    FakeDns dns;
    Result<PublicSuffixes> suffixes = PublicSuffixes::open();
    PartyQuestion question;
    PartyFindings findings;
};

TEST_F(PartyLooks, AGoodServerPassesAll) {
    const PartyFindings found = look();
    ASSERT_EQ(found.checks.size(), 5U);
    for (const Check& each : found.checks) {
        EXPECT_EQ(each.result, CheckResult::Passed) << to_string(each.kind) << ": " << each.seen;
        EXPECT_TRUE(each.remedy.empty());
    }
    EXPECT_EQ(found.ptr_name, "mail.customer.example.com");
}

TEST_F(PartyLooks, WithoutANameEverythingThatNeedsItFails) {
    dns.add("25.113.0.203.in-addr.arpa", DnsType::Ptr, {});
    EXPECT_EQ(check(CheckKind::Ptr).result, CheckResult::Failed);
    EXPECT_FALSE(check(CheckKind::Ptr).remedy.empty());
    EXPECT_EQ(check(CheckKind::Confirmed).result, CheckResult::Failed);
    EXPECT_EQ(check(CheckKind::NotGeneric).result, CheckResult::Failed);
    EXPECT_TRUE(findings.ptr_name.empty());
}

TEST_F(PartyLooks, ANameThatDoesNotLeadBackIsNotConfirmed) {
    dns.add("Mail.Customer.example.com", DnsType::A, {"203.0.113.26"});
    EXPECT_EQ(check(CheckKind::Confirmed).result, CheckResult::Failed);
    EXPECT_TRUE(findings.ptr_name.empty());
}

TEST_F(PartyLooks, SilenceIsNeverAFailure) {
    dns.fail("25.113.0.203.in-addr.arpa");
    dns.fail("mail.customer.example.com");
    dns.fail("example.com");
    for (const CheckKind kind : {CheckKind::Ptr, CheckKind::Confirmed, CheckKind::NotGeneric,
                                 CheckKind::Helo, CheckKind::Spf}) {
        EXPECT_EQ(check(kind).result, CheckResult::Unknown) << to_string(kind);
    }
}

TEST_F(PartyLooks, AGenericNameFailsThoughItIsConfirmed) {
    dns.add("25.113.0.203.in-addr.arpa", DnsType::Ptr, {"203-0-113-25.dsl.example.net"});
    dns.add("203-0-113-25.dsl.example.net", DnsType::A, {"203.0.113.25"});
    EXPECT_EQ(check(CheckKind::Confirmed).result, CheckResult::Passed);
    EXPECT_EQ(check(CheckKind::NotGeneric).result, CheckResult::Failed);
}

TEST_F(PartyLooks, HeloOfAnotherAddressFails) {
    question.helo = "other.example.com";
    dns.add("other.example.com", DnsType::A, {"203.0.113.99"});
    EXPECT_EQ(check(CheckKind::Helo).result, CheckResult::Failed);
    question.helo.clear();
    EXPECT_EQ(check(CheckKind::Helo).result, CheckResult::NotAsked);
}

TEST_F(PartyLooks, SpfThatForbidsFailsAndSaysWhatToAdd) {
    dns.add("example.com", DnsType::Txt, {"v=spf1 ip4:203.0.113.1 -all"});
    const Check spf = check(CheckKind::Spf);
    EXPECT_EQ(spf.result, CheckResult::Failed);
    EXPECT_NE(spf.remedy.find("ip4:203.0.113.25"), std::string::npos);
    dns.add("example.com", DnsType::Txt, {});
    EXPECT_EQ(check(CheckKind::Spf).result, CheckResult::NotAsked);
}

TEST_F(PartyLooks, ChallengesAreReadBelowTheNameAndItsDomain) {
    question.challenge_label = "_fairlist-challenge";
    dns.add("_fairlist-challenge.example.com", DnsType::Txt, {"code-1"});
    EXPECT_EQ(look().challenge_seen, "code-1");
    dns.add("_fairlist-challenge.mail.customer.example.com", DnsType::Txt, {"code-2"});
    EXPECT_EQ(look().challenge_seen, "code-2 code-1");
}

TEST_F(PartyLooks, WhatStrangersWriteIsShownAsPlainText) {
    dns.add("example.com", DnsType::Txt, {"v=spf1 \x1b[31m\n<script> -all"});
    const Check spf = check(CheckKind::Spf);
    EXPECT_EQ(spf.result, CheckResult::Failed);
    for (const char c : spf.seen) {
        EXPECT_TRUE(c >= 0x20 && c < 0x7F);
    }
    EXPECT_LE(spf.seen.size(), kCheckTextBytesMax);
}

TEST(ReverseName, OfBothFamilies) {
    EXPECT_EQ(reverse_name(parse_address("203.0.113.7").value()), "7.113.0.203.in-addr.arpa");
    // RFC 3596 section 2.5.
    EXPECT_EQ(reverse_name(parse_address("4321:0:1:2:3:4:567:89ab").value()),
              "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa");
}

}  // namespace
}  // namespace fairlist::importer
