#include "listing/model/trap.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist {
namespace {

struct AddressRow {
    const char* name;
    std::string text;
    std::string canonical;  // empty: refused
};

class TrapAddressForm : public testing::TestWithParam<AddressRow> {};

TEST_P(TrapAddressForm, IsCanonicalOrRefused) {
    const auto address = parse_trap_address(GetParam().text);
    ASSERT_EQ(address.has_value(), !GetParam().canonical.empty());
    if (!address) {
        EXPECT_EQ(address.error().code, Errc::Malformed);
        const std::string local = GetParam().text.substr(0, GetParam().text.find('@'));
        if (local.size() > 3) {
            EXPECT_EQ(address.error().message.find(local), std::string::npos);
        }
        return;
    }
    EXPECT_EQ(to_string(*address), GetParam().canonical);
    EXPECT_EQ(parse_trap_address(to_string(*address)).value(), *address);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TrapAddressForm,
    testing::Values(
        AddressRow{"plain", "lure@example.org", "lure@example.org"},
        AddressRow{"upper_case", "LuRe@Example.ORG", "lure@example.org"},
        AddressRow{"root_dot", "lure@example.org.", "lure@example.org"},
        AddressRow{"u_labels", "lure@b\xC3\xBC\x63her.example", "lure@xn--bcher-kva.example"},
        AddressRow{"utf8_local_part", "l\xC3\xBCre@example.org", "l\xC3\xBCre@example.org"},
        AddressRow{"tag_stays", "lure+x@example.org", "lure+x@example.org"},
        AddressRow{"quotes_without_need", "\"lure\"@example.org", "lure@example.org"},
        AddressRow{"whole_domain", "@example.org", "@example.org"},
        AddressRow{"atoms", "a.b!#$%&'*/=?^_`{|}~-@example.org",
                   "a.b!#$%&'*/=?^_`{|}~-@example.org"},
        AddressRow{"local_part_of_255", std::string(255, 'a') + "@example.org",
                   std::string(255, 'a') + "@example.org"},
        AddressRow{"local_part_of_256", std::string(256, 'a') + "@example.org", ""},
        AddressRow{"no_at", "lure.example", ""}, AddressRow{"nothing", "", ""},
        AddressRow{"no_domain", "lure@", ""}, AddressRow{"empty_quotes", "\"\"@example.org", ""},
        AddressRow{"space", "lure this@example.org", ""},
        AddressRow{"quoted_space", "\"lure this\"@example.org", ""},
        AddressRow{"two_ats", "lure@this@example.org", ""},
        AddressRow{"source_route", "@relay.example:lure@example.org", ""},
        AddressRow{"address_literal", "lure@[192.0.2.1]", ""},
        AddressRow{"brackets", "<lure@example.org>", ""},
        AddressRow{"control_character", "lure\x01@example.org", ""},
        AddressRow{"empty_label", "lure@example..org", ""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(TrapTag, IsTakenOffAtTheFirstPlus) {
    const auto untagged = [](const std::string& text) {
        const auto found = without_tag(parse_trap_address(text).value());
        return found ? to_string(*found) : std::string("none");
    };
    EXPECT_EQ(untagged("lure+a+b@example.org"), "lure@example.org");
    EXPECT_EQ(untagged("lure+@example.org"), "lure@example.org");
    EXPECT_EQ(untagged("lure@example.org"), "none");
    EXPECT_EQ(untagged("+a@example.org"), "none");
    EXPECT_EQ(untagged("@example.org"), "none");
}

TEST(TrapKinds, AreReadAsTheyAreWritten) {
    EXPECT_EQ(parse_trap_kind("trap").value(), TrapKind::Trap);
    EXPECT_EQ(parse_trap_kind("report").value(), TrapKind::Report);
    EXPECT_EQ(parse_trap_kind("Trap").error().code, Errc::Malformed);
}

}  // namespace
}  // namespace fairlist
