#include "importer/dkim/dkim_verifier.h"

#include "tests/unit/importer/dkim/fake_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Rule = DkimRule;

// Ten minutes after data/make_fixtures.py signed.
constexpr Time kReceived{1'700'000'600};

std::vector<std::string> rules_of(const std::vector<DkimResult>& results) {
    std::vector<std::string> rules;
    for (const DkimResult& result : results) {
        rules.emplace_back(to_string(result.rule));
    }
    return rules;
}

struct MailCase {
    std::string name;  // of the file in data/
    std::vector<Rule> rules;
};

void PrintTo(const MailCase& c, std::ostream* out) {
    *out << c.name;
}

class DkimMail : public testing::TestWithParam<MailCase> {};

TEST_P(DkimMail, IsJudgedWhateverEndsItsLines) {
    const std::string mail = data_file(GetParam().name + ".eml");
    ASSERT_THAT(mail, HasSubstr("DKIM-Signature"));
    std::vector<std::string> expected;
    for (const Rule rule : GetParam().rules) {
        expected.emplace_back(to_string(rule));
    }
    FakeKeys keys(published_keys());
    const auto results = verify_dkim(mail, kReceived, keys);
    EXPECT_EQ(rules_of(results), expected);
    EXPECT_EQ(rules_of(verify_dkim(replaced(mail, "\r\n", "\n"), kReceived, keys)), expected);
    for (const DkimResult& result : results) {
        EXPECT_EQ(result.passed(), result.rule == Rule::Pass);
        EXPECT_EQ(result.domain.has_value(), result.rule != Rule::TooManySignatures);
        EXPECT_THAT(result.why, HasSubstr(std::string(meaning_of(result.rule))));
    }
}

std::vector<Rule> nine() {
    std::vector<Rule> rules(kSignaturesMax, Rule::Pass);
    rules.push_back(Rule::TooManySignatures);
    return rules;
}

INSTANTIATE_TEST_SUITE_P(
    Whole, DkimMail,
    testing::Values(
        MailCase{"rsa_simple_simple", {Rule::Pass}}, MailCase{"rsa_simple_relaxed", {Rule::Pass}},
        MailCase{"rsa_relaxed_simple", {Rule::Pass}}, MailCase{"rsa_relaxed_relaxed", {Rule::Pass}},
        MailCase{"ed_simple_simple", {Rule::Pass}}, MailCase{"ed_simple_relaxed", {Rule::Pass}},
        MailCase{"ed_relaxed_simple", {Rule::Pass}}, MailCase{"ed_relaxed_relaxed", {Rule::Pass}},
        MailCase{"stored_with_lf", {Rule::Pass}}, MailCase{"large", {Rule::Pass}},
        MailCase{"pkcs1", {Rule::Pass}}, MailCase{"empty_body_simple", {Rule::Pass}},
        MailCase{"empty_body_relaxed", {Rule::Pass}}, MailCase{"only_empty_lines", {Rule::Pass}},
        MailCase{"without_identity", {Rule::Pass}}, MailCase{"trace_signed", {Rule::Pass}},
        MailCase{"oversigned", {Rule::Pass}}, MailCase{"length_of_all", {Rule::Pass}},
        MailCase{"expires_later", {Rule::Pass}}, MailCase{"identity_below", {Rule::Pass}},
        MailCase{"identity_same_strict", {Rule::Pass}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(Changed, DkimMail,
                         testing::Values(MailCase{"changed_body", {Rule::FailBody}},
                                         MailCase{"changed_header", {Rule::FailSignature}},
                                         MailCase{"changed_blanks", {Rule::FailSignature}},
                                         MailCase{"unsigned_field_changed", {Rule::Pass}},
                                         MailCase{"trace_swapped", {Rule::FailSignature}},
                                         MailCase{"oversigned_second_from", {Rule::FailSignature}},
                                         MailCase{"oversigned_absent_added", {Rule::FailSignature}},
                                         MailCase{"second_from", {Rule::FromNotSigned}},
                                         MailCase{"length_appended", {Rule::BodyTruncated}},
                                         MailCase{"length_beyond", {Rule::FailBody}},
                                         MailCase{"expired", {Rule::Expired}},
                                         MailCase{"sha1", {Rule::Unsupported}}),
                         [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(Keys, DkimMail,
                         testing::Values(MailCase{"key_testing", {Rule::Testing}},
                                         MailCase{"key_short", {Rule::WeakKey}},
                                         MailCase{"key_revoked", {Rule::KeyRevoked}},
                                         MailCase{"key_missing", {Rule::KeyMissing}},
                                         MailCase{"key_sha1only", {Rule::KeyUnusable}},
                                         MailCase{"key_nomail", {Rule::KeyUnusable}},
                                         MailCase{"key_swapped", {Rule::KeyUnusable}},
                                         MailCase{"identity_below_strict", {Rule::KeyUnusable}}),
                         [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Several, DkimMail,
    testing::Values(MailCase{"two_signers", {Rule::Pass, Rule::Pass}},
                    MailCase{"first_signer_broken", {Rule::FailSignature, Rule::Pass}},
                    MailCase{"signature_signed", {Rule::Pass, Rule::Pass}},
                    MailCase{"eight_signatures", std::vector<Rule>(8, Rule::Pass)},
                    MailCase{"ten_signatures", nine()}),
    [](const auto& row) { return row.param.name; });

TEST(DkimVerifier, NamesEachSigner) {
    FakeKeys keys(published_keys());
    const auto results = verify_dkim(data_file("first_signer_broken.eml"), kReceived, keys);
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(results[0].domain->text(), "esp.example.net");
    EXPECT_EQ(results[1].domain->text(), "example.com");
}

// RFC 6376 appendix A.2 as the errata have it, with the key of appendix C.
TEST(DkimVerifier, AcceptsTheExampleOfRfc6376) {
    const std::string mail =
        "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n"
        "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n"
        "      h=Received : From : To : Subject : Date : Message-ID;\r\n"
        "      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
        "      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r\n"
        "        4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r\n"
        "        KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r\n"
        "        4bmp/YzhwvcubU4=;\r\n"
        "Received: from client1.football.example.com  [192.0.2.1]\r\n"
        "      by submitserver.example.com with SUBMISSION;\r\n"
        "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n"
        "From: Joe SixPack <joe@football.example.com>\r\n"
        "To: Suzie Q <suzie@shopping.example.net>\r\n"
        "Subject: Is dinner ready?\r\n"
        "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
        "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
        "\r\n"
        "Hi.\r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n";
    FakeKeys keys(
        KeyRecords{{"brisbane._domainkey.example.com",
                    {"v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkM"
                     "oGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/R"
                     "tdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToI"
                     "MmPSPDdQPNUYckcQ2QIDAQAB"}}});
    EXPECT_THAT(rules_of(verify_dkim(mail, kReceived, keys)), ElementsAre("pass"));
    EXPECT_THAT(rules_of(verify_dkim(replaced(mail, "game. ", "game.  "), kReceived, keys)),
                ElementsAre("fail-body"));
}

// RFC 8463 appendix A.
TEST(DkimVerifier, AcceptsTheExampleOfRfc8463) {
    const std::string mail =
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
        " d=football.example.com; i=@football.example.com;\r\n"
        " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
        " subject : date : message-id : from : subject : date;\r\n"
        " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
        " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
        " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
        " d=football.example.com; i=@football.example.com;\r\n"
        " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
        " date : message-id : from : subject : date;\r\n"
        " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
        " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
        " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
        " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n"
        "From: Joe SixPack <joe@football.example.com>\r\n"
        "To: Suzie Q <suzie@shopping.example.net>\r\n"
        "Subject: Is dinner ready?\r\n"
        "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
        "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
        "\r\n"
        "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n\r\n";
    FakeKeys keys(
        KeyRecords{{"brisbane._domainkey.football.example.com",
                    {"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}},
                   {"test._domainkey.football.example.com",
                    {"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
                     "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
                     "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
                     "Ip3G+2kryOTIKT+l/K4w3QIDAQAB"}}});
    EXPECT_THAT(rules_of(verify_dkim(mail, kReceived, keys)), ElementsAre("pass", "pass"));
    EXPECT_THAT(rules_of(verify_dkim(replaced(mail, "dinner", "lunch"), kReceived, keys)),
                ElementsAre("fail-signature", "fail-signature"));
}

// Everything of this mail is signed but its two Received lines.
void expect_no_byte_can_change(const std::string& name) {
    const std::string mail = data_file(name);
    FakeKeys keys(published_keys());
    ASSERT_THAT(rules_of(verify_dkim(mail, kReceived, keys)), ElementsAre("pass"));
    const std::size_t trace_begin = mail.find("Received:");
    const std::size_t trace_end = mail.find("From: Ann");
    // What follows are empty lines, as many or as few as one likes.
    const std::size_t end = mail.find("\r\n.\r\n") + 3;
    ASSERT_LT(trace_end, end);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < end; i = i + 1 == trace_begin ? trace_end : i + 1) {
        for (const unsigned mask : {0x01U, 0x20U}) {
            std::string other = mail;
            other[i] = static_cast<char>(static_cast<unsigned char>(other[i]) ^ mask);
            for (const DkimResult& result : verify_dkim(other, kReceived, keys)) {
                ASSERT_FALSE(result.passed()) << i << ": " << other.substr(i, 20);
            }
            ++changed;
        }
    }
    EXPECT_GT(changed, 1000U);
}

TEST(DkimVerifier, RefusesEveryChangedByteOfAnRsaMail) {
    expect_no_byte_can_change("rsa_simple_simple.eml");
}

TEST(DkimVerifier, RefusesEveryChangedByteOfAnEd25519Mail) {
    expect_no_byte_can_change("ed_simple_simple.eml");
}

TEST(DkimVerifier, JudgesTimesByTheTimeOfReceipt) {
    FakeKeys keys(published_keys());
    const auto rule = [&](const std::string& name, std::uint32_t seconds) {
        return rules_of(verify_dkim(data_file(name), Time{seconds}, keys)).at(0);
    };
    EXPECT_EQ(rule("expired.eml", 1'700'000'060), "pass");
    EXPECT_EQ(rule("expired.eml", 1'700'000'061), "expired");
    EXPECT_EQ(rule("expired.eml", 0), "expired");
    EXPECT_EQ(rule("large.eml", 0), "pass");
    EXPECT_EQ(rule("large.eml", 1'700'000'000 - kClockSkewSeconds), "pass");
    EXPECT_EQ(rule("large.eml", 1'700'000'000 - kClockSkewSeconds - 1), "not-yet-signed");
}

TEST(DkimVerifier, AsksForNoKeyThatCannotHelp) {
    FakeKeys keys(published_keys());
    for (const auto* name : {"changed_body.eml", "expired.eml", "second_from.eml", "sha1.eml"}) {
        static_cast<void>(verify_dkim(data_file(name), kReceived, keys));
    }
    EXPECT_EQ(keys.asked, 0U);
}

TEST(DkimVerifier, StopsAskingWhenLookUpsFail) {
    FakeKeys keys(published_keys());
    keys.fails = true;
    const auto results = verify_dkim(data_file("eight_signatures.eml"), kReceived, keys);
    EXPECT_EQ(rules_of(results), std::vector<std::string>(8, "temporary-error"));
    EXPECT_EQ(keys.asked, kFailedLookupsMax);
    EXPECT_THAT(results[0].why, HasSubstr("no reply in time"));
}

TEST(DkimVerifier, HasNoResultWithoutASignature) {
    FakeKeys keys;
    EXPECT_THAT(verify_dkim("From: a@example.com\r\n\r\nx\r\n", kReceived, keys), IsEmpty());
    EXPECT_THAT(verify_dkim("", kReceived, keys), IsEmpty());
    EXPECT_THAT(verify_dkim("From: a@b\r\n\r\nDKIM-Signature: v=1\r\n", kReceived, keys),
                IsEmpty());
}

TEST(DkimVerifier, RefusesAHeaderThatReadersWouldReadDifferently) {
    FakeKeys keys(published_keys());
    const std::string mail = data_file("rsa_relaxed_relaxed.eml");
    EXPECT_THAT(rules_of(verify_dkim(replaced(mail, "MIME-Version", "no field\r\nMIME-Version"),
                                     kReceived, keys)),
                ElementsAre("malformed"));
}

TEST(DkimVerifier, RefusesASecondFieldOfASignedName) {
    FakeKeys keys(published_keys());
    const auto rule = [&](const std::string& added) {
        return rules_of(verify_dkim(added + "\r\n" + data_file("rsa_relaxed_relaxed.eml"),
                                    kReceived, keys))
            .at(0);
    };
    EXPECT_EQ(rule("SUBJECT: forged"), "field-repeated");
    EXPECT_EQ(rule("To: forged@example.net"), "field-repeated");
    EXPECT_EQ(rule("X-Empty: forged"), "pass");          // may stand twice
    EXPECT_EQ(rule("Content-Type: text/html"), "pass");  // the signer did not vouch for any
}

TEST(DkimVerifier, RefusesAMailWithoutFrom) {
    FakeKeys keys(published_keys());
    const std::string mail = data_file("rsa_relaxed_relaxed.eml");
    EXPECT_THAT(rules_of(verify_dkim(replaced(mail, "From: Ann", "X-From: Ann"), kReceived, keys)),
                ElementsAre("from-not-signed"));
}

struct SecretCase {
    std::string name;
    std::string from;
    std::string to;
    Rule rule;
};

void PrintTo(const SecretCase& c, std::ostream* out) {
    *out << c.name;
}

class DkimSecret : public testing::TestWithParam<SecretCase> {};

// The selector, the identity and header names may all name a trap.
TEST_P(DkimSecret, StandsInNoText) {
    const SecretCase& c = GetParam();
    std::string mail = data_file("rsa_relaxed_relaxed.eml");
    mail = replaced(mail, "i=@example.com", "i=trap4711@example.com");
    mail = replaced(mail, "s=rsa", "s=trap4711");
    mail = replaced(mail, "Ann Example", "trap4711");
    ASSERT_THAT(mail, HasSubstr(c.from));
    mail = replaced(mail, c.from, c.to);
    auto records = published_keys();
    records["trap4711._domainkey.example.com"] = {
        c.rule == Rule::KeyUnusable ? "v=trap4711; p=trap4711"
                                    : records["rsa._domainkey.example.com"].at(0)};
    if (c.rule == Rule::KeyMissing) {
        records.clear();
    }
    FakeKeys keys(records);
    const auto results = verify_dkim(mail, kReceived, keys);
    ASSERT_EQ(rules_of(results), std::vector<std::string>{std::string(to_string(c.rule))});
    EXPECT_THAT(results[0].why, Not(HasSubstr("4711")));
    EXPECT_THAT(results[0].why, Not(HasSubstr("\n")));
}

INSTANTIATE_TEST_SUITE_P(
    All, DkimSecret,
    testing::Values(SecretCase{"tag_twice", "v=1;", "v=1; v=trap4711;", Rule::Malformed},
                    SecretCase{"version", "v=1;", "v=trap4711;", Rule::Unsupported},
                    SecretCase{"algorithm", "a=rsa", "a=trap4711", Rule::Unsupported},
                    SecretCase{"selector", "s=trap4711", "s=trap4711!", Rule::Malformed},
                    SecretCase{"identity", "i=trap4711@", "i=trap4711", Rule::Malformed},
                    SecretCase{"names", " : to", " : trap4711\xFF", Rule::Malformed},
                    SecretCase{"body", "Hello", "trap4711", Rule::FailBody},
                    SecretCase{"header", "Date:", "Date: trap4711", Rule::FailSignature},
                    SecretCase{"no_field", "Date:", "trap4711\r\nDate:", Rule::Malformed},
                    SecretCase{"key", "v=1", "v=1", Rule::KeyUnusable},
                    SecretCase{"no_key", "v=1", "v=1", Rule::KeyMissing}),
    [](const auto& row) { return row.param.name; });

TEST(DkimRuleText, IsThereForEveryRule) {
    std::vector<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(Rule::TooManySignatures); ++i) {
        names.push_back(to_string(static_cast<Rule>(i)));
        EXPECT_FALSE(meaning_of(static_cast<Rule>(i)).empty());
    }
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
    EXPECT_EQ(names.size(), 17U);
}

}  // namespace
}  // namespace fairlist::importer
