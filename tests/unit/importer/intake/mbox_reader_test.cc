#include "importer/intake/mbox_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <regex>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// Gives a text in pieces of these sizes.
class TextStream final : public ByteStream {
  public:
    explicit TextStream(std::string text, std::size_t piece = 1U << 20U)
        : text_(std::move(text)), piece_(piece) {}

    Result<std::size_t> read(std::span<char> out) override {
        const std::size_t size = std::min({out.size(), piece_, text_.size() - at_});
        std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), size, out.begin());
        at_ += size;
        return size;
    }

  private:
    std::string text_;
    std::size_t piece_;
    std::size_t at_ = 0;
};

std::vector<MboxMail> mails_of(const std::string& text, std::size_t piece = 1U << 20U,
                               std::size_t bytes_max = 1U << 20U, bool single = false) {
    TextStream stream(text, piece);
    MboxReader reader(stream, bytes_max, single);
    std::vector<MboxMail> mails;
    while (auto mail = reader.next().value()) {
        mails.push_back(std::move(*mail));
    }
    return mails;
}

std::vector<std::string> bytes_of(const std::string& text, std::size_t piece = 1U << 20U) {
    std::vector<std::string> bytes;
    for (const MboxMail& mail : mails_of(text, piece)) {
        bytes.push_back(mail.bytes);
    }
    return bytes;
}

const std::string kFromLine = "From a@b Thu Nov 26 05:14:01 2026\n";

TEST(Mbox, IsCutAtLinesThatBeginAMail) {
    EXPECT_THAT(bytes_of(kFromLine + "A: b\n\nx\n\n" + kFromLine + "C: d\n\ny\n"),
                ElementsAre("A: b\n\nx\n", "C: d\n\ny\n"));
    EXPECT_THAT(bytes_of("From - Thu Nov 26 05:14:01 2026\r\nA: b\r\n\r\nx\r\n\r\n"
                         "From - Thu Nov 26 05:14 2026\r\nC: d\r\n"),
                ElementsAre("A: b\r\n\r\nx\r\n", "C: d\r\n"));
    EXPECT_THAT(bytes_of("From x\nA: b\n\nx\n\nFrom here on\n\nFrom 9 to 17\n"),
                ElementsAre("A: b\n\nx\n\nFrom here on\n\nFrom 9 to 17\n"));
    EXPECT_EQ(mails_of(kFromLine + "x").front().from_line, "a@b Thu Nov 26 05:14:01 2026");
}

TEST(Mbox, LosesTheQuotesOfFromLines) {
    EXPECT_THAT(bytes_of(kFromLine + "A: b\n\n>From x\n>>From y\n> From z\n>Fromage\n"),
                ElementsAre("A: b\n\nFrom x\n>From y\n> From z\n>Fromage\n"));
    EXPECT_THAT(bytes_of("A: b\n\n>From x\n"), ElementsAre("A: b\n\n>From x\n")) << "no mbox";
}

TEST(Mbox, IsOneMailWithoutAFromLine) {
    const std::string text = "A: b\n\nx\n\n" + kFromLine + "y\n";
    EXPECT_THAT(bytes_of(text), ElementsAre(text));
    EXPECT_THAT(bytes_of("From : x\n" + kFromLine), ElementsAre("From : x\n" + kFromLine));
    EXPECT_THAT(mails_of(kFromLine + "x\n" + kFromLine, 4, 1000, true), SizeIs(1));
    EXPECT_THAT(bytes_of(""), SizeIs(0));
}

TEST(Mbox, ReadsOverWhatIsTooLarge) {
    const auto mails =
        mails_of(kFromLine + std::string(200000, 'x') + "\n\n" + kFromLine + "y\n", 1000, 1000);
    ASSERT_THAT(mails, SizeIs(2));
    EXPECT_TRUE(mails[0].too_large);
    EXPECT_TRUE(mails[0].bytes.empty());
    EXPECT_FALSE(mails[1].too_large);
    EXPECT_EQ(mails[1].bytes, "y\n");
}

TEST(Mbox, KeepsLinesLongerThanItsBuffer) {
    const std::string line(300000, 'x');
    EXPECT_THAT(bytes_of(kFromLine + line + "From a 1:2\n" + line, 777),
                ElementsAre(line + "From a 1:2\n" + line));
}

// The same by regular expressions, all in memory.
std::vector<std::string> slow_bytes_of(const std::string& text) {
    static const std::regex begins(
        "From [ \t]*[^ \t]+([ \t].*)?[ \t]([01][0-9]|2[0-3]):[0-5][0-9]"
        "(:([0-5][0-9]|60))?([ \t].*)?");
    static const std::regex quoted(">+From .*");
    std::vector<std::string> mails;
    if (!text.starts_with("From ") || text.starts_with("From :")) {
        return text.empty() ? mails : std::vector<std::string>{text};
    }
    std::string rest = text;
    bool first = true;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const std::string line = rest.substr(0, end);
        std::string bare = line;
        while (bare.ends_with('\n') || bare.ends_with('\r')) {
            bare.pop_back();
        }
        rest.erase(0, end);
        const bool next = std::regex_match(bare, begins);
        if (first || next) {
            if (!first && mails.back().ends_with("\n\n")) {
                mails.back().pop_back();
            }
            mails.emplace_back();
        } else {
            mails.back() += std::regex_match(bare, quoted) ? line.substr(1) : line;
        }
        first = false;
    }
    return mails;
}

TEST(Mbox, IsCutAsTheSlowTwinCutsIt) {
    const std::vector<std::string> pieces = {
        kFromLine,        "From ", ">From x\n",     "\n",           "x", "A: b\n", "From b 05:14\n",
        "From 25:00 b\n", ">>",    "From x 05:1\n", " 05:14:60 x\n"};
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
        std::string text = round % 4 == 0 ? "" : kFromLine;
        for (auto i = random() % 12; i > 0; --i) {
            text += pieces[random() % pieces.size()];
        }
        ASSERT_EQ(bytes_of(text, 1 + random() % 20), slow_bytes_of(text)) << text;
    }
}

struct DateRow {
    const char* name;
    std::string line;
    std::string time;
};

class FromLineTime : public testing::TestWithParam<DateRow> {};

TEST_P(FromLineTime, IsRead) {
    EXPECT_EQ(to_string(time_of_from_line(GetParam().line).value_or(Time{})), GetParam().time);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, FromLineTime,
    testing::Values(
        DateRow{"asctime", "a@b Thu Nov 26 05:14:01 2026", "2026-11-26T05:14:01Z"},
        DateRow{"day_of_one_digit", "a@b Sun Nov  1 05:14:01 2026", "2026-11-01T05:14:01Z"},
        DateRow{"without_seconds", "- Thu Nov 26 05:14 2026", "2026-11-26T05:14:00Z"},
        DateRow{"offset", "1@xxx Thu Nov 26 05:14:01 +0100 2026", "2026-11-26T04:14:01Z"},
        DateRow{"offset_west", "1@xxx Thu Nov 26 22:14:01 -0230 2026", "2026-11-27T00:44:01Z"},
        DateRow{"zone_name", "a@b Thu Nov 26 05:14:01 CET 2026", "2026-11-26T05:14:01Z"},
        DateRow{"no_such_day", "a@b Thu Feb 30 05:14:01 2026", "-"},
        DateRow{"no_such_hour", "a@b Thu Nov 26 25:14:01 2026", "-"},
        DateRow{"year_of_two_digits", "a@b Thu Nov 26 05:14:01 26", "-"},
        DateRow{"sender_alone", "a@b", "-"}, DateRow{"nothing", "", "-"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace fairlist::importer
