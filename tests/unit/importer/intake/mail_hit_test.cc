#include "importer/intake/mail_hit.h"

#include "importer/intake/packed_mail.h"
#include "importer/intake/prepared_mail.h"
#include "tests/support/scratch_vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string text_of(const std::vector<Subject>& links) {
    std::string text;
    for (const Subject& link : links) {
        text += to_string(link) + " ";
    }
    return text;
}

// All of a hit that anybody will ever read.
std::string texts_of(const Hit& hit) {
    std::string text = hit.helo + "\n" + hit.peer_name + "\n" + hit.sensor + "\n" +
                       (hit.signer ? hit.signer->text() : "") + "\n" + text_of(hit.links) + "\n";
    for (const std::string& step : hit.steps) {
        text += step + "\n";
    }
    return text;
}

DkimResult signed_by(const std::string& domain, DkimRule rule = DkimRule::Pass) {
    return {rule, parse_domain(domain).value(), ""};
}

class HitsOfMail : public testing::Test {
  protected:
    HitsOfMail() {
        trap_ = vault_.add_trap("canary-7f3@kept.com", TrapKind::Trap, 150);
        other_ = vault_.add_trap("second@kept.com");
        reports_ = vault_.add_trap("abuse@desk.com", TrapKind::Report, 80);
        options_.rules.fault.trusted_relays = {parse_prefix("9.9.9.9/32").value()};
        options_.rules.do_not_list_domains = {parse_domain("good.com").value()};
    }

    // As the worker does it, with the real reader.
    std::vector<Hit> hits_of(const std::string& bytes, std::vector<DkimResult> dkim = {}) {
        MailOrigin origin{envelope_, "lmtp", Time{1234}};
        PreparedMail prepared = place_recipients(*vault_, recipients_);
        pack_into(prepared.mail, *vault_, bytes, origin);
        LocalMailJudge judge(options_.rules, suffixes_, {FAIRLIST_MAIL, std::chrono::seconds(60)},
                             nullptr);
        MailFacts facts = judge.judge(bytes, prepared.mail.peer, Time{1234}).value();
        facts.dkim = std::move(dkim);
        const MailHits hits(*vault_, suffixes_, options_);
        return hits.of({77, prepared.mail, facts});
    }
    Hit hit_of(const std::string& bytes, std::vector<DkimResult> dkim = {}) {
        const auto hits = hits_of(bytes, std::move(dkim));
        return hits.empty() ? Hit{} : hits.front();
    }

    fairlist::test::ScratchVault vault_;
    const PublicSuffixes suffixes_ = PublicSuffixes::open().value();
    MailHitOptions options_;
    Envelope envelope_;
    std::vector<std::string> recipients_ = {"canary-7f3@kept.com"};
    std::uint32_t trap_ = 0;
    std::uint32_t other_ = 0;
    std::uint32_t reports_ = 0;
};

const std::string kTrace =
    "Received: from helo.sender.com (ptr.sender.com [8.8.8.8]) by mx.kept.com; x\n";

TEST_F(HitsOfMail, AccuseWhoSent) {
    const Hit hit = hit_of(kTrace +
                               "Subject: Buy\n\nhttp://a.shop.evil.com/?u=1 http://9.9.9.8 "
                               "http://good.com\n",
                           {signed_by("m.customer.com")});
    EXPECT_EQ(to_string(hit.address.value()), "8.8.8.8");
    EXPECT_EQ(hit.signer.value().text(), "customer.com");
    EXPECT_EQ(text_of(hit.links), ".evil.com 9.9.9.8 ");
    EXPECT_EQ(hit.helo, "helo.sender.com");
    EXPECT_EQ(hit.peer_name, "ptr.sender.com");
    EXPECT_EQ(hit.kind, HitKind::Mail);
    EXPECT_EQ(hit.time, Time{1234});
    EXPECT_EQ(hit.sensor, "lmtp");
    EXPECT_EQ(hit.mail, 77U);
    EXPECT_EQ(hit.trap, trap_);
    EXPECT_EQ(hit.weight, 150);
    EXPECT_NE(hit.subject_hash, 0U);
    EXPECT_THAT(hit.steps, ElementsAre(HasSubstr("8.8.8.8 (ptr.sender.com)"),
                                       HasSubstr("DKIM signature of customer.com"),
                                       HasSubstr("link to evil.com: may be listed"),
                                       HasSubstr("link to 9.9.9.8: may be listed"),
                                       HasSubstr("link to good.com: not listed")));
}

TEST_F(HitsOfMail, AreOneATrapEachWithItsKey) {
    recipients_ = {"second@kept.com", "canary-7f3+x@kept.com", "second@kept.com"};
    const std::string mail = kTrace + "\nx\n";
    const auto hits = hits_of(mail);
    ASSERT_THAT(hits, SizeIs(2));
    EXPECT_EQ(hits[0].trap, other_);
    EXPECT_EQ(hits[1].trap, trap_);
    EXPECT_NE(hits[0].key, hits[1].key);
    EXPECT_EQ(hits_of("Delivered-To: a@b\r\n" + mail)[1].key, hits[1].key) << "another way";
    EXPECT_NE(hits_of(mail + "y")[1].key, hits[1].key);
}

