#include "importer/policy/json_cursor.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

bool is_accepted(const std::string& text) {
    FaultLog log;
    JsonCursor cursor(text, log);
    cursor.skip();
    cursor.finish();
    EXPECT_TRUE(!cursor.has_failed() || log.faults() > 0);
    return log.faults() == 0;
}

bool is_accepted_by_peer(const std::string& text) {
    boost::system::error_code error;
    static_cast<void>(boost::json::parse(text, error));
    return !error;
}

// Reads into a value of the peer's, so that strings and numbers are held against it too.
boost::json::value read(JsonCursor& cursor) {
    const auto kind = cursor.kind();
    std::string text;
    switch (kind.value_or(JsonKind::Null)) {
        case JsonKind::Object: {
            boost::json::object out;
            cursor.enter();
            while (cursor.next_member(text)) {
                const std::string key = text;
                out[key] = read(cursor);
            }
            return out;
        }
        case JsonKind::Array: {
            boost::json::array out;
            cursor.enter();
            while (cursor.next_element()) {
                out.push_back(read(cursor));
            }
            return out;
        }
        case JsonKind::String:
            cursor.string(text);
            return boost::json::string(text);
        case JsonKind::Number:
            return boost::json::parse(cursor.number());
        default:
            cursor.skip();
            return kind == JsonKind::Null   ? boost::json::value(nullptr)
                   : kind == JsonKind::True ? boost::json::value(true)
                                            : boost::json::value(false);
    }
}

const std::vector<std::string>& seeds() {
    static const std::vector<std::string> kSeeds = {
        R"({"a": [1, -2.5e3, 0, true, false, null, "x\n\u00e9\ud83d\udce7\\"], "b": {"c": {}}})",
        R"([[], {}, "", 1e9, "é漢", [[["deep"]]], -0.1, 12345678901234567890])",
        "  {\r\n\t\"key\" : \"value\" ,\n \"other\":[ ]}\n",
        R"("\"\/\b\f\r\t")",
    };
    return kSeeds;
}

// RFC 8259 section 6 lets a reader limit numbers: Boost.JSON refuses exponents that no int holds.
bool has_long_exponent(const std::string& text) {
    constexpr std::size_t kDigits = 9;
    for (std::size_t at = text.find_first_of("eE"); at != std::string::npos;
         at = text.find_first_of("eE", at + 1)) {
        const std::size_t first = text.find_first_not_of("+-", at + 1);
        const std::size_t end = std::min(text.find_first_not_of("0123456789", first), text.size());
        if (first != std::string::npos && end - first >= kDigits) {
            return true;
        }
    }
    return false;
}

TEST(JsonCursor, TakesWhatThePeerTakes) {
    std::mt19937_64 random(7);
    const std::string bytes = "{}[]\",:\\u0d8e19-+.Eetrufalsn \n\t\x80\xC3\xA9\x07'/";
    std::size_t good = 0;
    for (int round = 0; round < 60000; ++round) {
        std::string text = seeds()[random() % seeds().size()];
        for (auto edits = random() % 3; edits > 0; --edits) {
            const std::size_t at = random() % text.size();
            const char c = bytes[random() % bytes.size()];
            switch (random() % 3) {
                case 0:
                    text[at] = c;
                    break;
                case 1:
                    text.insert(at, 1, c);
                    break;
                default:
                    text.erase(at, 1);
            }
            text += text.empty() ? "1" : "";
        }
        if (has_long_exponent(text)) {
            continue;
        }
        const bool accepted = is_accepted(text);
        ASSERT_EQ(accepted, is_accepted_by_peer(text)) << text;
        if (accepted) {
            FaultLog log;
            JsonCursor cursor(text, log);
            ASSERT_EQ(read(cursor), boost::json::parse(text)) << text;
            ++good;
        }
    }
    EXPECT_GT(good, 10000U);
}

struct PlaceCase {
    std::string name;
    std::string text;
    Place place;
};

class JsonPlaces : public testing::TestWithParam<PlaceCase> {};

TEST_P(JsonPlaces, AreThoseOfTheLastValue) {
    FaultLog log;
    JsonCursor cursor(GetParam().text, log);
    ASSERT_EQ(cursor.kind(), JsonKind::Array);
    cursor.enter();
    Place last;
    while (cursor.next_element()) {
        ASSERT_TRUE(cursor.kind());
        last = cursor.place();
        cursor.skip();
    }
    EXPECT_EQ(last, GetParam().place);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, JsonPlaces,
    testing::Values(PlaceCase{"first_line", "[1, 2]", {1, 5}},
                    PlaceCase{"byte_order_mark", "\xEF\xBB\xBF[1]", {1, 2}},
                    PlaceCase{"later_line", "[1,\n\n  \"x\"]", {3, 3}},
                    PlaceCase{"carriage_returns", "[1,\r\n2]", {2, 1}},
                    PlaceCase{"columns_are_bytes", "[\"é\", 2]", {1, 8}},
                    PlaceCase{"line_end_in_a_string_is_none", "[\"\\n\", 2]", {1, 8}}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace fairlist::importer
