#include "server/config/config.h"
#include "tests/unit/server/config/fault_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fairlist::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Config good(const std::string& text) {
    const Loaded loaded = load_text(text, "etc/c.toml");
    EXPECT_THAT(fault_texts(loaded), IsEmpty());
    return loaded.config;
}

TEST(ConfigLoad, ServerAndStore) {
    const Config config = good(R"(
[store]
path = "data/../store"
map_size_mib = 128
readers_max = 17
journal_keep_days = 3
journal_keep_mib = 4
[server]
listen = ["192.0.2.1", "[2001:DB8:0::1]:5353", "::"]
workers = 3
nsid = "n1"
version = "v"
cookie_secret_file = "/run/secret"
udp_payload_bytes_max = 1400
busy_poll_us = 50
[log]
level = "debug"
file = "log/f.log"
[protected]
do_not_list = ["9.9.9.0/24"]
allow = ["10.0.0.0/8"]
)");
    EXPECT_EQ(config.file, "etc/c.toml");
    EXPECT_EQ(config.store.path, "etc/store");
    EXPECT_EQ(config.store.map_size_mib, 128U);
    EXPECT_EQ(config.store.readers_max, 17U);
    EXPECT_EQ(config.store.journal_keep_days, 3U);
    EXPECT_EQ(config.store.journal_keep_mib, 4U);
    ASSERT_THAT(config.server.listen, SizeIs(3));
    EXPECT_EQ(config.server.listen[0].address, "192.0.2.1");
    EXPECT_EQ(config.server.listen[0].port, 53);
    EXPECT_EQ(config.server.listen[1].address, "2001:db8::1");
    EXPECT_EQ(config.server.listen[1].port, 5353);
    EXPECT_EQ(config.server.listen[2].address, "::");
    EXPECT_EQ(config.server.listen[2].port, 53);
    EXPECT_EQ(config.server.workers, 3U);
    EXPECT_EQ(config.server.nsid, "n1");
    EXPECT_EQ(config.server.version, "v");
    EXPECT_EQ(config.server.cookie_secret_file, "/run/secret");
    EXPECT_EQ(config.server.udp_payload_bytes_max, 1400);
    EXPECT_EQ(config.server.busy_poll_us, 50U);
    EXPECT_EQ(config.log_level, "debug");
    EXPECT_EQ(config.log_file, "etc/log/f.log");
    EXPECT_THAT(config.do_not_list, ElementsAre(*parse_prefix("9.9.9.0/24")));
    EXPECT_THAT(config.protected_exceptions, ElementsAre(*parse_prefix("10.0.0.0/8")));
}

TEST(ConfigLoad, Trap) {
    const Trap trap = good(R"(store.path = "s"
[trap]
trusted_relays = ["5.5.5.0/24", "2a00::1"]
own_hosts = ["MX.example."]
known_good = ["6.6.6.6"]
do_not_list_domains = ["Kept.Example"]
)")
                          .trap;
    EXPECT_THAT(trap.trusted_relays, SizeIs(2));
    EXPECT_THAT(trap.own_hosts, ElementsAre("mx.example"));
    EXPECT_THAT(trap.known_good, SizeIs(1));
    EXPECT_THAT(trap.do_not_list_domains, ElementsAre("kept.example"));
}

TEST(ConfigLoad, TrapAsWritten) {
    const Trap trap = good(R"(store.path = "data/store/"
[trap]
vault = "v"
listen = ["127.0.0.1", "[::1]:2424"]
socket = "t.sock"
trusted_clients = ["10.0.0.0/8"]
message_bytes_max = 65536
keep_mail = "1d"
keep_hits = "2d"
resolver = ["192.0.2.53", "[2001:db8::53]:5353"]
networks = "n.mmdb"
)")
                          .trap;
    EXPECT_EQ(trap.vault, "etc/v");
    ASSERT_THAT(trap.listen, SizeIs(2));
    EXPECT_EQ(trap.listen[0].address, "127.0.0.1");
    EXPECT_EQ(trap.listen[0].port, 24);
    EXPECT_EQ(trap.listen[1].address, "::1");
    EXPECT_EQ(trap.listen[1].port, 2424);
    EXPECT_EQ(trap.socket, "etc/t.sock");
    EXPECT_THAT(trap.trusted_clients, ElementsAre(*parse_prefix("10.0.0.0/8")));
    EXPECT_EQ(trap.message_bytes_max, 65536U);
    EXPECT_EQ(trap.keep_mail_seconds, 86400U);
    EXPECT_EQ(trap.keep_hits_seconds, 172800U);
    ASSERT_THAT(trap.resolver, SizeIs(2));
    EXPECT_EQ(trap.resolver[0].address, "192.0.2.53");
    EXPECT_EQ(trap.resolver[0].port, 53);
    EXPECT_EQ(trap.resolver[1].port, 5353);
    EXPECT_EQ(trap.networks, "etc/n.mmdb");
}

