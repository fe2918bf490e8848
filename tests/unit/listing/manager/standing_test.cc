// Standing: measures against a slow obvious twin on random sites, and the book's days.
#include "listing/manager/doctor.h"
#include "listing/manager/provider_book.h"
#include "listing/manager/report_book.h"
#include "listing/manager/standing_book.h"
#include "listing/manager/standing_measures.h"
#include "listing/store/policy_records.h"
#include "listing/store/report_records.h"
#include "listing/store/standing_records.h"
#include "tests/support/ledger_site.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace fairlist::test {
namespace {

constexpr std::uint32_t kHour = 3600;
constexpr std::uint32_t kDay = 86400;
const Actor kAnna{"operator:anna"};

Prefix prefix(std::string_view text) {
    return *parse_prefix(text, true);
}

// A site with providers whose days a test plays through, and what it noted of them beside the
// store.
class StandingSite : public LedgerSite {
  public:
    StandingSite() {
        options.rules = {address_rule()};
        options.rules.front().hits = 1;
        options.rules.front().traps = 1;
        make();
    }

    ProviderBook providers() {
        ProviderBookOptions of;
        of.protected_space = options.protected_space;
        of.clock = options.clock;
        return {store.environment(), of};
    }
    StandingBook book() { return {store.environment(), {rules, policy, options.clock}}; }

    void add_provider(const std::string& slug, const std::vector<Prefix>& space) {
        Provider provider;
        provider.slug = slug;
        provider.name = slug;
        auto all = providers();
        ASSERT_TRUE(all.add(kAnna, provider).has_value());
        const auto change = all.add_space(kAnna, slug, space, false);
        ASSERT_TRUE(change.has_value());
        ASSERT_EQ(change->refused_total, 0U);
    }

    void put_policy(const std::string& slug, Time imported,
                    const std::vector<PolicyRange>& ranges) {
        store.environment().write([&](store::WriteTxn& txn) {
            store::PolicyHeader header;
            header.in_force = true;
            header.imported = imported;
            header.ranges = ranges.size();
            MailPolicy of;
            of.ranges = ranges;
            const store::PolicyKey key{slug, PolicyVoice::Provider, 1};
            txn.put(store::Table::Policies, store::policy_key(key), store::encode_policy(header));
            store::put_policy_parts(txn, key, of);
        });
    }

    void put_report(const std::string& slug, const Subject& subject, Time sent) {
        ProviderReport report;
        report.id = ++reports_;
        report.provider = slug;
        report.list = "css";
        report.subject = subject;
        report.state = ReportState::Sent;
        report.made = sent;
        report.sent = sent;
        store.environment().write([&](store::WriteTxn& txn) {
            txn.put(store::Table::ProviderReports, store::report_key(report.id),
                    store::encode_report(report));
        });
    }

    void put_attest(const std::string& slug, std::uint64_t listing, Time time) {
        store.environment().write([&](store::WriteTxn& txn) {
            Attest attest{0, slug, listing, time, "token", "done"};
            note_attest(txn, attest);
        });
    }

    StandingInputs measure(const std::string& slug, Time at) {
        const store::ReadTxn txn(store.environment());
        return StandingMeasures(txn, rules, policy, at).of(slug);
    }

    StandingRules rules;
    PolicyRules policy;

