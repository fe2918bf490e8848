// Expected values were read off the samples by eye.
#include "importer/reports/arf.h"

#include "importer/mail/fault_walk.h"
#include "importer/mail/mail_record.h"
#include "importer/reports/report_mail.h"
#include "tests/unit/importer/reports/sample_mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string domains_of(const AbuseReport& report) {
    std::string out;
    for (const DomainName& domain : report.reported_domains) {
        out += domain.text() + " ";
    }
    return out;
}

std::string source_of(const AbuseReport& report) {
    return report.source ? to_string(*report.source) : "";
}

struct SampleRow {
    std::string_view file;
    std::string_view source;
    std::string_view seen;
    std::string_view reporter;
    std::string_view domains;
    std::size_t received;
    std::string_view walked;  // the first peer of the reported mail that is outside
};

TEST(ArfSamples, AreRead) {
    const std::vector<SampleRow> rows = {
        {"arf-01.eml", "192.0.2.89", "2009-04-29T00:00:00Z", "example.co.jp", "example.ed.jp ", 2,
         "192.0.2.41"},
        {"arf-02.eml", "", "2013-04-30T07:45:50Z", "arf.mail.yahoo.com", "example.com ", 1,
         "192.0.2.8"},
        {"arf-11.eml", "", "-", "example.com", "", 1, "192.0.2.2"},
        {"arf-14.eml", "", "2017-04-29T23:34:45Z", "email-abuse.amazonses.com", "amazonses.com ", 1,
         "192.0.2.2"},
        {"arf-15.eml", "192.0.2.222", "2015-04-29T23:34:45Z", "feedback.example.org", "", 1,
         "192.0.2.22"},
        {"arf-16.eml", "192.0.2.1", "2015-04-29T23:34:45Z", "feedback.example.com",
         "example.com example.org ", 2, "192.0.2.22"},
        {"arf-17.eml", "192.0.2.3", "2016-04-29T23:34:45Z", "example.org", "", 1, "192.0.2.3"},
    };
    for (const SampleRow& row : rows) {
        SCOPED_TRACE(row.file);
        const auto report = report_of(read_whole(sample(std::string(row.file))));
        ASSERT_TRUE(report.has_value());
        ASSERT_TRUE(report->has_value()) << report->error().message;
        const AbuseReport& found = **report;
        EXPECT_EQ(found.format, "arf");
        EXPECT_EQ(found.kind, ReportKind::SpamMail);
        EXPECT_EQ(found.type, "abuse");
        EXPECT_EQ(source_of(found), row.source);
        EXPECT_EQ(found.why_no_source.empty(), !row.source.empty());
        EXPECT_EQ(to_string(found.seen.value_or(Time{})), row.seen);
        EXPECT_EQ(found.reporter, row.reporter);
        EXPECT_EQ(domains_of(found), row.domains);
        EXPECT_EQ(found.original_received.size(), row.received);
        const auto walked = walk_to_fault(found.original_received, {}, {});
        EXPECT_EQ(walked.peer ? to_string(*walked.peer) : "", row.walked);
    }
}

TEST(ArfSamples, ThatEndASubscriptionAreRefused) {
    const MailRecord record = read_whole(sample("arf-12.eml"));
    EXPECT_THAT(record.original, HasSubstr("Received: from mx90.example.net"));
    EXPECT_THAT(record.original, Not(HasSubstr("Nyaaaan")));
    const auto report = report_of(record);
    ASSERT_TRUE(report.has_value());
    ASSERT_FALSE(report->has_value());
    EXPECT_EQ(report->error().code, Errc::Refused);
    EXPECT_EQ(report->error().message, "feedback type \"opt-out\": asks to end a subscription");
}

struct FieldRow {
    std::string_view name;
    std::string fields;
    std::string_view type;
    std::string_view source;
    std::string_view seen;
    std::string_view domains;
};

