// RequestReader: bytes of a connection in, one request after another out.
#pragma once

#include "server/http/head_scan.h"
#include "server/http/http_message.h"
#include "server/http/http_settings.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace fairlist::http {

// Beast's parser for the header, around it the rules that it does not keep (HeadScan, and RFC 9112
// in the source), and a BodyReader.
//
// No socket and no clock: the server and the fuzz target drive the same code.
//
// After Refused nothing but refusal() has a meaning: where the next request would begin is unknown,
// so the connection ends.
class RequestReader {
  public:
    enum class State : std::uint8_t {
        Head,      // wants bytes of the header
        HeadDone,  // request() has all but the body; accept_body() goes on
        Body,      // wants bytes of the body
        Done,      // request() is whole; next() goes on
        Refused,
    };

    explicit RequestReader(const HeadLimits& limits);
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;
    ~RequestReader();

    // Takes all of `bytes`; those behind the request are kept for the next one. Requires: Head or
    // Body, so that a client that sends ahead costs no more than one read.
    State feed(std::string_view bytes);

    // Requires: HeadDone. Done when there is no body; Refused with 413 when it is longer.
    State accept_body(std::size_t body_bytes_max);

    // Requires: Done. Bytes that came ahead may lead to HeadDone or Refused at once.
    State next();

    [[nodiscard]] State state() const noexcept;
    // No byte of the next request has come. Requires: Head.
    [[nodiscard]] bool is_idle() const noexcept;

    // The reader fills in what comes by the wire; the rest is the caller's. Requires: HeadDone or
    // later.
    [[nodiscard]] Request& request() noexcept;
    [[nodiscard]] bool has_body() const noexcept;
    // Not set for a chunked body.
    [[nodiscard]] std::optional<std::uint64_t> content_length() const noexcept;
    // The client waits for "100 Continue" before it sends the body (RFC 9110 section 10.1.1).
    [[nodiscard]] bool expects_continue() const noexcept;
    // The client may send another request on this connection.
    [[nodiscard]] bool keep_alive() const noexcept;

    [[nodiscard]] const Refusal& refusal() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fairlist::http