  private:
    std::uint64_t reports_ = 1'000'000;  // behind those that the ledger makes
};

std::size_t at(StandingInput input) {
    return static_cast<std::size_t>(input) - 1;
}

TEST(StandingMeasures, NothingIsMeasuredOfWhoHoldsNothing) {
    StandingSite site;
    site.add_provider("empty", {});
    EXPECT_EQ(site.measure("empty", site.now), StandingInputs{});
    EXPECT_EQ(site.measure("unknown", site.now), StandingInputs{});
}

TEST(StandingMeasures, ListedSpaceCountsOnceAndForItsHolder) {
    StandingSite site;
    site.add_provider("outer", {prefix("198.51.100.0/24"), prefix("2001:db8::/47")});
    site.add_provider("inner", {prefix("198.51.100.64/26")});
    for (const char* each : {"198.51.100.1", "198.51.100.1", "198.51.100.70", "2001:db8::1",
                             "2001:db8:0:5::1", "203.0.113.9"}) {
        site.record(site.hit(each));
    }
    // What is listed over the border of both counts for each by its part.
    ASSERT_TRUE(
        site.ledger->open(kAnna, {"css", prefix("198.51.100.60/30"), {}, {}, 0, ""}).has_value());
    const auto outer = site.measure("outer", site.now)[at(StandingInput::ListingRate)];
    const auto inner = site.measure("inner", site.now)[at(StandingInput::ListingRate)];
    EXPECT_EQ(outer, (Measure{1 + 4 + 1, 192 + 2}));
    EXPECT_EQ(inner, (Measure{1, 64}));
    const auto before =
        site.measure("outer", Time{site.now.seconds - 1})[at(StandingInput::ListingRate)];
    EXPECT_EQ(before, (Measure{0, 194}));
    const auto after =
        site.measure("inner", Time{site.now.seconds + 2 * kDay})[at(StandingInput::ListingRate)];
    EXPECT_EQ(after, (Measure{0, 64})) << "its time is over, whether or not anybody has noted it";
}

TEST(StandingMeasures, PolicyCoverageIsFreshOrHasPort25Closed) {
    StandingSite site;
    site.add_provider("cloud", {prefix("198.51.100.0/24")});
    PolicyRange open;
    open.prefix = prefix("198.51.100.0/25");
    open.port25 = Port25::Open;
    PolicyRange closed;
    closed.prefix = prefix("198.51.100.0/26");
    closed.port25 = Port25::Closed;
    PolicyRange foreign;
    foreign.prefix = prefix("203.0.113.0/24");
    site.put_policy("cloud", site.now, {open, closed, foreign});
    const std::size_t which = at(StandingInput::PolicyCoverage);
    EXPECT_EQ(site.measure("cloud", site.now)[which], (Measure{128, 256}));
    const Time old{site.now.seconds + 31 * kDay};
    EXPECT_EQ(site.measure("cloud", old)[which], (Measure{64, 256})) << "what is closed stays so";
}

TEST(StandingMeasures, HitsInPublishedAssignmentsAreIdentified) {
    StandingSite site;
    site.add_provider("cloud", {prefix("198.51.100.0/24")});
    PolicyRange assigned;
    assigned.prefix = prefix("198.51.100.0/28");
    assigned.use = SpaceUse::Assigned;
    site.put_policy("cloud", site.now, {assigned});
    for (const char* each : {"198.51.100.1", "198.51.100.1", "198.51.100.77", "203.0.113.9"}) {
        site.record(site.hit(each));
    }
    Hit link = site.hit("203.0.113.9");
    link.links = {prefix("198.51.100.5")};
    site.record(link);
    const std::size_t which = at(StandingInput::Identification);
    EXPECT_EQ(site.measure("cloud", site.now)[which], (Measure{2, 3}));
    EXPECT_EQ(site.measure("cloud", Time{site.now.seconds + 30 * kDay})[which], (Measure{2, 3}));
    EXPECT_EQ(site.measure("cloud", Time{site.now.seconds + 30 * kDay + 1})[which], Measure{});
}

struct RemedyRow {
    const char* name;
    std::vector<std::uint32_t> hits;  // seconds after the report
    std::uint32_t asked;              // the same
    Measure measure;
};

const RemedyRow kRemedies[] = {
    {"no hit followed", {}, 5 * kDay, {0, 1}},
    {"until the last hit", {kHour, 7 * kHour}, 5 * kDay, {7 * kHour, 1}},
    {"a hit of the same second is before it", {0}, 5 * kDay, {0, 1}},
    {"still going on within a day", {kHour}, 20 * kHour, {20 * kHour, 1}},
    {"hits of later count not yet", {kHour, 3 * kDay}, 2 * kDay, {kHour, 1}},
    {"reports of before the window are gone", {kHour}, 31 * kDay, {}},
};

TEST(StandingMeasures, TimeToRemedyRunsFromTheReport) {
    for (const RemedyRow& row : kRemedies) {
        SCOPED_TRACE(row.name);
        StandingSite site;
        site.add_provider("cloud", {prefix("198.51.100.0/24")});
        const Time sent = site.now;
        // The subject is a border: hits on what is in it count.
        site.put_report("cloud", prefix("198.51.100.0/28"), sent);
        for (const std::uint32_t later : row.hits) {
            site.now = Time{sent.seconds + later};
            site.record(site.hit("198.51.100.3"));
            site.record(site.hit("198.51.100.200"));
        }
        site.now = Time{sent.seconds + row.asked};
        EXPECT_EQ(site.measure("cloud", site.now)[at(StandingInput::TimeToRemedy)], row.measure);
    }
}

TEST(StandingMeasures, AnAttestedFixHoldsWhenItsWatchIsOver) {
    StandingSite site;
    site.add_provider("cloud", {prefix("198.51.100.0/24")});
    const auto kept = site.record(site.hit("198.51.100.1")).effects.front().listing;
    const auto lied = site.record(site.hit("198.51.100.2")).effects.front().listing;
    const Time attested = site.now;
    site.put_attest("cloud", kept, attested);
    site.put_attest("cloud", lied, attested);
    const std::size_t which = at(StandingInput::HonestWord);
    site.now = Time{attested.seconds + kDay};
    EXPECT_EQ(site.measure("cloud", site.now)[which], Measure{}) << "both are watched";
    site.record(site.hit("198.51.100.2"));
    EXPECT_EQ(site.measure("cloud", site.now)[which], (Measure{0, 1}));
    site.now = Time{attested.seconds + 8 * kDay};
    site.record(site.hit("198.51.100.1"));
    EXPECT_EQ(site.measure("cloud", site.now)[which], (Measure{1, 2}))
        << "what comes after the watch is another matter";
}

TEST(StandingBook, ADayIsComputedOnceAndATierThatMovesIsOnRecord) {
    StandingSite site;
    site.add_provider("cloud", {prefix("198.51.100.0/24")});
    site.add_provider("quiet", {prefix("203.0.113.0/24")});
    for (unsigned i = 0; i < 4; ++i) {
        site.record(site.hit("198.51.100." + std::to_string(i)));
    }
    StandingBook book = site.book();
    EXPECT_EQ(book.compute_due(kAnna), 2U);
    EXPECT_EQ(book.compute_due(kAnna), 0U);
    const auto latest = book.latest("cloud");
    ASSERT_TRUE(latest.has_value());
    EXPECT_EQ(latest->standing.tier, Tier::Poor);
    EXPECT_EQ(latest->standing.before, Tier::Neutral);
    EXPECT_EQ(latest->standing.computed, site.now);
    EXPECT_EQ(book.latest("quiet")->standing.tier, Tier::Neutral);
    // The rules see it from the next hit on.
    EXPECT_EQ(site.ledger->ground()->tier_of("cloud"), Tier::Poor);
    EXPECT_EQ(site.manager->audit(0, 100).back().action, "standing.changed");

    // What is computed again for the same moment is the same.
    const auto again = book.compute("cloud", latest->standing.computed);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->standing, latest->standing);
    EXPECT_EQ(again->lines, latest->lines);

