#include "importer/reports/hits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// 2026-11-21T08:30:00Z
constexpr Time kNow{1'795'249'800};

std::string line_of(const std::string& more, const std::string& kind = "mail") {
    return R"({"time":"2026-11-21T08:00:00Z","trap":"canary@trap.example","kind":")" + kind + "\"" +
           more + "}";
}

const std::string kAddress = R"(,"address":"192.0.2.1")";

TEST(Hit, IsReadWithAllItsMembers) {
    const auto hit =
        parse_hit(line_of(R"(,"address":"2001:DB8::1","domain":"Spam.Example","weight":2.5,)"
                          R"("helo":"ylmf-pc\u0007","sensor":"x","more":[{"a":1}])"),
                  kNow);
    ASSERT_TRUE(hit) << hit.error().message;
    EXPECT_EQ(to_string(hit->time), "2026-11-21T08:00:00Z");
    EXPECT_EQ(hit->kind, HitKind::Mail);
    EXPECT_EQ(to_string(hit->address.value()), "2001:db8::1");
    EXPECT_EQ(hit->domain.value().text(), "spam.example");
    EXPECT_EQ(hit->trap, "canary@trap.example");
    EXPECT_EQ(hit->weight, 250);
    EXPECT_EQ(hit->helo, "ylmf-pc?");
}

TEST(Hit, NeedsLittle) {
    const auto hit = parse_hit(line_of(R"(,"domain":"a.example","helo":null)", "ssh"), kNow);
    ASSERT_TRUE(hit);
    EXPECT_FALSE(hit->address);
    EXPECT_EQ(hit->kind, HitKind::Ssh);
    EXPECT_EQ(hit->weight, kHitWeightOne);
    EXPECT_EQ(hit->helo, "");
    EXPECT_EQ(parse_hit(line_of(kAddress, "web"), kNow)->kind, HitKind::Web);
    EXPECT_EQ(parse_hit(line_of(kAddress, "other"), kNow)->kind, HitKind::Other);
}

struct TimeRow {
    std::string_view json;
    std::string_view expected;
};

TEST(Hit, TakesTimesInBothForms) {
    const std::vector<TimeRow> rows = {
        {R"("2026-11-21T08:30:00Z")", "2026-11-21T08:30:00Z"},
        {R"("2026-11-21T09:35:00.5+01:00")", "2026-11-21T08:35:00Z"},
        {"1795249800", "2026-11-21T08:30:00Z"},
        {"1795249800.75", "2026-11-21T08:30:00Z"},
        {"\"1795249800\"", "2026-11-21T08:30:00Z"},
        {"1795250100", "2026-11-21T08:35:00Z"},
        {"1", "1970-01-01T00:00:01Z"},
        {"1795250101",
         "at most 300 seconds after 2026-11-21T08:30:00Z, and not "
         "2026-11-21T08:35:01Z"},
        {"4294967295", "at most 300 seconds after"},
        {"4294967296", "expected a time"},
        {"1e300", "expected a time"},
        {"0", "expected a time"},
        {"0.5", "expected a time"},
        {"-1", "expected a time"},
        {"true", "expected a time"},
        {"{}", "expected a time"},
        {"null", "expected a time"},
        {"\"\"", "expected a time"},
        {"\"canary\"", "expected a time"},
        {"\"2026-11-21\"", "expected a time"},
        {"\"4294967296\"", "expected a time"},
    };
    for (const TimeRow& row : rows) {
        SCOPED_TRACE(row.json);
        const auto hit =
            parse_hit(R"({"address":"192.0.2.1","trap":"canary","kind":"web","time":)" +
                          std::string(row.json) + "}",
                      kNow);
        if (hit) {
            EXPECT_EQ(to_string(hit->time), row.expected);
        } else {
            EXPECT_THAT(hit.error().message, HasSubstr(row.expected));
            EXPECT_THAT(hit.error().message, Not(HasSubstr("canary")));
        }
    }
}

struct BadRow {
    std::string_view name;
    std::string line;
    std::string_view message;  // a part of it
};

