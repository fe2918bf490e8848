#include "server/net/endpoint.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace fairlist::net {
namespace {

struct EndpointCase {
    std::string name;
    std::string address;
    std::uint16_t port;
    int family;
    std::string text;
    bool wildcard;
};

class EndpointTable : public testing::TestWithParam<EndpointCase> {};

TEST_P(EndpointTable, ToTheKernelAndBack) {
    const EndpointCase& c = GetParam();
    const Endpoint endpoint{*parse_address(c.address), c.port};
    EXPECT_EQ(to_string(endpoint), c.text);
    EXPECT_EQ(endpoint.is_wildcard(), c.wildcard);
    const SocketAddress address = to_socket_address(endpoint);
    EXPECT_EQ(address.base.sa_family, c.family);
    EXPECT_EQ(to_endpoint(address, size_of(address)), endpoint);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EndpointTable,
    testing::Values(EndpointCase{"v4", "192.0.2.1", 53, AF_INET, "192.0.2.1:53", false},
                    EndpointCase{"v4_wildcard", "0.0.0.0", 5353, AF_INET, "0.0.0.0:5353", true},
                    EndpointCase{"v6", "2001:db8::1", 53, AF_INET6, "[2001:db8::1]:53", false},
                    EndpointCase{"v6_wildcard", "::", 65535, AF_INET6, "[::]:65535", true},
                    EndpointCase{"mapped_is_v4", "::ffff:192.0.2.1", 53, AF_INET, "192.0.2.1:53",
                                 false}),
    [](const auto& param) { return param.param.name; });

TEST(Endpoint, NothingFromAnUnfilledAddress) {
    const SocketAddress address = to_socket_address({Address::from_v4(1), 53});
    EXPECT_FALSE(to_endpoint(address, 0).has_value());
    EXPECT_FALSE(to_endpoint(address, sizeof(sockaddr_in) - 1).has_value());
}

TEST(Endpoint, NothingFromAnotherFamily) {
    SocketAddress address{};
    address.base.sa_family = AF_UNIX;
    EXPECT_FALSE(to_endpoint(address, sizeof(address)).has_value());
}

}  // namespace
}  // namespace fairlist::net