    site.now = Time{site.now.seconds + kDay - 1};
    EXPECT_EQ(book.compute_due(kAnna), 0U);
    site.now = Time{site.now.seconds + 1};
    EXPECT_EQ(book.compute_due(kAnna), 2U);
    const auto days = book.history("cloud", 10);
    ASSERT_EQ(days.size(), 2U);
    EXPECT_GT(days[0].computed, days[1].computed);
    EXPECT_EQ(days[0].before, Tier::Poor);
    EXPECT_EQ(days[0].tier, Tier::Neutral) << "its listings have ended";
    EXPECT_EQ(book.history("cloud", 1).size(), 1U);
    EXPECT_EQ(book.all().size(), 2U);
}

TEST(StandingBook, ForgetsOldDaysButNotTheLatest) {
    StandingSite site;
    site.add_provider("cloud", {prefix("198.51.100.0/24")});
    site.add_provider("gone", {prefix("203.0.113.0/24")});
    StandingBook book = site.book();
    for (unsigned day = 0; day < 5; ++day) {
        book.compute_due(kAnna);
        site.now = Time{site.now.seconds + kDay};
    }
    ASSERT_TRUE(site.providers().remove(kAnna, "gone").has_value());
    EXPECT_EQ(book.trim(Time{site.now.seconds - 2 * kDay}), 6U);
    EXPECT_EQ(book.history("cloud", 10).size(), 2U);
    EXPECT_EQ(book.trim(site.now), 3U);
    EXPECT_EQ(book.history("cloud", 10).size(), 1U);
    EXPECT_FALSE(book.latest("gone").has_value());
}

