#include "server/config/sections.h"
#include "server/config/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>

namespace fairlist::config {

namespace {

constexpr std::uint64_t kDay = 86400;
constexpr std::uint64_t kYear = 366 * kDay;
constexpr std::size_t kWaitsMax = 16;

constexpr std::array<Choice<RemovalMode>, 4> kModes = {{{"quiet", RemovalMode::Quiet},
                                                        {"exemption", RemovalMode::Exemption},
                                                        {"person", RemovalMode::Person},
                                                        {"never", RemovalMode::Never}}};

Result<Listener> parse_dns_server(std::string_view text) {
    auto server = parse_listener(text);
    if (server && server->port == 0) {
        return fail(Errc::OutOfRange, fmt::format("{}: no server answers on port 0", quote(text)));
    }
    return server;
}

}  // namespace

void read_removal_rule(Reader& in, RemovalRule& out) {
    in.choice("mode", out.mode, kModes);
    in.duration("quiet", out.quiet_seconds, {0, 30 * kDay});
    in.durations("waits", out.waits_seconds, {0, kYear});
    in.duration("reset", out.reset_seconds, {0, 10 * kYear});
    in.duration("watch", out.watch_seconds, {3600, kYear});
    in.parsed_list("needed", "word", out.needed, parse_check_kind);
    in.duration("exemption", out.exemption_seconds, {3600, 10 * kYear});
    if (out.waits_seconds.empty() || out.waits_seconds.size() > kWaitsMax) {
        in.fault("waits", fmt::format("{} waits: expected 1 to {}, such as [\"0s\", \"1d\"]",
                                      out.waits_seconds.size(), kWaitsMax));
    }
    if (std::ranges::adjacent_find(out.waits_seconds, std::greater<>()) !=
        out.waits_seconds.end()) {
        in.fault("waits", "expected each to be no shorter than the one before");
    }
}

void read_removals(Reader& in, Removals& out) {
    // RFC 6471 section 2.2.3: two days, never past seven.
    constexpr std::uint64_t kAnswerMost = 7 * kDay;
    in.parsed_list("resolver", "listener", out.resolver, parse_dns_server);
    in.number("query_timeout_ms", out.query_timeout_ms, {100, 30000});
    in.number("party_timeout_ms", out.party_timeout_ms, {1000, 120000});
    in.duration("proof", out.proof_seconds, {600, 30 * kDay});
    in.duration("operator", out.operator_seconds, {3600, kAnswerMost});
    in.number("per_address_day", out.per_address_day, {1, 1000000});
    in.number("per_network_day", out.per_network_day, {1, 1000000});
    in.number("per_subject_day", out.per_subject_day, {1, 1000000});
    in.number("mails_per_domain_day", out.mails_per_domain_day, {1, 1000});
    in.duration("keep_requester", out.keep_requester_seconds, {kDay, 10 * kYear});
}

}  // namespace fairlist::config
