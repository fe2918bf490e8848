// Hostile mail costs one message at most: the next is read each time.
#include "importer/mail/mail_child.h"

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

TEST(MailRecord, ReadsWhatItWrote) {
    MailRecord record{1, 2, 3, true, {"a", std::string(kLinkHostBytesMax, 'b')}};
    const std::string bytes = encode_record(record);
    EXPECT_LE(bytes.size(), kRecordBytesMax);
    EXPECT_EQ(decode_record(bytes).value(), record);
    EXPECT_EQ(decode_record(encode_record({})).value(), MailRecord());
}

TEST(MailRecord, RefusesEveryCutAndEveryOddByte) {
    const std::string bytes = encode_record({1, 2, 3, false, {"a.example"}});
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(decode_record(std::string_view(bytes).substr(0, size))) << size;
    }
    EXPECT_FALSE(decode_record(bytes + "x"));
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{13}, std::size_t{15}, std::size_t{18}}) {
        std::string odd = bytes;
        odd[at] = '\x7F';
        EXPECT_FALSE(decode_record(odd)) << at;
    }
    std::string empty_host = bytes.substr(0, 18) + std::string(1, '\0');
    EXPECT_FALSE(decode_record(empty_host));
}

}  // namespace
}  // namespace fairlist::importer
