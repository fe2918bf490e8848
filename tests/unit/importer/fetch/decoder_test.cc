#include "importer/fetch/decoder.h"

#include "tests/unit/importer/fetch/packed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;

Result<std::string> decode_all(std::string packed, const DecodeLimits& limits = {},
                               std::size_t piece = SIZE_MAX) {
    const auto stream =
        decode(std::make_unique<MemoryStream>(std::move(packed), piece), "f", limits);
    return read_all(*stream);
}

const std::string& sample() {
    static const std::string text = [] {
        std::string lines;
        for (int i = 0; i < 20'000; ++i) {
            lines += "192.0." + std::to_string(i % 256) + "." + std::to_string(i * 7 % 256) + "\n";
        }
        return lines;
    }();
    return text;
}

struct PackCase {
    std::string name;
    std::string packed;
    std::string content;
};

class DecoderTakes : public testing::TestWithParam<PackCase> {};

TEST_P(DecoderTakes, WhateverTheReadsGive) {
    for (const std::size_t piece : {1UZ, 3UZ, 4096UZ, SIZE_MAX}) {
        const auto content = decode_all(GetParam().packed, {}, piece);
        ASSERT_TRUE(content) << content.error().message;
        EXPECT_TRUE(*content == GetParam().content) << piece;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Decoder, DecoderTakes,
    testing::Values(PackCase{"empty", "", ""}, PackCase{"plain", "192.0.2.1\n", "192.0.2.1\n"},
                    PackCase{"one_byte", "1", "1"}, PackCase{"gzip", gzipped(sample()), sample()},
                    PackCase{"gzip_of_nothing", gzipped(""), ""},
                    PackCase{"gzip_members", gzipped("a\n") + gzipped("") + gzipped(sample()),
                             "a\n" + sample()},
                    PackCase{"zstd", zstd_packed(sample()), sample()},
                    PackCase{"zstd_of_nothing", zstd_packed(""), ""},
                    PackCase{"zstd_frames", zstd_packed("a\n") + zstd_packed(sample()),
                             "a\n" + sample()},
                    PackCase{"gzip_in_gzip_stays", gzipped(gzipped("a")), gzipped("a")}),
    [](const auto& param) { return param.param.name; });

struct BadCase {
    std::string name;
    std::string packed;
    Errc code;
    std::string message;
};

class DecoderRefuses : public testing::TestWithParam<BadCase> {};

TEST_P(DecoderRefuses, WhatIsDamagedOrUnknown) {
    for (const std::size_t piece : {1UZ, SIZE_MAX}) {
        const auto content = decode_all(GetParam().packed, {}, piece);
        ASSERT_FALSE(content);
        EXPECT_EQ(content.error().code, GetParam().code);
        EXPECT_THAT(content.error().message, HasSubstr(GetParam().message));
    }
}

std::string changed_at(std::string text, std::size_t at) {
    text[at] = static_cast<char>(text[at] ^ 0x55);
    return text;
}

INSTANTIATE_TEST_SUITE_P(
    Decoder, DecoderRefuses,
    testing::Values(
        BadCase{"gzip_truncated", gzipped(sample()).substr(0, 500), Errc::Malformed, "truncated"},
        BadCase{"gzip_without_trailer", gzipped("abc").substr(0, gzipped("abc").size() - 4),
                Errc::Malformed, "truncated"},
        BadCase{"gzip_header_alone", gzipped("abc").substr(0, 4), Errc::Malformed, "truncated"},
        BadCase{"gzip_wrong_checksum", changed_at(gzipped("abc"), gzipped("abc").size() - 6),
                Errc::Malformed, "gzip: "},
        BadCase{"gzip_then_garbage", gzipped("abc") + "garbage", Errc::Malformed, "gzip: "},
        BadCase{"zstd_truncated", zstd_packed(sample()).substr(0, 100), Errc::Malformed,
                "truncated"},
        BadCase{"zstd_then_garbage", zstd_packed("abc") + "garbage", Errc::Malformed, "zstd: "},
        BadCase{"xz", std::string("\xFD\x37zXZ\0\0", 7), Errc::Malformed, "packed with xz"},
        BadCase{"bzip2", "BZh91AY&SY", Errc::Malformed, "packed with bzip2"},
        BadCase{"zip", "PK\x03\x04xxxx", Errc::Malformed, "packed with zip"}),
    [](const auto& param) { return param.param.name; });

TEST(DecoderLimits, EndABombByItsRatio) {
    const std::string zeros(64U << 20U, '\0');
    for (const std::string& bomb : {gzipped(zeros), zstd_packed(zeros)}) {
        ASSERT_LT(bomb.size(), zeros.size() / kDecodeRatioMax);
        const auto content = decode_all(bomb);
        ASSERT_FALSE(content);
        EXPECT_EQ(content.error().code, Errc::OutOfRange);
        EXPECT_THAT(content.error().message, HasSubstr("more than 200 times"));
        EXPECT_TRUE(decode_all(bomb, {.bytes_max = 1U << 30U, .ratio_max = 0}));
    }
}

TEST(DecoderLimits, EndWhatIsTooLargeAndNotWhatJustFits) {
    const std::string text = sample();
    for (const std::string& packed : {text, gzipped(text), zstd_packed(text)}) {
        EXPECT_TRUE(decode_all(packed, {.bytes_max = text.size()}));
        const auto content = decode_all(packed, {.bytes_max = text.size() - 1});
        ASSERT_FALSE(content);
        EXPECT_EQ(content.error().code, Errc::OutOfRange);
    }
}

TEST(DecoderLimits, DoNotCountTheRatioOfSmallFiles) {
    const std::string zeros(1U << 20U, '\0');
    EXPECT_TRUE(decode_all(gzipped(zeros)));
}

// A frame that asks for a window of 2 GiB (RFC 8878 section 3.1.1.1.2: exponent 21).
TEST(DecoderLimits, RefuseAHugeWindow) {
    const std::string frame("\x28\xB5\x2F\xFD\x00\xA8\x01\x00\x00", 9);
    const auto content = decode_all(frame);
    ASSERT_FALSE(content);
    EXPECT_THAT(content.error().message, HasSubstr("memory"));
}

}  // namespace
}  // namespace fairlist::importer
