// Whom a hit accuses: "Is there a narrower identity?" of listing.md, a row for each case.
#include "listing/rules/accusation.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace fairlist::rules {
namespace {

AddressSpace space() {
    const std::vector<DomainName> provider = {*parse_domain("mx.host.example"),
                                              *parse_domain("send.example")};
    return AddressSpace({{*parse_prefix("198.51.100.0/24"), SpaceUse::Static, "", provider},
                         {*parse_prefix("198.51.100.25"), SpaceUse::Smarthost, "", provider},
                         {*parse_prefix("198.51.100.26"), SpaceUse::Shared, "", provider},
                         {*parse_prefix("198.51.100.27"), SpaceUse::MailService, "", provider},
                         {*parse_prefix("198.51.100.64/27"), SpaceUse::Assigned, "c1", provider},
                         {*parse_prefix("2001:db8:1:2::/80"), SpaceUse::Assigned, "c2", provider},
                         {*parse_prefix("2001:db8:1:3::25"), SpaceUse::Smarthost, "", provider}});
}

struct AccusationCase {
    std::string name;
    RuleTarget target;
    std::string address;  // empty: none may be listed
    std::string signer;   // empty: none verified
    std::string accused;  // empty: nobody
    std::string step;     // a part of it
};

class Accuse : public testing::TestWithParam<AccusationCase> {};

std::string joined(const std::vector<Subject>& subjects) {
    std::string text;
    for (const Subject& subject : subjects) {
        text += (text.empty() ? "" : " ") + to_string(subject);
    }
    return text;
}

TEST_P(Accuse, TheNarrowestIdentity) {
    const AccusationCase& c = GetParam();
    TrapRule rule;
    rule.target = c.target;
    Hit hit;
    if (!c.address.empty()) {
        hit.address = *parse_address(c.address);
    }
    if (!c.signer.empty()) {
        hit.signer = *parse_domain(c.signer);
    }
    const ListKind kind = c.target == RuleTarget::Address ? ListKind::Address : ListKind::Domain;
    const Accusation made = accuse(rule, kind, space(), hit);
    EXPECT_EQ(joined(made.identities), c.accused);
    EXPECT_NE(made.step.find(c.step), std::string::npos) << made.step;
}

constexpr auto kAddress = RuleTarget::Address;
constexpr auto kSigner = RuleTarget::Signer;

const std::vector<AccusationCase> kAddressCases = {
    {"published_nowhere", kAddress, "192.0.2.9", "", "192.0.2.9", "no published range"},
    {"signed_but_published_nowhere", kAddress, "192.0.2.9", "bad.example", "192.0.2.9", ""},
    {"own_server", kAddress, "198.51.100.9", "", "198.51.100.9", "static (198.51.100.0/24)"},
    {"own_server_signed", kAddress, "198.51.100.9", "bad.example", "198.51.100.9", ""},
    {"smarthost_unsigned", kAddress, "198.51.100.25", "", "198.51.100.25", "no signature"},
    {"smarthost_signed_by_customer", kAddress, "198.51.100.25", "bad.example", "",
     "bad.example, which signed, is the narrower identity"},
    {"shared_signed_by_customer", kAddress, "198.51.100.26", "bad.example", "", "is shared"},
    {"mail_service_signed_by_customer", kAddress, "198.51.100.27", "bad.example", "",
     "is mail-service"},
    {"smarthost_signed_by_provider", kAddress, "198.51.100.25", "mx.host.example", "198.51.100.25",
     "signs for its provider"},
    {"smarthost_signed_below_provider", kAddress, "198.51.100.25", "eu.send.example",
     "198.51.100.25", "signs for its provider"},
    {"smarthost_signed_above_provider", kAddress, "198.51.100.25", "host.example", "", ""},
    {"smarthost_signed_by_a_lookalike", kAddress, "198.51.100.25", "notsend.example", "", ""},
    {"no_server", kAddress, "", "bad.example", "", "no server"},
    {"v6", kAddress, "2001:db8:9::1", "", "2001:db8:9::/64", ""},
    {"v6_assigned_more_narrowly", kAddress, "2001:db8:1:2::5", "", "2001:db8:1:2::/80", ""},
    {"v6_beside_that_assignment", kAddress, "2001:db8:1:2:1::5", "", "2001:db8:1:2::/64", ""},
    {"v6_smarthost_unsigned", kAddress, "2001:db8:1:3::25", "", "2001:db8:1:3::25", ""},
    {"v6_smarthost_signed", kAddress, "2001:db8:1:3::25", "bad.example", "", ""},
};
INSTANTIATE_TEST_SUITE_P(Address, Accuse, testing::ValuesIn(kAddressCases),
                         [](const auto& param) { return param.param.name; });

const std::vector<AccusationCase> kSignerCases = {
    {"unsigned", kSigner, "198.51.100.25", "", "", "no signature verified"},
    {"own_server_signed", kSigner, "198.51.100.9", "bad.example", "", "not shared"},
    {"published_nowhere", kSigner, "192.0.2.9", "bad.example", "", "not shared"},
    {"smarthost_signed_by_customer", kSigner, "198.51.100.25", "bad.example", ".bad.example", ""},
    {"shared_signed_by_customer", kSigner, "198.51.100.26", "bad.example", ".bad.example", ""},
    {"mail_service_signed_by_customer", kSigner, "198.51.100.27", "bad.example", ".bad.example",
     ""},
    {"smarthost_signed_by_provider", kSigner, "198.51.100.25", "send.example", "",
     "signs for its provider"},
    {"smarthost_signed_below_provider", kSigner, "198.51.100.25", "a.mx.host.example", "", ""},
    {"no_server", kSigner, "", "bad.example", ".bad.example", "no server"},
};
INSTANTIATE_TEST_SUITE_P(Signer, Accuse, testing::ValuesIn(kSignerCases),
                         [](const auto& param) { return param.param.name; });

// What one hit accuses, one rule for each target must not accuse twice.
TEST(Accuse, AddressAndSignerNeverBothStandForOneHit) {
    TrapRule address;
    TrapRule signer;
    signer.target = kSigner;
    const AddressSpace all = space();
    for (const auto* cases : {&kAddressCases, &kSignerCases}) {
        for (const AccusationCase& c : *cases) {
            Hit hit;
            if (!c.address.empty()) {
                hit.address = *parse_address(c.address);
            }
            if (!c.signer.empty()) {
                hit.signer = *parse_domain(c.signer);
            }
            const auto first = accuse(address, ListKind::Address, all, hit).identities;
            const auto second = accuse(signer, ListKind::Domain, all, hit).identities;
            EXPECT_LE(first.size() + second.size(), 1U) << c.name;
            EXPECT_EQ(first.empty() && second.empty(), !hit.address && !hit.signer) << c.name;
        }
    }
}

Hit hit_with_links() {
    Hit hit;
    hit.links = {identity_of(*parse_domain("shop.example")), Subject(*parse_prefix("203.0.113.7")),
                 identity_of(*parse_domain("shop.example")),
                 identity_of(*parse_domain("pills.example"))};
    return hit;
}

TEST(AccuseLinks, DomainsForADomainListEachOnce) {
    TrapRule rule;
    rule.target = RuleTarget::Links;
    const Accusation made = accuse(rule, ListKind::Domain, space(), hit_with_links());
    EXPECT_EQ(joined(made.identities), ".shop.example .pills.example");
    EXPECT_EQ(made.step, "2 links of kind domain");
}

TEST(AccuseLinks, AddressesForAnAddressList) {
    TrapRule rule;
    rule.target = RuleTarget::Links;
    EXPECT_EQ(joined(accuse(rule, ListKind::Address, space(), hit_with_links()).identities),
              "203.0.113.7");
}

TEST(AccuseKinds, OnlyTheNamedOnesCount) {
    TrapRule rule;
    Hit hit;
    hit.address = *parse_address("192.0.2.9");
    for (const HitKind kind : {HitKind::Mail, HitKind::Report, HitKind::Ssh}) {
        hit.kind = kind;
        rule.kinds = {};
        EXPECT_EQ(accuse(rule, ListKind::Address, {}, hit).identities.size(), 1U);
        rule.kinds = {HitKind::Ssh, HitKind::Mail};
        EXPECT_EQ(accuse(rule, ListKind::Address, {}, hit).identities.size(),
                  kind == HitKind::Report ? 0U : 1U);
    }
    hit.kind = HitKind::Report;
    EXPECT_EQ(accuse(rule, ListKind::Address, {}, hit).step, "hits of kind report do not count");
}

TEST(AccuseKinds, AListOfAnotherKindGetsNothing) {
    TrapRule rule;
    Hit hit;
    hit.signer = *parse_domain("bad.example");
    EXPECT_TRUE(accuse(rule, ListKind::Domain, {}, hit).identities.empty());
    rule.target = kSigner;
    EXPECT_TRUE(accuse(rule, ListKind::Address, {}, hit).identities.empty());
    EXPECT_EQ(accuse(rule, ListKind::Domain, {}, hit).identities.size(), 1U);
}

}  // namespace
}  // namespace fairlist::rules
