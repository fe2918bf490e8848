#include "importer/checks/dns_lookup.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fairlist::importer {

Result<DnsReply> ResolverLookup::ask(const std::string& name, DnsType type) {
    using std::chrono::steady_clock;
    const auto question =
        make_question(name, type, static_cast<std::uint16_t>(randombytes_uniform(0x10000)));
    if (!question) {
        return std::unexpected(question.error());
    }
    const Deadline begin = steady_clock::now();
    const Deadline end = std::min(begin + query_time_, end_);
    if (begin >= end || stop_.stop_requested()) {
        return fail(Errc::Io, "the time for all questions is over");
    }
    return ask_servers(servers_, *question, end);
}

std::string reverse_name(const Address& address) {
    const auto bytes = address.to_bytes();
    std::string name;
    if (address.is_v4()) {
        for (std::size_t i = 16; i > 12; --i) {
            name += fmt::format("{}.", bytes[i - 1]);
        }
        return name + "in-addr.arpa";
    }
    for (std::size_t i = 16; i > 0; --i) {
        name += fmt::format("{:x}.{:x}.", bytes[i - 1] & 0x0FU, bytes[i - 1] >> 4U);
    }
    return name + "ip6.arpa";
}

}  // namespace fairlist::importer
