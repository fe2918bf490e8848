// Config: everything that fairlist.toml says, as plain structs. See fairlist.toml(5).
#pragma once

#include "listing/base/result.h"
#include "listing/model/list.h"
#include "listing/model/policy.h"
#include "listing/model/prefix.h"
#include "listing/model/provider_report.h"
#include "listing/model/removal.h"
#include "listing/model/space.h"
#include "listing/model/standing.h"
#include "listing/model/trap_rule.h"
#include "zones/zone.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fairlist::config {

struct Store {
    std::filesystem::path path;          // a folder; relative paths are below the file's folder
    std::uint64_t map_size_mib = 65536;  // address space reserved, grows by itself when full
    std::uint32_t readers_max = 1024;
    std::uint32_t journal_keep_days = 30;
    std::uint64_t journal_keep_mib = 512;
};

struct Listener {
    std::string address;  // "127.0.0.1" or "::"
    std::uint16_t port = 53;
};

enum class XdpMode : std::uint8_t { Auto, Native, Generic };

// Answering by AF_XDP beside the sockets.
struct Xdp {
    std::string interface;     // empty: none
    std::uint32_t queues = 0;  // 0: all
    XdpMode mode = XdpMode::Auto;
    bool zero_copy = true;  // where the driver can
    bool busy_poll = false;
    friend bool operator==(const Xdp&, const Xdp&) noexcept = default;
};

// What a daemon does.
enum class Role : std::uint8_t { Dns, Trap, Jobs, Http };

struct Server {
    std::vector<Role> roles;  // empty: by the sections that are there
    std::vector<Listener> listen;
    std::uint32_t workers = 0;       // 0: one a processor
    std::string nsid;                // RFC 5001; empty: not answered
    std::string version;             // CH TXT version.bind; empty: REFUSED
    std::string cookie_secret_file;  // 32 hex digits a line, newest first (RFC 9018); empty: random
    std::uint16_t udp_payload_bytes_max = 1232;
    std::uint32_t busy_poll_us = 0;  // how long a worker asks the driver before it sleeps
    Xdp xdp;
};

struct Limits {
    std::uint32_t tcp_connections = 1000;
    std::uint32_t tcp_connections_per_client = 50;
    std::uint32_t tcp_idle_timeout_ms = 10000;
    std::uint32_t tcp_io_timeout_ms = 2000;
    std::uint32_t tcp_total_timeout_s = 3600;
    // Responses a second to one client network (/24, /56), by class of answer; 0: no limit.
    std::uint32_t rate_positive = 0;
    std::uint32_t rate_nxdomain = 0;
    std::uint32_t rate_error = 100;
    std::uint32_t rate_slip = 2;  // every n-th limited answer is TC instead of silence; 0: never
};

// Import guard, in percent of the version in force.
struct Guard {
    std::uint32_t shrink_percent_max = 50;
    std::uint32_t grow_percent_max = 200;  // growth by: 200 is "more than triples"
    bool allow_empty = false;
};

struct Feed {
    std::string name;    // as a list name
    std::string list;    // that the entries go to
    std::string url;     // https://..., http://..., file:/path, or a path
    std::string format;  // empty: told by content
    std::string code;    // for entries without one; empty: the list's
    std::string reason;  // template, as code
    std::uint32_t ttl_seconds = 0;
    std::uint32_t lifetime_seconds = 0;  // entries end this long after the import; 0: stay
    std::uint32_t every_seconds = 3600;  // how often `fairlist feed run --due` runs it
    unsigned widest_v4 = 8;              // wider prefixes are refused
    unsigned widest_v6 = 19;
    std::uint32_t max_errors = 100;         // more rejected lines: the import fails
    std::uint64_t max_bytes = 1ULL << 30U;  // after decompression
    std::uint32_t timeout_s = 300;
    bool allow_private_fetch = false;  // may fetch from loopback and private addresses
    bool allow_host_bits = false;
    std::vector<std::string> select;  // "service=EC2": only records with this attribute
    Guard guard;
};

// Of checkpoints of the audit log.
struct Audit {
    std::filesystem::path key;  // the secret key, for who signs; empty: none
    std::string public_key;     // in hex: the only one whose checkpoints count; empty: any
};

