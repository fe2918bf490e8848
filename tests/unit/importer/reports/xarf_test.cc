// Expected values were read off the samples by eye.
#include "importer/reports/xarf.h"

#include "importer/mail/mail_record.h"
#include "tests/unit/importer/reports/sample_mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string source_of(const AbuseReport& report) {
    return report.source ? to_string(*report.source) : "";
}

struct SampleRow {
    std::string_view file;
    std::string_view format;
    ReportKind kind;
    std::string_view type;
    std::string_view source;
    std::string_view seen;
    std::string_view reporter;
    std::string_view domain;
    std::size_t received;
};

TEST(XarfSamples, AreRead) {
    const std::vector<SampleRow> rows = {
        {"spam_sample.json", "xarf3", ReportKind::SpamMail, "Activity/Spam", "192.0.2.55",
         "2018-02-05T14:17:10Z", "example.com", "", 0},
        {"v3-spec-spam.json", "xarf3", ReportKind::SpamMail, "Messaging/spam", "192.168.1.100",
         "2024-01-15T14:30:25Z", "antispam-service.example", "", 1},
        {"v4-messaging-spam.json", "xarf4", ReportKind::SpamMail, "messaging/spam", "192.168.1.100",
         "2025-01-11T10:59:45Z", "antispam-service.example", "", 1},
        {"v4-messaging-bulk-messaging.json", "xarf4", ReportKind::Other, "messaging/bulk_messaging",
         "", "2025-01-11T14:02:29Z", "email-monitor.example", "mail.bulk-sender.example", 0},
        {"v4-reputation-blocklist.json", "xarf4", ReportKind::Other, "reputation/blocklist",
         "203.0.113.200", "2025-01-11T10:51:30Z", "threat-intel.example", "", 0},
    };
    for (const SampleRow& row : rows) {
        SCOPED_TRACE(row.file);
        const std::string text = sample(std::string(row.file));
        EXPECT_TRUE(looks_like_xarf(text));
        const auto report = parse_xarf(text);
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->format, row.format);
        EXPECT_EQ(report->kind, row.kind);
        EXPECT_EQ(report->type, row.type);
        EXPECT_EQ(source_of(*report), row.source);
        EXPECT_EQ(report->why_no_source.empty(), !row.source.empty());
        EXPECT_EQ(to_string(report->seen.value_or(Time{})), row.seen);
        EXPECT_EQ(report->reporter, row.reporter);
        ASSERT_EQ(report->reported_domains.size(), row.domain.empty() ? 0U : 1U);
        if (!row.domain.empty()) {
            EXPECT_EQ(report->reported_domains[0].text(), row.domain);
        }
        ASSERT_EQ(report->original_received.size(), row.received);
        if (row.received != 0) {
            EXPECT_THAT(report->original_received[0],
                        StartsWith(" from example.com (example.com [192.168.1.100])"));
        }
    }
}

TEST(XarfSamples, AreRefusedInEveryCut) {
    for (const std::string file : {"spam_sample.json", "v4-messaging-spam.json"}) {
        std::string text = sample(file);
        text.resize(text.rfind('}'));
        for (; !text.empty(); text.pop_back()) {
            const auto report = parse_xarf(text);
            ASSERT_FALSE(report) << text.size();
            EXPECT_EQ(report.error().code, Errc::Malformed);
        }
    }
}

std::string v3(const std::string& report, const std::string& info = "{}") {
    return R"({"Version":"3","ReporterInfo":)" + info + R"(,"Report":{"ReportType":"Spam",)" +
           report + "}}";
}

std::string v4(const std::string& members) {
    return R"({"xarf_version":"4.2.0","category":"messaging","type":"spam",)" + members + "}";
}

struct MemberRow {
    std::string_view name;
    std::string text;
    ReportKind kind;
    std::string_view source;
    std::string_view why;  // a part of it
    std::string_view reporter;
};

