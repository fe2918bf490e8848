// Files of rbldnsd give the same whether lines are taken many at once or one by one.
#include "importer/formats/plain_line.h"

#include "tests/unit/importer/formats/recording_sink.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

struct LineCase {
    std::string name;
    std::string text;
    std::size_t bytes;  // taken; 0: left to the format's parser
    std::string prefix;
};

class PlainLine : public testing::TestWithParam<LineCase> {};

TEST_P(PlainLine, IsToldFromOthers) {
    const LineCase& c = GetParam();
    Prefix prefix;
    ASSERT_EQ(take_plain_line(c.text + std::string(20, ' '), prefix), c.bytes);
    if (c.bytes != 0) {
        EXPECT_EQ(to_string(prefix), c.prefix);
    }
    // What follows may be cut off: then nothing beyond the end is read.
    EXPECT_EQ(take_plain_line(std::string_view(c.text).substr(0, 19), prefix), 0U);
}

const std::vector<LineCase> kCases = {
    {"address", "192.0.2.1\n", 10, "192.0.2.1"},
    {"longest", "255.255.255.255/32\r\n", 20, "255.255.255.255"},
    {"zeros", "0.0.0.0/0\n", 10, "0.0.0.0/0"},
    {"leading_zeros", "001.02.3.004\n", 13, "1.2.3.4"},
    {"prefix", "10.0.0.0/8\n", 11, "10.0.0.0/8"},
    {"carriage_return", "192.0.2.1\r\n", 11, "192.0.2.1"},
    {"host_bits", "10.0.0.1/31\n", 0, ""},
    {"host_bits_of_all", "0.0.0.1/0\n", 0, ""},
    {"too_long", "10.0.0.0/33\n", 0, ""},
    {"no_length", "10.0.0.0/\n", 0, ""},
    {"octet_too_large", "10.0.0.256\n", 0, ""},
    {"four_digits", "10.0.0.0001\n", 0, ""},
    {"three_octets", "10.0.0\n", 0, ""},
    {"five_octets", "10.0.0.1.2\n", 0, ""},
    {"no_octet", "10..0.1\n", 0, ""},
    {"value", "10.0.0.1 :2:x\n", 0, ""},
    {"blank_behind", "10.0.0.1 \n", 0, ""},
    {"blank_in_front", " 10.0.0.1\n", 0, ""},
    {"two_carriage_returns", "10.0.0.1\r\r\n", 0, ""},
    {"exclusion", "!10.0.0.1\n", 0, ""},
    {"no_line_end", "10.0.0.1", 0, ""},
};

INSTANTIATE_TEST_SUITE_P(All, PlainLine, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

// A sink that keeps the way in which many records come.
class ManySink : public RecordingSink {
  public:
    using RecordingSink::RecordingSink;
    void accept_all(const Record& record, std::span<const Prefix> subjects) override {
        many += subjects.size();
        RecordSink::accept_all(record, subjects);
    }

    std::size_t many = 0;
};

struct Seen {
    std::string result;
    std::vector<std::string> records;
    std::vector<std::string> rejections;
    std::vector<std::string> facts;
    std::uint64_t lines = 0;
    std::size_t many = 0;
};

Seen parse(const std::string& format, const std::string& text, std::size_t piece,
           std::size_t rejections_max, FormatOptions options) {
    ManySink sink(rejections_max);
    Input input = text_input(text, piece);
    ZoneFacts facts;
    options.facts = &facts;
    const auto result = find_format(format).value()->parse(input, options, sink);
    Seen seen;
    seen.result = result ? "good" : result.error().message;
    seen.records = sink.records;
    for (const Rejection& one : sink.rejections) {
        seen.rejections.push_back(fmt::format("{} {} {}", one.line, one.text, one.why));
    }
    for (const ZoneFacts::Section& section : facts.sections) {
        seen.facts.push_back(fmt::format("{} {}", section.type, section.entries));
    }
    seen.facts.push_back(to_string(facts.data_end));
    seen.lines = input.lines();
    seen.many = sink.many;
    return seen;
}

class PlainLineTwin : public testing::TestWithParam<unsigned> {
  protected:
    std::size_t dice(std::size_t below) { return random_() % below; }

    std::string line() {
        static constexpr std::array kOdd = {"",
                                            "# a comment",
                                            ":5:other $",
                                            ":6:with $1",
                                            ":3:",
                                            "$TTL 300",
                                            "$1 a text",
                                            "$MAXRANGE4 /24",
                                            "$DATASET ip4set:a @",
                                            "$DATASET ip4tset:b @",
                                            "$DATASET dnset:c @",
                                            "$DATASET none @",
                                            "!10.0.0.1",
                                            "10.1.2.3-9",
                                            "10.1.2.3 :4:its own",
                                            "10.1.2.3 ; a comment",
                                            "10.1.2",
                                            "no address",
                                            "2001:db8::1"};
        if (dice(40) == 0) {
            return kOdd[dice(kOdd.size())];
        }
        std::string text = fmt::format("{}.{}.{}.{}", dice(40) == 0 ? 300 : dice(256), dice(256),
                                       dice(256), dice(256));
        if (dice(4) == 0) {
            const std::size_t cut = dice(30) == 0 ? 0 : text.rfind('.');
            text = fmt::format("{}.0/{}", text.substr(0, cut), 24 + dice(dice(10) == 0 ? 20 : 1));
        }
        if (dice(50) == 0) {
            text += dice(2) == 0 ? std::string(1, '\0') : " ";
        }
        return text;
    }

    std::string text() {
        std::string text = dice(3) == 0 ? "\xEF\xBB\xBF" : "";
        if (dice(3) == 0) {
            text += "$TIMESTAMP 100 :86400\n";
        }
        const std::string end = dice(2) == 0 ? "\n" : "\r\n";
        for (std::size_t left = dice(2000); left != 0; --left) {
            text += line() + end;
        }
        return dice(2) == 0 ? text : text + line();
    }

    std::mt19937_64 random_{GetParam()};
};

TEST_P(PlainLineTwin, GivesTheSame) {
    static constexpr std::array kFormats = {"rbldnsd:ip4set", "rbldnsd:ip4trie", "rbldnsd:ip4tset",
                                            "rbldnsd:combined"};
    std::size_t many = 0;
    for (unsigned round = 0; round < 20; ++round) {
        const std::string format = kFormats[dice(kFormats.size())];
        std::string content = text();
        if (format == "rbldnsd:combined") {
            content = "$DATASET ip4set:first @\n" + content;
        }
        FormatOptions options;
        options.allow_host_bits = dice(2) == 0;
        options.now = Time{1000};
        const std::size_t rejections_max = dice(2) == 0 ? 5 : 10000;
        // With a byte a read there is never more than one line to take from.
        const Seen one_by_one = parse(format, content, 1, rejections_max, options);
        const Seen at_once = parse(format, content, SIZE_MAX, rejections_max, options);
        ASSERT_EQ(one_by_one.many, 0U);
        ASSERT_EQ(at_once.result, one_by_one.result);
        ASSERT_EQ(at_once.records, one_by_one.records);
        ASSERT_EQ(at_once.rejections, one_by_one.rejections);
        ASSERT_EQ(at_once.facts, one_by_one.facts);
        ASSERT_EQ(at_once.lines, one_by_one.lines);
        many += at_once.many;
    }
    EXPECT_GT(many, 1000U);
}

INSTANTIATE_TEST_SUITE_P(Seeded, PlainLineTwin, testing::Values(21U, 22U, 23U, 24U));

}  // namespace
}  // namespace fairlist::importer