// What comes to the traps: how it comes in, whom it puts at fault, and how long it is kept.
struct Trap {
    std::vector<Prefix> trusted_relays;
    std::vector<std::string> own_hosts;  // as they name themselves in Received lines
    std::vector<Prefix> known_good;
    std::vector<std::string> do_not_list_domains;  // canonical (parse_domain)
    std::filesystem::path vault;        // a folder; without the key "vault" beside the store
    std::vector<Listener> listen;       // LMTP
    std::filesystem::path socket;       // the same on a Unix socket; empty: none
    std::vector<Prefix> trusted_clients{// that may use XFORWARD and XCLIENT
                                        {Address::from_v4(0x7F000000), 104},
                                        {{0, 1}, 128}};
    std::uint64_t message_bytes_max = 4U << 20U;
    std::uint32_t keep_mail_seconds = 90 * 86400;
    std::uint32_t keep_hits_seconds = 180 * 86400;
    std::vector<Listener> resolver;  // for the keys of signatures; empty: /etc/resolv.conf
    std::filesystem::path networks;  // MMDB or TSV: whose network an address is in; empty: none
};

struct Http {
    std::vector<Listener> listen;
    std::filesystem::path socket;       // the same on a Unix socket; empty: none
    std::filesystem::path certificate;  // PEM, with its chain; empty: without TLS
    std::filesystem::path key;
    std::vector<Prefix> trusted_proxies;  // that are believed when they say for whom they ask
    // The field in which they say it: "Forwarded" (RFC 7239) instead of "X-Forwarded-For".
    bool standard_forwarded = false;
};

// Who runs the lists, for texts that people get.
struct Site {
    std::string name;     // "Example Blocklists"
    std::string url;      // of the lookup page or API, without a slash at its end; empty: none
    std::string contact;  // mail address of a person
};

// How mail goes out: reports to providers, codes to who asks for removal.
struct Mail {
    std::string server;  // "smtp://127.0.0.1:25"; empty: nothing is mailed
    std::string from;
    std::string user;                     // empty: no authentication
    std::filesystem::path password_file;  // its first line
    bool needs_tls = false;               // STARTTLS or nothing
    std::uint32_t timeout_s = 30;
};

struct Reports {
    bool enabled = true;  // a listing in a provider's space is reported to it
    ReportRules rules;
    bool allow_private = false;  // webhooks at loopback and private addresses
};

// Requests for removal: `[list.removal]` has what differs by list.
struct Removals {
    std::vector<Listener> resolver;  // for the checks; empty: /etc/resolv.conf
    std::uint32_t query_timeout_ms = 3000;
    std::uint32_t party_timeout_ms = 20000;
    std::uint32_t proof_seconds = 86400;
    std::uint32_t operator_seconds = 2 * 86400;
    std::uint32_t per_address_day = 10;
    std::uint32_t per_network_day = 50;
    std::uint32_t per_subject_day = 5;
    std::uint32_t mails_per_domain_day = 3;
    std::uint32_t keep_requester_seconds = 90 * 86400;
};

struct Config {
    std::filesystem::path file;
    Store store;
    Server server;
    Limits limits;
    std::vector<ListSpec> lists;
    std::vector<ZoneSpec> zones;
    std::vector<Feed> feeds;
    Audit audit;
    std::vector<Prefix> do_not_list;
    std::vector<Prefix> protected_exceptions;
    Trap trap;
    std::vector<TrapRule> rules;
    std::vector<SpaceRange> space;  // of trap.space_file first, then of [[space]]
    Http http;
    Site site;
    Mail mail;
    PolicyRules policy;
    StandingRules standing;
    Reports reports;
    Removals removals;
    std::map<std::string, RemovalRule> removal_rules;  // by list, where one is written
    std::string log_level = "info";
    std::string log_file;  // empty: standard error
};

// One mistake, where it stands. `line` and `column` count from 1; 0 when it concerns a whole file.
struct Fault {
    std::filesystem::path file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string where;  // "zone[0].soa.refresh"
    std::string what;   // "\"40d\": above the limit of 7d"
};

// "fairlist.toml:14:9: error: zone[0].ttl: \"40d\": above the limit of 7d"
[[nodiscard]] std::string to_string(const Fault& fault);

// Reads the file and those it includes. Every fault at once: on success the vector is empty.
struct Loaded {
    Config config;
    std::vector<Fault> faults;
};
[[nodiscard]] Loaded load(const std::filesystem::path& file);

// The same from text; `name` stands in messages and relative paths are below its folder.
[[nodiscard]] Loaded load_text(const std::string& text, const std::filesystem::path& name);

}  // namespace fairlist::config