TEST(Xarf, ReadsMembers) {
    const auto spam = ReportKind::SpamMail;
    const std::vector<MemberRow> rows = {
        {"v3 IPv6", v3(R"("SourceIp":"2001:db8::1")"), spam, "2001:db8::1", "", ""},
        {"v3 without source", v3(R"("SourceIp":null)"), spam, "", "neither SourceIp nor", ""},
        {"v3 bad source", v3(R"("Source":{"IP":"mx"})"), spam, "", "Source.IP \"mx\"", ""},
        {"v3 by text message", v3(R"("AdditionalInfo":{"Protocol":"sms"})"), ReportKind::Other, "",
         "neither", ""},
        {"v3 reporter by mail",
         v3(R"("SourceIp":"192.0.2.1")", R"({"ReporterOrgEmail":"canary@Org.Example"})"), spam,
         "192.0.2.1", "", "org.example"},
        {"v3 reporter without name",
         v3(R"("SourceIp":"192.0.2.1")",
            R"({"ReporterOrgDomain":"not a name","ReporterOrgEmail":"nor this"})"),
         spam, "192.0.2.1", "", ""},
        {"v4 address", v4(R"("source_identifier":"192.0.2.1")"), spam, "192.0.2.1", "", ""},
        {"v4 by text message", v4(R"("protocol":"sms","source_identifier":"192.0.2.1")"),
         ReportKind::Other, "192.0.2.1", "", ""},
        {"v4 without source", v4(R"("x":1)"), spam, "", "no source_identifier", ""},
        {"v4 reporter by mail", v4(R"("reporter":{"contact":"a@b@c.example"})"), spam, "", "no",
         "c.example"},
        {"v4 draft",
         R"({"xarf_version":"4.0.0","class":"messaging","type":"spam",)"
         R"("source_identifier":"192.0.2.1"})",
         spam, "192.0.2.1", "", ""},
        {"v4 spam of another category",
         R"({"xarf_version":"4.0.0","category":"content","type":"spam"})", ReportKind::Other, "",
         "no", ""},
    };
    for (const MemberRow& row : rows) {
        SCOPED_TRACE(row.name);
        const auto report = parse_xarf(row.text);
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->kind, row.kind);
        EXPECT_EQ(source_of(*report), row.source);
        EXPECT_THAT(report->why_no_source, HasSubstr(row.why));
        EXPECT_EQ(report->why_no_source.empty(), !row.source.empty());
        EXPECT_EQ(report->reporter, row.reporter);
    }
}

struct BadRow {
    std::string_view name;
    std::string text;
    std::string_view message;  // a part of it
};

TEST(Xarf, NamesWhatIsWrong) {
    const std::vector<BadRow> rows = {
        {"nothing", "", "XARF: JSON: "},
        {"binary", std::string("\0\xFF\x01", 3), "XARF: JSON: "},
        {"no UTF-8", "{\"Version\":\"\xFF\"}", "XARF: JSON: "},
        {"array", "[]", "XARF: JSON: expected an object"},
        {"empty", "{}", "XARF: no version"},
        {"deep", v4("\"x\":" + std::string(100, '[') + std::string(100, ']')), "XARF: JSON: "},
        {"very deep", std::string(100000, '['), "XARF: JSON: "},
        {"huge", v4("\"x\":\"" + std::string(kMailJsonBytesMax, 'x') + "\""), "262144 bytes"},
        {"version 2", R"({"Version":"2"})", "XARF version \"2\": expected 3 or 4"},
        {"version 40", R"({"xarf_version":"40"})", "XARF version \"40\": expected 3 or 4"},
        {"version of another type", R"({"Version":3})", "no version"},
        {"v3 without report", R"({"Version":"3"})", "\"Report.ReportType\": expected"},
        {"v3 report", R"({"Version":"3","Report":[]})", "\"Report\": expected an object"},
        {"v3 source", v3(R"("SourceIp":1)"), "\"Report.SourceIp\": expected a string"},
        {"v3 inner source", v3(R"("Source":"x")"), "\"Report.Source\": expected an object"},
        {"v3 inner address", v3(R"("Source":{"IP":[]})"), "\"Report.Source.IP\": expected"},
        {"v3 date", v3(R"("Date":{})"), "\"Report.Date\": expected a string"},
        {"v3 samples", v3(R"("Samples":{})"), "\"Report.Samples\": expected an array"},
        {"v3 reporter", v3(R"("x":1)", R"({"ReporterOrgDomain":1})"),
         "\"ReporterInfo.ReporterOrgDomain\": expected a string"},
        {"v4 without type", R"({"xarf_version":"4.2.0","category":"messaging"})",
         "\"type\": expected"},
        {"v4 without category", R"({"xarf_version":"4.2.0","type":"spam"})",
         "\"category\": expected"},
        {"v4 source", v4(R"("source_identifier":{})"), "\"source_identifier\": expected a string"},
        {"v4 reporter", v4(R"("reporter":"x")"), "\"reporter\": expected an object"},
        {"v4 evidence", v4(R"("evidence":"x")"), "\"evidence\": expected an array"},
    };
    for (const BadRow& row : rows) {
        SCOPED_TRACE(row.name);
        const auto report = parse_xarf(row.text);
        ASSERT_FALSE(report);
        EXPECT_THAT(report.error().message, HasSubstr(row.message));
    }
}

