// Mail sink: where the mails of traps go, and when their sender may forget them.
#pragma once

#include "listing/model/address.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// Who sent a mail, as told outside of it. Texts as received, at most 255 bytes, printable ASCII
// (others as "?").
struct Envelope {
    std::optional<Address> peer;  // the client of the first server: XFORWARD or XCLIENT ADDR
    std::string helo;             // XFORWARD HELO
    std::string peer_name;        // XFORWARD NAME; empty: none or [UNAVAILABLE]
    std::string sender;           // MAIL FROM, may be empty (a secret: VERP)
};

struct IncomingMail {
    Envelope envelope;
    std::vector<std::string> recipients;  // secrets; as accepted at RCPT
    std::string bytes;                    // dots unstuffed, CRLF line ends as received
};

enum class Acceptance : std::uint8_t { Known, Unknown, TemporaryFailure };
enum class Delivery : std::uint8_t { Stored, Duplicate, TemporaryFailure, Refused };

class MailSink {
  public:
    virtual ~MailSink() = default;

    // Cheap, thread-safe: whether mail for this address is taken.
    [[nodiscard]] virtual Acceptance accepts(std::string_view recipient) = 0;

    // One a recipient, in their order; called once, from any thread.
    using Done = std::move_only_function<void(std::vector<Delivery>)>;

    // Durable before `done` says Stored. May be called while earlier ones are pending; when its
    // queue is full it calls `done` at once with TemporaryFailure.
    virtual void deliver(IncomingMail mail, Done done) = 0;
};

}  // namespace fairlist::importer
