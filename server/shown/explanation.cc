#include "server/shown/explanation.h"

#include "server/shown/dns_name.h"
#include "zones/reason.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist {

namespace {

constexpr std::size_t kReasonTextMax = 4096;

std::string expand(std::string_view text, const ReasonFields& fields) {
    std::array<char, kReasonTextMax> buffer{};
    return {buffer.data(), expand_reason(text, fields, buffer)};
}

std::vector<EntryView> entries_inside(Manager& manager, const ListExplanation& list,
                                      const Subject& subject) {
    const auto* prefix = std::get_if<Prefix>(&subject);
    std::vector<EntryView> inside;
    if (prefix == nullptr || prefix->length == 128) {
        return inside;
    }
    EntryFilter filter;
    filter.list = list.list;
    filter.within = *prefix;
    filter.include_expired = true;
    // Those of the prefix itself come along, and are among the covering ones already.
    auto page = manager.entries(filter, "", kNarrowerMax + 1 + list.entries.size());
    if (page) {
        inside = std::move(page->entries);
        std::erase_if(inside, [&](const EntryView& view) { return view.entry.subject == subject; });
    }
    return inside;
}

std::vector<ZoneName> zone_names(const config::Config& config, const std::string& list,
                                 const Subject& subject) {
    std::vector<ZoneName> names;
    for (const ZoneSpec& zone : config.zones) {
        if (zone.origin && std::ranges::find(zone.lists, list) != zone.lists.end()) {
            names.push_back({zone.origin->text(), name_to_ask(subject, *zone.origin).value_or("")});
        }
    }
    return names;
}

std::optional<Listing> listing_of(Ledger& ledger, const EntryView& view) {
    return view.source == kListingSource ? ledger.latest(view.list, view.entry.subject)
                                         : std::nullopt;
}

ListExplanation explain_list(const Sight& sight, const ListSpec& list, const Subject& subject,
                             const std::vector<EntryView>& all) {
    ListExplanation explained;
    explained.list = list.name;
    explained.kind = list.kind;
    std::vector<EntryView> covering;
    std::ranges::copy_if(all, std::back_inserter(covering),
                         [&](const EntryView& view) { return view.list == list.name; });
    const std::vector<EntryRole> roles = judge(list, covering, sight.at);
    for (std::size_t i = 0; i < covering.size(); ++i) {
        explained.listed = explained.listed || roles[i] == EntryRole::Answers;
        explained.entries.push_back(explain_entry(list, covering[i], roles[i], subject));
        explained.entries.back().listing = listing_of(sight.ledger, covering[i]);
    }
    explained.narrower = entries_inside(sight.manager, explained, subject);
    explained.more_narrower = explained.narrower.size() > kNarrowerMax;
    if (explained.more_narrower) {
        explained.narrower.erase(explained.narrower.begin() + kNarrowerMax,
                                 explained.narrower.end());
    }
    explained.zones = zone_names(sight.config, list.name, subject);
    return explained;
}

}  // namespace

std::string_view to_string(EntryRole role) noexcept {
    switch (role) {
        case EntryRole::Answers:
            return "answers";
        case EntryRole::Exempts:
            return "exempts";
        case EntryRole::Overridden:
            return "overridden";
        case EntryRole::Expired:
            break;
    }
    return "expired";
}

ExplainedEntry explain_entry(const ListSpec& list, const EntryView& view, EntryRole role,
                             const Subject& subject) {
    const Verdict& verdict = view.entry.verdict;
    ExplainedEntry explained{view, role, verdict.code.is_set() ? verdict.code : list.code, ""};
    const std::string address = to_string(subject);
    const std::string own = to_string(view.entry.subject);
    ReasonFields fields;
    fields.address = address;
    fields.subject = own;
    fields.list = list.name;
    fields.code = explained.code;
    fields.since = view.entry.since;
    fields.until = view.entry.until;
    const std::string own_reason = expand(verdict.reason, fields);
    fields.reason = own_reason;
    const bool wraps = list.reason.find("{reason}") != std::string::npos;
    const bool by_list = !verdict.exempt && (verdict.reason.empty() || wraps);
    explained.reason = by_list ? expand(list.reason, fields) : own_reason;
    return explained;
}

bool is_test_point(const Subject& subject) {
    constexpr std::array<std::string_view, 4> kPoints = {"127.0.0.2", "127.0.0.1", "test",
                                                         "invalid"};
    return std::ranges::find(kPoints, to_string(subject)) != kPoints.end();
}

std::string note_on(const Subject& subject, const ProtectedSpace& protected_space) {
    const auto* prefix = std::get_if<Prefix>(&subject);
    const std::string text = to_string(subject);
    const bool tested = text == "127.0.0.2" || text == "test";
    if (is_test_point(subject)) {
        return fmt::format(
            "a test point (RFC 5782 section 5): every zone of its kind answers it "
            "as {}, without an entry",
            tested ? "listed" : "not listed");
    }
    if (prefix == nullptr) {
        return "";
    }
    const std::string_view why = protected_space.refusal(*prefix);
    return why.empty() ? "" : fmt::format("protected space, no entry is taken: {}", why);
}

SubjectExplanation explain(const Sight& sight, const std::string& asked, const Subject& subject) {
    const config::Config& config = sight.config;
    const ProtectedSpace protected_space(config.do_not_list, config.protected_exceptions);
    SubjectExplanation explained{
        asked, subject, note_on(subject, protected_space), {}, is_test_point(subject)};
    const std::vector<EntryView> all = sight.manager.lookup(subject);
    for (const ListSpec& list : config.lists) {
        if (list.kind == kind_of(subject)) {
            explained.lists.push_back(explain_list(sight, list, subject, all));
        }
    }
    return explained;
}

}  // namespace fairlist