TEST(StandingBook, TheDoctorFindsWhatIsNotAsItWasWritten) {
    StandingSite site;
    site.add_provider("cloud", {prefix("198.51.100.0/24")});
    StandingBook book = site.book();
    book.compute_due(kAnna);
    const auto examined = [&] {
        return examine(store::ReadTxn(site.store.environment())).faults;
    };
    EXPECT_TRUE(examined().empty());
    Standing standing = book.latest("cloud")->standing;
    standing.points += 1;
    const auto put = [&](std::uint32_t day, const std::string& value) {
        site.store.environment().write([&](store::WriteTxn& txn) {
            txn.put(store::Table::Standings, store::standing_key("cloud", day), value);
        });
    };
    put(store::day_of(site.now), store::encode_standing(standing));
    EXPECT_EQ(examined().size(), 1U) << "the points are not the sum";
    put(store::day_of(site.now) + 1, store::encode_standing(standing));
    EXPECT_EQ(examined().size(), 3U) << "the day is another too";
    put(store::day_of(site.now) + 2, "x");
    EXPECT_EQ(examined().size(), 4U);
}

TEST(StandingBook, ExplainsEveryInputTheTierAndTheWayUp) {
    StandingSite site;
    site.add_provider("cloud", {prefix("198.51.100.0/24")});
    const auto view = site.book().compute("cloud", site.now);
    ASSERT_TRUE(view.has_value());
    const auto has = [&](std::string_view text) {
        return std::ranges::any_of(view->lines, [&](const std::string& line) {
            return line.find(text) != std::string::npos;
        });
    };
    for (std::size_t i = 1; i <= kStandingInputs; ++i) {
        EXPECT_TRUE(has(std::string(to_string(static_cast<StandingInput>(i))) + ": "));
    }
    EXPECT_TRUE(has(" points: neutral; good from +4"));
    EXPECT_TRUE(has("for more: good needs "));
    EXPECT_TRUE(has("neutral means: lifetime: 100 %"));
    EXPECT_EQ(site.book().compute("nobody", site.now).error().code, Errc::NotFound);
}

// What happened on a site at random, in plain containers, and the inputs by plain loops over them.
class Twin {
  public:
    explicit Twin(unsigned seed) : random_(seed) {}

    void run() {
        site_.add_provider("outer", {prefix("198.51.100.0/25"), prefix("2001:db8::/46")});
        site_.add_provider("inner", {prefix("198.51.100.32/27"), prefix("203.0.113.0/26")});
        PolicyRange range;
        range.prefix = prefix("198.51.100.0/27");
        range.use = SpaceUse::Assigned;
        site_.put_policy("outer", site_.now, {range});
        for (unsigned step = 0; step < 220; ++step) {
            site_.now = Time{site_.now.seconds + below(9 * kHour)};
            do_something();
        }
        for (const char* slug : {"outer", "inner"}) {
            for (unsigned round = 0; round < 4; ++round) {
                compare(slug, round == 0 ? site_.now : Time{site_.now.seconds - below(40 * kDay)});
            }
        }
    }

