#include "server/app/settings_maker.h"

#include "server/app/zone_loader.h"
#include "server/net/cookie_secrets.h"
#include "server/net/udp_batch.h"

#include <algorithm>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <utility>

namespace fairlist::app {

namespace {

net::TcpLimits tcp_limits(const config::Limits& limits) {
    return {.connections = limits.tcp_connections,
            .connections_per_client = limits.tcp_connections_per_client,
            .idle_timeout_ms = limits.tcp_idle_timeout_ms,
            .io_timeout_ms = limits.tcp_io_timeout_ms,
            .total_timeout_ms = std::uint64_t{limits.tcp_total_timeout_s} * 1000};
}

net::RateLimits rate_limits(const config::Limits& limits) {
    return {.positive = limits.rate_positive,
            .negative = limits.rate_nxdomain,
            .error = limits.rate_error,
            .slip = limits.rate_slip};
}

}  // namespace

SettingsMaker::SettingsMaker(store::Environment& environment, unsigned workers)
    : environment_(environment),
      workers_(workers),
      random_secret_(net::make_random_cookie_secret()) {}

Result<dns::CookieSigner> SettingsMaker::make_signer(const config::Server& server) const {
    if (server.cookie_secret_file.empty()) {
        return dns::CookieSigner(std::span(&random_secret_, 1));
    }
    const auto secrets = net::read_cookie_secrets(server.cookie_secret_file);
    if (!secrets) {
        return std::unexpected(secrets.error());
    }
    return dns::CookieSigner(*secrets);
}

Result<std::shared_ptr<const net::Settings>> SettingsMaker::make(
    const config::Config& config) const {
    Result<dns::CookieSigner> signer = make_signer(config.server);
    if (!signer) {
        return std::unexpected(signer.error());
    }
    auto zones = load_zones(config, environment_);
    if (!zones) {
        return std::unexpected(zones.error());
    }
    const std::string& nsid = config.server.nsid;
    return std::make_shared<const net::Settings>(net::Settings{
        .zones = std::move(*zones),
        .cookies = *signer,
        .nsid = {nsid.begin(), nsid.end()},
        .udp_bytes_max =
            std::min<std::uint16_t>(config.server.udp_payload_bytes_max, net::kUdpAnswerBytesMax),
        .rate = net::share_of(rate_limits(config.limits), workers_),
        .tcp = tcp_limits(config.limits)});
}

}  // namespace fairlist::app
