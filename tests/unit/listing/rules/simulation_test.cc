#include "listing/rules/simulation.h"

#include "tests/unit/listing/rules/hits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist::rules {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint32_t kStart = 1795600000;

Hit mail(std::uint32_t second, std::string_view address, std::uint32_t trap,
         std::string_view signer = "") {
    Hit made;
    made.time = {kStart + second};
    made.trap = trap;
    made.sensor = "lmtp";
    made.address = *parse_address(address);
    if (!signer.empty()) {
        made.signer = *parse_domain(signer);
    }
    return made;
}

TrapRule rule_of_2(const std::string& list, RuleTarget target = RuleTarget::Address) {
    TrapRule rule;
    rule.name = list;
    rule.list = list;
    rule.target = target;
    rule.hits = 2;
    rule.traps = 2;
    rule.window_seconds = kHour;
    rule.lifetimes_seconds = {kHour, kDay};
    return rule;
}

std::string never(const std::string& /*list*/, const Subject& /*subject*/) {
    return "";
}

std::vector<SimulatedListing> run(Simulation& simulation, const std::vector<Hit>& hits,
                                  std::uint32_t end) {
    std::uint64_t number = 0;
    for (const Hit& hit : hits) {
        simulation.feed(++number, hit);
    }
    return simulation.finish({kStart + end});
}

// "opened +10 until +3610 3,1"
std::string told(const ListingEvent& event) {
    std::string text = std::string(to_string(event.action)) + " +" +
                       std::to_string(event.time.seconds - kStart) + " until +" +
                       std::to_string(event.until.seconds - kStart);
    for (const std::uint64_t number : event.hits) {
        text += " " + std::to_string(number);
    }
    return text;
}

std::vector<std::string> told(const SimulatedListing& listing) {
    std::vector<std::string> all;
    for (const ListingEvent& event : listing.events) {
        all.push_back(told(event));
    }
    return all;
}

TEST(Simulation, OpensExtendsAndExpires) {
    const AddressSpace space;
    Simulation simulation({{rule_of_2("css"), ListKind::Address}}, space, never);
    const auto listings = run(simulation,
                              {mail(0, "198.51.100.7", 1), mail(5, "203.0.113.9", 1),
                               mail(10, "198.51.100.7", 2), mail(20, "198.51.100.7", 1),
                               // +100 of an hour is worth an extension, +20 was not. The listing
                               // has ended at +3710, which makes the next one the second.
                               mail(110, "198.51.100.7", 1), mail(7000, "198.51.100.7", 1),
                               mail(7001, "198.51.100.7", 2)},
                              8000);
    ASSERT_THAT(listings, SizeIs(2));
    EXPECT_THAT(told(listings[0]),
                ElementsAre("opened +10 until +3610 3 1", "extended +110 until +3710 5",
                            "expired +3710 until +3710"));
    EXPECT_THAT(told(listings[1]), ElementsAre("opened +7001 until +93401 7 6"));
    const Listing& first = listings[0].listing;
    EXPECT_EQ(first.id, 1U);
    EXPECT_EQ(first.list, "css");
    EXPECT_EQ(to_string(first.subject), "198.51.100.7");
    EXPECT_EQ(first.state, ListingState::Expired);
    EXPECT_EQ(first.opened.seconds, kStart + 10);
    EXPECT_EQ(first.changed.seconds, kStart + 3710);
    EXPECT_EQ(first.last_hit.seconds, kStart + 110);
    EXPECT_EQ(first.opened_by, "rule:css");
    EXPECT_EQ(first.hits, 4U);
    EXPECT_EQ(first.events, 3U);
    EXPECT_EQ(first.earlier, 0U);
    const Listing& second = listings[1].listing;
    EXPECT_EQ(second.state, ListingState::Open);
    EXPECT_EQ(second.times, 2U);
    EXPECT_EQ(second.earlier, 1U);
    EXPECT_THAT(listings[1].events[0].steps,
                ElementsAre("rule css: 2 hits of 2 traps in 1h, needed 2 of 2",
                            "listed 1 time before, the last ended 2026-11-25T10:48:30Z; "
                            "lifetime 1d",
                            "198.51.100.7 listed until 2026-11-26T11:43:21Z"));
    EXPECT_EQ(simulation.totals().hits, 7U);
    EXPECT_EQ(simulation.totals().counted, 7U);
    EXPECT_EQ(simulation.totals().hits_left_out, 0U);
}