TEST_F(HitsOfMail, PreferTheEnvelope) {
    envelope_.peer = parse_address("1.1.1.1").value();
    envelope_.helo = "envelope.helo";
    envelope_.peer_name = "envelope.name";
    const Hit hit = hit_of(kTrace + "\nx\n");
    EXPECT_EQ(to_string(hit.address.value()), "1.1.1.1");
    EXPECT_EQ(hit.helo, "envelope.helo");
    EXPECT_EQ(hit.peer_name, "envelope.name");
    envelope_.peer = parse_address("9.9.9.9").value();  // a relay of ours
    const Hit relayed = hit_of(kTrace + "\nx\n");
    EXPECT_EQ(to_string(relayed.address.value()), "8.8.8.8");
    EXPECT_EQ(relayed.helo, "helo.sender.com");
}

TEST_F(HitsOfMail, AccuseNobodyWhereNobodyMayBeListed) {
    const Hit hit = hit_of("Received: from a ([10.0.0.1]) by mx; x\n\nx\n");
    EXPECT_FALSE(hit.address);
    EXPECT_EQ(hit.subject_hash, 0U);
    EXPECT_THAT(hit.steps, Not(IsEmpty()));
    EXPECT_FALSE(hit_of("\n\n").address);
}

struct SignerRow {
    const char* name;
    std::vector<DkimResult> results;
    std::string signer;  // empty: none
};

class SignerOfHit : public HitsOfMail, public testing::WithParamInterface<SignerRow> {};

TEST_P(SignerOfHit, IsTheFirstThatMayBeListed) {
    const Hit hit = hit_of(kTrace + "\nx\n", GetParam().results);
    EXPECT_EQ(hit.signer ? hit.signer->text() : "", GetParam().signer);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SignerOfHit,
    testing::Values(
        SignerRow{"registered_domain", {signed_by("a.b.customer.co.uk")}, "customer.co.uk"},
        SignerRow{"failed", {signed_by("customer.com", DkimRule::FailBody)}, ""},
        SignerRow{"second", {signed_by("x.com", DkimRule::WeakKey), signed_by("y.com")}, "y.com"},
        SignerRow{"do_not_list", {signed_by("m.good.com"), signed_by("y.com")}, "y.com"},
        SignerRow{"recipient", {signed_by("kept.com")}, ""},
        SignerRow{"public_suffix", {signed_by("co.uk")}, ""},
        SignerRow{"customer_of_a_suffix", {signed_by("bad.github.io")}, "bad.github.io"},
        SignerRow{
            "names_the_trap", {signed_by("canary7f3.github.io"), signed_by("y.com")}, "y.com"},
        SignerRow{"none", {}, ""}),
    [](const auto& row) { return std::string(row.param.name); });

// Wherever a sender can write the address of a trap, in every form in which trackers do.
TEST_F(HitsOfMail, TellNoTrap) {
    const std::vector<std::string> forms = {"canary-7f3@kept.com",
                                            "canary-7f3",
                                            "CANARY-7F3",
                                            "canary-7f3=kept.com",
                                            "canary%2d7f3",
                                            "canary=2D7f3",
                                            "3f7-yranac",
                                            "63616e6172792d376633",
                                            "Y2FuYXJ5LTdmM0BrZXB0LmNvbQ",
                                            "mnqw4ylspewtozrt",
                                            "pnanel-7s3",
                                            "kept.com",
                                            "kept-com"};
    for (const std::string& form : forms) {
        std::string host;
        for (const char c : form) {
            host +=
                std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ? c : '-';
        }
        envelope_.helo = form + ".evil.com";
        envelope_.peer_name = host + ".evil.com";
        envelope_.sender = "bounce-" + form + "@evil.com";
        const std::string mail =
            "Return-Path: <bounce-" + form + "@evil.com>\nDelivered-To: canary-7f3@kept.com\n" +
            "X-Original-To: canary-7f3@kept.com\nReceived: from " + host + " (" + host +
            ".evil.com [8.8.8.8]) by mx.kept.com with ESMTP id " + form +
            " for <canary-7f3@kept.com>; x\nReceived: from " + host +
            " ([1.2.3.4]) by evil.com; x\nMessage-ID: <" + form + "@evil.com>\nTo: " + form +
            "\nSubject: Dear " + form + "\nList-Unsubscribe: <http://evil.com/u/" + form +
            ">\nDKIM-Signature: v=1; d=" + host + ".com; s=" + form +
            "\nContent-Type: text/html\n\n<a href=\"http://evil.com/?r=" + form +
            "\">x</a> <a href=\"http://" + host + ".evil2.com/\">y</a> <a href=\"http://" + host +
            ".github.io/\">z</a> <a href=\"http://www.kept.com/\">k</a> http://canary-7f3.com/ " +
            "<img src=\"http://u:" + form + "@evil3.com/" + form + "\">\n";
        for (const bool by_envelope : {false, true}) {
            envelope_.peer =
                by_envelope ? parse_address("8.8.8.8").value() : std::optional<Address>();
            const Hit hit = hit_of(mail, {signed_by("canary7f3.com"), signed_by("x.evil.com"),
                                          signed_by("canary-7f3.evil4.com", DkimRule::FailBody)});
            std::string texts = texts_of(hit);
            for (char& c : texts) {
                c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            }
            for (const char* const leak : {"canary", "7f3", "yranac", "63616e6172", "y2fuyxj5",
                                           "mnqw4yls", "pnanel", "kept", "bounce"}) {
                EXPECT_THAT(texts, Not(HasSubstr(leak))) << "written as " << form;
            }
            // And yet it accuses.
            EXPECT_EQ(to_string(hit.address.value()), "8.8.8.8");
            EXPECT_EQ(hit.signer.value().text(), "evil.com");
            EXPECT_THAT(text_of(hit.links), HasSubstr(".evil.com"));
            EXPECT_THAT(text_of(hit.links), HasSubstr(".evil2.com"));
        }
    }
}

