#include "server/config/sections.h"

#include "server/config/node.h"
#include "server/config/prefix_file.h"
#include "server/config/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::config {

namespace {

constexpr std::size_t kNsidBytesMax = 128;
constexpr std::uint64_t kMapMibMax = 1U << 24U;  // 16 TiB
constexpr std::uint64_t kHourMs = 3600000;
constexpr std::uint64_t kRateMax = 1000000000;

const std::array<Choice<std::string>, 4> kLogLevels = {
    {{"debug", "debug"}, {"info", "info"}, {"warning", "warning"}, {"error", "error"}}};

constexpr std::size_t kInterfaceBytesMax = 15;  // IFNAMSIZ, less the final zero
constexpr std::uint64_t kQueuesMax = 1024;

const std::array<Choice<XdpMode>, 3> kXdpModes = {
    {{"auto", XdpMode::Auto}, {"native", XdpMode::Native}, {"generic", XdpMode::Generic}}};
const std::array<Choice<bool>, 2> kZeroCopy = {{{"auto", true}, {"never", false}}};
constexpr std::array<const char*, 4> kXdpKeys = {"queues", "mode", "zero_copy", "busy_poll"};

Result<Role> parse_role(std::string_view text) {
    constexpr std::array<Choice<Role>, 4> kRoles = {
        {{"dns", Role::Dns}, {"trap", Role::Trap}, {"jobs", Role::Jobs}, {"http", Role::Http}}};
    const auto* const found =
        std::ranges::find_if(kRoles, [&](const Choice<Role>& role) { return role.name == text; });
    if (found == kRoles.end()) {
        return fail(Errc::Malformed,
                    fmt::format("{}: expected dns, trap, jobs or http", quote(text)));
    }
    return found->value;
}

// A folder of its own, for the store's is read by more users than may know traps.
std::filesystem::path beside(std::filesystem::path folder, std::string_view name) {
    if (!folder.has_filename()) {
        folder = folder.parent_path();
    }
    return folder.parent_path() / name;
}

struct Log {
    std::string level;
    std::filesystem::path file;
};

void read_log(Reader& in, Log& out) {
    in.choice("level", out.level, kLogLevels);
    in.path("file", out.file);
}

void read_audit(Reader& in, Audit& out) {
    in.path("key", out.key);
    in.text("public_key", out.public_key, kTextBytesMax);
}

struct Protected {
    std::vector<Prefix> do_not_list;
    std::filesystem::path do_not_list_file;
    std::vector<Prefix> allow;
};

Result<Prefix> parse_exact_prefix(std::string_view text) {
    return parse_prefix(text);
}

void read_protected(Reader& in, Protected& out) {
    in.parsed_list("do_not_list", "prefix", out.do_not_list, parse_exact_prefix);
    in.path("do_not_list_file", out.do_not_list_file);
    in.parsed_list("allow", "prefix", out.allow, parse_exact_prefix);
    if (!out.do_not_list_file.empty()) {
        read_prefix_file(in, "do_not_list_file", out.do_not_list_file, out.do_not_list);
    }
}

}  // namespace

void read_store(Reader& in, Store& out) {
    in.require({"path"});
    in.path("path", out.path);
    in.number("map_size_mib", out.map_size_mib, {64, kMapMibMax});
    in.number("readers_max", out.readers_max, {16, 65536});
    in.number("journal_keep_days", out.journal_keep_days, {1, 3650});
    in.number("journal_keep_mib", out.journal_keep_mib, {1, kMapMibMax});
}

void read_server(Reader& in, Server& out) {
    std::filesystem::path secrets;
    in.parsed_list("roles", "word", out.roles, parse_role);
    if (out.roles.empty() || std::ranges::find(out.roles, Role::Dns) != out.roles.end()) {
        in.require({"listen"});
    }
    in.parsed_list("listen", "listener", out.listen,
                   [](std::string_view text) { return parse_listener(text); });
    in.number("workers", out.workers, {0, 1024});
    in.text("nsid", out.nsid, kNsidBytesMax);
    in.text("version", out.version, kTextBytesMax);
    in.path("cookie_secret_file", secrets);
    in.number("udp_payload_bytes_max", out.udp_payload_bytes_max, {512, 4096});
    in.number("busy_poll_us", out.busy_poll_us, {0, 10000});
    in.table("xdp", out.xdp, read_xdp);
    out.cookie_secret_file = secrets.string();
}

void read_xdp(Reader& in, Xdp& out) {
    in.text("interface", out.interface, kInterfaceBytesMax);
    in.number("queues", out.queues, {0, kQueuesMax});
    in.choice("mode", out.mode, kXdpModes);
    in.choice("zero_copy", out.zero_copy, kZeroCopy);
    in.flag("busy_poll", out.busy_poll);
    if (out.interface.empty() &&
        std::ranges::any_of(kXdpKeys, [&](const char* key) { return in.has(key); })) {
        in.fault("interface", "missing: the other keys say how to serve on it");
    }
}

void read_limits(Reader& in, Limits& out) {
    in.number("tcp_connections", out.tcp_connections, {1, 1000000});
    in.number("tcp_connections_per_client", out.tcp_connections_per_client, {1, 1000000});
    in.number("tcp_idle_timeout_ms", out.tcp_idle_timeout_ms, {1, kHourMs});
    in.number("tcp_io_timeout_ms", out.tcp_io_timeout_ms, {1, kHourMs});
    in.duration("tcp_total_timeout", out.tcp_total_timeout_s, {1, 86400});
    in.number("rate_positive", out.rate_positive, {0, kRateMax});
    in.number("rate_nxdomain", out.rate_nxdomain, {0, kRateMax});
    in.number("rate_error", out.rate_error, {0, kRateMax});
    in.number("rate_slip", out.rate_slip, {0, 10});
}

void read_config(Reader& in, Config& out) {
    Log log{out.log_level, out.log_file};
    Protected space;
    TrapTable trap;
    std::vector<SpaceRange> ranges;
    std::vector<ListTable> lists;
    in.taken_before("include", "array of path", "[]");
    in.table("store", out.store, read_store);
    in.table("server", out.server, read_server);
    in.table("limits", out.limits, read_limits);
    in.tables("list", lists, read_list);
    in.tables("zone", out.zones, read_zone);
    in.tables("feed", out.feeds, read_feed);
    in.table("protected", space, read_protected);
    in.table("audit", out.audit, read_audit);
    in.table("policy", out.policy, read_policy);
    in.table("trap", trap, read_trap);
    in.tables("rule", out.rules, read_rule);
    in.tables("space", ranges, read_space);
    check_space(in, ranges);
    in.table("standing", out.standing, read_standing);
    in.table("removals", out.removals, read_removals);
    in.table("http", out.http, read_http);
    in.table("site", out.site, read_site);
    in.table("mail", out.mail, read_mail);
    in.table("reports", out.reports, read_reports);
    in.table("log", log, read_log);
    for (ListTable& list : lists) {
        if (list.has_removal) {
            out.removal_rules[list.spec.name] = list.removal;
        }
        out.lists.push_back(std::move(list.spec));
    }
    out.trap = std::move(trap.trap);
    out.space = std::move(trap.space);
    std::ranges::move(ranges, std::back_inserter(out.space));
    if (out.trap.vault.empty() && !out.store.path.empty()) {
        out.trap.vault = beside(out.store.path, "vault");
    }
    out.do_not_list = std::move(space.do_not_list);
    out.protected_exceptions = std::move(space.allow);
    out.log_level = log.level;
    out.log_file = log.file.string();
}

}  // namespace fairlist::config
