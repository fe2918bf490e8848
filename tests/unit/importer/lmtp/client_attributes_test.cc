#include "importer/lmtp/client_attributes.h"

#include "importer/lmtp/envelope_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

constexpr auto kForward = AttributeCommand::Forward;
constexpr auto kClient = AttributeCommand::Client;

const ClientAttributes kKnown = {Address::from_v4(0xC0000201), "helo.example", "name.example"};

struct AttributeCase {
    std::string name;
    AttributeCommand command;
    std::string arguments;
    ClientAttributes expected;  // from kKnown
};

class ClientAttributeCases : public testing::TestWithParam<AttributeCase> {};

TEST_P(ClientAttributeCases, Apply) {
    const auto applied = apply_attributes(kKnown, GetParam().arguments, GetParam().command);
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_EQ(*applied, GetParam().expected);
}

const Address kV6 = {0x20010DB800000000, 0x99};

// The lines of the first four are those of Postfix 3.7.
const std::vector<AttributeCase> kAttributeCases = {
    {"postfix_first",
     kForward,
     "NAME=mail.spam.example ADDR=IPv6:2001:db8::99 PORT=51685",
     {kV6, "helo.example", "mail.spam.example"}},
    {"postfix_second",
     kForward,
     "PROTO=ESMTP HELO=client.example IDENT=9561FA7C30D SOURCE=REMOTE",
     {kKnown.address, "client.example", "name.example"}},
    {"postfix_literal",
     kForward,
     "PROTO=ESMTP HELO=[198.51.100.7] IDENT=965C SOURCE=REMOTE",
     {kKnown.address, "[198.51.100.7]", "name.example"}},
    {"postfix_local", kForward, "SOURCE=LOCAL", kKnown},
    {"v4",
     kForward,
     "ADDR=198.51.100.7",
     {Address::from_v4(0xC6336407), "helo.example", "name.example"}},
    {"v6_prefix_of_the_specification",
     kForward,
     "ADDR=IPV6:2001:db8::99",
     {kV6, "helo.example", "name.example"}},
    {"v6_without_prefix", kForward, "ADDR=2001:db8::99", {kV6, "helo.example", "name.example"}},
    {"unavailable", kForward, "ADDR=[UNAVAILABLE] NAME=[unavailable] HELO=[Unavailable]", {}},
    {"no_ip_address", kForward, "ADDR=X.25", {{}, "helo.example", "name.example"}},
    {"names_in_any_case", kForward, "name=a helo=b", {kKnown.address, "b", "a"}},
    {"name_unknown", kForward, "NAME=unknown", {kKnown.address, "helo.example", ""}},
    {"xtext", kForward, "HELO=a+2Bb+3Dc+20d+2b", {kKnown.address, "a+b=c d+", "name.example"}},
    {"equals_inside", kForward, "HELO=a=b", {kKnown.address, "a=b", "name.example"}},
    {"controls_become_marks",
     kForward,
     "HELO=a+0D+0Ab+00+FF",
     {kKnown.address, "a??b??", "name.example"}},
    {"long",
     kForward,
     "HELO=" + std::string(300, 'x'),
     {kKnown.address, std::string(kEnvelopeTextBytesMax, 'x'), "name.example"}},
    {"several_blanks", kForward, "NAME=a   HELO=b", {kKnown.address, "b", "a"}},
    {"the_last_one_counts", kForward, "HELO=a HELO=b", {kKnown.address, "b", "name.example"}},
    {"client",
     kClient,
     "NAME=[TEMPUNAVAIL] ADDR=192.0.2.9 HELO=x",
     {Address::from_v4(0xC0000209), "x", ""}},
};

INSTANTIATE_TEST_SUITE_P(Xforward, ClientAttributeCases, testing::ValuesIn(kAttributeCases),
                         [](const auto& param) { return param.param.name; });

struct FaultCase {
    std::string name;
    AttributeCommand command;
    std::string arguments;
};

class ClientAttributeFaults : public testing::TestWithParam<FaultCase> {};

TEST_P(ClientAttributeFaults, AreMalformedAndQuoteNothing) {
    const auto applied = apply_attributes(kKnown, GetParam().arguments, GetParam().command);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code, Errc::Malformed);
    EXPECT_EQ(applied.error().message.find("secret"), std::string::npos);
}

const std::vector<FaultCase> kFaultCases = {
    {"nothing", kForward, ""},
    {"no_equals", kForward, "secret"},
    {"no_value", kForward, "NAME="},
    {"no_name", kForward, "=secret"},
    {"not_offered", kForward, "SECRET=secret"},
    {"the_command_is_no_attribute", kForward, "XFORWARD=secret"},
    {"not_offered_to_clients", kClient, "PORT=25"},
    {"login", kClient, "LOGIN=secret"},
    {"xtext_cut", kForward, "HELO=secret+2"},
    {"xtext_cut_early", kForward, "HELO=secret+"},
    {"xtext_no_digits", kForward, "HELO=secret+zz"},
    {"xtext_sign", kForward, "HELO=secret+-1"},
    {"second_is_bad", kForward, "NAME=a HELO"},
};

INSTANTIATE_TEST_SUITE_P(Xforward, ClientAttributeFaults, testing::ValuesIn(kFaultCases),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::importer