TEST_F(HitsOfMail, KeepWithinTheirLimits) {
    std::string mail;
    for (int i = 0; i < 90; ++i) {
        mail += "Received: from a ([10.0.0.1]) by mx; x\n";
    }
    mail += kTrace + "\n";
    for (int i = 0; i < 100; ++i) {
        mail += "http://evil" + std::to_string(i) + ".com/\n";
    }
    const Hit hit = hit_of(mail, std::vector<DkimResult>(9, signed_by("a.com", DkimRule::Expired)));
    EXPECT_LE(hit.steps.size(), kHitStepsMax);
    EXPECT_THAT(hit.links, SizeIs(kHitLinksMax));
    EXPECT_EQ(to_string(hit.address.value()), "8.8.8.8");
    EXPECT_THAT(hit.steps, Contains(HasSubstr("the first peer outside: at fault")));
    EXPECT_THAT(hit.steps, Contains("75 more lines"));
    EXPECT_THAT(hit.steps, Contains("4 more signatures"));
}

std::string report_mail(const std::string& fields, const std::string& original) {
    return kTrace +
           "From: <fbl@provider.com>\nContent-Type: multipart/report; "
           "report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\n"
           "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
           "User-Agent: x/1\n" +
           fields + "\n--b\nContent-Type: message/rfc822\n\n" + original + "\n\nx\n--b--\n";
}

TEST_F(HitsOfMail, OfReportsAccuseWhoIsReported) {
    recipients_ = {"abuse@desk.com"};
    const auto hits =
        hits_of(report_mail("Source-IP: 5.6.7.8\nReported-Domain: evil.com\n", "Subject: x"),
                {signed_by("provider.com")});
    ASSERT_THAT(hits, SizeIs(1));
    EXPECT_EQ(hits[0].kind, HitKind::Report);
    EXPECT_EQ(to_string(hits[0].address.value()), "5.6.7.8");
    EXPECT_EQ(text_of(hits[0].links), ".evil.com ");
    EXPECT_FALSE(hits[0].signer) << "who reports is not accused";
    EXPECT_EQ(hits[0].trap, 0U);
    EXPECT_EQ(hits[0].weight, 80);
    EXPECT_EQ(hits[0].sensor, "report:arf");
    EXPECT_THAT(hits[0].steps, Contains(HasSubstr("signed by the reporter's domain")));
}

TEST_F(HitsOfMail, OfUnsignedReportsWeighNextToNothing) {
    recipients_ = {"abuse@desk.com"};
    const std::string mail = report_mail("Source-IP: 5.6.7.8\n", "Subject: x");
    EXPECT_EQ(hit_of(mail).weight, kHitWeightLeast);
    EXPECT_EQ(hit_of(mail, {signed_by("another.com")}).weight, kHitWeightLeast);
    options_.unsigned_reports_count = true;
    EXPECT_EQ(hit_of(mail).weight, 80);
}

TEST_F(HitsOfMail, OfReportsWalkTheReportedTrace) {
    recipients_ = {"abuse@desk.com"};
    options_.rules.fault.own_hosts = {"mx.kept.com"};
    const Hit hit = hit_of(report_mail("",
                                       "Received: from a ([5.6.7.9]) by mx.provider.com; x\n"
                                       "Received: from b ([6.6.6.6]) by a; x"));
    ASSERT_TRUE(hit.address);
    EXPECT_EQ(to_string(*hit.address), "5.6.7.9");
}

TEST_F(HitsOfMail, ToAReportAddressThatAreNoReportAccuseNobody) {
    recipients_ = {"abuse@desk.com"};
    EXPECT_THAT(hits_of(kTrace + "Subject: hello\n\nhttp://evil.com\n"), IsEmpty());
    EXPECT_THAT(hits_of(report_mail("Source-IP: 10.0.0.1\n", "Subject: x")), IsEmpty());
    recipients_ = {"abuse@desk.com", "canary-7f3@kept.com"};
    EXPECT_THAT(hits_of(kTrace + "\nx\n"), SizeIs(1)) << "the trap's";
}

}  // namespace
}  // namespace fairlist::importer
