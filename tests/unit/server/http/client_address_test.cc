#include "server/http/client_address.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::http {
namespace {

struct Case {
    const char* name;
    const char* peer;
    const char* field;
    const char* client;
    ForwardedField which = ForwardedField::XForwardedFor;
};

class ClientAddress : public testing::TestWithParam<Case> {};

// Proxies are 127.0.0.1, 10.0.0.0/8 and 2001:db8:1::/48.
TEST_P(ClientAddress, IsWhomTheLastTrustedProxyNames) {
    const Case& test = GetParam();
    TrustedProxies proxies;
    for (const char* prefix : {"127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"}) {
        proxies.peers.push_back(*parse_prefix(prefix));
    }
    proxies.field = test.which;
    Request request;
    // The other field always lies.
    request.x_forwarded_for = "203.0.113.66";
    request.forwarded = "for=203.0.113.66";
    (test.which == ForwardedField::Forwarded ? request.forwarded : request.x_forwarded_for) =
        test.field;
    EXPECT_EQ(to_string(client_of(request, *parse_address(test.peer), proxies)), test.client);
}

constexpr auto kStandard = ForwardedField::Forwarded;

INSTANTIATE_TEST_SUITE_P(
    , ClientAddress,
    testing::Values(
        Case{"NoField", "127.0.0.1", "", "127.0.0.1"},
        Case{"StrangerIsNotBelieved", "198.51.100.1", "192.0.2.1", "198.51.100.1"},
        Case{"OneProxy", "127.0.0.1", "192.0.2.1", "192.0.2.1"},
        Case{"WhatTheClientWroteCountsForNothing", "127.0.0.1", "10.0.0.9, 192.0.2.1", "192.0.2.1"},
        Case{"TwoProxies", "127.0.0.1", "192.0.2.1, 10.1.2.3", "192.0.2.1"},
        Case{"AllTrusted", "127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"},
        Case{"NoAddressEndsTheWalk", "127.0.0.1", "192.0.2.1, unknown", "127.0.0.1"},
        Case{"NoAddressFurtherOn", "127.0.0.1", "x, 10.0.0.2", "10.0.0.2"},
        Case{"EmptyElement", "127.0.0.1", "192.0.2.1,", "127.0.0.1"},
        Case{"Port", "127.0.0.1", "192.0.2.1:4711", "192.0.2.1"},
        Case{"V6", "2001:db8:1::5", "2001:db8:9::1", "2001:db8:9::1"},
        Case{"V6WithPort", "127.0.0.1", "[2001:db8:9::1]:443", "2001:db8:9::1"},
        Case{"V6OutsideOfThePrefix", "2001:db8:2::5", "192.0.2.1", "2001:db8:2::5"},
        Case{"Standard", "127.0.0.1", "for=192.0.2.1", "192.0.2.1", kStandard},
        Case{"StandardQuoted", "127.0.0.1", "for=\"[2001:db8:9::1]:4711\"", "2001:db8:9::1",
             kStandard},
        Case{"StandardOtherPairs", "127.0.0.1", "proto=https;For=192.0.2.1;by=10.0.0.1",
             "192.0.2.1", kStandard},
        Case{"StandardTwo", "127.0.0.1", "for=10.9.9.9, for=192.0.2.1", "192.0.2.1", kStandard},
        Case{"StandardHidden", "127.0.0.1", "for=_hidden", "127.0.0.1", kStandard},
        Case{"StandardUnclosed", "127.0.0.1", "for=\"192.0.2.1", "127.0.0.1", kStandard}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ClientAddressWalk, EndsAtItsLimit) {
    TrustedProxies proxies;
    proxies.peers.push_back(*parse_prefix("10.0.0.0/8"));
    Request request;
    for (int i = 0; i < 100; ++i) {
        request.x_forwarded_for += "10.0.0." + std::to_string(i) + ", ";
    }
    request.x_forwarded_for += "10.0.0.200";
    const Address client = client_of(request, *parse_address("10.9.9.9"), proxies);
    EXPECT_EQ(to_string(client), "10.0.0.85");
}

}  // namespace
}  // namespace fairlist::http
