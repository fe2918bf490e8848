// Letters: what a provider gets, as its mail program and our own readers of reports see it.
#include "importer/reports/arf.h"
#include "importer/reports/xarf.h"
#include "server/outbox/mime_letter.h"
#include "server/outbox/report_letter.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <sodium.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::outbox {
namespace {

constexpr Time kNow{1'795'680'000};  // 2026-11-26T08:00:00Z

LetterDraft draft() {
    LetterDraft made;
    made.from_name = "Example Blocklists";
    made.from = "reports@bl.example";
    made.to = "abuse@cloud.example";
    made.subject = "Abuse report";
    made.message_id = "report-1@bl.example";
    made.date = kNow;
    made.text = "Hello.\n";
    return made;
}

ToldListing told() {
    ToldListing listing;
    listing.report = 7;
    listing.cause = "listed";
    listing.list = "css";
    listing.subject = "198.51.100.0/28";
    listing.address = "198.51.100.0";
    listing.reason = "198.51.100.0/28 sent spam";
    listing.since = kNow;
    listing.hits = 12;
    listing.first_hit = Time{kNow.seconds - 7200};
    listing.last_hit = Time{kNow.seconds - 3600};
    listing.kinds = {{"mail", 12}};
    listing.helos = {{"a host name", 12}};
    listing.names = {{"host.cloud.example", 12}};
    listing.customer = "C-1042";
    return listing;
}

ReportSite site() {
    return {"Example Blocklists", "https://bl.example", "lists@bl.example", "reports@bl.example"};
}

ReportDraft report() {
    ReportDraft made;
    made.provider = "cloud";
    made.provider_name = "Cloud";
    made.batch = 7;
    made.to = "abuse@cloud.example";
    made.now = kNow;
    made.listings = {told(), told()};
    made.listings[1].report = 8;
    made.listings[1].subject = made.listings[1].address = "2001:db8::1";
    return made;
}

// The header, unfolded, and what is behind it.
std::string header_of(std::string_view bytes) {
    std::string header(bytes.substr(0, bytes.find("\r\n\r\n")));
    for (std::size_t at = 0; (at = header.find("\r\n ", at)) != std::string::npos;) {
        header.erase(at, 2);
    }
    return header;
}

std::string part_after(std::string_view bytes, std::string_view mark) {
    const std::size_t head = bytes.find(mark);
    EXPECT_NE(head, std::string_view::npos);
    const std::size_t body = bytes.find("\r\n\r\n", head) + 4;
    return std::string(bytes.substr(body, bytes.find("\r\n--", body) - body));
}

void expect_mail_lines(std::string_view bytes) {
    std::size_t line = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool ends = bytes[i] == '\n';
        ASSERT_EQ(ends, i > 0 && bytes[i - 1] == '\r' && bytes[i] == '\n') << i;
        line = ends ? 0 : line + 1;
        ASSERT_LE(line, 999U);
        ASSERT_LT(static_cast<unsigned char>(bytes[i]), 0x80U);
    }
}

TEST(LetterTest, NothingFromOutsideGetsIntoTheHeader) {
    using namespace std::string_literals;
    const std::vector<std::string> bad = {"a\r\nBcc: x@y.example",
                                          "a\nBcc: x@y.example",
                                          "a\rBcc: x@y.example",
                                          "a\r\n\r\nbody",
                                          "a\0b"s,
                                          "a\x7f"};
    for (std::string LetterDraft::* field :
         {&LetterDraft::from_name, &LetterDraft::from, &LetterDraft::to, &LetterDraft::subject,
          &LetterDraft::message_id}) {
        for (const std::string& value : bad) {
            LetterDraft wanted = draft();
            wanted.*field += value;
            EXPECT_FALSE(write_letter(wanted)) << value;
        }
    }
}

TEST(LetterTest, OneRecipientAMail) {
    for (const char* to :
         {"", "abuse", "a@x.example, b@x.example", "a@x.example b@x.example", "<a@x.example>",
          "team: a@x.example;", "a(b)@x.example", "\xC3\xA4@x.example"}) {
        LetterDraft wanted = draft();
        wanted.to = to;
        EXPECT_FALSE(write_letter(wanted)) << to;
    }
    EXPECT_TRUE(write_letter(draft()));
}

TEST(LetterTest, IsAutomaticMailWithLinesThatAreShortEnough) {
    LetterDraft wanted = draft();
    wanted.text = std::string(5000, 'x') +
                  "\nGr\xC3\xBC\xC3\x9F"
                  "e\n.\nFrom here\n";
    wanted.parts.push_back({"application/json", "a.json", R"({"a": "\u00fc"})"});
    const auto letter = write_letter(wanted);
    ASSERT_TRUE(letter);
    expect_mail_lines(letter->bytes);
    const std::string header = header_of(letter->bytes);
    for (const char* line :
         {"Auto-Submitted: auto-generated", "Message-Id: <report-1@bl.example>",
          "Date: Thu, 26 Nov 2026 08:00:00 +0000", "MIME-Version: 1.0",
          "From: Example Blocklists <reports@bl.example>", "To: abuse@cloud.example"}) {
        EXPECT_NE(header.find(line), std::string::npos) << line << "\n" << header;
    }
}

TEST(ReportLetterTest, IsAFeedbackReportThatOurReaderReads) {
    const auto letter = write_report(site(), report());
    ASSERT_TRUE(letter);
    expect_mail_lines(letter->bytes);
    EXPECT_NE(header_of(letter->bytes).find("report-type=feedback-report"), std::string::npos);
    const auto read = importer::parse_arf(part_after(letter->bytes, "message/feedback-report"), "");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->type, "abuse");
    EXPECT_EQ(to_string(read->source.value()), "198.51.100.0");
    EXPECT_EQ(read->seen, Time{kNow.seconds - 3600});
}

