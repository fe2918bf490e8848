#include "server/app/intake_settings.h"

#include "server/app/intake_sockets.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <vector>

namespace fairlist::app {

namespace {

// One that imports a policy holds no look-up up.
constexpr std::uint32_t kHttpWorkers = 4;
// A mail policy of 64 MiB leaves room for what others send.
constexpr std::size_t kHttpBodies = std::size_t{128} << 20U;

bool same(const std::vector<config::Listener>& a, const std::vector<config::Listener>& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
        return x.address == y.address && x.port == y.port;
    });
}

}  // namespace

importer::LmtpServerOptions lmtp_options(const config::Trap& trap) {
    importer::LmtpServerOptions options;
    if (!trap.own_hosts.empty()) {
        options.host_name = trap.own_hosts.front();
    }
    options.trusted = trap.trusted_clients;
    options.limits.message_bytes = trap.message_bytes_max;
    options.warn = warn_operator;
    return options;
}

http::TlsFiles tls_files(const config::Http& config) {
    return {config.certificate.string(), config.key.string()};
}

Result<http::HttpSettings> http_settings(const config::Http& config,
                                         std::span<const net::Socket> sockets) {
    http::HttpSettings settings;
    const bool tls = !config.certificate.empty();
    auto copies = duplicates_of(sockets);
    if (!copies) {
        return std::unexpected(copies.error());
    }
    for (net::Socket& copy : *copies) {
        const auto endpoint = net::local_endpoint(copy);
        if (!endpoint) {
            return fail_in("http.listen", endpoint.error());
        }
        settings.endpoints.push_back({endpoint->address, endpoint->port, tls, copy.release()});
    }
    settings.unix_socket = config.socket.string();
    settings.tls = tls_files(config);
    settings.limits.workers = kHttpWorkers;
    settings.limits.body_bytes_total = kHttpBodies;
    settings.proxies.peers = config.trusted_proxies;
    settings.proxies.field = config.standard_forwarded ? http::ForwardedField::Forwarded
                                                       : http::ForwardedField::XForwardedFor;
    return settings;
}

void log_what_needs_a_restart(const config::Config& running, const config::Config& wanted) {
    const auto check = [](bool is_same, std::string_view key) {
        if (!is_same) {
            spdlog::warn("{} has changed: {}", key, kRestartHint);
        }
    };
    check(same(running.trap.listen, wanted.trap.listen), "trap.listen");
    check(running.trap.socket == wanted.trap.socket, "trap.socket");
    check(running.trap.vault == wanted.trap.vault, "trap.vault");
    check(running.trap.trusted_clients == wanted.trap.trusted_clients, "trap.trusted_clients");
    check(running.trap.message_bytes_max == wanted.trap.message_bytes_max,
          "trap.message_bytes_max");
    check(same(running.http.listen, wanted.http.listen), "http.listen");
    check(running.http.socket == wanted.http.socket, "http.socket");
    check(
        running.http.certificate == wanted.http.certificate && running.http.key == wanted.http.key,
        "http.certificate or http.key");
    check(running.http.trusted_proxies == wanted.http.trusted_proxies &&
              running.http.standard_forwarded == wanted.http.standard_forwarded,
          "http.trusted_proxies or http.forwarded_field");
    check(running.server.roles == wanted.server.roles, "server.roles");
}

void warn_operator(std::string_view what) {
    spdlog::warn("{}", what);
}

}  // namespace fairlist::app