TEST(ConfigLoad, TrapWithoutKeys) {
    const Trap trap = good("store.path = \"data/store/\"\n").trap;
    EXPECT_EQ(trap.vault, "etc/data/vault");
    EXPECT_THAT(trap.listen, IsEmpty());
    EXPECT_THAT(trap.trusted_clients,
                ElementsAre(*parse_prefix("127.0.0.0/8"), *parse_prefix("::1")));
    EXPECT_EQ(trap.message_bytes_max, 4194304U);
    EXPECT_EQ(trap.keep_mail_seconds, 90U * 86400);
    EXPECT_EQ(trap.keep_hits_seconds, 180U * 86400);
    EXPECT_THAT(good("store.path = \"s\"\n[trap]\ntrusted_clients = []\n").trap.trusted_clients,
                IsEmpty());
    EXPECT_EQ(good("store.path = \"/var/lib/fairlist/store\"\n").trap.vault,
              "/var/lib/fairlist/vault");
}

TEST(ConfigLoad, Rules) {
    const Config config = good(R"(store.path = "s"
[[list]]
name = "css"
[[list]]
name = "dbl"
kind = "domain"
[[rule]]
name = "css"
list = "css"
[[rule]]
name = "signers"
list = "dbl"
target = "signer"
kinds = ["mail", "report"]
hits = 3
traps = 2
window = "3d"
lifetimes = ["2d", 259200]
reset = "30d"
notice = "30m"
code = 3
reason = "{subject}"
ttl = 60
[[rule]]
name = "wide"
list = "css"
target = "links"
escalate = 4
border_v4 = 24
border_v6 = 48
)");
    ASSERT_THAT(config.rules, SizeIs(3));
    const TrapRule fresh;
    const TrapRule& plain = config.rules[0];
    EXPECT_EQ(plain.name, "css");
    EXPECT_EQ(plain.list, "css");
    EXPECT_EQ(plain.target, RuleTarget::Address);
    EXPECT_THAT(plain.kinds, IsEmpty());
    EXPECT_EQ(plain.hits, fresh.hits);
    EXPECT_EQ(plain.traps, fresh.traps);
    EXPECT_EQ(plain.window_seconds, fresh.window_seconds);
    EXPECT_EQ(plain.lifetimes_seconds, fresh.lifetimes_seconds);
    EXPECT_EQ(plain.reset_seconds, fresh.reset_seconds);
    EXPECT_EQ(plain.notice_seconds, 0U);
    EXPECT_EQ(plain.escalate_count, 0U);
    EXPECT_EQ(plain.border_v4, 32);
    EXPECT_EQ(plain.border_v6, 64);
    EXPECT_FALSE(plain.code.is_set());
    const TrapRule& full = config.rules[1];
    EXPECT_EQ(full.target, RuleTarget::Signer);
    EXPECT_THAT(full.kinds, ElementsAre(HitKind::Mail, HitKind::Report));
    EXPECT_EQ(full.hits, 3U);
    EXPECT_EQ(full.traps, 2U);
    EXPECT_EQ(full.window_seconds, 259200U);
    EXPECT_THAT(full.lifetimes_seconds, ElementsAre(172800U, 259200U));
    EXPECT_EQ(full.reset_seconds, 2592000U);
    EXPECT_EQ(full.notice_seconds, 1800U);
    EXPECT_EQ(full.code.value, 0x7F000003U);
    EXPECT_EQ(full.reason, "{subject}");
    EXPECT_EQ(full.ttl_seconds, 60U);
    const TrapRule& wide = config.rules[2];
    EXPECT_EQ(wide.target, RuleTarget::Links);
    EXPECT_EQ(wide.escalate_count, 4U);
    EXPECT_EQ(wide.border_v4, 24);
    EXPECT_EQ(wide.border_v6, 48);
}