TEST(Simulation, NoticeThatLapsesCountsAsNoListing) {
    const AddressSpace space;
    TrapRule rule = rule_of_2("css");
    rule.notice_seconds = 600;
    Simulation simulation({{rule, ListKind::Address}}, space, never);
    const auto listings = run(simulation,
                              {mail(0, "198.51.100.7", 1), mail(10, "198.51.100.7", 2),
                               mail(20, "198.51.100.7", 1), mail(9000, "198.51.100.7", 1),
                               mail(9001, "198.51.100.7", 2), mail(9601, "198.51.100.7", 2)},
                              20000);
    ASSERT_THAT(listings, SizeIs(2));
    EXPECT_THAT(told(listings[0]),
                ElementsAre("noticed +10 until +4210 2 1", "lapsed +4210 until +4210"));
    EXPECT_THAT(told(listings[1]),
                ElementsAre("noticed +9001 until +13201 5 4", "opened +9601 until +13201 6 5 4",
                            "expired +13201 until +13201"));
    EXPECT_EQ(listings[0].listing.state, ListingState::Expired);
    EXPECT_EQ(listings[1].listing.times, 1U);
    EXPECT_EQ(listings[1].listing.earlier, 0U);
    EXPECT_EQ(listings[1].listing.opened.seconds, kStart + 9001);
    EXPECT_EQ(listings[0].listing.hits, 3U);
}

TEST(Simulation, EscalatesToTheBorderAndExtendsItFromThenOn) {
    const AddressSpace space({{*parse_prefix("198.51.100.0/28"), SpaceUse::Assigned, "", {}}});
    TrapRule rule = rule_of_2("css");
    rule.hits = 1;
    rule.traps = 1;
    rule.escalate_count = 3;
    Simulation simulation({{rule, ListKind::Address}}, space, never);
    const auto listings = run(
        simulation,
        {mail(0, "198.51.100.1", 1), mail(100, "198.51.100.2", 1), mail(200, "198.51.100.200", 1),
         mail(300, "198.51.100.3", 1), mail(400, "198.51.100.4", 1)},
        401);
    std::vector<std::string> subjects;
    for (const SimulatedListing& each : listings) {
        subjects.push_back(to_string(each.listing.subject));
    }
    EXPECT_THAT(subjects,
                ElementsAre("198.51.100.1", "198.51.100.2", "198.51.100.200", "198.51.100.0/28"));
    EXPECT_THAT(told(listings[3]),
                ElementsAre("opened +300 until +3900 4", "extended +400 until +4000 5"));
}

TEST(Simulation, SharedSpaceListsTheSignerAndTheAddressOnlyWithoutOne) {
    const AddressSpace space({{*parse_prefix("198.51.100.25"), SpaceUse::Smarthost, "", {}}});
    Simulation simulation({{rule_of_2("css"), ListKind::Address},
                           {rule_of_2("dbl", RuleTarget::Signer), ListKind::Domain}},
                          space, never);
    const auto listings =
        run(simulation,
            {mail(0, "198.51.100.25", 1, "bad.example"), mail(1, "198.51.100.25", 2, "bad.example"),
             mail(2, "198.51.100.25", 1), mail(3, "198.51.100.25", 2)},
            4);
    ASSERT_THAT(listings, SizeIs(2));
    EXPECT_EQ(to_string(listings[0].listing.subject), ".bad.example");
    EXPECT_EQ(listings[0].listing.list, "dbl");
    EXPECT_EQ(to_string(listings[1].listing.subject), "198.51.100.25");
    EXPECT_EQ(listings[1].listing.opened.seconds, kStart + 3);
}

TEST(Simulation, TwoRulesOfOneListShareItsListings) {
    const AddressSpace space;
    TrapRule slow = rule_of_2("css");
    TrapRule fast = rule_of_2("css");
    fast.name = "fast";
    fast.traps = 1;
    fast.lifetimes_seconds = {kMinute};
    Simulation simulation({{slow, ListKind::Address}, {fast, ListKind::Address}}, space, never);
    const auto listings = run(
        simulation,
        {mail(0, "198.51.100.7", 1), mail(1, "198.51.100.7", 1), mail(2, "198.51.100.7", 2)}, 3);
    ASSERT_THAT(listings, SizeIs(1));
    EXPECT_EQ(listings[0].listing.rule, "fast");
    EXPECT_THAT(told(listings[0]),
                ElementsAre("opened +1 until +61 2 1", "extended +2 until +3602 3"));
}

TEST(Simulation, RefusedOnesAreCounted) {
    const AddressSpace space;
    Simulation simulation({{rule_of_2("css"), ListKind::Address}}, space,
                          [](const std::string& list, const Subject& subject) {
                              return list + " never lists " + to_string(subject);
                          });
    EXPECT_THAT(run(simulation, {mail(0, "198.51.100.7", 1), mail(1, "198.51.100.7", 2)}, 2),
                IsEmpty());
    EXPECT_EQ(simulation.totals().refused, 1U);
}

