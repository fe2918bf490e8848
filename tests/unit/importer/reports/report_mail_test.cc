#include "importer/reports/report_mail.h"

#include "tests/unit/importer/reports/sample_mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string part(std::string_view head, std::string_view body) {
    return "--b\n" + std::string(head) + "\n\n" + std::string(body) + "\n";
}

std::string mail_of(std::string_view parts, std::string_view head = "") {
    return "From: Desk <desk@Reports.Example>\n" + std::string(head) +
           "Content-Type: multipart/mixed; boundary=b\n\n" + std::string(parts) + "--b--\n";
}

const std::string kFeedback =
    part("Content-Type: message/feedback-report",
         "Feedback-Type: abuse\nSource-IP: 192.0.2.9\nReported-Domain: a.example");
const std::string kOriginal = part("Content-Type: message/rfc822",
                                   "Received: from a ([192.0.2.1])\n by b; x\nSubject: y\n\nz");

TEST(ReportMail, IsNothingWithoutAReport) {
    EXPECT_FALSE(report_of({}));
    EXPECT_FALSE(report_of(read_whole("Subject: x\n\nFeedback-Type: abuse\n")));
    EXPECT_FALSE(report_of(read_whole(mail_of(kOriginal))));
    for (const std::string_view json : {"{}", "{\"Version\":\"3\"}", "{", "xarf_version"}) {
        EXPECT_FALSE(report_of(read_whole(mail_of(part("Content-Type: application/json", json)))));
    }
}

TEST(ReportMail, ReadsXarfHoweverItIsAttached) {
    const std::string json = sample("v4-messaging-bulk-messaging.json");
    for (const std::string_view head :
         {"Content-Type: application/json",
          "Content-Type: application/octet-stream; name=xarf.JSON",
          "Content-Type: text/plain; charset=utf-8\nContent-Disposition: attachment; "
          "filename=\"report.json\""}) {
        SCOPED_TRACE(head);
        const auto report = report_of(read_whole(mail_of(part(head, json) + kOriginal)));
        ASSERT_TRUE(report && *report);
        EXPECT_EQ((*report)->format, "xarf4");
        EXPECT_EQ((*report)->reporter, "email-monitor.example");
        EXPECT_THAT((*report)->original_received, testing::SizeIs(1));
    }
}

TEST(ReportMail, NamesTheSenderWhereTheReportNamesNobody) {
    const auto report = report_of(read_whole(
        mail_of(part("Content-Type: application/json",
                     R"({"xarf_version":"4.0.0","category":"messaging","type":"spam"})"))));
    ASSERT_TRUE(report && *report);
    EXPECT_EQ((*report)->reporter, "reports.example");
}

TEST(ReportMail, TellsOfAReportThatCannotBeRead) {
    const auto report = report_of(
        read_whole(mail_of(part("Content-Type: application/json", R"({"xarf_version":"4.0.0",)"))));
    ASSERT_TRUE(report);
    ASSERT_FALSE(*report);
    EXPECT_THAT(report->error().message, StartsWith("XARF: JSON"));
}

TEST(ReportMail, TakesFromBothFormats) {
    const std::string json =
        part("Content-Type: application/json", sample("v4-messaging-bulk-messaging.json"));
    const auto both = report_of(read_whole(mail_of(kFeedback + json)));
    ASSERT_TRUE(both && *both);
    EXPECT_EQ((*both)->format, "xarf4");
    EXPECT_EQ(to_string((*both)->source.value()), "192.0.2.9");
    EXPECT_THAT((*both)->why_no_source, IsEmpty());
    EXPECT_EQ((*both)->reported_domains.size(), 2U);

    const std::string broken = part("Content-Type: application/json", "{\"xarf_version\"");
    const auto arf = report_of(read_whole(mail_of(broken + kFeedback)));
    ASSERT_TRUE(arf && *arf);
    EXPECT_EQ((*arf)->format, "arf");

    const std::string refusal =
        part("Content-Type: message/feedback-report", "Feedback-Type: not-spam");
    const auto refused = report_of(read_whole(mail_of(refusal + json)));
    ASSERT_TRUE(refused);
    ASSERT_FALSE(*refused);
    EXPECT_EQ(refused->error().code, Errc::Refused);
}

// A bounce of a trusted reporter's server carries the mail of anybody.
TEST(ReportMail, TakesNoReportFromInsideAnotherMessage) {
    const std::string inner =
        "Content-Type: multipart/report; boundary=c\n\n--c\nContent-Type: message/feedback-report\n"
        "\nFeedback-Type: abuse\nSource-IP: 192.0.2.9\n\n--c\nContent-Type: application/json\n\n"
        "{\"xarf_version\":\"4.0.0\"}\n--c--\n";
    const MailRecord record = read_whole(mail_of(part("Content-Type: message/rfc822", inner)));
    EXPECT_THAT(record.feedback, IsEmpty());
    EXPECT_THAT(record.json, IsEmpty());
    EXPECT_FALSE(report_of(record));
}

TEST(ReportMail, IsFoundInsideSignedMultiparts) {
    const std::string nested =
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\n"
        "Content-Type: multipart/report; boundary=c\n\n--c\nContent-Type: message/feedback-report\n"
        "Content-Transfer-Encoding: base64\n\n"
        // Feedback-Type: abuse
        "RmVlZGJhY2stVHlwZTogYWJ1c2UK\n--c--\n--b--\n";
    const MailRecord record = read_whole(nested);
    EXPECT_EQ(record.feedback, "Feedback-Type: abuse\n");
}

TEST(ReportMail, KeepsTheFirstOfEachPart) {
    const MailRecord record = read_whole(mail_of(
        kFeedback + part("Content-Type: message/feedback-report", "Feedback-Type: fraud") +
        kOriginal + part("Content-Type: text/rfc822-headers", "Subject: second") +
        part("Content-Type: application/json", "1") + part("Content-Type: application/json", "2")));
    EXPECT_THAT(record.feedback, HasSubstr("abuse"));
    EXPECT_THAT(record.original, StartsWith("Received: from a ([192.0.2.1])\n by b; x\n"));
    EXPECT_THAT(record.original, Not(HasSubstr("z")));
    EXPECT_EQ(record.json, "1");
}

TEST(ReportMail, CutsLongPartsBetweenHeaders) {
    std::string lines;
    while (lines.size() < 2 * kMailOriginalBytesMax) {
        lines += "Received: from a ([192.0.2.1])\n by b;\n x\n";
    }
    for (const std::string_view type : {"message/rfc822", "text/rfc822-headers"}) {
        const MailRecord record =
            read_whole(mail_of(part("Content-Type: " + std::string(type), lines + "\nx")));
        EXPECT_LE(record.original.size(), kMailOriginalBytesMax);
        EXPECT_GT(record.original.size(), kMailOriginalBytesMax - 100);
        EXPECT_TRUE(record.original.ends_with("\n x\n"));
    }
    const MailRecord record = read_whole(
        mail_of(part("Content-Type: message/feedback-report", lines) +
                part("Content-Type: application/json", std::string(2 * kMailJsonBytesMax, '1'))));
    EXPECT_LE(record.feedback.size(), kMailFeedbackBytesMax);
    EXPECT_TRUE(record.feedback.ends_with("\n x\n"));
    EXPECT_EQ(record.json.size(), kMailJsonBytesMax);
}

}  // namespace
}  // namespace fairlist::importer
