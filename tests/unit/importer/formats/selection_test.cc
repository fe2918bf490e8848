#include "importer/formats/selection.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

struct SelectCase {
    std::string name;
    std::vector<std::string> terms;
    bool wanted;
};

class SelectionWants : public testing::TestWithParam<SelectCase> {};

// The record: service EC2 in eu-west-1, with two tags.
TEST_P(SelectionWants, OneOfEachKey) {
    const std::array<Attribute, 4> attributes = {
        {{"service", "EC2"}, {"region", "eu-west-1"}, {"tag", "OCI"}, {"tag", "OSN"}}};
    EXPECT_EQ(parse_selection(GetParam().terms)->wants(attributes), GetParam().wanted);
}

INSTANTIATE_TEST_SUITE_P(
    Selection, SelectionWants,
    testing::Values(SelectCase{"no_terms", {}, true}, SelectCase{"one", {"service=EC2"}, true},
                    SelectCase{"without_case", {"service=ec2"}, true},
                    SelectCase{"other_value", {"service=S3"}, false},
                    SelectCase{"one_of_two", {"service=S3", "service=EC2"}, true},
                    SelectCase{"both_keys", {"service=EC2", "region=eu-west-1"}, true},
                    SelectCase{"second_key_fails", {"service=EC2", "region=us-east-1"}, false},
                    SelectCase{"second_of_several_tags", {"tag=OSN"}, true},
                    SelectCase{"key_that_the_record_lacks", {"city=Rome"}, false},
                    SelectCase{"value_with_equals", {"service=a=b"}, false}),
    [](const auto& param) { return param.param.name; });

TEST(Selection, RefusesTermsWithoutKey) {
    EXPECT_FALSE(parse_selection(std::vector<std::string>{"EC2"}));
    EXPECT_FALSE(parse_selection(std::vector<std::string>{"=EC2"}));
    EXPECT_FALSE(parse_selection(std::vector<std::string>(65, "a=b")));
}

TEST(FillAttributes, LeavesWhatIsNotItsOwn) {
    const std::array<Attribute, 1> attributes = {{{"service", "E{C}2"}}};
    EXPECT_EQ(fill_attributes("a {service} b", attributes), "a E{{C}2 b");
    EXPECT_EQ(fill_attributes("{address} {{service} {unclosed", attributes),
              "{address} {{service} {unclosed");
    EXPECT_EQ(fill_attributes("", attributes), "");
    const std::array<std::string_view, 1> keys = {"service"};
    EXPECT_TRUE(names_attribute("x {service}", keys));
    EXPECT_FALSE(names_attribute("x {{service} {address}", keys));
}

}  // namespace
}  // namespace fairlist::importer
