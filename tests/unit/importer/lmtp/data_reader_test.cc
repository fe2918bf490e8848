#include "importer/lmtp/data_reader.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::importer {
namespace {

constexpr std::size_t kAnyRoom = SIZE_MAX;

// What was read, and what was left behind the end. Nothing: the end did not come.
struct Read {
    std::string content;
    std::string rest;

    friend bool operator==(const Read&, const Read&) = default;
};

std::optional<Read> read_whole(std::string_view stream) {
    DataReader reader(1000);
    if (!reader.read(stream, kAnyRoom)) {
        return std::nullopt;
    }
    return Read{reader.take(), std::string(stream)};
}

std::optional<Read> read_bytewise(std::string_view stream) {
    DataReader reader(1000);
    for (std::size_t i = 0; i < stream.size(); ++i) {
        std::string_view piece = stream.substr(i, 1);
        if (reader.read(piece, kAnyRoom)) {
            return Read{reader.take(), std::string(stream.substr(i + 1))};
        }
    }
    return std::nullopt;
}

// RFC 5321 sections 4.1.1.4 and 4.5.2, by searching: the end is the first CRLF.CRLF, where the CRLF
// of the DATA command counts, and behind every other CRLF a dot is taken away.
std::optional<Read> read_slowly(std::string_view stream) {
    const std::string all = "\r\n" + std::string(stream);
    const std::size_t end = all.find("\r\n.\r\n");
    if (end == std::string::npos) {
        return std::nullopt;
    }
    std::string content = all.substr(0, end + 2);
    for (std::size_t at = content.find("\r\n."); at != std::string::npos;
         at = content.find("\r\n.", at + 2)) {
        content.erase(at + 2, 1);
    }
    return Read{content.substr(2), all.substr(end + 5)};
}

struct DataCase {
    std::string name;
    std::string stream;
    std::optional<Read> read;
};

class DataReaderCases : public testing::TestWithParam<DataCase> {};

TEST_P(DataReaderCases, ReadsInOneAndInPieces) {
    EXPECT_EQ(read_whole(GetParam().stream), GetParam().read);
    EXPECT_EQ(read_bytewise(GetParam().stream), GetParam().read);
}

const std::vector<DataCase> kDataCases = {
    {"nothing", "", std::nullopt},
    {"no_end", "a\r\n", std::nullopt},
    {"empty_mail", ".\r\n", Read{"", ""}},
    {"one_line", "a\r\n.\r\n", Read{"a\r\n", ""}},
    {"rest_is_left", "a\r\n.\r\nQUIT\r\n", Read{"a\r\n", "QUIT\r\n"}},
    {"doubled_dot", "..\r\n.\r\n", Read{".\r\n", ""}},
    {"dot_before_text", ".a\r\n.\r\n", Read{"a\r\n", ""}},
    {"dots_inside_stay", "a..b\r\n.\r\n", Read{"a..b\r\n", ""}},
    {"bare_lf_ends_nothing", "a\n.\nb\r\n.\r\n", Read{"a\n.\nb\r\n", ""}},
    {"lf_dot_crlf_ends_nothing", "a\n.\r\nb\r\n.\r\n", Read{"a\n.\r\nb\r\n", ""}},
    {"crlf_dot_lf_ends_nothing", "a\r\n.\nb\r\n.\r\n", Read{"a\r\n\nb\r\n", ""}},
    {"cr_dot_cr_ends_nothing", "a\r.\rb\r\n.\r\n", Read{"a\r.\rb\r\n", ""}},
    {"crlf_dot_cr_ends_nothing", "a\r\n.\rb\r\n.\r\n", Read{"a\r\n\rb\r\n", ""}},
    {"crlf_dot_cr_cr_lf_ends_nothing", ".\r\r\n.\r\n", Read{"\r\r\n", ""}},
    {"dot_behind_lf_stays", "a\n..b\r\n.\r\n", Read{"a\n..b\r\n", ""}},
    {"cr_cr_lf_begins_a_line", "a\r\r\n.\r\n", Read{"a\r\r\n", ""}},
};

INSTANTIATE_TEST_SUITE_P(Rfc5321, DataReaderCases, testing::ValuesIn(kDataCases),
                         [](const auto& param) { return param.param.name; });

// Every text of up to eight of the bytes that matter.
TEST(DataReader, AgreesWithASearchOnEveryShortText) {
    constexpr std::string_view kBytes = "\r\n.a";
    std::size_t ended = 0;
    for (std::size_t length = 0; length <= 8; ++length) {
        for (std::uint32_t number = 0; number < (1U << (2 * length)); ++number) {
            std::string stream;
            for (std::size_t i = 0; i < length; ++i) {
                stream += kBytes[(number >> (2 * i)) & 3U];
            }
            const auto expected = read_slowly(stream);
            ended += expected ? 1U : 0U;
            ASSERT_EQ(read_whole(stream), expected) << testing::PrintToString(stream);
            ASSERT_EQ(read_bytewise(stream), expected) << testing::PrintToString(stream);
        }
    }
    EXPECT_GT(ended, 1000U);
}

TEST(DataReader, DropsWhatIsTooLongAndFindsItsEnd) {
    DataReader reader(4);
    std::string_view stream = "abc\r\n.\r\nab\r\n.\r\n";
    ASSERT_TRUE(reader.read(stream, kAnyRoom));
    EXPECT_EQ(reader.outcome(), DataOutcome::TooLong);
    EXPECT_EQ(reader.take(), "");
    ASSERT_TRUE(reader.read(stream, kAnyRoom));
    EXPECT_EQ(reader.outcome(), DataOutcome::Whole);
    EXPECT_EQ(reader.take(), "ab\r\n");
}

TEST(DataReader, DropsWhatHasNoRoom) {
    DataReader reader(1000);
    std::string_view first = "ab";
    EXPECT_FALSE(reader.read(first, 2));
    EXPECT_EQ(reader.size(), 2U);
    std::string_view second = "c\r\n.\r\n";
    ASSERT_TRUE(reader.read(second, 2));
    EXPECT_EQ(reader.outcome(), DataOutcome::NoRoom);
    EXPECT_EQ(reader.size(), 0U);
}

}  // namespace
}  // namespace fairlist::importer
