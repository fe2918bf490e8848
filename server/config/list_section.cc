#include "listing/model/entry.h"
#include "server/config/sections.h"
#include "zones/reason.h"

#include <array>

namespace fairlist::config {

namespace {

constexpr std::array<Choice<ListKind>, 3> kKinds = {
    {{"address", ListKind::Address}, {"domain", ListKind::Domain}, {"hash", ListKind::Hash}}};
constexpr std::array<Choice<MatchRule>, 3> kMatchRules = {
    {{"most-specific", MatchRule::MostSpecific},
     {"all", MatchRule::All},
     {"octet-step", MatchRule::OctetStep}}};

}  // namespace

void read_list(Reader& in, ListTable& table) {
    ListSpec& out = table.spec;
    in.require({"name"});
    in.parsed("name", "name", out.name, parse_list_name);
    in.choice("kind", out.kind, kKinds);
    in.choice("match", out.match, kMatchRules);
    in.flag("foreign_codes", out.foreign_codes);
    in.code("code", out.code, out.foreign_codes);
    in.text("reason", out.reason, kReasonBytesMax);
    in.duration("ttl", out.ttl_seconds, {0, kTtlSecondsMax});
    in.text("description", out.description, kTextBytesMax);
    table.has_removal = in.has("removal");
    in.table("removal", table.removal, read_removal_rule);
    if (const auto good = check_reason(out.reason, true); !good) {
        in.fault("reason", good.error().message);
    }
    if (out.match == MatchRule::OctetStep && out.kind != ListKind::Address) {
        in.fault("match", "\"octet-step\": for lists of kind address only");
    }
}

}  // namespace fairlist::config
