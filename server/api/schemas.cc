#include "server/api/schemas.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist::api {

namespace json = boost::json;

namespace {

// Members as "NAME:TYPE", set apart by blanks. TYPE: a type of JSON Schema, "time", "any", or the
// name of another shape, which begins with a capital; "[]" behind it: an array of such; "?": it may
// be null; "~": it may be missing. A body has no other members, an answer may get more.
struct Shape {
    std::string_view name;
    std::string_view members;
    bool is_body = false;
};

constexpr std::array kShapes = {
    Shape{"Problem", "type:string title:string status:integer detail:string errors:Fault[]~"},
    Shape{"Fault", "line:integer~ column:integer~ where:string~ why:string"},
    Shape{"ProblemKind", "type:string title:string remedy:string"},
    Shape{"Health", "status:string"},
    Shape{"Lookup",
          "subject:string kind:string listed:boolean note:string? lists:LookupList[] "
          "holder:Holder? policy:PolicyQuote? next_step:string"},
    Shape{"LookupList",
          "list:string description:string listed:boolean entries:LookupEntry[] zones:ZoneName[]"},
    Shape{"LookupEntry",
          "subject:string role:string exempt:boolean code:string? why:string "
          "on_whose_word:string source:string since:time? until:time? what_ends_it:string "
          "listing:LookupListing?"},
    Shape{"LookupListing", "state:string times:integer hits:integer last_hit_hour:time?"},
    Shape{"ZoneName", "zone:string name:string?"},
    Shape{"Holder", "provider:string name:string support:string?"},
    Shape{"PolicyQuote",
          "provider:string voice:string published:time? fresh:boolean prefix:string use:string "
          "direct_mail:string? port25:string? smarthost:string? policy:string? contact:string?"},
    Shape{"Lists", "lists:List[]"},
    Shape{"List",
          "name:string kind:string match:string code:string? ttl_seconds:integer? reason:string "
          "description:string entries:integer exemptions:integer zones:string[]"},
    Shape{"Zones", "zones:Zone[]"},
    Shape{"Zone",
          "zone:string lists:string[] name_servers:string[] ttl_seconds:integer "
          "negative_ttl_seconds:integer"},
    Shape{"Listings", "listings:Listing[] next:string?"},
    Shape{"Listing",
          "number:integer list:string subject:string kind:string state:string in_force:boolean "
          "since:time? changed:time? until:time? notice_until:time? opened_by:string rule:string? "
          "code:string? ttl_seconds:integer? reason:string earlier:integer? times:integer "
          "hits:integer last_hit_hour:time? asn:integer?"},
    Shape{"ListingView",
          "number:integer list:string subject:string state:string answers:string? text:string "
          "rule_text:string? before:Listing[] evidence:Evidence events:Event[]"},
    Shape{"Evidence",
          "hits:integer kept:integer first_hour:time? last_hour:time? kinds:object helos:object "
          "names:object"},
    Shape{"Event",
          "time:time? action:string state:string until:time? actor:string why:string? "
          "steps:string[] hits:integer[]"},
    Shape{"ListingHistory", "listing:Listing events:Event[]"},
    Shape{"Hits", "listing:integer hits:Hit[]"},
    Shape{"Hit",
          "number:integer hour:time? kind:string sensor:string address:string? name:string? "
          "helo:string? signer:string? links:string[] weight:string subject_hash:string? "
          "steps:string[]"},
    Shape{"NewListing",
          "list:string subject:string until:string~ for:string~ code:string~ reason:string~ "
          "whole_tld:boolean~ why:string~",
          true},
    Shape{"Why", "why:string~", true},
    Shape{"Extension", "until:string~ for:string~ no_end:boolean~ why:string~", true},
    Shape{"Exempting", "reason:string until:string~ for:string~ why:string~", true},
    Shape{"Entries", "entries:Entry[] next:string?"},
    Shape{"Entry",
          "list:string source:string subject:string exempt:boolean code:string? "
          "ttl_seconds:integer? reason:string since:time? until:time?"},
    Shape{"NewEntry",
          "list:string subject:string source:string~ exempt:boolean~ until:string~ for:string~ "
          "code:string~ reason:string~ ttl_seconds:integer~ whole_tld:boolean~ why:string~",
          true},
    Shape{"EntryChange", "list:string source:string subject:string change:string"},
    Shape{"EntryRemoval", "list:string subject:string removed:integer"},
    Shape{"Feeds", "feeds:Feed[]"},
    Shape{"Feed",
          "name:string version:integer entries:integer imported:time? checked:time? "
          "data_end:time? held:boolean held_why:string? last_error:string? list:string url:string "
          "format:string? every_seconds:integer due:boolean versions:integer[]"},
    Shape{"Import",
          "source:string list:string version:integer format:string? held_why:string? "
          "added:integer changed:integer removed:integer unchanged:integer before:integer "
          "after:integer"},
    Shape{"Rollback", "version:integer why:string~", true},
    Shape{"Status",
          "version:string format:integer journal_head:integer entries:integer verdicts:integer "
          "file_bytes:integer map_bytes:integer readers:integer lists:integer zones:integer "
          "feeds:any[] mails:integer queued:integer parked:integer tokens:integer"},
    Shape{"Audit", "head:integer records:AuditRecord[] next:string?"},
    Shape{"AuditRecord",
          "number:integer time:time? actor:string from:string action:string why:string "
          "details:any[] previous:string hash:string"},
    Shape{"Journal", "head:integer changes:JournalItem[] next:string?"},
    Shape{"JournalItem", "number:integer time:time? actor:string change:string"},
    Shape{"Rules", "rules:Rule[] on_record:string?"},
    Shape{"Rule", "rule:string text:string"},
    Shape{"Stats", "by:string field:string list:string? days:object rows:object[] all:object"},
    Shape{"SweepStep", "after:string~", true},
    Shape{"Sweep",
          "deleted:integer expired:integer lapsed:integer hits:integer more:boolean next:string?"},
    Shape{"Tokens", "tokens:Token[]"},
    Shape{"Token",
          "name:string role:string provider:string? added:time? expires:time? used:time? "
          "note:string?"},
    Shape{"NewToken",
          "name:string role:string provider:string~ note:string~ until:string~ for:string~", true},
    Shape{"NewTokenShown", "name:string role:string provider:string? expires:time? token:string"},
    Shape{"TokenChange", "name:string change:string"},
    Shape{"Approvals", "approvals:Approval[] next:string?"},
    Shape{"Approval",
          "approval:integer state:string action:string asked_by:string made:time? until:time? "
          "method:string target:string body:string? touches:string decided_by:string? "
          "decided:time? outcome:string? result:any~"},
    Shape{"Providers", "providers:Provider[]"},
    Shape{"Provider",
          "provider:string name:string asns:integer[] abuse:string? postmaster:string? "
          "support:string? webhook:string? policy_url:string? space_url:string? "
          "space_format:string? domains:string[] shows_standing:boolean added:time? changed:time? "
          "space:object"},
    Shape{"NewProvider",
          "slug:string name:string~ asns:integer[]~ abuse:string~ postmaster:string~ "
          "support:string~ webhook:string~ policy_url:string~ space_url:string~ "
          "space_format:string~ domains:string[]~ shows_standing:boolean~ why:string~",
          true},
    Shape{"ProviderMembers",
          "name:string~ asns:integer[]~ abuse:string~ postmaster:string~ support:string~ "
          "webhook:string~ policy_url:string~ space_url:string~ space_format:string~ "
          "domains:string[]~ shows_standing:boolean~ why:string~",
          true},
    Shape{"ProviderRemoval", "slug:string change:string revoked_tokens:string[]"},
    Shape{"Space", "ranges:HeldRange[] next:string?"},
    Shape{"HeldRange", "prefix:string origin:string since:time?"},
    Shape{"NewSpace", "prefixes:string[] take:boolean~ why:string~", true},
    Shape{"SpaceChange",
          "added:integer removed:integer unchanged:integer taken:integer refused:integer "
          "refusals:object[]"},
    Shape{"PolicyImport",
          "version:integer? applied:boolean held:boolean held_why:string? diff:object "
          "refused:integer refusals:object[] listed:integer exemptions:integer "
          "smarthosts:integer entries_changed:integer left_out:string[]"},
    Shape{"PolicyVersions", "versions:PolicyVersion[]"},
    Shape{"PolicyVersion",
          "version:integer voice:string imported:time? published:time? actor:string "
          "ranges:integer exemptions:integer refused:integer in_force:boolean held:boolean"},
    Shape{"PolicyConflicts", "conflicts:PolicyConflict[] hits_looked_at:integer whole:boolean"},
    Shape{"PolicyConflict", "prefix:string where:string says:string seen:string"},
    Shape{"Exemptions", "exemptions:Exemption[] next:string?"},
    Shape{"Exemption", "prefix:string reason:string customer:string? until:time?"},
    Shape{"NewExemption", "prefix:string reason:string customer:string~ until:string~ for:string~",
          true},
    Shape{"ExemptionChange", "prefix:string change:string"},
    Shape{"Reports", "reports:Report[] next:string?"},
    Shape{"Report",
          "report:integer provider:string listing:integer list:string subject:string "
          "cause:string state:string made:time? due:time? sent:time? tries:integer "
          "channel:string? error:string? answers:Answer[]"},
    Shape{"Answer", "time:time? kind:string by:string text:string"},
    Shape{"ReportAnswer", "kind:string text:string", true},
    Shape{"ShownStandings", "standings:ShownStanding[]"},
    Shape{"ShownStanding", "provider:string name:string tier:string computed:time?"},
    Shape{"Standing",
          "provider:string computed:time? tier:string before:string points:integer "
          "inputs:StandingInput[] lines:string[]"},
    Shape{"StandingInput", "input:string part:integer whole:integer points:integer"},
    Shape{"Standings", "provider:string standings:object[]"},
    Shape{"NewRemoval",
          "list:string~ subject:string proof:string~ mailbox:string~ helo:string~ "
          "mail_domain:string~ statement:string~",
          true},
    Shape{"NewOwnRemoval",
          "list:string~ subject:string helo:string~ mail_domain:string~ statement:string~ "
          "attested:boolean~",
          true},
    Shape{"OpenedRemovals", "removals:OpenedRemoval[]"},
    Shape{"OpenedRemoval",
          "list:string subject:string proof:string state:string key:string challenge:string? "
          "outcome:string?"},
    Shape{"Removals", "removals:Removal[] next:string?"},
    Shape{"Removal",
          "list:string subject:string proof:string state:string ended:boolean attested:boolean "
          "made:time? changed:time? until:time? due:time? outcome:string? checks:RemovalCheck[] "
          "events:RemovalEvent[] removal:integer~ listing:any~ provider:any~"},
    Shape{"RemovalCheck", "check:string result:string seen:string remedy:string?"},
    Shape{"RemovalEvent", "time:time? state:string actor:string why:string"},
    Shape{"Proof", "code:string", true},
    Shape{"Appeal", "why:string", true},
    Shape{"Attest", "prefix:string text:string", true},
    Shape{"Attests", "attests:object[]"},
    Shape{"Taken", "accepted:integer duplicates:integer refused:Fault[] refused_total:integer"},
};

json::object type_of(std::string_view type, bool may_be_null) {
    if (type.ends_with("[]")) {
        return {{"type", "array"}, {"items", type_of(type.substr(0, type.size() - 2), false)}};
    }
    if (type == "any") {
        return {};
    }
    if (std::isupper(static_cast<unsigned char>(type.front())) != 0) {
        const json::object ref{{"$ref", "#/components/schemas/" + std::string(type)}};
        return may_be_null
                   ? json::object{{"anyOf", json::array{ref, json::object{{"type", "null"}}}}}
                   : ref;
    }
    const std::string_view plain = type == "time" ? "string" : type;
    json::object out;
    if (may_be_null) {
        out["type"] = json::array{plain, "null"};
    } else {
        out["type"] = plain;
    }
    if (type == "time") {
        out["format"] = "date-time";
    }
    return out;
}

json::object schema_of(const Shape& shape) {
    json::object properties;
    json::array required;
    std::string_view rest = shape.members;
    while (!rest.empty()) {
        const std::string_view member = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(member.size() + 1, rest.size()));
        const std::size_t colon = member.find(':');
        std::string_view type = member.substr(colon + 1);
        const bool may_miss = type.ends_with('~');
        const bool may_be_null = type.ends_with('?');
        if (may_miss || may_be_null) {
            type.remove_suffix(1);
        }
        properties[member.substr(0, colon)] = type_of(type, may_be_null);
        if (!may_miss) {
            required.emplace_back(member.substr(0, colon));
        }
    }
    json::object out{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) {
        out["required"] = std::move(required);
    }
    if (shape.is_body) {
        out["additionalProperties"] = false;
    }
    return out;
}

}  // namespace

json::object schemas() {
    json::object out;
    for (const Shape& shape : kShapes) {
        out[shape.name] = schema_of(shape);
    }
    return out;
}

}  // namespace fairlist::api
