#include "listing/index/match.h"

#include "listing/base/check.h"

#include <algorithm>

namespace fairlist::index {

void ListSelection::add(ListId id, MatchRule match) noexcept {
    const auto number = static_cast<std::size_t>(id);
    FAIRLIST_CHECK(count < kListsPerZoneMax && number < kListsMax);
    slot_of[number] = count;
    rule[count] = match;
    list[count] = id;
    list_bits |= std::uint64_t{1} << (number % 64);
    ++count;
}

unsigned octet_step(unsigned length) noexcept {
    return (length + 7) / 8 * 8;
}

Chooser::Chooser(const ListSelection& lists, Time now, bool is_v4) noexcept
    : lists_(lists), now_(now), is_v4_(is_v4), states_(lists.count) {}

void Chooser::take(const store::Mark& mark, std::uint8_t length, std::uint8_t slot) noexcept {
    if (chosen_.size() == kChosenMax) {
        overflowed_ = true;
        return;
    }
    chosen_.push_back({mark, length, slot});
}

void Chooser::offer(const store::Mark& mark, unsigned length) noexcept {
    const std::uint8_t slot = lists_.slot(mark.list);
    if (slot == ListSelection::kNone || !mark.is_live(now_)) {
        return;
    }
    State& state = states_[slot];
    if (state.closed) {
        return;
    }
    const MatchRule rule = this->rule(slot);
    const auto narrow = static_cast<std::uint8_t>(length);
    const bool same_step = rule == MatchRule::OctetStep
                               ? octet_step(state.length) == octet_step(length)
                               : state.length == narrow;
    if (state.matched && rule != MatchRule::All && !same_step) {
        state.closed = true;
        return;
    }
    if (!state.matched) {
        state.matched = true;
        state.length = narrow;
    }
    if (!mark.exempt) {
        take(mark, narrow, slot);
        return;
    }
    state.closed = true;
    state.silenced = rule == MatchRule::OctetStep;
}

std::span<const Chosen> Chooser::finish() noexcept {
    std::size_t kept = 0;
    for (const Chosen& one : chosen_) {
        if (!states_[one.slot].silenced) {
            chosen_[kept++] = one;
        }
    }
    chosen_.resize(kept);
    return chosen_;
}

}  // namespace fairlist::index
