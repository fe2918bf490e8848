#include "listing/rules/simulation.h"

#include "listing/rules/tally.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace fairlist::rules {

namespace {

// Below this many, forgetting old hits of identities that do not come again is not worth a walk.
constexpr std::size_t kSweepHitsMin = 100000;

}  // namespace

Simulation::Simulation(std::vector<SimulatedRule> rules, const AddressSpace& space, Refusal refusal,
                       Adjust adjust)
    : rules_(std::move(rules)),
      space_(space),
      refusal_(std::move(refusal)),
      adjust_(std::move(adjust)),
      until_sweep_(kSweepHitsMin) {}

void Simulation::feed(std::uint64_t number, const Hit& hit) {
    now_ = std::max(now_, hit.time);
    ++totals_.hits;
    book_.expire(now_);
    CountedHit counted = count(number, hit);
    counted.time = now_;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        const Accusation accused = accuse(rules_[i].rule, rules_[i].list_kind, space_, hit);
        for (const Subject& identity : accused.identities) {
            weigh(i, identity, counted);
        }
    }
}

void Simulation::weigh(std::size_t rule, const Subject& identity, const CountedHit& hit) {
    const HitWindow* window = window_with(rule, identity, hit);
    if (window == nullptr) {
        ++totals_.hits_left_out;
        return;
    }
    ++totals_.counted;
    const Adjusted adjusted =
        adjust_ ? adjust_(rules_[rule].rule, identity) : Adjusted{rules_[rule].rule, {}};
    const TrapRule& by = adjusted.rule;
    const Border border = find_border(by, space_, identity);
    const auto hits = newest_enough(by, window->hits());
    Decision decision =
        decide(by, identity, border.subject, situation_of(by, identity, border, hits), now_);
    decision.steps.insert(decision.steps.begin(), adjusted.steps.begin(), adjusted.steps.end());
    totals_.refused += static_cast<std::uint64_t>(decision.outcome == Outcome::Refuse);
    if (!book_.apply(by, std::move(decision), {now_, hit.number, hits})) {
        ++totals_.listings_left_out;
    }
}

HitWindow* Simulation::window_with(std::size_t rule, const Subject& identity,
                                   const CountedHit& hit) {
    if (--until_sweep_ == 0) {
        sweep_windows();
    }
    if (hits_held_ >= kSimulationHitsMax) {
        return nullptr;
    }
    const auto found =
        windows_.try_emplace(WindowKey{rule, identity}, rules_[rule].rule.window_seconds);
    HitWindow& window = found.first->second;
    const std::size_t before = window.hits().size();
    window.drop_old(now_);
    window.add(hit);
    hits_held_ = hits_held_ + window.hits().size() - before;
    return &window;
}

// The next walk waits for as many hits as this one has left, so that walking stays cheap.
void Simulation::sweep_windows() {
    hits_held_ = 0;
    for (auto at = windows_.begin(); at != windows_.end();) {
        at->second.drop_old(now_);
        hits_held_ += at->second.hits().size();
        at = at->second.hits().empty() ? windows_.erase(at) : std::next(at);
    }
    until_sweep_ = std::max(hits_held_, kSweepHitsMin);
}

Situation Simulation::situation_of(const TrapRule& rule, const Subject& identity,
                                   const Border& border, std::span<const CountedHit> hits) const {
    Situation situation;
    situation.hits = hits;
    situation.past = book_.past_of(rule.list, identity);
    situation.refusal = refusal_(rule.list, identity);
    if (border.subject != identity) {
        situation.border_past = book_.past_of(rule.list, border.subject);
        situation.border_refusal = refusal_(rule.list, border.subject);
        situation.border_step = border.step;
        situation.listed_in_border =
            book_.open_within(rule, std::get<Prefix>(border.subject), identity);
    }
    return situation;
}

std::vector<SimulatedListing> Simulation::finish(Time end) {
    now_ = std::max(now_, end);
    book_.expire(now_);
    windows_.clear();
    return book_.take();
}

}  // namespace fairlist::rules
