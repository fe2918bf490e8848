#include "server/config/node.h"
#include "server/config/sections.h"
#include "server/config/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::config {

namespace {

constexpr std::uint64_t kDay = 86400;
constexpr std::uint16_t kLmtpPort = 24;  // "any private mail system", as LMTP servers use it
constexpr std::uint16_t kHttpPort = 80;
constexpr std::size_t kSocketBytesMax = 107;  // sun_path, less the final zero (unix(7))

// Whether it is the one of RFC 7239.
constexpr std::array<Choice<bool>, 2> kForwardedFields{
    {{"x-forwarded-for", false}, {"forwarded", true}}};

Result<Prefix> parse_exact_prefix(std::string_view text) {
    return parse_prefix(text);
}

Result<std::string> parse_canonical_domain(std::string_view text) {
    const auto name = parse_domain(text);
    return name ? Result<std::string>(name->text()) : std::unexpected(name.error());
}

Result<Listener> parse_lmtp_listener(std::string_view text) {
    return parse_listener(text, kLmtpPort);
}

Result<Listener> parse_http_listener(std::string_view text) {
    return parse_listener(text, kHttpPort);
}

Result<Listener> parse_resolver(std::string_view text) {
    auto resolver = parse_listener(text);
    if (resolver && resolver->port == 0) {
        return fail(Errc::OutOfRange, fmt::format("{}: no server answers on port 0", quote(text)));
    }
    return resolver;
}

void read_socket(Reader& in, std::filesystem::path& out) {
    in.path("socket", out);
    if (const std::size_t bytes = out.native().size(); bytes > kSocketBytesMax) {
        in.fault("socket", fmt::format("{}: {} bytes, the limit for a socket is {}",
                                       quote(out.string()), bytes, kSocketBytesMax));
    }
}

}  // namespace

void read_trap(Reader& in, TrapTable& out) {
    Trap& trap = out.trap;
    in.parsed_list("trusted_relays", "prefix", trap.trusted_relays, parse_exact_prefix);
    in.parsed_list("own_hosts", "host name", trap.own_hosts, parse_host_name);
    in.parsed_list("known_good", "prefix", trap.known_good, parse_exact_prefix);
    in.parsed_list("do_not_list_domains", "domain name", trap.do_not_list_domains,
                   parse_canonical_domain);
    in.path("space_file", out.space_file);
    in.path("vault", trap.vault);
    in.parsed_list("listen", "listener", trap.listen, parse_lmtp_listener);
    read_socket(in, trap.socket);
    if (in.has("trusted_clients")) {
        trap.trusted_clients.clear();
    }
    in.parsed_list("trusted_clients", "prefix", trap.trusted_clients, parse_exact_prefix);
    in.number("message_bytes_max", trap.message_bytes_max, {64U << 10U, 64U << 20U});
    in.duration("keep_mail", trap.keep_mail_seconds, {3600, 3650 * kDay});
    in.duration("keep_hits", trap.keep_hits_seconds, {3600, 3650 * kDay});
    in.parsed_list("resolver", "listener", trap.resolver, parse_resolver);
    in.path("networks", trap.networks);
    if (!out.space_file.empty()) {
        read_space_file(in, "space_file", out.space_file, out.space);
    }
}

void read_http(Reader& in, Http& out) {
    in.parsed_list("listen", "listener", out.listen, parse_http_listener);
    read_socket(in, out.socket);
    in.path("certificate", out.certificate);
    in.path("key", out.key);
    in.parsed_list("trusted_proxies", "prefix", out.trusted_proxies, parse_exact_prefix);
    in.choice("forwarded_field", out.standard_forwarded, kForwardedFields);
    if (out.certificate.empty() != out.key.empty()) {
        in.fault(out.key.empty() ? "key" : "certificate",
                 "missing: TLS needs both a certificate and its key");
    }
}

}  // namespace fairlist::config
