#include "importer/intake/mail_files.h"

#include "tests/support/scratch_vault.h"
#include "tests/unit/importer/intake/stored_mails.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

namespace fs = std::filesystem;
using fairlist::test::stored_mails;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string mail_to(const std::string& recipient, const std::string& body) {
    return "Return-Path: <sender@example.net>\nDelivered-To: " + recipient +
           "\nReceived: from a ([8.8.8.8]) by mx; x\n\n" + body + "\n";
}

class MailFilesTaken : public testing::Test {
  protected:
    MailFilesTaken() {
        vault_.add_trap("lure@example.org");
        vault_.add_trap("@trap.example");
        for (const char* const folder : {"md/new", "md/cur", "md/tmp"}) {
            fs::create_directories(vault_.folder() / folder);
        }
    }
    fs::path write(const std::string& name, const std::string& text) {
        const fs::path path = vault_.folder() / name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    MailFilesReport take(const std::string& name) {
        return take_mail_files(*vault_, vault_.folder() / name, options_).value();
    }

    fairlist::test::ScratchVault vault_;
    MailFilesOptions options_;
};

TEST_F(MailFilesTaken, AreStoredForTheTrapThatTheyWereDeliveredTo) {
    write("box", "From s Thu Nov 26 05:14:01 2020\n" + mail_to("lure@example.org", "1") +
                     "\nFrom s Thu Nov 26 05:14:01 2099\n" + mail_to("x@trap.example", "2") +
                     "\nFrom s Thu Nov 26 05:14:01 2020\n" + mail_to("nobody@example.org", "3") +
                     "\nFrom s Thu Nov 26 05:14:01 2020\n" + mail_to("lure@example.org", "1"));
    const auto report = take("box");
    EXPECT_EQ(report.mails, 4U);
    EXPECT_EQ(report.stored, 2U);
    EXPECT_EQ(report.duplicates, 1U);
    EXPECT_EQ(report.without_trap, 1U);
    const auto mails = stored_mails(*vault_);
    ASSERT_THAT(mails, SizeIs(2));
    EXPECT_EQ(mails[0].bytes, mail_to("lure@example.org", "1"));
    EXPECT_EQ(to_string(mails[0].record.received), "2020-11-26T05:14:01Z");
    EXPECT_EQ(mails[0].record.sensor, "mbox");
    EXPECT_EQ(mails[0].record.sender, "sender@example.net");
    EXPECT_EQ(mails[1].record.received, vault_.time()) << "never later than now";
    EXPECT_THAT(mails[1].record.recipients.front().addresses, ElementsAre("x@trap.example"));
}

TEST_F(MailFilesTaken, OfAMaildirAreAllThatAreDelivered) {
    write("md/new/2.b", mail_to("lure@example.org", "new"));
    write("md/cur/1.a:2,S", mail_to("lure@example.org", "cur"));
    write("md/cur/3.c", "From s Thu Nov 26 05:14:01 2020\n" + mail_to("lure@example.org", "from"));
    write("md/tmp/3.c", mail_to("lure@example.org", "half written"));
    write("md/new/.hidden", mail_to("lure@example.org", "hidden"));
    fs::create_symlink(vault_.folder() / "md/new/2.b", vault_.folder() / "md/new/4.link");
    const auto report = take("md");
    EXPECT_EQ(report.stored, 3U);
    EXPECT_THAT(report.faults, ElementsAre(HasSubstr("4.link")));
    const auto mails = stored_mails(*vault_);
    EXPECT_THAT(mails[0].bytes, HasSubstr("cur")) << "in the order of the delivery";
    EXPECT_EQ(mails[0].record.sensor, "maildir");
    EXPECT_EQ(report.removed, 0U);
    EXPECT_TRUE(fs::exists(vault_.folder() / "md/new/2.b"));
    EXPECT_EQ(take("md").duplicates, 3U);
}

TEST_F(MailFilesTaken, AreRemovedOnlyWhenTheyAreKept) {
    write("md/new/1", mail_to("lure@example.org", "1"));
    write("md/new/2", mail_to("nobody@example.org", "2"));
    write("md/new/3", mail_to("lure@example.org", std::string(1000, 'x')));
    write("box", "From s Thu Nov 26 05:14:01 2020\n" + mail_to("lure@example.org", "4"));
    write("single", mail_to("lure@example.org", "5"));
    options_.remove = true;
    options_.mail_bytes_max = 500;
    const auto report = take("md");
    EXPECT_EQ(report.removed, 1U);
    EXPECT_EQ(report.too_large, 1U);
    EXPECT_FALSE(fs::exists(vault_.folder() / "md/new/1"));
    EXPECT_TRUE(fs::exists(vault_.folder() / "md/new/2"));
    EXPECT_TRUE(fs::exists(vault_.folder() / "md/new/3"));
    EXPECT_EQ(take("box").removed, 0U);
    EXPECT_EQ(take("single").removed, 1U);
    EXPECT_FALSE(fs::exists(vault_.folder() / "single"));
    EXPECT_THAT(stored_mails(*vault_), SizeIs(3));
}

TEST_F(MailFilesTaken, AreOfTheTrapThatIsGiven) {
    write("single", "Received: from a ([8.8.8.8]) by mx; x\n\nx\n");
    EXPECT_EQ(take("single").without_trap, 1U);
    options_.trap = 1;
    EXPECT_EQ(take("single").stored, 1U);
    EXPECT_EQ(stored_mails(*vault_).front().record.sensor, "file");
    write("other", mail_to("elsewhere@example.org", "y"));
    EXPECT_EQ(take("other").stored, 1U);
    EXPECT_THAT(stored_mails(*vault_).back().record.recipients.front().addresses,
                ElementsAre("elsewhere@example.org"))
        << "a secret all the same";
    options_.trap = 9;
    EXPECT_EQ(take_mail_files(*vault_, vault_.folder() / "single", options_).error().code,
              Errc::NotFound);
    ASSERT_TRUE(vault_->retire_trap(1));
    options_.trap = 1;
    EXPECT_FALSE(take_mail_files(*vault_, vault_.folder() / "single", options_));
}

TEST_F(MailFilesTaken, MayBePacked) {
    const std::string text = "From s Thu Nov 26 05:14:01 2020\n" + mail_to("lure@example.org", "1");
    const std::string path = (vault_.folder() / "box.gz").string();
    gzFile file = gzopen(path.c_str(), "wb");
    ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
              static_cast<int>(text.size()));
    gzclose(file);
    EXPECT_EQ(take("box.gz").stored, 1U);
}

TEST_F(MailFilesTaken, SayWhatIsWrong) {
    EXPECT_EQ(take_mail_files(*vault_, vault_.folder() / "none", {}).error().code, Errc::NotFound);
    EXPECT_EQ(take_mail_files(*vault_, vault_.folder(), {}).error().code, Errc::Refused);
    EXPECT_THAT(stored_mails(*vault_), IsEmpty());
}

TEST_F(MailFilesTaken, AreCountedAsTheyCome) {
    std::string box;
    for (int i = 0; i < 600; ++i) {
        box += "From s Thu Nov 26 05:14:01 2020\n" +
               mail_to("lure@example.org", std::to_string(i)) + "\n";
    }
    write("box", box);
    std::vector<std::uint64_t> counts;
    options_.progress = [&](const MailFilesReport& report) {
        counts.push_back(report.stored);
    };
    EXPECT_EQ(take("box").stored, 600U);
    EXPECT_THAT(counts, ElementsAre(256, 512, 600));
}

}  // namespace
}  // namespace fairlist::importer
