#include "server/answer/zone_map.h"

#include "server/answer/zone_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace fairlist::answer {
namespace {

constexpr std::array kLabels = {"a", "b", "bl", "example", "a-label-of-some-length", "org"};

dns::QueryName draw_name(std::mt19937& random, std::size_t labels) {
    dns::QueryName name;
    for (std::size_t i = 0; i < labels; ++i) {
        const std::string label = kLabels[random() % kLabels.size()];
        name.label_start[name.label_count++] = name.size;
        name.bytes[name.size++] = static_cast<std::uint8_t>(label.size());
        std::ranges::copy(label, name.bytes.begin() + name.size);
        name.size = static_cast<std::uint8_t>(name.size + label.size());
    }
    return name;
}

std::string wire_of(const dns::QueryName& name, std::size_t label) {
    const auto suffix = name.suffix(label);
    return {suffix.begin(), suffix.end()};
}

// Against zones that are searched from end to end.
TEST(ZoneMap, FindsTheZoneWithTheMostLabels) {
    std::mt19937 random(29);
    for (int round = 0; round < 300; ++round) {
        std::vector<Zone> zones;
        std::set<std::string> taken;
        const std::size_t count = random() % 40;
        while (zones.size() < count) {
            const std::size_t labels = 1 + random() % 4;
            const std::string wire = wire_of(draw_name(random, labels), 0);
            if (taken.insert(wire).second) {
                zones.emplace_back();
                zones.back().wire = wire;
                zones.back().label_count = static_cast<std::uint8_t>(labels);
            }
        }
        const ZoneMap map(zones);
        for (int asked = 0; asked < 500; ++asked) {
            const dns::QueryName name = draw_name(random, random() % 7);
            const Zone* expected = nullptr;
            for (std::size_t label = 0; label < name.label_count && expected == nullptr; ++label) {
                const auto at = std::ranges::find(zones, wire_of(name, label), &Zone::wire);
                expected = at == zones.end() ? nullptr : &*at;
            }
            ASSERT_EQ(map.find_above(name), expected);
        }
    }
}

TEST(ZoneMap, WithoutZonesFindsNone) {
    std::mt19937 random(31);
    EXPECT_EQ(ZoneMap().find_above(draw_name(random, 3)), nullptr);
    EXPECT_EQ(ZoneMap().find(""), nullptr);
}

}  // namespace
}  // namespace fairlist::answer
