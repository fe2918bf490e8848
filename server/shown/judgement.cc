#include "server/shown/explanation.h"

#include <algorithm>
#include <vector>

namespace fairlist {

std::vector<EntryRole> judge(const ListSpec& list, const std::vector<EntryView>& covering,
                             Time now) {
    const bool any_answers = std::ranges::any_of(covering, &EntryView::answers);
    // With MatchRule::All narrower entries answer beside an exemption; else an answer means that
    // the exemption is beaten.
    const bool exemption_counts = list.match == MatchRule::All || !any_answers;
    const Subject* exempted = nullptr;  // the narrowest subject with an exemption in force
    std::vector<EntryRole> roles;
    for (const EntryView& view : covering) {
        const Entry& entry = view.entry;
        EntryRole role = EntryRole::Overridden;
        if (entry.until.is_set() && entry.until <= now) {
            role = EntryRole::Expired;
        } else if (view.answers) {
            role = EntryRole::Answers;
        } else if (entry.verdict.exempt && exemption_counts) {
            exempted = exempted == nullptr ? &entry.subject : exempted;
            role = *exempted == entry.subject ? EntryRole::Exempts : EntryRole::Overridden;
        }
        roles.push_back(role);
    }
    return roles;
}

}  // namespace fairlist
