// ZoneTable: the zones of a configuration, compiled for answering; immutable once made.
#pragma once

#include "listing/base/result.h"
#include "listing/model/list.h"
#include "server/answer/zone_map.h"
#include "server/dns/query.h"
#include "zones/zone.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::answer {

struct ZoneTableOptions {
    std::vector<ListSpec> lists;
    std::vector<ZoneSpec> zones;
    std::string version;  // CH TXT version.bind; empty: REFUSED
    std::string nsid;     // CH TXT id.server; empty: REFUSED
};

// One record that the operator gave.
struct StaticRdata {
    std::uint16_t type = 0;
    std::uint32_t ttl_seconds = 0;
    std::vector<std::uint8_t> rdata;
};

// A name of the zone that exists by configuration: its records, or none when only names below it
// have some.
struct StaticName {
    std::string relative;  // wire form without the zone, lower case; empty: the apex
    std::vector<StaticRdata> records;
};

struct Zone {
    ZoneSpec spec;
    std::uint8_t label_count = 0;
    std::string wire;                     // lower case, without the root label
    std::vector<std::uint8_t> soa_rdata;  // the serial is filled in for each answer
    std::size_t serial_offset = 0;
    std::uint32_t negative_ttl_seconds = 0;  // RFC 2308 section 3: min(SOA TTL, MINIMUM)
    std::vector<StaticName> names;           // sorted by `relative`; the apex is always there
    std::size_t longest_name_bytes = 0;      // of their `relative`
    std::vector<const ListSpec*> lists;      // of all kinds, in the order of the configuration
    bool has_kind[4] = {};                   // by ListKind: NOLINT(modernize-avoid-c-arrays)
    std::vector<AccessRule> access;          // narrowest first

    [[nodiscard]] bool holds(ListKind kind) const noexcept {
        return has_kind[static_cast<std::size_t>(kind)];
    }
    // Null: no such name.
    [[nodiscard]] const StaticName* find_name(std::string_view relative) const noexcept;
    // Null: no rule matches, the client is allowed.
    [[nodiscard]] const AccessRule* find_rule(const Address& client) const noexcept;
};

class ZoneTable {
  public:
    explicit ZoneTable(ZoneTableOptions options);

    // The zone with the most labels that the name is in or below; null: none.
    [[nodiscard]] const Zone* find(const dns::QueryName& name) const noexcept {
        return by_wire_.find_above(name);
    }

    [[nodiscard]] std::span<const Zone> zones() const noexcept { return zones_; }
    [[nodiscard]] const std::vector<std::uint8_t>& version_txt() const noexcept { return version_; }
    [[nodiscard]] const std::vector<std::uint8_t>& id_txt() const noexcept { return id_; }

  private:
    friend Result<std::shared_ptr<const ZoneTable>> make_zone_table(
        const ZoneTableOptions& options);

    std::vector<ListSpec> lists_;
    std::vector<Zone> zones_;
    ZoneMap by_wire_;
    std::vector<std::uint8_t> version_;
    std::vector<std::uint8_t> id_;
};

// Errors: a record whose value does not parse, a zone under two origins, an unknown list.
[[nodiscard]] Result<std::shared_ptr<const ZoneTable>> make_zone_table(
    const ZoneTableOptions& options);

}  // namespace fairlist::answer
