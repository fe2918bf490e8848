// ZoneSpec: what a zone is, as configured: a DNS name under which lists are asked together.
#pragma once

#include "listing/model/domain.h"
#include "listing/model/list.h"
#include "listing/model/prefix.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist {

// The start of authority, without its serial: that comes from the journal.
struct SoaSpec {
    std::string mname;  // presentation form, absolute: "ns1.bl.example"
    std::string rname;  // as a domain name: "hostmaster.bl.example"
    std::uint32_t refresh_seconds = 3600;
    std::uint32_t retry_seconds = 900;
    std::uint32_t expire_seconds = 604800;
    std::uint32_t minimum_seconds = 300;  // negative TTL (RFC 2308 section 4)
    std::uint32_t ttl_seconds = 3600;
};

// A record below or at the apex, given by the operator: A, AAAA, NS, TXT, MX or CAA.
struct StaticRecord {
    std::string owner;  // relative to the zone, "@" for the apex: "www"
    std::string type;   // "A"
    std::uint32_t ttl_seconds = 3600;
    std::string value;  // presentation form of the RDATA; names in it are absolute
};

// What happens to a client whose address an access rule matches.
enum class AccessAction : std::uint8_t {
    Allow,
    Refuse,       // REFUSED with EDE 18 (RFC 8914)
    ServiceCode,  // answers `service_code` to every address question: by explicit choice only
    Drop
};

struct AccessRule {
    Prefix client;
    AccessAction action = AccessAction::Allow;
    ReturnCode service_code;  // with ServiceCode: 127.255.255.252 to .255
};

struct ZoneSpec {
    std::optional<DomainName> origin;  // always set once configured
    SoaSpec soa;
    std::vector<std::string> name_servers;  // absolute names, at least one
    std::uint32_t ns_ttl_seconds = 3600;
    std::vector<StaticRecord> records;
    std::vector<std::string> lists;   // names, of one or several kinds
    std::uint32_t ttl_seconds = 300;  // positive answers, when neither entry nor list says
    std::vector<AccessRule> access;   // the narrowest rule wins; none matches: allowed
    bool any_full = false;            // ANY answers the A and TXT sets (as rbldnsd), else RFC 8482
    bool six_to_four = false;         // 2002::/16 names are answered from the IPv4 entries too
    ReturnCode malformed_code;        // not set: NXDOMAIN for malformed address names
    ReturnCode domain_asked_code;     // not set: NXDOMAIN for domain names asked in an address zone
    ReturnCode address_asked_code;    // not set: NXDOMAIN for addresses asked in a domain zone
};

}  // namespace fairlist
