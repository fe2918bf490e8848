#include "server/config/record_value.h"
#include "server/config/sections.h"
#include "server/config/words.h"
#include "server/config/zone_check.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace fairlist::config {

namespace {

constexpr std::uint64_t kDay = 86400;

// RFC 2308 section 5 advises one to three hours and calls more than a day a problem.
constexpr std::uint64_t kNegativeTtlSecondsMax = kDay;
constexpr std::size_t kRecordBytesMax = 4096;

constexpr std::array<Choice<bool>, 2> kAnyAnswers = {{{"minimal", false}, {"full", true}}};
constexpr std::array<Choice<AccessAction>, 4> kActions = {
    {{"allow", AccessAction::Allow},
     {"refuse", AccessAction::Refuse},
     {"service-code", AccessAction::ServiceCode},
     {"drop", AccessAction::Drop}}};

void read_soa(Reader& in, SoaSpec& out) {
    in.parsed("mname", "host name", out.mname, parse_host_name);
    in.parsed("rname", "domain name", out.rname, parse_mailbox);
    in.duration("refresh", out.refresh_seconds, {10, 30 * kDay});
    in.duration("retry", out.retry_seconds, {10, 30 * kDay});
    in.duration("expire", out.expire_seconds, {60, 365 * kDay});
    in.duration("ttl", out.ttl_seconds, {0, kTtlSecondsMax});
}

void read_record(Reader& in, StaticRecord& out) {
    out.owner = "@";
    in.require({"type", "value"});
    in.text("owner", out.owner, kTextBytesMax);
    in.parsed("type", "word", out.type, parse_record_type);
    in.text("value", out.value, kRecordBytesMax);
    in.duration("ttl", out.ttl_seconds, {0, kTtlSecondsMax});
    if (const auto good = check_record_value(out.type, out.value); in.has("value") && !good) {
        in.fault("value", good.error().message);
    }
}

void read_access(Reader& in, AccessRule& out) {
    in.require({"client", "action"});
    in.parsed("client", "prefix", out.client,
              [](std::string_view text) { return parse_prefix(text); });
    in.choice("action", out.action, kActions);
    in.code("code", out.service_code, true);
}

}  // namespace

void read_zone(Reader& in, ZoneSpec& out) {
    in.require({"name", "lists", "ns"});
    in.parsed("name", "domain name", out.origin, parse_domain);
    in.parsed_list("lists", "name", out.lists, parse_list_name);
    in.parsed_list("ns", "host name", out.name_servers, parse_host_name);
    in.duration("ns_ttl", out.ns_ttl_seconds, {0, kTtlSecondsMax});
    in.duration("ttl", out.ttl_seconds, {0, kTtlSecondsMax});
    in.duration("negative_ttl", out.soa.minimum_seconds, {0, kNegativeTtlSecondsMax});
    in.choice("any", out.any_full, kAnyAnswers);
    in.flag("six_to_four", out.six_to_four);
    in.code("malformed_code", out.malformed_code, true);
    in.code("domain_asked_code", out.domain_asked_code, true);
    in.code("address_asked_code", out.address_asked_code, true);
    in.table("soa", out.soa, read_soa);
    in.tables("record", out.records, read_record);
    in.tables("access", out.access, read_access);
    complete_zone(out);
    check_zone(in, out);
}

}  // namespace fairlist::config
