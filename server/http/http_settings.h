// HttpSettings: where the server listens, and every limit it keeps.
#pragma once

#include "listing/model/address.h"
#include "listing/model/prefix.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::http {

// What one message may be; see RequestReader.
struct HeadLimits {
    std::size_t head_bytes = std::size_t{8} << 10U;  // request line and fields: 431 above
    std::size_t fields = 64;                         // 431 above
    std::size_t target_bytes = 2048;                 // 414 above
};

// Requests of one client: as many at once as `burst`, and in the long run `per_second`.
struct RequestRate {
    std::uint32_t per_second = 20;  // 0: no limit
    std::uint32_t burst = 60;
};

struct HttpLimits {
    HeadLimits head;
    RequestRate rate;                           // 429 with Retry-After above
    std::uint32_t connections = 256;            // 503 with Retry-After above, then closed
    std::uint32_t connections_per_client = 32;  // the same; nobody's by the Unix socket
    std::uint32_t requests_per_connection =
        1000;                         // the last one is answered with Connection: close
    std::uint32_t workers = 2;        // threads that run handlers
    std::uint32_t jobs_waiting = 64;  // for a worker: 503 with Retry-After above
    // Of all requests together; what a route may take is in its row. 503 with Retry-After above.
    std::size_t body_bytes_total = std::size_t{64} << 20U;
    std::uint32_t retry_seconds = 5;  // what Retry-After says where nothing better is known

    std::chrono::milliseconds head_time{10'000};   // from the first byte (or the accept): 408
    std::chrono::milliseconds body_time{60'000};   // for the whole body: 408
    std::chrono::milliseconds idle_time{30'000};   // between two requests: closed
    std::chrono::milliseconds write_time{30'000};  // for the whole response: closed
    // How long a client may take to read an answer that came before the end of its request, and how
    // much of that request is thrown away meanwhile. Closing at once would take the answer from it
    // (RFC 9112 section 9.6).
    std::chrono::milliseconds linger_time{2'000};
    std::size_t linger_bytes = std::size_t{1} << 20U;
    std::chrono::milliseconds stop_time{5'000};  // for the requests in hand when the server stops
};

struct HttpEndpoint {
    Address address;
    std::uint16_t port = 0;  // 0: one that the kernel chooses
    bool tls = false;
    // A TCP socket that is bound there already, and belongs to the server once it is opened; -1:
    // the server binds one itself.
    int socket = -1;
};

struct TlsFiles {
    std::string certificate;  // PEM: ours first, then those above it
    std::string key;          // PEM, without a passphrase
};

// The field in which a trusted proxy says who asked it. One only: a proxy that writes the one hands
// on the other as its client sent it.
enum class ForwardedField : std::uint8_t { XForwardedFor, Forwarded };

// Who is believed when it says for whom it asks.
struct TrustedProxies {
    std::vector<Prefix> peers;  // empty: nobody
    ForwardedField field = ForwardedField::XForwardedFor;
};

struct HttpSettings {
    std::vector<HttpEndpoint> endpoints;
    std::string unix_socket;           // a path; empty: none
    unsigned unix_permissions = 0660;  // of the socket's file: who may write may connect
    TlsFiles tls;                      // needed when an endpoint has TLS
    TrustedProxies proxies;
    HttpLimits limits;
};

}  // namespace fairlist::http
