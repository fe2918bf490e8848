#include "importer/fetch/address_guard.h"

#include "importer/fetch/resolve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

namespace fairlist::importer {
namespace {

sockaddr_storage socket_address(const std::string& text) {
    sockaddr_storage storage{};
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        std::memcpy(&storage, &v4, sizeof v4);
    } else {
        EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
        v6.sin6_family = AF_INET6;
        std::memcpy(&storage, &v6, sizeof v6);
    }
    return storage;
}

std::string refusal(const AddressGuard& guard, const std::string& text) {
    const sockaddr_storage storage = socket_address(text);
    return guard.refusal(reinterpret_cast<const sockaddr&>(storage));
}

class GuardRefuses : public testing::TestWithParam<std::string> {};

TEST_P(GuardRefuses, WhatIsNotPublic) {
    EXPECT_FALSE(refusal({}, GetParam()).empty());
    EXPECT_TRUE(refusal({.allow_private = true, .allowed = {}}, GetParam()).empty());
}

INSTANTIATE_TEST_SUITE_P(AddressGuard, GuardRefuses,
                         testing::Values("127.0.0.1", "127.255.255.255", "0.0.0.0", "10.1.2.3",
                                         "172.16.0.1", "192.168.1.1", "169.254.169.254",
                                         "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1",
                                         "255.255.255.255", "::1", "::", "fe80::1", "fec0::1",
                                         "fd00::1", "ff02::1", "2001:db8::1", "64:ff9b::7f00:1",
                                         "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1",
                                         "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"));

class GuardAllows : public testing::TestWithParam<std::string> {};

TEST_P(GuardAllows, WhatIsPublic) {
    EXPECT_EQ(refusal({}, GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(AddressGuard, GuardAllows,
                         testing::Values("8.8.8.8", "172.15.255.255", "172.32.0.1", "100.128.0.1",
                                         "2001:500:2::c", "2606:4700::1", "2a00::1"));

TEST(AddressGuard, AllowsWhatIsListedAndNothingBeside) {
    const AddressGuard guard{false, {parse_prefix("127.0.0.1").value()}};
    EXPECT_EQ(refusal(guard, "127.0.0.1"), "");
    EXPECT_EQ(refusal(guard, "127.0.0.2"), "127.0.0.2: loopback (RFC 1122)");
    EXPECT_NE(refusal(guard, "::1"), "");
}

TEST(ResolveAllowed, ChecksTheAddressThatItGives) {
    EXPECT_EQ(resolve_allowed("127.0.0.1", {.allow_private = true, .allowed = {}}).value(),
              "127.0.0.1");
    const auto refused = resolve_allowed("127.0.0.1", {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Refused);
}

}  // namespace
}  // namespace fairlist::importer
