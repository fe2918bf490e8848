// Outbox: what goes out to people and their machines: mail over SMTP, JSON to webhooks.
#pragma once

#include "listing/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::outbox {

struct MailAccount {
    std::string server;  // "smtp://127.0.0.1:25", "smtps://mail.example:465"
    std::string from;    // envelope and header sender
    std::string user;    // empty: no authentication
    std::filesystem::path password_file;
    bool needs_tls = false;
    std::chrono::milliseconds time{30000};
    std::stop_token stop{};  // ends a letter that is under way within seconds
};

// Finished RFC 5322 bytes with CRLF, built by write_letter().
struct Letter {
    std::string to;  // one mailbox
    std::string bytes;
};

// Thread: one. Errors: Refused (the server says no for good: 5xx), Io (try again).
class MailSender {
  public:
    virtual ~MailSender() = default;
    [[nodiscard]] virtual Result<void> send(const Letter& letter) = 0;
};

// Body with HMAC-SHA256 of time and body under the provider's secret (header Fairlist-Signature).
struct WebhookCall {
    std::string url;  // https
    std::string body;
    std::string secret;
};

// Errors: Refused (4xx but 408 and 429), Io (try again). Never to private addresses unless allowed.
class WebhookSender {
  public:
    virtual ~WebhookSender() = default;
    [[nodiscard]] virtual Result<void> post(const WebhookCall& call) = 0;
};

}  // namespace fairlist::outbox
