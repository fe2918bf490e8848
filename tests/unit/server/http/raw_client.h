// RawClient: sends bytes to a server, whatever they are, and hears what comes back.
#pragma once

#include "tests/unit/server/http/answers.h"

#include <cstdint>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

namespace fairlist::http {

struct SslFree {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
struct SslContextFree {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};

// A hang is a failure, not an endless test: everything gives up after ten seconds.
class RawClient {
  public:
    // TCP; `from` is a local address.
    explicit RawClient(std::uint16_t port, const std::string& from = "127.0.0.1");
    explicit RawClient(const std::string& unix_path);
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient();

    // False when the handshake failed. `version` is OpenSSL's, the highest to offer; `protocols`
    // are of ALPN, in their wire form.
    [[nodiscard]] bool start_tls(int version = 0, std::string_view protocols = {});
    // The common name of the server's certificate.
    [[nodiscard]] std::string tls_name() const;

    // False when the server takes no more.
    bool say(std::string_view bytes);
    void end_saying();
    // The next answer; status 0 when the server ends without one.
    [[nodiscard]] Answer hear(bool to_head = false);
    // All bytes until the server ends.
    [[nodiscard]] std::string hear_all();
    [[nodiscard]] bool is_closed() { return hear_all().empty(); }

    // One request and its answer.
    [[nodiscard]] Answer ask(std::string_view bytes) { return say(bytes) ? hear() : Answer{}; }

  private:
    [[nodiscard]] bool hear_some();

    int socket_ = -1;
    std::unique_ptr<SSL_CTX, SslContextFree> context_;
    std::unique_ptr<SSL, SslFree> ssl_;
    std::string heard_;
};

}  // namespace fairlist::http