// Every line has the trap's name, some of them where it does not belong.
TEST(Hit, IsRefusedByNameOfTheKeyAndNeverQuoted) {
    const std::vector<BadRow> rows = {
        {"no JSON", "canary", "JSON: "},
        {"cut", line_of(kAddress).substr(0, 60), "JSON: "},
        {"two on a line", line_of(kAddress) + line_of(kAddress), "JSON: "},
        {"array", R"(["canary"])", "JSON: expected an object"},
        {"binary", std::string("{\"canary\0\xFF", 10), "JSON: "},
        {"deep", line_of(kAddress + ",\"canary\":" + std::string(5000, '[')), "JSON: "},
        {"long", line_of(kAddress + ",\"x\":\"" + std::string(kLineBytesMax, 'x') + "\""),
         "longer than 64 KiB"},
        {"no time", R"({"trap":"canary","kind":"web","address":"192.0.2.1"})", "\"time\""},
        {"no kind", R"({"time":1,"trap":"canary","address":"192.0.2.1"})",
         "\"kind\": expected mail, web, ssh or other"},
        {"a report", line_of(kAddress, "report"), "\"kind\": expected mail"},
        {"kind", line_of(kAddress, "canary"), "\"kind\": expected mail"},
        {"kind of a wrong type", R"({"time":1,"trap":"canary","kind":4,"address":"192.0.2.1"})",
         "\"kind\": expected a string"},
        {"no trap", R"({"time":1,"kind":"web","address":"192.0.2.1"})", "\"trap\": expected"},
        {"empty trap", R"({"time":1,"kind":"web","trap":"","address":"192.0.2.1"})",
         "\"trap\": expected"},
        {"trap of a wrong type",
         R"({"time":1,"kind":"web","trap":["canary"],"address":"192.0.2.1"})",
         "\"trap\": expected a string"},
        {"trap with a blank", R"({"time":1,"kind":"web","trap":"canary x","address":"192.0.2.1"})",
         "\"trap\": expected a name"},
        {"trap with a line end",
         R"({"time":1,"kind":"web","trap":"canary\nx","address":"192.0.2.1"})",
         "\"trap\": expected a name"},
        {"long trap",
         R"({"time":1,"kind":"web","address":"192.0.2.1","trap":"canary)" + std::string(320, 'x') +
             "\"}",
         "1 to 320 bytes"},
        {"nobody accused", line_of(""), "\"address\": expected an address, or a domain"},
        {"address", line_of(R"(,"address":"canary")"), "\"address\": expected an IPv4"},
        {"address of a wrong type", line_of(R"(,"address":3221225985)"),
         "\"address\": expected a string"},
        {"prefix", line_of(R"(,"address":"192.0.2.0/24")"), "\"address\": expected an IPv4"},
        {"domain", line_of(kAddress + R"(,"domain":"canary@trap.example")"),
         "\"domain\": expected a domain name"},
        {"wildcard", line_of(kAddress + R"(,"domain":"*.canary.example")"),
         "\"domain\": expected a domain name"},
        {"domain of a wrong type", line_of(kAddress + R"(,"domain":{"canary":1})"),
         "\"domain\": expected a string"},
        {"weight 0", line_of(kAddress + R"(,"weight":0)"), "\"weight\": expected a number from"},
        {"weight below", line_of(kAddress + R"(,"weight":0.004)"), "\"weight\": expected"},
        {"weight above", line_of(kAddress + R"(,"weight":100.01)"), "\"weight\": expected"},
        {"weight far above", line_of(kAddress + R"(,"weight":1e300)"), "\"weight\": expected"},
        {"weight of a wrong type", line_of(kAddress + R"(,"weight":"canary")"),
         "\"weight\": expected a number"},
        {"helo of a wrong type", line_of(kAddress + R"(,"helo":["canary"])"),
         "\"helo\": expected a string"},
    };
    for (const BadRow& row : rows) {
        SCOPED_TRACE(row.name);
        const auto hit = parse_hit(row.line, kNow);
        ASSERT_FALSE(hit);
        EXPECT_THAT(hit.error().message, HasSubstr(row.message));
        EXPECT_THAT(hit.error().message, Not(HasSubstr("canary")));
    }
}

TEST(Hit, WeighsFromAHundredthToAHundred) {
    EXPECT_EQ(parse_hit(line_of(kAddress + R"(,"weight":0.01)"), kNow)->weight, 1);
    EXPECT_EQ(parse_hit(line_of(kAddress + R"(,"weight":3)"), kNow)->weight, 300);
    EXPECT_EQ(parse_hit(line_of(kAddress + R"(,"weight":100)"), kNow)->weight, kHitWeightMax);
}

// "number+" of a hit, "number-" of a rejected line.
std::vector<std::string> numbers(HitReader& reader) {
    std::vector<std::string> out;
    while (const auto line = reader.next()) {
        out.push_back(std::to_string(line->number) + (line->hit ? "+" : "-"));
    }
    return out;
}

TEST(HitReader, GoesOnBehindBadLines) {
    const std::string good = line_of(kAddress);
    const std::string text = good + "\r\n\n  \n{}\n" + std::string(kLineBytesMax + 1, 'x') + "\n" +
                             std::string("\0\n", 2) + good;
    Input input = text_input("hits", text);
    HitReader reader(input, {kNow});
    EXPECT_THAT(numbers(reader), ElementsAre("1+", "4-", "5-", "6-", "7+"));
    EXPECT_TRUE(reader.status());
    EXPECT_FALSE(reader.next());
}

TEST(HitReader, EndsAtItsLimit) {
    const std::string text = line_of(kAddress) + "\n" + line_of(kAddress) + "\n\n";
    Input two = text_input("two", text);
    HitReader within(two, {kNow, 3});
    EXPECT_THAT(numbers(within), ElementsAre("1+", "2+"));
    EXPECT_TRUE(within.status());

    Input again = text_input("again", text);
    HitReader beyond(again, {kNow, 1});
    EXPECT_THAT(numbers(beyond), ElementsAre("1+"));
    ASSERT_FALSE(beyond.status());
    EXPECT_EQ(beyond.status().error().code, Errc::OutOfRange);
    EXPECT_EQ(beyond.status().error().message, "again: more than 1 lines");
}

TEST(HitReader, TellsOfAnInputThatFails) {
    Input input("hits", [](std::span<char>) -> Result<std::size_t> {
        return fail(Errc::Io, "cannot read");
    });
    HitReader reader(input, {kNow});
    EXPECT_FALSE(reader.next());
    ASSERT_FALSE(reader.status());
    EXPECT_EQ(reader.status().error().code, Errc::Io);
}

}  // namespace
}  // namespace fairlist::importer