TEST(ReportLetterTest, OurReaderReadsItsXarf) {
    const ReportDraft sent = report();
    for (const ToldListing& listing : sent.listings) {
        const auto read = importer::parse_xarf(xarf_json(site(), sent, listing));
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(read->type, "reputation/blocklist");
        EXPECT_EQ(to_string(read->source.value()), listing.address);
        EXPECT_EQ(read->seen, kNow);
        EXPECT_EQ(read->reporter, "bl.example");
    }
}

// As in xarf-core.json of version 4: the hash is that of the evidence itself.
TEST(ReportLetterTest, EvidenceHasItsHash) {
    const auto document = boost::json::parse(xarf_json(site(), report(), told())).as_object();
    const auto& evidence = document.at("evidence").as_array().at(0).as_object();
    const std::string payload(evidence.at("payload").as_string());
    std::string text(payload.size(), '\0');
    std::size_t size = 0;
    ASSERT_EQ(sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(),
                                payload.data(), payload.size(), nullptr, &size, nullptr,
                                sodium_base64_VARIANT_ORIGINAL),
              0);
    text.resize(size);
    EXPECT_TRUE(text.starts_with("12 hits")) << text;
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    char hex[2 * sizeof digest + 1];
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    EXPECT_EQ(std::string(evidence.at("hash").as_string()), "sha256:" + std::string(hex));
}

TEST(ReportLetterTest, TheSameBatchIsTheSameMessage) {
    ReportDraft later = report();
    later.now = Time{kNow.seconds + 5000};
    ReportDraft other = report();
    other.batch = 9;
    const auto id = [](const ReportDraft& sent) {
        const std::string header = header_of(write_report(site(), sent)->bytes);
        const std::size_t at = header.find("Message-Id:");
        return header.substr(at, header.find("\r\n", at) - at);
    };
    EXPECT_EQ(id(report()), id(later));
    EXPECT_NE(id(report()), id(other));
    const auto uuid = [](const std::string& text) {
        return boost::json::parse(text).as_object().at("report_id");
    };
    EXPECT_EQ(uuid(xarf_json(site(), report(), told())), uuid(xarf_json(site(), later, told())));
}

TEST(ReportLetterTest, TextOfOthersStaysInItsLine) {
    ReportDraft sent = report();
    sent.listings.resize(1);
    sent.listings[0].customer = "C\r\n\r\nReport 9: forged";
    const auto letter = write_report(site(), sent);
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->bytes.find("\r\nReport 9"), std::string::npos);
    EXPECT_NE(letter->bytes.find("assigned to C    Report 9: forged"), std::string::npos);
}

}  // namespace
}  // namespace fairlist::outbox