TEST(Simulation, KeepsTheFirstEventsAndTheLast) {
    const AddressSpace space;
    Simulation simulation({{rule_of_2("css"), ListKind::Address}}, space, never);
    std::vector<Hit> hits;
    for (std::uint32_t i = 0; i < 100; ++i) {
        hits.push_back(mail(i * 40, "198.51.100.7", i % 2 + 1));
    }
    const auto listings = run(simulation, hits, 4000);
    ASSERT_THAT(listings, SizeIs(1));
    EXPECT_EQ(listings[0].listing.events, 99U);
    ASSERT_THAT(listings[0].events, SizeIs(kSimulatedEventsMax));
    EXPECT_EQ(told(listings[0].events.front()), "opened +40 until +3640 2 1");
    EXPECT_EQ(told(listings[0].events.back()), "extended +3960 until +7560 100");
}

TEST(Simulation, ManyIdentitiesThatNeverComeAgainAreForgotten) {
    const AddressSpace space;
    TrapRule rule = rule_of_2("css");
    rule.window_seconds = kMinute;
    Simulation simulation({{rule, ListKind::Address}}, space, never);
    Hit hit = mail(0, "198.51.100.7", 1);
    constexpr std::uint32_t kMany = 120000;
    for (std::uint32_t i = 0; i < kMany; ++i) {
        hit.time.seconds = kStart + i / 100;
        hit.address = Address::from_v4(0x0B000000 + i);
        simulation.feed(i + 1, hit);
    }
    EXPECT_LT(simulation.hits_held(), kMany / 4);
    EXPECT_THAT(simulation.finish({kStart + kMany}), IsEmpty());
    EXPECT_EQ(simulation.totals().counted, kMany);
    EXPECT_EQ(simulation.totals().hits_left_out, 0U);
}

// The slow twin: no windows, no queue, no maps. Everything that is known is walked over anew for
// each hit; only whom a hit accuses and what is decided come from the functions under test.
class SlowSimulation {
  public:
    SlowSimulation(std::vector<SimulatedRule> rules, const AddressSpace& space)
        : rules_(std::move(rules)), space_(space) {}

    void feed(const Hit& hit) {
        hits_.push_back(hit);
        expire(hit.time);
        for (const SimulatedRule& by : rules_) {
            for (const Subject& identity : accused(by, hit)) {
                weigh(by, identity, hit.time);
            }
        }
    }

    void expire(Time now) {
        for (Listing& each : listings) {
            if (!has_ended(each.state) && each.until <= now) {
                lapsed_.push_back(each.state == ListingState::Noticed ? each.id : 0);
                each.state = ListingState::Expired;
            }
        }
    }

    std::vector<Listing> listings;

  private:
    std::vector<Subject> accused(const SimulatedRule& by, const Hit& hit) const {
        return accuse(by.rule, by.list_kind, space_, hit).identities;
    }

    std::optional<Past> past_of(const std::string& list, const Subject& subject) const {
        std::optional<Past> latest;
        for (const Listing& each : listings) {
            const bool is_lapsed = std::ranges::find(lapsed_, each.id) != lapsed_.end();
            if (each.list == list && each.subject == subject && !is_lapsed) {
                latest = Past{each.state, each.until, each.notice_until,
                              has_ended(each.state) ? each.until : Time{}, each.times};
            }
        }
        return latest;
    }

    void weigh(const SimulatedRule& by, const Subject& identity, Time now) {
        std::vector<CountedHit> counted;
        for (std::size_t i = 0; i < hits_.size(); ++i) {
            const auto all = accused(by, hits_[i]);
            if (std::ranges::find(all, identity) != all.end()) {
                counted.push_back(count(i + 1, hits_[i]));
            }
        }
        const Subject border = border_of(by.rule, space_, identity);
        Situation situation{.hits = counted, .past = past_of(by.rule.list, identity)};
        if (border != identity) {
            situation.border_past = past_of(by.rule.list, border);
            for (const Listing& each : listings) {
                const auto* prefix = std::get_if<Prefix>(&each.subject);
                situation.listed_in_border += static_cast<std::uint32_t>(
                    each.list == by.rule.list && each.state == ListingState::Open &&
                    each.subject != identity && each.subject != border && prefix != nullptr &&
                    std::get<Prefix>(border).contains(*prefix));
            }
        }
        apply(by.rule, decide(by.rule, identity, border, situation, now), now);
    }

