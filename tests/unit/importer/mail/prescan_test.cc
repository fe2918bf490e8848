#include "importer/mail/prescan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

TEST(Prescan, LeavesAMailAsItIs) {
    const std::string mail =
        "Received: from a\n\tby b\nSubject: x\n y\nReceived: from c\n\nbody\n--\n-- \n--part\n";
    const Prescanned out = prescan(mail, {});
    EXPECT_EQ(out.message, mail);
    EXPECT_THAT(out.received, ElementsAre(" from a\n\tby b\n", " from c\n"));
    EXPECT_FALSE(out.cuts.any());
    EXPECT_THAT(cut_texts(out.cuts, {}), IsEmpty());
}

TEST(Prescan, DropsTheMboxLine) {
    EXPECT_EQ(prescan("From canary@x Mon\nA: b\n\nc", {}).message, "A: b\n\nc");
}

TEST(Prescan, EndsTheHeadersAtALineThatIsNone) {
    EXPECT_EQ(prescan("A: b\nno header\nReceived: c\n", {}).message,
              "A: b\n\nno header\nReceived: c\n");
    EXPECT_THAT(prescan("A: b\nno header\nReceived: c\n", {}).received, IsEmpty());
    EXPECT_EQ(prescan(" folded nothing\n", {}).message, "\n folded nothing\n");
    EXPECT_EQ(prescan("", {}).message, "\n");
    EXPECT_EQ(prescan("A: b", {}).message, "A: b\n\n");
    EXPECT_EQ(prescan("A: b\r\n\r\nc\r\n", {}).message, "A: b\r\n\nc\r\n");
}

TEST(Prescan, DropsHeadersPastTheirNumber) {
    PrescanLimits limits;
    limits.headers = 2;
    const Prescanned out = prescan("A: 1\nB: 2\nC: 3\nReceived: 4\n\nbody", limits);
    EXPECT_EQ(out.message, "A: 1\nB: 2\n\nbody");
    EXPECT_EQ(out.cuts.headers, 2U);
    EXPECT_THAT(out.received, IsEmpty());
    EXPECT_THAT(cut_texts(out.cuts, limits), ElementsAre(HasSubstr("headers dropped: 2")));
}

TEST(Prescan, DropsHeadersPastTheirBytes) {
    EXPECT_EQ(prescan(std::string(20000, 'A') + ": b\nC: d\n\n", {}).message, "\n");
    PrescanLimits limits;
    limits.header_block_bytes = 12;
    const Prescanned out = prescan("A: 1\nB: 23456789\nC: 3\n\nbody", limits);
    EXPECT_EQ(out.message, "A: 1\n\nbody");
    EXPECT_EQ(out.cuts.headers, 2U);
}

TEST(Prescan, CutsAHeaderThatNeverEnds) {
    const std::string mail = "Received: a\nX: " + std::string(std::size_t{16} << 20U, 'x');
    const Prescanned out = prescan(mail, {});
    EXPECT_LE(out.message.size(), PrescanLimits().header_bytes + 20);
    EXPECT_EQ(out.cuts.long_headers, 1U);
    EXPECT_THAT(out.received, ElementsAre(" a\n"));
}

TEST(Prescan, CutsAHeaderFoldedWithoutEnd) {
    const Prescanned out = prescan("X: a\n" + repeated(" b\n", 100000) + "\nbody", {});
    EXPECT_LE(out.message.size(), PrescanLimits().header_bytes + 20);
    EXPECT_THAT(out.message, HasSubstr("\nbody"));
}

TEST(Prescan, DropsAddressHeadersOfNestedGroups) {
    const std::string colons = repeated("a:", 65);
    for (const std::string_view name : {"To", "cC", "From ", "Resent-To", "Reply-To"}) {
        const Prescanned out = prescan(std::string(name) + ": " + colons + "\nA: b\n\n", {});
        EXPECT_EQ(out.message, "A: b\n\n") << name;
        EXPECT_EQ(out.cuts.address_headers, 1U) << name;
    }
    EXPECT_FALSE(prescan("To: " + repeated("a:", 64) + "\n\n", {}).cuts.any());
    EXPECT_FALSE(prescan("Subject: " + colons + "\n\n", {}).cuts.any());
}

TEST(Prescan, CutsTheEndOfALongMailAndKeepsItsHeaders) {
    PrescanLimits limits;
    limits.message_bytes = 100;
    const Prescanned out = prescan("A: b\n\n" + std::string(1000, 'x'), limits);
    EXPECT_EQ(out.message, "A: b\n\n" + std::string(94, 'x'));
    EXPECT_EQ(out.cuts.bytes, 906U);
    EXPECT_THAT(cut_texts(out.cuts, limits), ElementsAre(HasSubstr("longer than 100 bytes")));
}

TEST(Prescan, CutsBehindTooManyParts) {
    const Prescanned siblings = prescan("A: b\n\n" + repeated("--b\n\nx\n", 100000), {});
    EXPECT_TRUE(siblings.cuts.too_many_parts);
    EXPECT_EQ(siblings.message, "A: b\n\n" + repeated("--b\n\nx\n", 2000));
    const Prescanned nested =
        prescan("A: b\n\n" + repeated("Content-Type: a; BOUNDARY=b\n", 101), {});
    EXPECT_TRUE(nested.cuts.too_many_parts);
    EXPECT_THAT(cut_texts(nested.cuts, {}), ElementsAre(HasSubstr("too many parts")));
}

TEST(Prescan, ReplacesZeroBytes) {
    const Prescanned out = prescan(std::string("A: b\0c\n\n\0d", 10), {});
    EXPECT_EQ(out.message, "A: b c\n\n d");
    EXPECT_EQ(out.cuts.zero_bytes, 2U);
}

// Random pieces of what matters, against the limits themselves.
TEST(Prescan, KeepsItsLimitsWhateverComes) {
    constexpr auto kPieces = std::to_array<std::string_view>(
        {"To: ", "a:", "\n", "\r\n", " ", "\t", "Received: ", "X: y\n", "--b\n",
         "boundary=", "From ", "no header\n", "xxxxxxxxxxxxxxxx", "\n\n"});
    PrescanLimits limits;
    limits.message_bytes = 400;
    limits.header_block_bytes = 200;
    limits.header_bytes = 50;
    limits.headers = 5;
    limits.address_header_colons = 3;
    limits.part_separators = 4;
    limits.boundary_parameters = 2;
    std::mt19937 random(20261122);
    for (int round = 0; round < 4000; ++round) {
        std::string mail;
        const std::size_t pieces = random() % 60;
        for (std::size_t i = 0; i < pieces; ++i) {
            mail +=
                random() % 50 == 0 ? std::string_view("\0", 1) : kPieces[random() % kPieces.size()];
        }
        const Prescanned out = prescan(mail, limits);
        ASSERT_LE(out.message.size(), limits.message_bytes);
        ASSERT_LE(out.received.size(), limits.headers);
        ASSERT_EQ(out.message.find('\0'), std::string::npos);
        const std::size_t header_end = out.message.find("\n\n");
        ASSERT_TRUE(header_end == std::string::npos || header_end <= limits.header_block_bytes ||
                    out.message.starts_with('\n'));
        // What was taken once is taken whole.
        const Prescanned again = prescan(out.message, limits);
        if (!out.message.starts_with('\n')) {
            ASSERT_EQ(again.message, out.message) << mail;
        }
    }
}

}  // namespace
}  // namespace fairlist::importer