TEST(ConfigLoad, Space) {
    const Config config = good(R"(store.path = "s"
[[space]]
prefix = "198.51.100.0/24"
use = "mail-service"
customer = "C-1"
provider_domains = ["Host.Example.", "b.example"]
)");
    ASSERT_THAT(config.space, SizeIs(1));
    EXPECT_EQ(to_string(config.space[0].prefix), "198.51.100.0/24");
    EXPECT_EQ(config.space[0].use, SpaceUse::MailService);
    EXPECT_EQ(config.space[0].customer, "C-1");
    EXPECT_THAT(config.space[0].provider_domains,
                ElementsAre(*parse_domain("host.example"), *parse_domain("b.example")));
}

TEST(ConfigLoad, HttpAndRoles) {
    const Config config = good(R"(store.path = "s"
[server]
roles = ["http", "jobs"]
[http]
listen = ["127.0.0.1", "[::1]:8443"]
socket = "/run/h.sock"
certificate = "c.pem"
key = "k.pem"
)");
    EXPECT_THAT(config.server.roles, ElementsAre(Role::Http, Role::Jobs));
    EXPECT_THAT(config.server.listen, IsEmpty());
    ASSERT_THAT(config.http.listen, SizeIs(2));
    EXPECT_EQ(config.http.listen[0].port, 80);
    EXPECT_EQ(config.http.listen[1].port, 8443);
    EXPECT_EQ(config.http.socket, "/run/h.sock");
    EXPECT_EQ(config.http.certificate, "etc/c.pem");
    EXPECT_EQ(config.http.key, "etc/k.pem");
}

TEST(ConfigLoad, TrapFaultsAreToldWithTheirPlaces) {
    const Loaded loaded = load_text(R"(store.path = "s"
[trap]
trusted_relays = ["5.5.5.1/24"]
own_hosts = ["a b"]
do_not_list_domains = ["a..b"]
)",
                                    "c.toml");
    ASSERT_THAT(loaded.faults, SizeIs(3));
    EXPECT_EQ(loaded.faults[0].line, 3U);
    EXPECT_EQ(loaded.faults[0].where, "trap.trusted_relays[0]");
    EXPECT_EQ(loaded.faults[2].line, 5U);
}

TEST(ConfigLoad, Xdp) {
    const Server server = good(R"(store.path = "s"
[server]
listen = ["192.0.2.1"]
[server.xdp]
interface = "enp1s0f0np0"
queues = 4
mode = "generic"
zero_copy = "never"
busy_poll = true
)")
                              .server;
    EXPECT_EQ(server.xdp.interface, "enp1s0f0np0");
    EXPECT_EQ(server.xdp.queues, 4U);
    EXPECT_EQ(server.xdp.mode, XdpMode::Generic);
    EXPECT_FALSE(server.xdp.zero_copy);
    EXPECT_TRUE(server.xdp.busy_poll);
    EXPECT_NE(server.xdp, Xdp{});
}

TEST(ConfigLoad, WithoutXdp) {
    const Server server = good("store.path = \"s\"\n[server]\nlisten = [\"::\"]\n").server;
    EXPECT_EQ(server.xdp, Xdp{});
    EXPECT_EQ(server.xdp.interface, "");
    EXPECT_EQ(server.xdp.queues, 0U);
    EXPECT_EQ(server.xdp.mode, XdpMode::Auto);
    EXPECT_TRUE(server.xdp.zero_copy);
    EXPECT_FALSE(server.xdp.busy_poll);
    EXPECT_EQ(good("store.path = \"s\"\n[server]\nlisten = [\"::\"]\n[server.xdp]\n").server.xdp,
              Xdp{});
}

TEST(ConfigLoad, Limits) {
    const Limits limits = good(R"(store.path = "s"
[limits]
tcp_connections = 1
tcp_connections_per_client = 1
tcp_idle_timeout_ms = 2
tcp_io_timeout_ms = 3
tcp_total_timeout = "1h30m"
rate_positive = 5
rate_nxdomain = 6
rate_error = 7
rate_slip = 8
)")
                              .limits;
    EXPECT_EQ(limits.tcp_connections, 1U);
    EXPECT_EQ(limits.tcp_connections_per_client, 1U);
    EXPECT_EQ(limits.tcp_idle_timeout_ms, 2U);
    EXPECT_EQ(limits.tcp_io_timeout_ms, 3U);
    EXPECT_EQ(limits.tcp_total_timeout_s, 5400U);
    EXPECT_EQ(limits.rate_positive, 5U);
    EXPECT_EQ(limits.rate_nxdomain, 6U);
    EXPECT_EQ(limits.rate_error, 7U);
    EXPECT_EQ(limits.rate_slip, 8U);
}