    void apply(const TrapRule& rule, const Decision& made, Time now) {
        if (made.outcome == Outcome::Wait) {
            return;
        }
        auto at = std::ranges::find_if(listings, [&](const Listing& each) {
            return each.list == rule.list && each.subject == made.subject && !has_ended(each.state);
        });
        if (at == listings.end()) {
            Listing fresh;
            fresh.id = listings.size() + 1;
            fresh.list = rule.list;
            fresh.subject = made.subject;
            fresh.opened = now;
            at = listings.insert(listings.end(), fresh);
        }
        if (made.outcome == Outcome::Extend && !is_worth_extending(at->until, made.until, now)) {
            return;
        }
        at->state = made.outcome == Outcome::Notice ? ListingState::Noticed : ListingState::Open;
        at->times = made.times;
        at->until = made.until;
        if (made.outcome == Outcome::Notice) {
            at->notice_until = made.notice_until;
        }
    }

    std::vector<SimulatedRule> rules_;
    const AddressSpace& space_;
    std::vector<Hit> hits_;
    std::vector<std::uint64_t> lapsed_;
};

unsigned pick(std::mt19937& random, unsigned below) {
    return static_cast<unsigned>(random() % below);
}

std::vector<SimulatedRule> random_rules(std::mt19937& random) {
    std::vector<SimulatedRule> rules;
    for (unsigned i = 1 + pick(random, 3); i != 0; --i) {
        const bool is_signer = pick(random, 3) == 0;
        TrapRule rule = is_signer ? rule_of_2("dbl", RuleTarget::Signer) : rule_of_2("css");
        rule.name = "r" + std::to_string(i);
        rule.hits = 1 + pick(random, 3);
        rule.traps = 1 + pick(random, 2);
        rule.window_seconds = 10 + pick(random, 200);
        rule.lifetimes_seconds = {5 + pick(random, 40), 50 + pick(random, 50)};
        rule.reset_seconds = 50 + pick(random, 300);
        rule.notice_seconds = pick(random, 2) * pick(random, 60);
        rule.escalate_count = pick(random, 4);
        rule.border_v4 = static_cast<std::uint8_t>(28 + pick(random, 5));
        rules.push_back({rule, is_signer ? ListKind::Domain : ListKind::Address});
    }
    return rules;
}

AddressSpace random_space(std::mt19937& random) {
    std::vector<SpaceRange> ranges;
    for (unsigned i = pick(random, 4); i != 0; --i) {
        const Address base = Address::from_v4(0xC6336400 | pick(random, 16));
        ranges.push_back({Prefix::of(base, 124 + pick(random, 5)),
                          static_cast<SpaceUse>(1 + pick(random, 10)),
                          "",
                          {}});
    }
    return AddressSpace(std::move(ranges));
}

Hit random_hit(std::mt19937& random, std::uint32_t second) {
    Hit hit;
    hit.time = {kStart + second};
    hit.trap = pick(random, 3);
    hit.sensor = pick(random, 2) == 0 ? "lmtp" : "pipe";
    hit.weight = static_cast<std::uint16_t>(50 + pick(random, 100));
    if (pick(random, 10) != 0) {
        hit.address = Address::from_v4(0xC6336400 | pick(random, 16));
    }
    if (pick(random, 2) == 0) {
        hit.signer = *parse_domain(pick(random, 2) == 0 ? "a.example" : "b.example");
    }
    return hit;
}

using Seen =
    std::tuple<std::string, std::string, std::string, std::uint32_t, std::uint32_t, std::uint32_t>;

Seen seen(const Listing& listing) {
    return {
        listing.list,           to_string(listing.subject), std::string(to_string(listing.state)),
        listing.opened.seconds, listing.until.seconds,      listing.times};
}

TEST(SimulationTwin, ListsWhatASlowOneLists) {
    std::mt19937 random(11);
    std::size_t listed = 0;
    for (int round = 0; round < 300; ++round) {
        const std::vector<SimulatedRule> rules = random_rules(random);
        const AddressSpace space = random_space(random);
        Simulation simulation(rules, space, never);
        SlowSimulation slow(rules, space);
        std::uint32_t second = 0;
        for (std::uint64_t number = 1; number <= 60; ++number) {
            second += pick(random, 12);
            const Hit hit = random_hit(random, second);
            simulation.feed(number, hit);
            slow.feed(hit);
        }
        slow.expire({kStart + second + 20});
        std::vector<Seen> made;
        for (const SimulatedListing& each : simulation.finish({kStart + second + 20})) {
            made.push_back(seen(each.listing));
        }
        std::vector<Seen> expected;
        for (const Listing& each : slow.listings) {
            expected.push_back(seen(each));
        }
        ASSERT_EQ(made, expected) << "round " << round;
        listed += made.size();
    }
    EXPECT_GT(listed, 1000U);
}

}  // namespace
}  // namespace fairlist::rules
