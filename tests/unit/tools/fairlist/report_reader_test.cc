#include "tools/fairlist/report_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {
namespace {

using testing::HasSubstr;

class TextStream final : public importer::ByteStream {
  public:
    explicit TextStream(std::string text) : text_(std::move(text)) {}

    Result<std::size_t> read(std::span<char> out) override {
        const std::size_t size = std::min(out.size(), text_.size() - at_);
        std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), size, out.begin());
        at_ += size;
        return size;
    }

  private:
    std::string text_;
    std::size_t at_ = 0;
};

std::string sample(const std::string& name) {
    std::ifstream in(std::string(FAIRLIST_SOURCE_DIR) + "/tests/unit/importer/reports/samples/" +
                     name);
    EXPECT_TRUE(in.is_open()) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<ReadReport> read_all(const std::string& text) {
    importer::MailChild child({.program = FAIRLIST_MAIL});
    TextStream source(text);
    ReportReader reader("f", source, child);
    std::vector<ReadReport> reports;
    while (true) {
        auto next = reader.next();
        if (!next) {
            ADD_FAILURE() << next.error().message;
            return reports;
        }
        if (!*next) {
            return reports;
        }
        reports.push_back(std::move(**next));
    }
}

std::string outcome_of(const ReadReport& read) {
    const std::string what = read.report ? std::string(read.report->format) : "error";
    return read.where + " " + what;
}

TEST(ReportReader, TellsXarfByItsBrace) {
    const std::string text = sample("v4-messaging-spam.json");
    for (const std::string& head :
         {std::string(), std::string(" \r\n"), std::string("\xEF\xBB\xBF")}) {
        const auto reports = read_all(head + text);
        ASSERT_EQ(reports.size(), 1U);
        if (head.empty()) {
            EXPECT_EQ(outcome_of(reports[0]), "f xarf4");
        }
        EXPECT_EQ(reports[0].bytes, head + text);
    }
}

TEST(ReportReader, ReadsAMailWithArf) {
    const auto reports = read_all(sample("arf-11.eml"));
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(outcome_of(reports[0]), "f arf");
}

TEST(ReportReader, ReadsTheMailsOfAnMboxAndCountsThem) {
    const std::string from = "From a@example.org Thu Nov 26 05:14:01 2026\n";
    const auto reports =
        read_all(from + sample("arf-11.eml") + "\n" + from +
                 "Subject: lure@trap.example\n\nno report\n\n" + from + sample("arf-16.eml"));
    ASSERT_EQ(reports.size(), 3U);
    EXPECT_EQ(outcome_of(reports[0]), "f: mail 1 arf");
    EXPECT_EQ(outcome_of(reports[1]), "f: mail 2 error");
    EXPECT_EQ(outcome_of(reports[2]), "f: mail 3 arf");
    EXPECT_EQ(reports[1].report.error().message,
              "no abuse report: expected a mail with ARF (RFC 5965) or XARF, or XARF alone");
}

TEST(ReportReader, SaysWhatIsWrongWithoutQuoting) {
    for (const char* text : {"{\"lure@trap.example\"", "lure@trap.example", "{}"}) {
        const auto reports = read_all(text);
        ASSERT_EQ(reports.size(), 1U) << text;
        ASSERT_FALSE(reports[0].report.has_value()) << text;
        EXPECT_THAT(reports[0].report.error().message, testing::Not(HasSubstr("lure"))) << text;
    }
}

TEST(ReportReader, WithoutAReaderNothingGoesOn) {
    importer::MailChild child({.program = "/nonexistent/fairlist-mail"});
    TextStream source("Subject: x\n\ny\n");
    ReportReader reader("f", source, child);
    const auto next = reader.next();
    ASSERT_FALSE(next.has_value());
    EXPECT_EQ(next.error().code, Errc::Io);
}

}  // namespace
}  // namespace fairlist::cli
