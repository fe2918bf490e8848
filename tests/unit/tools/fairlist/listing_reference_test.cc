#include "tools/fairlist/listing_reference.h"

#include "tests/unit/tools/fairlist/ledger_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

struct NumberCase {
    std::string name;
    std::string text;
    std::optional<std::uint64_t> number;
    bool good = true;
};

class ListingNumber : public testing::TestWithParam<NumberCase> {};

TEST_P(ListingNumber, IsToldFromSubjectsAndFiles) {
    const auto number = parse_listing_number(GetParam().text);
    ASSERT_EQ(number.has_value(), GetParam().good);
    if (number) {
        EXPECT_EQ(*number, GetParam().number);
    }
}

INSTANTIATE_TEST_SUITE_P(
    ListingReference, ListingNumber,
    testing::Values(NumberCase{"number", "12", 12}, NumberCase{"named", "listing:12", 12},
                    NumberCase{"largest", "18446744073709551615", 18446744073709551615U},
                    NumberCase{"file", "./12", std::nullopt},
                    NumberCase{"address", "192.0.2.1", std::nullopt},
                    NumberCase{"nothing", "", std::nullopt},
                    NumberCase{"nought", "0", std::nullopt, false},
                    NumberCase{"named_no_number", "listing:a", std::nullopt, false},
                    NumberCase{"named_nothing", "listing:", std::nullopt, false},
                    NumberCase{"negative", "listing:-1", std::nullopt, false},
                    NumberCase{"too_large", "18446744073709551616", std::nullopt, false}),
    [](const auto& param) { return param.param.name; });

class ListingReference : public LedgerScene {
  protected:
    std::vector<std::uint64_t> numbers(const std::string& text, const std::string& list = "") {
        std::vector<std::uint64_t> found;
        const auto listings = find_listings(*ledger_, {config_.lists, list}, text);
        if (!listings) {
            message_ = listings.error().message;
            return found;
        }
        for (const Listing& listing : *listings) {
            found.push_back(listing.id);
        }
        return found;
    }
    Result<Listing> one(const std::string& text, const std::string& list = "") {
        return find_listing(*ledger_, {config_.lists, list}, text);
    }
    std::string message_;
};

using Numbers = std::vector<std::uint64_t>;

TEST_F(ListingReference, ASubjectNamesItsLatestListingInEachList) {
    const Subject what = subject(ListKind::Address, "11.1.1.1");
    const Listing ended = open("css", what);
    ASSERT_TRUE(ledger_->remove({.name = "operator:anna"}, ended.id).has_value());
    open("css", what);
    open("xbl", what);
    EXPECT_EQ(numbers("11.1.1.1"), (Numbers{2, 3}));
    EXPECT_EQ(numbers("11.1.1.1", "xbl"), Numbers{3});
    EXPECT_EQ(numbers("1"), Numbers{1});
    EXPECT_EQ(numbers("listing:3"), Numbers{3});
}

TEST_F(ListingReference, WhatRulesListIsFoundByItsShorterName) {
    open("css", subject(ListKind::Address, "2a00:1:2:3::/64"));
    open("dbl", subject(ListKind::Domain, ".bad.example"));
    EXPECT_EQ(numbers("2a00:1:2:3::9"), Numbers{1});
    EXPECT_EQ(numbers("bad.example"), Numbers{2});
    EXPECT_EQ(numbers(".bad.example"), Numbers{2});
    // The name itself comes first.
    open("dbl", subject(ListKind::Domain, "bad.example"));
    EXPECT_EQ(numbers("bad.example"), Numbers{3});
}

TEST_F(ListingReference, SaysWhatIsNotThere) {
    open("css", subject(ListKind::Address, "11.1.1.0/24"));
    EXPECT_EQ(numbers("7"), Numbers{});
    EXPECT_EQ(message_, "listing 7: there is none; see \"fairlist listing list --ended\"");
    EXPECT_EQ(numbers("11.1.1.1"), Numbers{});
    EXPECT_THAT(message_, testing::HasSubstr("fairlist lookup 11.1.1.1"));
    EXPECT_EQ(numbers("1", "xbl"), Numbers{});
    EXPECT_EQ(message_, "listing 1: it is in list css, not in xbl");
    EXPECT_EQ(numbers("11.1.1.1/24"), Numbers{});
    EXPECT_THAT(message_, testing::HasSubstr("11.1.1.1/24"));
}

TEST_F(ListingReference, AChangeIsForTheOnlyOneThatHasNotEnded) {
    const Subject what = subject(ListKind::Address, "11.1.1.1");
    open("css", what);
    open("xbl", what);
    const auto several = one("11.1.1.1");
    ASSERT_FALSE(several.has_value());
    EXPECT_EQ(several.error().code, Errc::Conflict);
    EXPECT_EQ(several.error().message,
              "11.1.1.1: has the listings 1 (css), 2 (xbl); name one by its number or with --list");
    EXPECT_EQ(one("11.1.1.1", "css").value().id, 1U);
    ASSERT_TRUE(ledger_->remove({.name = "operator:anna"}, 2).has_value());
    EXPECT_EQ(one("11.1.1.1").value().id, 1U);
    ASSERT_TRUE(ledger_->remove({.name = "operator:anna"}, 1).has_value());
    EXPECT_EQ(one("11.1.1.1").value().id, 2U);
}

}  // namespace
}  // namespace fairlist::cli