  private:
    struct Seen {
        Address address;
        Time time;
    };
    struct Word {
        std::string slug;
        Subject subject;
        Time time;
    };

    unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }

    Address address() {
        switch (below(3)) {
            case 0:
                return *parse_address("198.51.100." + std::to_string(below(64)));
            case 1:
                return *parse_address("203.0.113." + std::to_string(below(8)));
            default:
                return *parse_address("2001:db8:" + std::to_string(below(4)) + ":" +
                                      std::to_string(below(2)) +
                                      "::" + std::to_string(1 + below(2)));
        }
    }

    static std::string holder(const Address& address) {
        if (prefix("198.51.100.32/27").contains(address) ||
            prefix("203.0.113.0/26").contains(address)) {
            return "inner";
        }
        const bool is_outer = prefix("198.51.100.0/25").contains(address) ||
                              prefix("2001:db8::/46").contains(address);
        return is_outer ? "outer" : "";
    }

    void do_something() {
        const unsigned what = below(10);
        if (what < 6) {
            const Address from = address();
            Hit hit = site_.hit(to_string(from));
            seen_.push_back({from, site_.now});
            note(site_.record(hit));
            return;
        }
        if (lives_.empty()) {
            return;
        }
        auto& life = lives_[below(static_cast<unsigned>(lives_.size()))];
        const std::string slug = holder(std::get<Prefix>(life.subject).base);
        if (what == 6 && !slug.empty()) {
            site_.put_report(slug, life.subject, site_.now);
            told_.push_back({slug, life.subject, site_.now});
        } else if (what == 7 && !slug.empty()) {
            site_.put_attest(slug, life.id, site_.now);
            fixes_.push_back({slug, life.subject, site_.now});
        } else if (site_.ledger->remove(kAnna, life.id).has_value()) {
            life.removed = site_.now;
        }
    }

    struct Life {
        std::uint64_t id = 0;
        Subject subject;
        Time opened;
        Time removed;
        std::vector<std::pair<Time, Time>> untils;  // from when, until when
    };

    void note(const RecordedHit& recorded) {
        for (const RuleEffect& effect : recorded.effects) {
            if (effect.listing == 0) {
                continue;
            }
            const auto listing = site_.ledger->find(effect.listing);
            ASSERT_TRUE(listing.has_value());
            auto life = std::ranges::find(lives_, effect.listing, &Life::id);
            if (life == lives_.end()) {
                lives_.push_back({effect.listing, listing->subject, site_.now, {}, {}});
                life = std::prev(lives_.end());
            }
            life->untils.emplace_back(site_.now, listing->until);
        }
    }

    static bool is_open(const Life& life, Time at) {
        if (life.opened > at || (life.removed.is_set() && life.removed <= at)) {
            return false;
        }
        Time until;
        for (const auto& [from, end] : life.untils) {
            until = from <= at ? end : until;
        }
        return until > at;
    }

    Measure listing_rate(const std::string& slug, Time at) {
        std::set<std::uint64_t> units;
        for (const Life& life : lives_) {
            const Prefix& subject = std::get<Prefix>(life.subject);
            if (is_open(life, at) && holder(subject.base) == slug) {
                units.insert(subject.is_v4() ? subject.base.low : subject.base.high >> 16U);
            }
        }
        return {units.size(), slug == "outer" ? 128U - 32U + 4U : 32U + 64U};
    }

    Measure repeat_rate(const std::string& slug, Time at) {
        std::map<Prefix, bool> subjects;
        for (const Life& life : lives_) {
            const Prefix& subject = std::get<Prefix>(life.subject);
            const bool counts = life.removed.is_set() && life.removed <= at &&
                                life.removed.seconds + 30 * kDay >= at.seconds &&
                                holder(subject.base) == slug;
            if (!counts) {
                continue;
            }
            const bool came_back = std::ranges::any_of(lives_, [&](const Life& next) {
                return next.subject == life.subject && next.id > life.id && next.opened <= at &&
                       next.opened.seconds <= life.removed.seconds + 30 * kDay;
            });
            subjects[subject] = subjects[subject] || came_back;
        }
        const auto back =
            std::ranges::count_if(subjects, [](const auto& one) { return one.second; });
        return {static_cast<std::uint64_t>(back), subjects.size()};
    }

    std::vector<Time> hits_on(const Subject& subject, Time after, Time until) {
        std::vector<Time> times;
        for (const Seen& hit : seen_) {
            if (identity_of(hit.address) == subject && hit.time > after && hit.time <= until) {
                times.push_back(hit.time);
            }
        }
        return times;
    }

    Measure time_to_remedy(const std::string& slug, Time at) {
        std::vector<std::uint64_t> all;
        for (const Word& word : told_) {
            const bool counts =
                word.slug == slug && word.time <= at && word.time.seconds + 30 * kDay >= at.seconds;
            if (!counts) {
                continue;
            }
            const auto hits = hits_on(word.subject, word.time, at);
            const bool is_young = word.time.seconds + kDay > at.seconds;
            const Time end = hits.empty() ? word.time : is_young ? at : hits.back();
            all.push_back(end.seconds - word.time.seconds);
        }
        std::ranges::sort(all);
        if (all.empty()) {
            return {};
        }
        return {(all[(all.size() - 1) / 2] + all[all.size() / 2]) / 2, all.size()};
    }

    Measure identification(const std::string& slug, Time at) {
        Measure measure;
        for (const Seen& hit : seen_) {
            const bool counts = holder(hit.address) == slug && hit.time <= at &&
                                hit.time.seconds + 30 * kDay >= at.seconds;
            measure.whole += counts ? 1U : 0U;
            measure.part +=
                counts && slug == "outer" && prefix("198.51.100.0/27").contains(hit.address) ? 1U
                                                                                             : 0U;
        }
        return measure;
    }

    Measure honest_word(const std::string& slug, Time at) {
        Measure measure;
        for (const Word& word : fixes_) {
            const bool counts =
                word.slug == slug && word.time <= at && word.time.seconds + 30 * kDay >= at.seconds;
            const Time end{word.time.seconds + 7 * kDay};
            const bool broken = !hits_on(word.subject, word.time, std::min(end, at)).empty();
            if (counts && (broken || end <= at)) {
                ++measure.whole;
                measure.part += broken ? 0U : 1U;
            }
        }
        return measure;
    }

    void compare(const std::string& slug, Time when) {
        SCOPED_TRACE(slug + " at " + to_string(when));
        const StandingInputs found = site_.measure(slug, when);
        EXPECT_EQ(found[at(StandingInput::ListingRate)], listing_rate(slug, when));
        EXPECT_EQ(found[at(StandingInput::RepeatRate)], repeat_rate(slug, when));
        EXPECT_EQ(found[at(StandingInput::TimeToRemedy)], time_to_remedy(slug, when));
        EXPECT_EQ(found[at(StandingInput::Identification)], identification(slug, when));
        EXPECT_EQ(found[at(StandingInput::HonestWord)], honest_word(slug, when));
        EXPECT_EQ(site_.measure(slug, when), found) << "the same store and time, other figures";
    }

    std::mt19937 random_;
    StandingSite site_;
    std::vector<Seen> seen_;
    std::vector<Life> lives_;
    std::vector<Word> told_;
    std::vector<Word> fixes_;
};

TEST(StandingMeasuresTwin, AgreeWithPlainLoopsOnRandomSites) {
    for (unsigned seed = 1; seed <= 5 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        Twin(seed).run();
    }
}

}  // namespace
}  // namespace fairlist::test
