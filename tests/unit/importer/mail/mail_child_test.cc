// Hostile mail costs one message at most: the next is read each time.
#include "importer/mail/mail_child.h"

#include "importer/formats/utf8_line.h"
#include "importer/mail/prescan.h"
#include "tests/unit/importer/fetch/test_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;

constexpr std::string_view kGoodMail =
    "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n"
    "Content-Transfer-Encoding: base64\n\n"
    "PGEgaHJlZj0iaHR0cDovL2EuZXhhbXBsZS94P2NhbmFyeSI+\n"
    "--b\nContent-Type: text/plain; charset=windows-1252\n\nsee www.b.example\n"
    "--b\nContent-Type: image/png\n\nxx\n--b--\n";

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

MailChild real_child(std::chrono::milliseconds timeout = std::chrono::seconds(60)) {
    return MailChild({FAIRLIST_MAIL, timeout});
}

void expect_next_is_read(MailChild& child) {
    const auto record = child.read(kGoodMail);
    ASSERT_TRUE(record) << record.error().message;
    EXPECT_THAT(record->hosts, ElementsAre("a.example", "www.b.example"));
    EXPECT_EQ(record->parts, 3U);
    EXPECT_EQ(record->attachments, 1U);
}

TEST(MailChild, ReadsPartsAndTheHostsOfTheirLinks) {
    MailChild child = real_child();
    expect_next_is_read(child);
    expect_next_is_read(child);
    EXPECT_EQ(child.starts(), 1U);
}

TEST(MailChild, ReadsWhatIsNoMail) {
    MailChild child = real_child();
    EXPECT_TRUE(child.read(""));
    EXPECT_TRUE(child.read("\n"));
    EXPECT_TRUE(child.read(std::string(1000, '\0')));
    expect_next_is_read(child);
    EXPECT_EQ(child.starts(), 1U);
}

TEST(MailChild, OutlivesNestedGroups) {
    MailChild child = real_child();
    // Inside an attached message, where no prescan of headers looks.
    const std::string mail =
        "Content-Type: message/rfc822\n\nTo: " + repeated("a:", 300000) + "\n\nx\n";
    const auto record = child.read(mail);
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().code, Errc::Malformed);
    EXPECT_EQ(child.starts(), 2U);
    expect_next_is_read(child);
    EXPECT_EQ(child.starts(), 3U);
}

TEST(MailChild, TakesWhatThePrescanLeaves) {
    MailChild child = real_child();
    const std::string parts = "Content-Type: multipart/mixed; boundary=b\n\n";
    const std::string nested = "Content-Type: multipart/mixed; boundary=b\n\n--b\n";
    for (const std::string& mail :
         {"To: " + repeated("a:", 300000) + "\n\nx\n", parts + repeated("--b\n\nx\n", 100000),
          parts + repeated("--b\n" + nested, 50000), repeated("A: b\n", 300000),
          "X: " + std::string(std::size_t{16} << 20U, 'x'),
          "\n" + std::string(std::size_t{16} << 20U, 'x')}) {
        const auto record = child.read(prescan(mail, {}).message);
        EXPECT_TRUE(record) << mail.substr(0, 60);
        expect_next_is_read(child);
    }
    EXPECT_EQ(child.starts(), 1U);
}

TEST(MailChild, OutlivesAProcessThatWasKilled) {
    MailChild child = real_child();
    expect_next_is_read(child);
    ASSERT_EQ(::kill(child.pid(), SIGKILL), 0);
    expect_next_is_read(child);
    EXPECT_EQ(child.starts(), 2U);
}

TEST(MailChild, OutlivesAProcessThatHangs) {
    MailChild child = real_child(std::chrono::seconds(5));
    expect_next_is_read(child);
    ASSERT_EQ(::kill(child.pid(), SIGSTOP), 0);
    expect_next_is_read(child);
    EXPECT_EQ(child.starts(), 2U);
}

// A program in place of the reader.
class FalseReader : public testing::Test {
  protected:
    MailChild child_of(const std::string& script) {
        const auto program = folder_.path() / "reader";
        std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        return MailChild({program, std::chrono::milliseconds(300)});
    }

    TestFolder folder_;
};

TEST_F(FalseReader, IsTriedTwiceAndNoMore) {
    for (const std::string script :
         {"exec sleep 60", "head -c 20 >/dev/null; kill -9 $$", "exit 0", "exec cat",
          "printf '\\377\\377\\377\\377'; exec sleep 60", "printf '\\3\\0\\0\\0abc'; exec sleep 60",
          "printf '\\0\\0\\0\\0'; exec sleep 60"}) {
        MailChild child = child_of(script);
        const auto record = child.read(kGoodMail);
        ASSERT_FALSE(record) << script;
        EXPECT_EQ(record.error().code, Errc::Malformed);
        EXPECT_EQ(child.starts(), 2U) << script;
        EXPECT_EQ(child.pid(), 0);
    }
}

