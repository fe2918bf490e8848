// Any bytes as a configuration: faults point into the text, and what has none keeps its promises.

#include "server/config/config.h"

#include "listing/base/check.h"
#include "zones/reason.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::config {
namespace {

// Relative names lead nowhere from here. A text that might name other files by whole paths is left
// alone, so that no run depends on, or reads, what the machine holds.
constexpr std::string_view kName = "no-such-folder/fairlist.toml";

bool may_name_files(std::string_view text) noexcept {
    const bool has_key = text.contains("include") || text.contains("do_not_list_file") ||
                         text.contains("space_file");
    return (has_key && text.contains('/')) || text.contains('\\');
}

void check_fault(const Fault& fault, std::string_view text) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    FAIRLIST_CHECK(fault.file == kName);
    FAIRLIST_CHECK(fault.line <= lines);
    FAIRLIST_CHECK((fault.line == 0) == (fault.column == 0));
    FAIRLIST_CHECK(!fault.what.empty());
    FAIRLIST_CHECK(to_string(fault).starts_with(kName));
}

void check_list(const ListSpec& list) {
    FAIRLIST_CHECK(parse_list_name(list.name).has_value());
    FAIRLIST_CHECK(check_reason(list.reason, true).has_value());
    FAIRLIST_CHECK(list.foreign_codes || is_listing_code(list.code));
    std::array<char, 40> out{};
    ReasonFields fields;
    fields.address = "192.0.2.1";
    fields.subject = "192.0.2.0/24";
    fields.list = list.name;
    FAIRLIST_CHECK(expand_reason(list.reason, fields, out) <= out.size());
}

void check_zone(const ZoneSpec& zone, const Config& config) {
    FAIRLIST_CHECK(zone.origin.has_value() && !zone.name_servers.empty() && !zone.lists.empty());
    FAIRLIST_CHECK(parse_domain(zone.soa.mname).has_value());
    FAIRLIST_CHECK(parse_domain(zone.soa.rname).has_value());
    for (const std::string& name : zone.lists) {
        FAIRLIST_CHECK(std::ranges::find(config.lists, name, &ListSpec::name) !=
                       config.lists.end());
    }
}

void check_rule(const TrapRule& rule, const Config& config) {
    const auto list = std::ranges::find(config.lists, rule.list, &ListSpec::name);
    FAIRLIST_CHECK(list != config.lists.end() && list->kind != ListKind::Hash);
    FAIRLIST_CHECK(rule.target != RuleTarget::Address || list->kind == ListKind::Address);
    FAIRLIST_CHECK(rule.target != RuleTarget::Signer || list->kind == ListKind::Domain);
    FAIRLIST_CHECK(rule.hits > 0 && rule.traps > 0 && rule.window_seconds > 0);
    FAIRLIST_CHECK(rule.window_seconds <= config.trap.keep_hits_seconds);
    FAIRLIST_CHECK(!rule.lifetimes_seconds.empty());
    FAIRLIST_CHECK(rule.lifetimes_seconds.size() <= kLifetimesMax);
    FAIRLIST_CHECK(std::ranges::is_sorted(rule.lifetimes_seconds));
    FAIRLIST_CHECK(check_reason(rule.reason, false).has_value());
    FAIRLIST_CHECK(!rule.code.is_set() || list->foreign_codes || is_listing_code(rule.code));
}

void run(const std::string& text) {
    if (may_name_files(text)) {
        return;
    }
    const Loaded loaded = load_text(text, kName);
    for (const Fault& fault : loaded.faults) {
        check_fault(fault, text);
    }
    if (!loaded.faults.empty()) {
        return;
    }
    FAIRLIST_CHECK(!loaded.config.store.path.empty());
    std::ranges::for_each(loaded.config.lists, check_list);
    for (const ZoneSpec& zone : loaded.config.zones) {
        check_zone(zone, loaded.config);
    }
    for (const TrapRule& rule : loaded.config.rules) {
        check_rule(rule, loaded.config);
    }
}

}  // namespace
}  // namespace fairlist::config

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fairlist::config::run(std::string(data, data + size));
    return 0;
}
