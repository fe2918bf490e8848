#include "server/answer/reversed_name.h"

#include "server/dns/query_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::answer {
namespace {

// A header and the labels of a dotted name; the rest of a query is not looked at.
std::vector<std::uint8_t> message_of(std::string_view name) {
    std::vector<std::uint8_t> message(dns::kHeaderBytes, 0);
    message[5] = 1;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        message.push_back(static_cast<std::uint8_t>(label.size()));
        message.insert(message.end(), label.begin(), label.end());
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    message.insert(message.end(), {0, 0, 1, 0, 1});
    return message;
}

struct GuessRow {
    const char* name;
    std::string_view question;
    std::optional<std::uint32_t> expected;
};

class GuessV4 : public testing::TestWithParam<GuessRow> {};

TEST_P(GuessV4, ReadsReversedOctets) {
    EXPECT_EQ(guess_v4(message_of(GetParam().question)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    ReversedName, GuessV4,
    testing::Values(GuessRow{"address", "4.3.2.1.bl.example", 0x01020304},
                    GuessRow{"largest", "255.255.255.255.bl.example", 0xFFFFFFFF},
                    GuessRow{"nibbles", "4.3.2.1.0.0.0.0.bl.example", 0x01020304},
                    GuessRow{"too_large", "256.3.2.1.bl.example", std::nullopt},
                    GuessRow{"leading_zero", "04.3.2.1.bl.example", std::nullopt},
                    GuessRow{"three_octets", "3.2.1.bl.example", std::nullopt},
                    GuessRow{"name", "mail.bad.example.dbl.example", std::nullopt},
                    GuessRow{"root", "", std::nullopt}),
    [](const auto& row) { return std::string(row.param.name); });

// Of an address it finds what the parser finds.
TEST(GuessV4Parser, AgreesForEveryAddress) {
    std::mt19937 random(7);
    for (int i = 0; i < 1000; ++i) {
        const auto v4 = static_cast<std::uint32_t>(random());
        std::string text;
        for (unsigned octet = 0; octet < 4; ++octet) {
            text += std::to_string(v4 >> (8 * octet) & 0xFFU) + ".";
        }
        const auto message = message_of(text + "bl.example");
        dns::Query query;
        ASSERT_EQ(dns::parse_query(message, dns::Transport::Udp, query).outcome,
                  dns::ParseOutcome::Answerable);
        const ReversedName reversed = read_reversed(query.name, 4);
        ASSERT_TRUE(reversed.address.has_value()) << text;
        EXPECT_EQ(guess_v4(message), reversed.address->v4()) << text;
    }
}

// Cut anywhere, and with any byte spoilt, it reads nothing outside (run it under ASan).
TEST(GuessV4Parser, StaysInsideWhateverTheBytesAre) {
    const auto whole = message_of("203.113.0.203.bl.example");
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::vector<std::uint8_t> cut(whole.begin(),
                                            whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(guess_v4(cut).has_value(), size >= 26) << size;
        for (std::size_t at = dns::kHeaderBytes; at < size; ++at) {
            for (const std::uint8_t byte : std::to_array<std::uint8_t>({0, 1, 3, 63, 192, 255})) {
                auto spoilt = cut;
                spoilt[at] = byte;
                static_cast<void>(guess_v4(spoilt));
            }
        }
    }
}

}  // namespace
}  // namespace fairlist::answer
