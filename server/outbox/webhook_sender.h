// HttpsWebhook: signed JSON to a provider's own machine, by libcurl.
#pragma once

#include "listing/base/time.h"
#include "server/outbox/outbox.h"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace fairlist::outbox {

struct WebhookOptions {
    bool allow_private = false;  // loopback and private addresses; at loopback also http
    std::chrono::milliseconds time{20000};
    std::function<Time()> clock = now;
    std::stop_token stop{};  // ends a call that is under way within seconds
};

[[nodiscard]] std::unique_ptr<WebhookSender> open_webhooks(WebhookOptions options);

// "t=1795680000,v1=HEX": HMAC-SHA256 (RFC 2104) of "TIME.BODY" under the secret. Who checks it
// refuses times that are minutes away, so that nobody sends a call again.
[[nodiscard]] std::string signature_of(std::string_view secret, Time time, std::string_view body);

}  // namespace fairlist::outbox
