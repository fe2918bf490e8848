// DnsExchange: one question to one server and its reply, by a deadline.
#pragma once

#include "importer/dkim/dns_message.h"
#include "listing/base/result.h"
#include "listing/model/address.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fairlist::importer {

struct DnsServer {
    Address address;
    std::uint16_t port = 53;
};

// Of the monotonic clock.
using Deadline = std::chrono::steady_clock::time_point;

// Replies to other questions, which anyone may send, are passed over up to this number.
inline constexpr std::size_t kForeignRepliesMax = 64;

// Over UDP, and over TCP when the reply did not fit. Never Foreign nor Truncated.
// Errors: Io (no reply in time, no connection).
[[nodiscard]] Result<DnsReply> ask_server(const DnsServer& server, const DnsQuestion& question,
                                          Deadline deadline);

// The same of several servers in turn, twice each, as one lost datagram must not cost an answer;
// what an early failure leaves of the time goes to those that are still to be asked. Found or
// Missing. Errors: Io (nobody could tell by `end`).
[[nodiscard]] Result<DnsReply> ask_servers(std::span<const DnsServer> servers,
                                           const DnsQuestion& question, Deadline end);

}  // namespace fairlist::importer
