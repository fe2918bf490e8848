// LmtpLoad: mails handed over to an LMTP server over many connections, as fast as it takes them.
#pragma once

#include "tests/bench/latency_histogram.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::bench {

struct LmtpLoadOptions {
    std::uint16_t port = 0;  // on the loopback
    std::string recipient;
    unsigned connections = 1;
    std::uint64_t messages = 1000;     // together
    std::uint64_t first = 0;           // number of the first: it makes a mail another
    std::vector<std::string> samples;  // in turn, each below a header of ours
};

struct LmtpLoadResult {
    double seconds = 0;
    LatencyHistogram latency;  // from the last byte of a mail to its 250
};

// As Postfix does it: XFORWARD with another client for each mail, then the envelope in one piece. A
// thread a connection. Throws std::runtime_error when the server does not take a mail.
[[nodiscard]] LmtpLoadResult run_lmtp_load(const LmtpLoadOptions& options);

}  // namespace fairlist::bench
