#include "server/outbox/webhook_sender.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::outbox {
namespace {

// By Python: hmac.new(b"whsec_0011", b'1795680000.{"reports": []}', "sha256").
TEST(WebhookTest, SignatureIsHmacSha256OfTimeAndBody) {
    EXPECT_EQ(signature_of("whsec_0011", Time{1'795'680'000}, R"({"reports": []})"),
              "t=1795680000,v1=7bac741ac712a1e8f6f0961c6a444aa9aa18aff08fe41ea005953aedd6ba18ad");
}

struct Place {
    const char* name;
    const char* url;
    bool allow_private;
    const char* why;
};

class WebhookPlaces : public ::testing::TestWithParam<Place> {};

// Refused before a connection is made, so nothing need be there.
TEST_P(WebhookPlaces, AreRefused) {
    const auto sender = open_webhooks({.allow_private = GetParam().allow_private});
    const auto sent = sender->post({GetParam().url, "{}", "whsec_0011"});
    ASSERT_FALSE(sent);
    EXPECT_NE(sent.error().message.find(GetParam().why), std::string::npos) << sent.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Webhook, WebhookPlaces,
    ::testing::Values(Place{"loopback", "https://127.0.0.1:9/", false, "127.0.0.1"},
                      Place{"private", "https://10.1.2.3:9/", false, "10.1.2.3"},
                      Place{"mapped", "https://[::ffff:127.0.0.1]:9/", false, "127.0.0.1"},
                      Place{"plain", "http://127.0.0.1:9/", false, "not supported"},
                      Place{"plain_elsewhere", "http://192.0.2.1:9/", true, "loopback only"},
                      Place{"file", "file:///etc/hostname", true, "not supported"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace fairlist::outbox