TEST_F(FalseReader, ThatDoesNotExistIsAnErrorOfItsOwn) {
    MailChild child({folder_.path() / "none", std::chrono::milliseconds(300)});
    const auto record = child.read(kGoodMail);
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().code, Errc::Io);
}

struct HeadRow {
    std::string_view name;
    std::string head;
    std::string_view subject;
    std::string_view from_domain;
    std::string_view date;
    bool list_mail;
};

TEST(MailChild, ReadsTheHead) {
    const std::vector<HeadRow> rows = {
        {"nothing", "X: y\n", "", "", "-", false},
        {"plain", "Subject: Hello\nFrom: a@B.Example\nDate: Sat, 21 Nov 2026 08:30:00 +0000\n",
         "Hello", "b.example", "2026-11-21T08:30:00Z", false},
        {"encoded, folded",
         "Subject: =?utf-8?q?Gr=C3=BC?= =?utf-8?b?w58=?=\n x\nFrom: =?utf-8?q?x=40y?= "
         "<a@b.example>\n",
         "Gr\xC3\xBC\xC3\x9F x", "b.example", "-", false},
        {"another charset", "Subject: =?koi8-r?b?8NLJ18XU?=\n",
         "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82", "", "-", false},
        {"controls become blanks", "Subject: =?utf-8?q?ab=1Bc=0Ad=C2=9Be?=\n", "ab c d e", "", "-",
         false},
        {"a group", "From: us: \"x\" <a@one.example>, b@two.example;\n", "", "one.example", "-",
         false},
        {"no domain", "From: root\n", "", "", "-", false},
        {"two", "From: a@one.example, b@two.example\n", "", "one.example", "-", false},
        {"IDN", "From: a@b\xC3\xBC.example\n", "", "xn--b-eha.example", "-", false},
        {"long domain", "From: a@" + std::string(256, 'x') + "\n", "", "", "-", false},
        {"another zone", "Date: Sat, 21 Nov 2026 08:30:00 -0330\n", "", "", "2026-11-21T12:00:00Z",
         false},
        {"a named zone", "Date: 21 Nov 2026 08:30 PST\n", "", "", "2026-11-21T16:30:00Z", false},
        {"before 1970", "Date: Thu, 13 Feb 1969 23:32:54 +0000\n", "", "", "-", false},
        {"no date", "Date: soon\n", "", "", "-", false},
        {"list", "List-Id: <x.example>\n", "", "", "-", true},
        {"unsubscribe", "LIST-UNSUBSCRIBE: <mailto:x@y.example>\n", "", "", "-", true},
        {"list-help alone", "List-Help: x\n", "", "", "-", false},
    };
    MailChild child = real_child();
    for (const HeadRow& row : rows) {
        SCOPED_TRACE(row.name);
        const auto record = child.read(row.head + "\nList-Id: x\n");
        ASSERT_TRUE(record);
        EXPECT_EQ(record->subject, row.subject);
        EXPECT_EQ(record->from_domain, row.from_domain);
        EXPECT_EQ(to_string(record->date), row.date);
        EXPECT_EQ(record->list_mail, row.list_mail);
    }
    EXPECT_EQ(child.starts(), 1U);
}

TEST(MailChild, CutsASubjectBetweenCharacters) {
    MailChild child = real_child();
    const auto record = child.read("Subject: " + repeated("\xE2\x82\xAC", 1000) + "\n\n");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->subject, repeated("\xE2\x82\xAC", kMailSubjectBytesMax / 3));
    EXPECT_TRUE(child.read("Subject: \xFF\xFE\x80" + repeated("\xC3", 2000) + "\n\n"));
    EXPECT_EQ(child.starts(), 1U);
}

MailRecord full_record() {
    MailRecord record;
    record.parts = 1;
    record.attachments = 2;
    record.text_bytes = 3;
    record.more_hosts = true;
    record.hosts.assign(kLinkHostsMax, std::string(kLinkHostBytesMax, 'b'));
    record.subject = repeated("\xC3\xBC", kMailSubjectBytesMax / 2);
    record.from_domain = std::string(kMailDomainBytesMax, 'd');
    record.date = Time{UINT32_MAX};
    record.list_mail = true;
    record.feedback = std::string(kMailFeedbackBytesMax, '\0');
    record.json = std::string(kMailJsonBytesMax, '\xFF');
    record.original = std::string(kMailOriginalBytesMax, 'o');
    return record;
}