TEST(ConfigLoad, Lists) {
    const Config config = good(R"(store.path = "s"
[[list]]
name = "sbl"
[[list]]
name = "dbl"
kind = "domain"
match = "all"
code = 9
reason = "{reason}"
ttl = 60
foreign_codes = true
description = "Names"
)");
    ASSERT_THAT(config.lists, SizeIs(2));
    EXPECT_EQ(config.lists[0].name, "sbl");
    EXPECT_EQ(config.lists[0].kind, ListKind::Address);
    EXPECT_EQ(config.lists[0].match, MatchRule::MostSpecific);
    EXPECT_EQ(config.lists[0].code.value, 0x7F000002U);
    EXPECT_EQ(config.lists[0].ttl_seconds, 0U);
    EXPECT_EQ(config.lists[1].kind, ListKind::Domain);
    EXPECT_EQ(config.lists[1].match, MatchRule::All);
    EXPECT_EQ(config.lists[1].code.value, 0x7F000009U);
    EXPECT_EQ(config.lists[1].reason, "{reason}");
    EXPECT_EQ(config.lists[1].ttl_seconds, 60U);
    EXPECT_TRUE(config.lists[1].foreign_codes);
    EXPECT_EQ(config.lists[1].description, "Names");
}

constexpr std::string_view kZone = R"(store.path = "s"
[[list]]
name = "sbl"
[[zone]]
name = "Bl.Example."
lists = ["sbl"]
ns = ["NS.example.", "ns2.example"]
)";

TEST(ConfigLoad, ZoneFillsInWhatItImplies) {
    const Config config = good(std::string(kZone));
    ASSERT_THAT(config.zones, SizeIs(1));
    const ZoneSpec& zone = config.zones[0];
    ASSERT_TRUE(zone.origin.has_value());
    EXPECT_EQ(zone.origin->text(), "bl.example");
    EXPECT_THAT(zone.name_servers, ElementsAre("ns.example", "ns2.example"));
    EXPECT_THAT(zone.lists, ElementsAre("sbl"));
    EXPECT_EQ(zone.soa.mname, "ns.example");
    EXPECT_EQ(zone.soa.rname, "hostmaster.bl.example");
    EXPECT_EQ(zone.soa.minimum_seconds, 300U);
    EXPECT_FALSE(zone.any_full);
    EXPECT_FALSE(zone.malformed_code.is_set());
    EXPECT_FALSE(zone.address_asked_code.is_set());
}

TEST(ConfigLoad, ZoneAsWritten) {
    const Config config = good(std::string(kZone) + R"(
ns_ttl = 1
ttl = 2
negative_ttl = 3
any = "full"
six_to_four = true
malformed_code = "127.255.255.252"
domain_asked_code = "127.255.255.253"
[zone.soa]
mname = "m.example"
rname = "r.example"
refresh = 11
retry = 12
expire = 100
ttl = 5
[[zone.record]]
owner = "WWW.BL.example."
type = "a"
value = "192.0.2.1"
ttl = 6
[[zone.record]]
type = "TXT"
value = '"some text"'
[[zone.record]]
owner = "bl.example."
type = "MX"
value = "0 ."
[[zone.access]]
client = "192.0.2.0/24"
action = "service-code"
code = "127.255.255.254"
[[zone.access]]
client = "2001:db8::/32"
action = "refuse"
)");
    ASSERT_THAT(config.zones, SizeIs(1));
    const ZoneSpec& zone = config.zones[0];
    EXPECT_EQ(zone.ns_ttl_seconds, 1U);
    EXPECT_EQ(zone.ttl_seconds, 2U);
    EXPECT_EQ(zone.soa.minimum_seconds, 3U);
    EXPECT_TRUE(zone.any_full);
    EXPECT_TRUE(zone.six_to_four);
    EXPECT_EQ(zone.malformed_code.value, 0x7FFFFFFCU);
    EXPECT_EQ(zone.domain_asked_code.value, 0x7FFFFFFDU);
    EXPECT_EQ(zone.soa.mname, "m.example");
    EXPECT_EQ(zone.soa.rname, "r.example");
    EXPECT_EQ(zone.soa.refresh_seconds, 11U);
    EXPECT_EQ(zone.soa.retry_seconds, 12U);
    EXPECT_EQ(zone.soa.expire_seconds, 100U);
    EXPECT_EQ(zone.soa.ttl_seconds, 5U);
    ASSERT_THAT(zone.records, SizeIs(3));
    EXPECT_EQ(zone.records[0].owner, "www");
    EXPECT_EQ(zone.records[0].type, "A");
    EXPECT_EQ(zone.records[0].ttl_seconds, 6U);
    EXPECT_EQ(zone.records[0].value, "192.0.2.1");
    EXPECT_EQ(zone.records[1].owner, "@");
    EXPECT_EQ(zone.records[2].owner, "@");
    ASSERT_THAT(zone.access, SizeIs(2));
    EXPECT_EQ(zone.access[0].client, *parse_prefix("192.0.2.0/24"));
    EXPECT_EQ(zone.access[0].action, AccessAction::ServiceCode);
    EXPECT_EQ(zone.access[0].service_code.value, 0x7FFFFFFEU);
    EXPECT_EQ(zone.access[1].action, AccessAction::Refuse);
}

