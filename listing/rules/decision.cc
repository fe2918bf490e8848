#include "listing/rules/decision.h"

#include "listing/rules/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist::rules {

namespace {

bool is_in(const std::optional<Past>& past, ListingState state) noexcept {
    return past && past->state == state;
}

// One identity's way through a rule: each step that applies says so and sets the outcome.
class Judge {
  public:
    Judge(const TrapRule& rule, const Subject& identity, const Subject& border,
          const Situation& situation, Time now)
        : rule_(rule),
          border_(border),
          situation_(situation),
          now_(now),
          past_(settle(situation.past, now)),
          border_past_(settle(situation.border_past, now)),
          has_border_(border != identity) {
        decision_.subject = identity;
    }

    Decision judge() {
        const Tally tally = tally_of(rule_, situation_.hits, now_);
        say(to_step(rule_, tally));
        if (tally.reaches(rule_) && !is_held_back()) {
            weigh_border();
        }
        return std::move(decision_);
    }

  private:
    void say(std::string step) { decision_.steps.push_back(std::move(step)); }

    // Whether a person's decision or protected space stands against any listing.
    bool is_held_back() {
        if (is_in(past_, ListingState::Suspended)) {
            decision_.outcome = Outcome::Suspended;
            say("its listing is suspended: nothing changes");
            return true;
        }
        if (!situation_.refusal.empty()) {
            decision_.outcome = Outcome::Refuse;
            say("may not be listed: " + situation_.refusal);
            return true;
        }
        return false;
    }

    void weigh_border() {
        const bool is_open = is_in(border_past_, ListingState::Open);
        if (has_border_ && (is_open || rule_.escalate_count != 0)) {
            has_border_ = may_take_border();
        }
        if (has_border_ && is_open) {
            say(fmt::format("{}, which holds it, is listed already", to_string(border_)));
            take_border();
            list();
        } else {
            weigh_notice();
        }
    }

    // A rule without notice lists at once, also what another rule has given notice of.
    void weigh_notice() {
        if (rule_.notice_seconds == 0 || is_in(past_, ListingState::Open)) {
            widen_and_list();
        } else if (is_in(past_, ListingState::Noticed) && past_->until > now_) {
            weigh_noticed();
        } else {
            give_notice();
        }
    }

    void give_notice() {
        const Lifetime lifetime = lifetime_of(rule_, past_, now_);
        decision_.outcome = Outcome::Notice;
        decision_.times = lifetime.times;
        decision_.notice_until = later(now_, rule_.notice_seconds);
        decision_.until = later(decision_.notice_until, rule_.window_seconds);
        say(fmt::format("notice of {}: listed when hits go on after {}, lapses at {}",
                        format_duration(rule_.notice_seconds), to_string(decision_.notice_until),
                        to_string(decision_.until)));
    }

    void weigh_noticed() {
        const Time end = past_->notice_until;
        const auto came_after = std::ranges::count_if(situation_.hits, [&](const CountedHit& hit) {
            return hit.time >= end && is_within(hit.time, rule_.window_seconds, now_);
        });
        if (now_ < end) {
            say(fmt::format("notice was given: nothing before {}", to_string(end)));
        } else if (came_after == 0) {
            say(fmt::format("notice ended {}: no hit since, needed 1", to_string(end)));
        } else {
            say(fmt::format("notice ended {}: {} since, needed 1", to_string(end), came_after));
            widen_and_list();
        }
    }

    void widen_and_list() {
        if (has_border_ && rule_.escalate_count != 0) {
            const std::uint64_t listed = std::uint64_t{situation_.listed_in_border} + 1;
            say(fmt::format("{} listed in {} with this one, {} widen to all of it", listed,
                            to_string(border_), rule_.escalate_count));
            if (listed >= rule_.escalate_count) {
                take_border();
            }
        }
        list();
    }

    bool may_take_border() {
        if (!situation_.border_step.empty()) {
            say("border: " + situation_.border_step);
        }
        if (is_in(border_past_, ListingState::Suspended)) {
            say(fmt::format("{} is suspended: not widened", to_string(border_)));
            return false;
        }
        if (!situation_.border_refusal.empty()) {
            say(fmt::format("{} may not be listed, so not widened: {}", to_string(border_),
                            situation_.border_refusal));
            return false;
        }
        return true;
    }

    void take_border() {
        decision_.subject = border_;
        past_ = border_past_;
    }

    // Opens or extends the subject, by its own past.
    void list() {
        const Lifetime lifetime = lifetime_of(rule_, past_, now_);
        decision_.times = lifetime.times;
        decision_.until = lifetime.until;
        decision_.outcome = Outcome::Open;
        say(lifetime.step);
        if (is_in(past_, ListingState::Open)) {
            decision_.outcome = Outcome::Extend;
            decision_.until =
                past_->until.is_set() ? std::max(past_->until, lifetime.until) : Time{};
        }
        say(fmt::format("{} {} until {}", to_string(decision_.subject),
                        decision_.outcome == Outcome::Open ? "listed" : "stays listed",
                        decision_.until.is_set() ? to_string(decision_.until) : "it is removed"));
    }

    const TrapRule& rule_;
    const Subject& border_;
    const Situation& situation_;
    Time now_;
    std::optional<Past> past_;
    std::optional<Past> border_past_;
    bool has_border_;
    Decision decision_;
};

}  // namespace

std::string_view to_string(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::Wait:
            return "wait";
        case Outcome::Notice:
            return "notice";
        case Outcome::Open:
            return "open";
        case Outcome::Extend:
            return "extend";
        case Outcome::Suspended:
            return "suspended";
        case Outcome::Refuse:
            return "refuse";
    }
    return "?";
}

Decision decide(const TrapRule& rule, const Subject& identity, const Subject& border,
                const Situation& situation, Time now) {
    return Judge(rule, identity, border, situation, now).judge();
}

}  // namespace fairlist::rules