TEST(Arf, ReadsFields) {
    const std::vector<FieldRow> rows = {
        {"nothing more", "Feedback-Type: abuse\n", "abuse", "", "-", ""},
        {"CRLF, folded, any case",
         "FEEDBACK-TYPE:\r\n abuse\r\nsource-ip:\r\n\t192.0.2.7\r\n"
         "Arrival-Date: Sat,\r\n 21 Nov 2026\r\n 08:30:00 +0000\r\n",
         "abuse", "192.0.2.7", "2026-11-21T08:30:00Z", ""},
        {"blank before the colon, comments",
         "Feedback-Type : (a (nested\\)) comment) fraud\nSource-IP: 192.0.2.7 (mx (x))\n"
         "Arrival-Date: Sat, 21 Nov 2026 09:30:00 +0100 (CET)\n",
         "fraud", "192.0.2.7", "2026-11-21T08:30:00Z", ""},
        {"IPv6", "Feedback-Type: abuse\nSource-IP: 2001:db8::1\n", "abuse", "2001:db8::1", "-", ""},
        {"IPv6 with tag", "Feedback-Type: abuse\nSource-IP: IPv6:2001:DB8::1\n", "abuse",
         "2001:db8::1", "-", ""},
        {"brackets", "Feedback-Type: abuse\nSource-IP: [192.0.2.7]\n", "abuse", "192.0.2.7", "-",
         ""},
        {"the standard's date before the draft's",
         "Feedback-Type: abuse\nReceived-Date: Fri, 20 Nov 2026 08:30:00 +0000\n"
         "Arrival-Date: Sat, 21 Nov 2026 08:30:00 +0000\n",
         "abuse", "", "2026-11-21T08:30:00Z", ""},
        {"an unreadable date", "Feedback-Type: abuse\nArrival-Date: yesterday evening\n", "abuse",
         "", "-", ""},
        {"domains once, without what is none",
         "Feedback-Type: abuse\nReported-Domain: A.example.\nReported-Domain: a.example\n"
         "Reported-Domain: 192.0.2.1\nReported-Domain: x@b.example\nReported-Domain: *.c.example\n"
         "Reported-Domain:\nReported-Domain: b\xC3\xBC.example\n",
         "abuse", "", "-", "a.example xn--b-eha.example "},
        {"the same source twice",
         "Feedback-Type: abuse\nSource-IP: 192.0.2.7\nSource-IP: 192.0.2.7\n", "abuse", "192.0.2.7",
         "-", ""},
        {"other sources differ",
         "Feedback-Type: abuse\nSource-IP: 192.0.2.7\nSource-IP: 192.0.2.8\n", "abuse", "", "-",
         ""},
        {"lines that are no field",
         "\n\n  folded from nothing\nno colon\n: no name\n"
         "Feedback-Type: virus\nno colon\n  192.0.2.9\n",
         "virus", "", "-", ""},
        {"behind an empty line", "Feedback-Type: abuse\n\nSource-IP: 192.0.2.7\n", "abuse", "", "-",
         ""},
        {"other bytes", std::string("Feedback-Type: a\0b\xFF", 19) + std::string(100, 'x') + "\n",
         "", "", "-", ""},
    };
    for (const FieldRow& row : rows) {
        SCOPED_TRACE(row.name);
        const auto report = parse_arf(row.fields, "");
        ASSERT_TRUE(report) << report.error().message;
        if (row.type.empty()) {
            EXPECT_EQ(report->type, "a?b?" + std::string(kReportTypeBytesMax - 4, 'x'));
        } else {
            EXPECT_EQ(report->type, row.type);
        }
        EXPECT_EQ(report->kind, row.type == "abuse" ? ReportKind::SpamMail : ReportKind::Other);
        EXPECT_EQ(source_of(*report), row.source);
        EXPECT_EQ(report->why_no_source.empty(), !row.source.empty());
        EXPECT_EQ(to_string(report->seen.value_or(Time{})), row.seen);
        EXPECT_EQ(domains_of(*report), row.domains);
    }
}

struct RefusedRow {
    std::string_view name;
    std::string fields;
    Errc code;
    std::string_view message;
};

TEST(Arf, RefusesWhatAccusesNobody) {
    const std::vector<RefusedRow> rows = {
        {"no type", "Source-IP: 192.0.2.7\n", Errc::Malformed, "0 Feedback-Type fields"},
        {"nothing", "", Errc::Malformed, "0 Feedback-Type fields"},
        {"empty type", "Feedback-Type: (abuse)\n", Errc::Malformed, "expected one, with a type"},
        {"two types", "Feedback-Type: abuse\nFeedback-Type: not-spam\n", Errc::Malformed,
         "2 Feedback-Type fields"},
        {"not spam", "Feedback-Type: Not-Spam\n", Errc::Refused, "RFC 6430"},
        {"authentication", "Feedback-Type: auth-failure\nAuth-Failure: dkim\n", Errc::Refused,
         "RFC 6591"},
        {"list", "Feedback-Type: opt-out-list\n", Errc::Refused, "asks to end"},
        {"huge", "Feedback-Type: abuse\n" + std::string(kMailFeedbackBytesMax, 'x'),
         Errc::OutOfRange, "16384"},
    };
    for (const RefusedRow& row : rows) {
        SCOPED_TRACE(row.name);
        const auto report = parse_arf(row.fields, "");
        ASSERT_FALSE(report);
        EXPECT_EQ(report.error().code, row.code);
        EXPECT_THAT(report.error().message, HasSubstr(row.message));
    }
    EXPECT_EQ(parse_arf("Feedback-Type: abuse\n", std::string(kMailOriginalBytesMax + 1, 'x'))
                  .error()
                  .code,
              Errc::OutOfRange);
}

TEST(Arf, SaysWhyThereIsNoSource) {
    EXPECT_EQ(parse_arf("Feedback-Type: abuse\n", "")->why_no_source,
              "the report has no Source-IP field");
    EXPECT_EQ(parse_arf("Feedback-Type: abuse\nSource-IP: mx\x01\n", "")->why_no_source,
              "Source-IP \"mx\\x01\": expected an IPv4 or IPv6 address");
}

TEST(Arf, TakesNothingFromTheEndsOfATrapsMail) {
    const auto report = parse_arf(
        "Feedback-Type: abuse\nOriginal-Mail-From: <canary@trap.example>\n"
        "Original-Rcpt-To: canary@trap.example\nRemoval-Recipient: canary@trap.example\n",
        "To: canary@trap.example\nReceived: from a ([192.0.2.1]) by b; x\nSubject: canary\n");
    ASSERT_TRUE(report);
    EXPECT_THAT(report->reported_domains, IsEmpty());
    EXPECT_THAT(report->why_no_source, Not(HasSubstr("canary")));
    EXPECT_THAT(report->original_received, testing::ElementsAre(" from a ([192.0.2.1]) by b; x\n"));
}

TEST(Arf, ReadsEveryCutOfASample) {
    const MailRecord whole = read_whole(sample("arf-16.eml"));
    for (std::size_t size = 0; size <= whole.feedback.size(); ++size) {
        const auto report = parse_arf(whole.feedback.substr(0, size), whole.original);
        if (report) {
            EXPECT_EQ(report->source.has_value(), report->why_no_source.empty()) << size;
        } else {
            EXPECT_EQ(report.error().code, Errc::Malformed) << size;
        }
    }
}

}  // namespace
}  // namespace fairlist::importer
