#include "server/answer/zone_table.h"

#include "server/dns/record_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <functional>
#include <utility>

namespace fairlist::answer {

namespace {

constexpr std::size_t kCharacterStringMax = 255;  // RFC 1035 section 3.3
constexpr std::size_t kSoaNumbersBytes = 20;

std::vector<std::uint8_t> character_string(std::string_view text) {
    const std::string_view cut = text.substr(0, kCharacterStringMax);
    std::vector<std::uint8_t> bytes(1 + cut.size());
    bytes[0] = static_cast<std::uint8_t>(cut.size());
    std::ranges::copy(cut, bytes.begin() + 1);
    return bytes;
}

Result<std::string> wire_without_root(std::string_view name) {
    const auto wire = dns::name_to_wire(name);
    if (!wire) {
        return std::unexpected(wire.error());
    }
    return std::string(wire->begin(), wire->end() - 1);
}

Result<void> fill_soa(Zone& zone) {
    const SoaSpec& soa = zone.spec.soa;
    const auto record = dns::parse_record(
        "SOA", fmt::format("{} {} 0 {} {} {} {}", soa.mname, soa.rname, soa.refresh_seconds,
                           soa.retry_seconds, soa.expire_seconds, soa.minimum_seconds));
    if (!record) {
        return std::unexpected(record.error());
    }
    zone.soa_rdata = record->rdata;
    zone.serial_offset = zone.soa_rdata.size() - kSoaNumbersBytes;
    zone.negative_ttl_seconds = std::min(soa.ttl_seconds, soa.minimum_seconds);
    return {};
}

StaticName& name_at(Zone& zone, const std::string& relative) {
    const auto at = std::ranges::find(zone.names, relative, &StaticName::relative);
    if (at != zone.names.end()) {
        return *at;
    }
    return zone.names.emplace_back(StaticName{relative, {}});
}

Result<void> add_record(Zone& zone, const StaticRecord& spec) {
    const auto record = dns::parse_record(spec.type, spec.value);
    if (!record) {
        return std::unexpected(record.error());
    }
    std::string relative;
    if (spec.owner != "@") {
        auto wire = wire_without_root(spec.owner);
        if (!wire) {
            return std::unexpected(wire.error());
        }
        relative = std::move(*wire);
    }
    name_at(zone, relative).records.push_back({record->type, spec.ttl_seconds, record->rdata});
    // Names above it exist too (RFC 8020 section 2).
    while (!relative.empty()) {
        relative.erase(0, 1U + static_cast<std::uint8_t>(relative.front()));
        name_at(zone, relative);
    }
    return {};
}

Result<void> fill_names(Zone& zone) {
    name_at(zone, "");
    for (const std::string& server : zone.spec.name_servers) {
        const auto good = add_record(zone, {"@", "NS", zone.spec.ns_ttl_seconds, server});
        if (!good) {
            return good;
        }
    }
    for (const StaticRecord& record : zone.spec.records) {
        if (const auto good = add_record(zone, record); !good) {
            return good;
        }
    }
    return {};
}

Result<void> fill_lists(Zone& zone, const std::vector<ListSpec>& lists) {
    for (const std::string& name : zone.spec.lists) {
        const auto spec = std::ranges::find(lists, name, &ListSpec::name);
        if (spec == lists.end()) {
            return fail(Errc::NotFound, fmt::format("list \"{}\" is not configured", name));
        }
        zone.lists.push_back(&*spec);
        zone.has_kind[static_cast<std::size_t>(spec->kind)] = true;
    }
    return {};
}

// A zone inside this one makes the names between them exist (RFC 8020 section 2).
void add_names_above(Zone& zone, const std::vector<ZoneSpec>& zones) {
    for (const ZoneSpec& other : zones) {
        const auto wire = wire_without_root(other.origin->text());
        if (!wire || wire->size() <= zone.wire.size() || !wire->ends_with(zone.wire)) {
            continue;
        }
        std::string relative = wire->substr(0, wire->size() - zone.wire.size());
        // A suffix of the bytes need not be one of the labels.
        std::size_t labels_end = 0;
        while (labels_end < relative.size()) {
            labels_end += 1U + static_cast<std::uint8_t>(relative[labels_end]);
        }
        if (labels_end != relative.size()) {
            continue;
        }
        while (!relative.empty()) {
            relative.erase(0, 1U + static_cast<std::uint8_t>(relative.front()));
            name_at(zone, relative);
        }
    }
}

// After this names are found, and none may be added.
void sort_names(Zone& zone) {
    std::ranges::sort(zone.names, {}, &StaticName::relative);
    for (const StaticName& name : zone.names) {
        zone.longest_name_bytes = std::max(zone.longest_name_bytes, name.relative.size());
    }
}

Result<Zone> compile(const ZoneSpec& spec, const std::vector<ListSpec>& lists) {
    Zone zone;
    zone.spec = spec;
    auto wire = wire_without_root(spec.origin->text());
    if (!wire) {
        return std::unexpected(wire.error());
    }
    zone.wire = std::move(*wire);
    zone.label_count = static_cast<std::uint8_t>(1 + std::ranges::count(spec.origin->text(), '.'));
    zone.access = spec.access;
    std::ranges::sort(zone.access, std::ranges::greater{},
                      [](const AccessRule& rule) { return rule.client.length; });
    for (const auto& step : {fill_soa(zone), fill_names(zone), fill_lists(zone, lists)}) {
        if (!step) {
            return fail_in(fmt::format("zone {}", spec.origin->text()), step.error());
        }
    }
    return zone;
}

}  // namespace

const StaticName* Zone::find_name(std::string_view relative) const noexcept {
    if (relative.size() > longest_name_bytes) {
        return nullptr;
    }
    const auto at = std::ranges::lower_bound(names, relative, {}, &StaticName::relative);
    return at != names.end() && at->relative == relative ? &*at : nullptr;
}

const AccessRule* Zone::find_rule(const Address& client) const noexcept {
    const auto at = std::ranges::find_if(
        access, [&](const AccessRule& rule) { return rule.client.contains(client); });
    return at == access.end() ? nullptr : &*at;
}

ZoneTable::ZoneTable(ZoneTableOptions options) : lists_(std::move(options.lists)) {
    if (!options.version.empty()) {
        version_ = character_string(options.version);
    }
    if (!options.nsid.empty()) {
        id_ = character_string(options.nsid);
    }
}

Result<std::shared_ptr<const ZoneTable>> make_zone_table(const ZoneTableOptions& options) {
    auto table = std::make_shared<ZoneTable>(options);
    for (const ZoneSpec& spec : options.zones) {
        auto zone = compile(spec, table->lists_);
        if (!zone) {
            return std::unexpected(zone.error());
        }
        add_names_above(*zone, options.zones);
        sort_names(*zone);
        table->zones_.push_back(std::move(*zone));
    }
    table->by_wire_ = ZoneMap(table->zones_);
    for (const Zone& zone : table->zones_) {
        if (table->by_wire_.find(zone.wire) != &zone) {
            return fail(Errc::Conflict,
                        fmt::format("zone {}: configured twice", zone.spec.origin->text()));
        }
    }
    return table;
}

}  // namespace fairlist::answer
