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

// What the labels mean, read one by one as text.
struct SlowReversed {
    std::vector<std::string> labels;

    [[nodiscard]] std::optional<Prefix> octets() const {
        std::uint32_t v4 = 0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const std::string& label = labels[labels.size() - 1 - i];
            const bool is_number =
                label.size() <= 3 && label.find_first_not_of("0123456789") == std::string::npos;
            if (labels.size() > 4 || !is_number || std::stoul(label) > 255 ||
                (label.size() > 1 && label[0] == '0')) {
                return std::nullopt;
            }
            v4 |= static_cast<std::uint32_t>(std::stoul(label)) << (24 - 8 * i);
        }
        return Prefix::of(Address::from_v4(v4), 96 + 8 * static_cast<unsigned>(labels.size()));
    }
    [[nodiscard]] std::optional<Prefix> nibbles() const {
        Address address;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const std::string& label = labels[labels.size() - 1 - i];
            if (labels.size() > 32 || label.size() != 1 ||
                label.find_first_not_of("0123456789abcdef") != std::string::npos) {
                return std::nullopt;
            }
            (i < 16 ? address.high : address.low) |= std::stoull(label, nullptr, 16)
                                                     << (60 - 4 * (i % 16));
        }
        return Prefix::of(address, 4 * static_cast<unsigned>(labels.size()));
    }
};

TEST(ReversedNameTwin, MeansWhatItsLabelsMean) {
    std::mt19937 random(23);
    const std::vector<std::string> strange = {"g", "00", "01", "256", "1000", "a1",  "1a",
                                              "/", ":",  "`",  "-1",  "99",   "100", "255"};
    for (int round = 0; round < 40000; ++round) {
        SlowReversed slow;
        const std::size_t count = random() % 2 == 0 ? 1 + random() % 5 : 1 + random() % 33;
        const bool is_digits = random() % 2 == 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t value = random() % (count > 4 ? 16 : is_digits ? 10 : 256);
            slow.labels.push_back(value < 16 && !is_digits && count > 3
                                      ? std::string(1, "0123456789abcdef"[value])
                                      : std::to_string(count > 4 ? value % 10 : value));
        }
        if (random() % 4 == 0) {
            slow.labels[random() % count] = strange[random() % strange.size()];
        }
        std::string text;
        for (const std::string& label : slow.labels) {
            text += label + ".";
        }
        dns::Query query;
        ASSERT_EQ(dns::parse_query(message_of(text + (random() % 2 == 0 ? "" : "1.x")),
                                   dns::Transport::Udp, query)
                      .outcome,
                  dns::ParseOutcome::Answerable);
        const ReversedName read = read_reversed(query.name, count);
        const auto octets = slow.octets();
        const auto nibbles = slow.nibbles();
        const auto whole = count == 4 ? octets : count == 32 ? nibbles : std::nullopt;
        ASSERT_EQ(read.address, whole ? std::optional(whole->base) : std::nullopt) << text;
        ASSERT_EQ(read.partial_octets, count == 4 ? std::nullopt : octets) << text;
        ASSERT_EQ(read.partial_nibbles, count == 32 ? std::nullopt : nibbles) << text;
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
