#include "listing/index/match.h"
#include "tools/fairlist/explanation.h"

#include <numeric>

namespace fairlist::cli {

namespace {

// As the index offers entries: the length of the prefix, or the number of labels of the name.
unsigned narrowness(const Subject& subject) noexcept {
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        return prefix->length;
    }
    if (const auto* name = std::get_if<NameSubject>(&subject)) {
        return 1 + static_cast<unsigned>(std::ranges::count(name->name.text(), '.'));
    }
    return 0;
}

// Octet steps are a matter of IPv4 alone.
MatchRule rule_for(const ListSpec& list, const Entry& entry) noexcept {
    const auto* prefix = std::get_if<Prefix>(&entry.subject);
    const bool has_octets = prefix != nullptr && prefix->is_v4();
    return list.match == MatchRule::OctetStep && !has_octets ? MatchRule::MostSpecific : list.match;
}

unsigned step_of(MatchRule rule, const Entry& entry) noexcept {
    const unsigned length = narrowness(entry.subject);
    return rule == MatchRule::OctetStep ? index::octet_step(length) : length;
}

// The order in which the index offers them: the narrowest first, exemptions before entries.
std::vector<std::size_t> offer_order(const std::vector<EntryView>& covering) {
    std::vector<std::size_t> order(covering.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        const Entry& left = covering[a].entry;
        const Entry& right = covering[b].entry;
        const unsigned left_length = narrowness(left.subject);
        const unsigned right_length = narrowness(right.subject);
        return left_length != right_length ? left_length > right_length
                                           : left.verdict.exempt && !right.verdict.exempt;
    });
    return order;
}

// The index's own rule decides; the verdict numbers carry the places in `covering`.
void mark_answering(MatchRule rule, const std::vector<EntryView>& covering,
                    const std::vector<std::size_t>& order, Time now, std::vector<Role>& roles) {
    constexpr ListId kList{1};
    index::ListSelection selection;
    selection.add(kList, rule);
    index::Chooser chooser(selection, now);
    for (const std::size_t at : order) {
        const Entry& entry = covering[at].entry;
        chooser.offer({static_cast<std::uint32_t>(at), entry.verdict.exempt, kList, SourceId{},
                       entry.since, entry.until},
                      narrowness(entry.subject));
    }
    for (const index::Chosen& chosen : chooser.finish()) {
        roles[chosen.mark.verdict] = Role::Answers;
    }
}

}  // namespace

std::vector<Role> judge(const ListSpec& list, const std::vector<EntryView>& covering, Time now) {
    std::vector<Role> roles(covering.size(), Role::Overridden);
    if (covering.empty()) {
        return roles;
    }
    const MatchRule rule = rule_for(list, covering.front().entry);
    const std::vector<std::size_t> order = offer_order(covering);
    mark_answering(rule, covering, order, now, roles);
    std::optional<unsigned> narrowest;
    std::optional<unsigned> exempting;
    for (const std::size_t at : order) {
        const Entry& entry = covering[at].entry;
        if (entry.until.is_set() && entry.until <= now) {
            roles[at] = Role::Expired;
            continue;
        }
        const unsigned step = step_of(rule, entry);
        narrowest = narrowest.value_or(step);
        const bool reached = rule == MatchRule::All || step == *narrowest;
        if (entry.verdict.exempt && reached && exempting.value_or(step) == step) {
            exempting = step;
            roles[at] = Role::Exempts;
        }
    }
    return roles;
}

}  // namespace fairlist::cli
