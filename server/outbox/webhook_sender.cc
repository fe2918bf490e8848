#include "server/outbox/webhook_sender.h"

#include "importer/fetch/address_guard.h"
#include "server/outbox/curl_handle.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <optional>
#include <sys/socket.h>
#include <utility>

namespace fairlist::outbox {

namespace {

// Answers are not read: only their status counts.
constexpr std::size_t kAnswerBytesMax = 64U << 10U;

struct Call {
    importer::AddressGuard guard;
    bool is_plain = false;  // http
    std::optional<Error> refused;
    std::size_t answer_bytes = 0;
};

std::size_t on_answer(char*, std::size_t, std::size_t count, void* user) {
    auto& call = *static_cast<Call*>(user);
    call.answer_bytes += count;
    return call.answer_bytes > kAnswerBytesMax ? CURL_WRITEFUNC_ERROR : count;
}

bool is_loopback(const sockaddr& address) noexcept {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24U == 127;
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    return address.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

// After all name resolution: the one place where no second DNS answer gets past.
curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) {
    auto& call = *static_cast<Call*>(user);
    if (const std::string why = call.guard.refusal(address->addr); !why.empty()) {
        call.refused = Error{Errc::Refused, importer::refused_address(why, false)};
        return CURL_SOCKET_BAD;
    }
    if (call.is_plain && !is_loopback(address->addr)) {
        call.refused = Error{Errc::Refused, "webhook: expected https; http is for loopback only"};
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

class HttpsWebhook final : public WebhookSender {
  public:
    explicit HttpsWebhook(WebhookOptions options) : options_(std::move(options)) {}

    Result<void> post(const WebhookCall& wanted) override {
        const CurlHandle handle = make_transfer(options_.time.count(), options_.stop);
        Call call;
        call.guard.allow_private = options_.allow_private;
        call.is_plain = wanted.url.starts_with("http:");
        std::array<char, CURL_ERROR_SIZE> detail{};
        curl_slist* fields = curl_slist_append(nullptr, "Content-Type: application/json");
        fields = curl_slist_append(
            fields, fmt::format("Fairlist-Signature: {}",
                                signature_of(wanted.secret, options_.clock(), wanted.body))
                        .c_str());
        const CurlList header(curl_slist_append(fields, "Expect:"));
        set_option(handle.get(), CURLOPT_ERRORBUFFER, detail.data());
        set_option(handle.get(), CURLOPT_PROTOCOLS_STR,
                   options_.allow_private ? "http,https" : "https");
        set_option(handle.get(), CURLOPT_URL, wanted.url.c_str());
        set_option(handle.get(), CURLOPT_HTTPHEADER, header.get());
        set_option(handle.get(), CURLOPT_POST, 1L);
        set_option(handle.get(), CURLOPT_POSTFIELDS, wanted.body.c_str());
        set_option(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(wanted.body.size()));
        set_option(handle.get(), CURLOPT_USERAGENT, "fairlist");
        set_option(handle.get(), CURLOPT_WRITEFUNCTION, on_answer);
        set_option(handle.get(), CURLOPT_WRITEDATA, static_cast<void*>(&call));
        set_option(handle.get(), CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
        set_option(handle.get(), CURLOPT_OPENSOCKETDATA, static_cast<void*>(&call));
        return outcome(handle.get(), curl_easy_perform(handle.get()), call, detail.data());
    }

  private:
    static Result<void> outcome(CURL* handle, CURLcode code, const Call& call, const char* detail) {
        if (call.refused) {
            return std::unexpected(*call.refused);
        }
        if (code != CURLE_OK) {
            return fail(Errc::Io, fmt::format("webhook: {}",
                                              *detail == '\0' ? curl_easy_strerror(code) : detail));
        }
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        if (status >= 200 && status < 300) {
            return {};
        }
        const bool may_try_again = status < 400 || status >= 500 || status == 408 || status == 429;
        return fail(may_try_again ? Errc::Io : Errc::Refused,
                    fmt::format("webhook: HTTP status {}, expected 200", status));
    }

    WebhookOptions options_;
};

}  // namespace

std::unique_ptr<WebhookSender> open_webhooks(WebhookOptions options) {
    return std::make_unique<HttpsWebhook>(std::move(options));
}

std::string signature_of(std::string_view secret, Time time, std::string_view body) {
    const std::string text = fmt::format("{}.{}", time.seconds, body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const unsigned char* done = HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size(), digest.data(), &size);
    FAIRLIST_CHECK(done != nullptr);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += fmt::format("{:02x}", digest[i]);
    }
    return fmt::format("t={},v1={}", time.seconds, hex);
}

}  // namespace fairlist::outbox