TEST(ConfigLoad, Feeds) {
    const Config config = good(R"(store.path = "s"
[[list]]
name = "sbl"
[[feed]]
name = "drop"
list = "sbl"
url = "https://feed.example/drop.txt"
format = "aws"
code = 4
reason = "{service}"
ttl = 1
lifetime = "2d"
every = "1d"
widest_v4 = 16
widest_v6 = 32
max_errors = 5
max_bytes = 2048
timeout = 7
allow_private_fetch = true
allow_host_bits = true
select = ["service=EC2"]
guard = { shrink_percent = 1, grow_percent = 2, allow_empty = true }
[[feed]]
name = "file"
list = "sbl"
url = "../data/x.txt"
[[feed]]
name = "rooted"
list = "sbl"
url = "/data/x.txt"
)");
    ASSERT_THAT(config.feeds, SizeIs(3));
    const Feed& feed = config.feeds[0];
    EXPECT_EQ(feed.name, "drop");
    EXPECT_EQ(feed.list, "sbl");
    EXPECT_EQ(feed.url, "https://feed.example/drop.txt");
    EXPECT_EQ(feed.format, "aws");
    EXPECT_EQ(feed.code, "4");
    EXPECT_EQ(feed.reason, "{service}");
    EXPECT_EQ(feed.ttl_seconds, 1U);
    EXPECT_EQ(feed.lifetime_seconds, 172800U);
    EXPECT_EQ(feed.every_seconds, 86400U);
    EXPECT_EQ(feed.widest_v4, 16U);
    EXPECT_EQ(feed.widest_v6, 32U);
    EXPECT_EQ(feed.max_errors, 5U);
    EXPECT_EQ(feed.max_bytes, 2048U);
    EXPECT_EQ(feed.timeout_s, 7U);
    EXPECT_TRUE(feed.allow_private_fetch);
    EXPECT_TRUE(feed.allow_host_bits);
    EXPECT_THAT(feed.select, ElementsAre("service=EC2"));
    EXPECT_EQ(feed.guard.shrink_percent_max, 1U);
    EXPECT_EQ(feed.guard.grow_percent_max, 2U);
    EXPECT_TRUE(feed.guard.allow_empty);
    EXPECT_EQ(config.feeds[1].url, "data/x.txt");
    EXPECT_EQ(config.feeds[2].url, "/data/x.txt");
}

TEST(ConfigLoad, NothingButAStoreHasTheDefaults) {
    const Config config = good("store.path = \"s\"\n");
    const Config fresh;
    EXPECT_EQ(config.store.map_size_mib, fresh.store.map_size_mib);
    EXPECT_EQ(config.limits.tcp_connections, fresh.limits.tcp_connections);
    EXPECT_EQ(config.log_level, "info");
    EXPECT_THAT(config.server.listen, IsEmpty());
}

TEST(ConfigLoad, FileIsMissing) {
    const Loaded loaded = load("no-such-folder/c.toml");
    ASSERT_THAT(loaded.faults, SizeIs(1));
    EXPECT_EQ(to_string(loaded.faults[0]),
              "no-such-folder/c.toml: error: \"no-such-folder/c.toml\": No such file or directory");
}

}  // namespace
}  // namespace fairlist::config
