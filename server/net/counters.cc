#include "server/net/counters.h"

#include <fmt/format.h>

#include <string_view>

namespace fairlist::net {

namespace {

std::string rcode_name(std::size_t rcode) {
    switch (static_cast<dns::Rcode>(rcode)) {
        case dns::Rcode::NoError:
            return "noerror";
        case dns::Rcode::FormErr:
            return "formerr";
        case dns::Rcode::ServFail:
            return "servfail";
        case dns::Rcode::NxDomain:
            return "nxdomain";
        case dns::Rcode::NotImp:
            return "notimp";
        case dns::Rcode::Refused:
            return "refused";
        case dns::Rcode::NotAuth:
            return "notauth";
        case dns::Rcode::BadVers:
            return "badvers";
        case dns::Rcode::BadCookie:
            return "badcookie";
    }
    return fmt::format("rcode{}", rcode);
}

void append(std::string& line, std::string_view name, std::uint64_t value) {
    if (value != 0) {
        line += fmt::format(" {}={}", name, value);
    }
}

}  // namespace

void CounterTotals::add(const Counters& counters) noexcept {
    queries += counters.queries.value();
    dropped += counters.dropped.value();
    truncated += counters.truncated.value();
    rate_dropped += counters.rate_dropped.value();
    rate_slipped += counters.rate_slipped.value();
    send_errors += counters.send_errors.value();
    xdp_frames += counters.xdp_frames.value();
    for (std::size_t rcode = 0; rcode < rcodes.size(); ++rcode) {
        rcodes[rcode] += counters.rcodes[rcode].value();
    }
    tcp_opened += counters.tcp_opened.value();
    tcp_open += counters.tcp_open.value();
    tcp_refused += counters.tcp_refused.value();
    tcp_timed_out += counters.tcp_timed_out.value();
    tcp_accept_errors += counters.tcp_accept_errors.value();
}

std::string to_string(const CounterTotals& totals) {
    std::string line = fmt::format("queries={}", totals.queries);
    for (std::size_t rcode = 0; rcode < totals.rcodes.size(); ++rcode) {
        append(line, rcode_name(rcode), totals.rcodes[rcode]);
    }
    append(line, "dropped", totals.dropped);
    append(line, "truncated", totals.truncated);
    append(line, "rate_dropped", totals.rate_dropped);
    append(line, "rate_slipped", totals.rate_slipped);
    append(line, "send_errors", totals.send_errors);
    append(line, "xdp_frames", totals.xdp_frames);
    append(line, "xdp_lost", totals.xdp_lost);
    append(line, "tcp_opened", totals.tcp_opened);
    append(line, "tcp_open", totals.tcp_open);
    append(line, "tcp_refused", totals.tcp_refused);
    append(line, "tcp_timed_out", totals.tcp_timed_out);
    append(line, "tcp_accept_errors", totals.tcp_accept_errors);
    return line;
}

}  // namespace fairlist::net