TEST(Xarf, QuotesNoTrap) {
    for (const std::string& text :
         {v3(R"("SmtpRcptToAddress":"canary@trap.example","Date":1)"),
          v3(R"("Date":"canary","ReportClass":["canary"])"),
          v4(R"("smtp_to":"canary@trap.example","timestamp":{"canary":1})"),
          v4(R"("canary":"canary)"), std::string("canary")}) {
        const auto report = parse_xarf(text);
        ASSERT_FALSE(report);
        EXPECT_THAT(report.error().message, Not(HasSubstr("canary")));
    }
}

struct SampleTextRow {
    std::string_view name;
    std::string text;
    std::size_t received;
};

TEST(Xarf, FindsTheReportedMail) {
    const std::string line = "Received: from a ([192.0.2.1]) by b; x\\n";
    // The same line twice, then an empty line, in Base64 (coreutils' base64).
    const std::string coded =
        "UmVjZWl2ZWQ6IGZyb20gYSAoWzE5Mi4wLjIuMV0pIGJ5IGI7IHgKUmVjZWl2ZWQ6IGZyb20gYSAo"
        "WzE5Mi4wLjIuMV0pIGJ5IGI7IHgKCg==";
    const std::string type3 = R"("ContentType":"message/rfc822",)";
    const std::string type4 = R"("content_type":"Message/RFC822; x=y",)";
    const std::vector<SampleTextRow> rows = {
        {"plain", v3(R"("Samples":[{)" + type3 + R"("Payload":")" + line + R"("}])"), 1},
        {"plain, said so",
         v3(R"("Samples":[{)" + type3 + R"("Base64Encoded":false,"Payload":")" + line + R"("}])"),
         1},
        {"coded",
         v3(R"("Samples":[{)" + type3 + R"("Base64Encoded":true,"Payload":")" + coded + R"("}])"),
         2},
        {"the second",
         v3(R"("Samples":[1,{},{)" + type3 + R"("Payload":"mail"},{)" + type3 + R"("Payload":")" +
            line + R"("}])"),
         1},
        {"attachment", v3(R"("Attachment":[{)" + type3 + R"("Data":")" + coded + R"("}])"), 2},
        {"evidence", v4(R"("evidence":[{)" + type4 + R"("payload":")" + coded + R"("}])"), 2},
        {"no mail",
         v4(R"("evidence":[{"content_type":"text/plain","payload":")" + coded + R"("}])"), 0},
        {"no Base64", v4(R"("evidence":[{)" + type4 + R"("payload":"!"}])"), 0},
        {"cut Base64",
         v4(R"("evidence":[{)" + type4 + R"("payload":")" + coded.substr(0, 10) + R"("}])"), 0},
        {"payload of another type", v4(R"("evidence":[{)" + type4 + R"("payload":[]}])"), 0},
    };
    for (const SampleTextRow& row : rows) {
        SCOPED_TRACE(row.name);
        const auto report = parse_xarf(row.text);
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->original_received.size(), row.received);
    }
}

}  // namespace
}  // namespace fairlist::importer