MailRecord small_record() {
    MailRecord record;
    record.hosts = {"a.example"};
    record.subject = "s";
    record.from_domain = "b.example";
    record.date = Time{1'795'249'800};
    record.feedback = "f";
    record.json = "{}";
    record.original = "o";
    return record;
}

TEST(MailRecord, ReadsWhatItWrote) {
    const std::string bytes = encode_record(full_record());
    EXPECT_EQ(bytes.size(), kRecordBytesMax);
    EXPECT_EQ(decode_record(bytes).value(), full_record());
    EXPECT_EQ(decode_record(encode_record(small_record())).value(), small_record());
    EXPECT_EQ(decode_record(encode_record({})).value(), MailRecord());
}

TEST(MailRecord, RefusesEveryCut) {
    const std::string bytes = encode_record(small_record());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(decode_record(std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(decode_record(bytes + "x"));
}

struct OddRow {
    std::string_view name;
    std::size_t at;
    std::string_view bytes;
};

TEST(MailRecord, RefusesOddBytes) {
    // Where the fields of the small record begin.
    constexpr std::size_t kHost = 18;
    constexpr std::size_t kSubject = kHost + 10;
    constexpr std::size_t kDomain = kSubject + 5;
    constexpr std::size_t kDate = kDomain + 13;
    constexpr std::size_t kList = kDate + 4;
    constexpr std::size_t kFeedback = kList + 1;
    constexpr std::size_t kJson = kFeedback + 5;
    constexpr std::size_t kOriginal = kJson + 6;
    using namespace std::string_view_literals;
    const std::vector<OddRow> rows = {
        {"version 1", 0, "\1"},
        {"flag", 13, "\2"},
        {"number of hosts", 15, "\x7F"},
        {"length of a host", kHost, "\x7F"},
        {"host without bytes", kHost, "\0"sv},
        {"length of the subject", kSubject, "\xE9\3"},
        {"subject with a control", kSubject + 4, "\n"},
        {"subject without UTF-8", kSubject + 4, "\xC3"},
        {"length of the domain", kDomain + 1, "\1"},
        {"domain in upper case", kDomain + 4, "B"},
        {"domain with a blank", kDomain + 4, " "},
        {"domain beyond ASCII", kDomain + 4, "\xC3"},
        {"list flag", kList, "\2"},
        {"length of the feedback", kFeedback, "\1\x40"},
        {"length of the JSON", kJson, "\1\0\4"sv},
        {"length of the headers", kOriginal, "\xFF\xFF\xFF\xFF"},
    };
    const std::string bytes = encode_record(small_record());
    for (const OddRow& row : rows) {
        std::string odd = bytes;
        odd.replace(row.at, row.bytes.size(), row.bytes);
        ASSERT_NE(odd, bytes) << row.name;
        EXPECT_FALSE(decode_record(odd)) << row.name;
    }
}

// The limit itself decides, not the end of the bytes.
TEST(MailRecord, RefusesTextsOverTheirLimits) {
    const std::string empty = encode_record({});
    struct Field {
        std::size_t at;
        std::size_t bytes_max;
    };
    for (const Field field : {Field{18, kMailSubjectBytesMax}, Field{22, kMailDomainBytesMax},
                              Field{31, kMailFeedbackBytesMax}, Field{35, kMailJsonBytesMax},
                              Field{39, kMailOriginalBytesMax}}) {
        for (const std::size_t more : {std::size_t{0}, std::size_t{1}}) {
            const std::size_t size = field.bytes_max + more;
            std::string bytes = empty;
            bytes.replace(field.at, 4, frame_head(size) + std::string(size, 'x'));
            EXPECT_EQ(decode_record(bytes).has_value(), more == 0) << field.at;
        }
    }
}

TEST(Utf8Line, TakesWellFormedCharactersThatAreNoControls) {
    for (const std::string_view good :
         {"", "a ~", "\xC2\xA0", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
          "\xEF\xBF\xBD", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(is_utf8_line(good)) << good;
    }
    using namespace std::string_view_literals;
    // Controls, then RFC 3629 section 4: cut, overlong, surrogates, too large.
    for (const std::string_view bad : {"\0"sv,
                                       "a\n"sv,
                                       "\x1F"sv,
                                       "\x7F"sv,
                                       "\xC2\x80"sv,
                                       "\xC2\x9F"sv,
                                       "\x80"sv,
                                       "\xC3"sv,
                                       "\xC3("sv,
                                       "\xE2\x82"sv,
                                       "\xE2\x82("sv,
                                       "\xF0\x90\x80"sv,
                                       "\xC0\x80"sv,
                                       "\xC1\xBF"sv,
                                       "\xE0\x9F\xBF"sv,
                                       "\xF0\x8F\xBF\xBF"sv,
                                       "\xED\xA0\x80"sv,
                                       "\xED\xBF\xBF"sv,
                                       "\xF4\x90\x80\x80"sv,
                                       "\xF5\x80\x80\x80"sv,
                                       "\xF8\x88\x80\x80\x80"sv,
                                       "\xFF"sv}) {
        EXPECT_FALSE(is_utf8_line(bad)) << bad;
    }
}

}  // namespace
}  // namespace fairlist::importer
