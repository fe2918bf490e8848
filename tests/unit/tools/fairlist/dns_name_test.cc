#include "server/shown/dns_name.h"

#include "listing/model/list.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fairlist::cli {
namespace {

Subject subject_of(ListKind kind, std::string_view text) {
    return parse_subject(kind, text).value();
}

struct NameCase {
    std::string name;
    ListKind kind;
    std::string subject;
    std::string zone;
    std::string expected;  // empty: none
};

class NameToAsk : public testing::TestWithParam<NameCase> {};

TEST_P(NameToAsk, FollowsRfc5782) {
    const NameCase& c = GetParam();
    const auto name = name_to_ask(subject_of(c.kind, c.subject), parse_domain(c.zone).value());
    EXPECT_EQ(name.value_or(""), c.expected);
}

const std::string kSha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";

INSTANTIATE_TEST_SUITE_P(
    DnsName, NameToAsk,
    testing::Values(
        // The examples of RFC 5782 sections 2.1, 2.4 and 3.
        NameCase{"ipv4", ListKind::Address, "192.0.2.99", "bad.example.com",
                 "99.2.0.192.bad.example.com"},
        NameCase{"ipv6", ListKind::Address, "2001:db8:1:2:3:4:567:89ab", "ugly.example.com",
                 "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2."
                 "ugly.example.com"},
        NameCase{"domain", ListKind::Domain, "example.net", "doms.example.net",
                 "example.net.doms.example.net"},
        NameCase{"prefix_by_its_first_address", ListKind::Address, "192.0.2.0/24", "bl.example",
                 "0.2.0.192.bl.example"},
        NameCase{"wildcard_by_the_name_above", ListKind::Domain, "*.example.net", "bl.example",
                 "example.net.bl.example"},
        NameCase{"digest_with_class", ListKind::Hash, kSha1 + "._email", "hbl.example",
                 kSha1 + "._email.hbl.example"},
        NameCase{"too_long", ListKind::Domain,
                 std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') +
                     "." + std::string(50, 'd'),
                 "zone.example", ""}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::cli
