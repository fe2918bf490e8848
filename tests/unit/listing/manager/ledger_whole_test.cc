#include "listing/manager/ledger.h"
#include "listing/store/ledger_records.h"
#include "listing/store/records.h"
#include "tests/support/ledger_site.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <ostream>
#include <random>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fairlist {
namespace {

using store::Table;

const Actor kActor{.name = "operator:test"};

// Hits, listings and commands at random, always the same ones.
class Life {
  public:
    Life(test::LedgerSite& site, std::uint32_t seed) : site_(site), random_(seed), seed_(seed) {}

    void step() {
        site_.now.seconds += below(7200);
        const std::uint32_t what = below(10);
        if (what < 6) {
            static_cast<void>(site_.ledger->record(kActor, some_hits()));
        } else if (what < 7) {
            site_.ledger->expire(50);
        } else if (what < 8) {
            site_.ledger->trim_hits(50);
        } else {
            command(1 + below(40));
        }
    }

  private:
    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }

    std::vector<Hit> some_hits() {
        std::vector<Hit> hits;
        const std::uint32_t count = 1 + below(5);
        for (std::uint32_t i = 0; i < count; ++i) {
            Hit hit = site_.hit("192.0.2." + std::to_string(1 + below(60)), 1 + below(3));
            hit.key[5] = static_cast<std::uint8_t>(seed_);
            hit.key[6] = static_cast<std::uint8_t>(seed_ >> 8U);
            if (below(3) == 0) {
                hit.links = {
                    *parse_subject(ListKind::Domain, ".d" + std::to_string(below(9)) + ".example")};
            }
            hits.push_back(std::move(hit));
        }
        return hits;
    }
    void command(std::uint64_t id) {
        switch (below(5)) {
            case 0:
                static_cast<void>(site_.ledger->suspend(kActor, id));
                return;
            case 1:
                static_cast<void>(site_.ledger->resume(kActor, id));
                return;
            case 2:
                static_cast<void>(site_.ledger->remove(kActor, id));
                return;
            case 3:
                static_cast<void>(site_.ledger->extend(
                    kActor, id, Time{site_.now.seconds + 86400U * (below(9))}));
                return;
            default:
                static_cast<void>(
                    site_.ledger->exempt(kActor, id, Time{site_.now.seconds + 86400U}, "reviewed"));
        }
    }

    test::LedgerSite& site_;
    std::mt19937 random_;
    std::uint32_t seed_;
};

std::vector<TrapRule> some_rules() {
    TrapRule address = test::address_rule();
    address.hits = 2;
    address.escalate_count = 3;
    address.border_v4 = 28;
    TrapRule noticed = test::address_rule("noticed");
    noticed.notice_seconds = 3600;
    noticed.list = "css2";
    TrapRule links = test::address_rule("links");
    links.target = RuleTarget::Links;
    links.list = "dbl";
    return {address, noticed, links};
}

void furnish(test::LedgerSite& site) {
    ListSpec second;
    second.name = "css2";
    site.options.lists.push_back(second);
    site.options.rules = some_rules();
    site.options.keep_hits_seconds = 3 * 86400;
}

TEST(LedgerWhole, AfterEveryStepOfALongLife) {
    test::LedgerSite site;
    furnish(site);
    site.make();
    Life life(site, 3);
    for (int i = 0; i < 400; ++i) {
        life.step();
        if (i % 20 == 0) {
            const DoctorReport report = site.manager->examine();
            ASSERT_EQ(report.fault_count, 0U) << i << ": " << report.faults.front();
        }
    }
    EXPECT_GT(site.manager->examine().listings, 30U);
}

// Killed at any instant: ledger, index, journal and audit log are all of the same commit.
TEST(LedgerWhole, AfterAWriterThatIsKilled) {
    constexpr std::uint32_t kRounds = 25;
    std::mt19937 random(5);  // NOLINT(cert-msc51-cpp): the same rounds every time
    test::LedgerSite site;
    furnish(site);
    site.store.close();
    std::uint64_t hits = 0;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            site.store.open();
            site.make();
            site.now.seconds += round * 100'000;
            Life life(site, 100 + round);
            for (int i = 0; i < 100'000; ++i) {
                life.step();
            }
            _exit(0);
        }
        usleep(static_cast<useconds_t>(2000 + random() % 60000));
        kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        site.store.open();
        site.make();
        const DoctorReport report = site.manager->examine();
        ASSERT_EQ(report.fault_count, 0U) << round << ": " << report.faults.front();
        hits += report.hits;
        site.ledger.reset();
        site.manager.reset();
        site.store.close();
    }
    site.store.open();
    EXPECT_GT(hits, kRounds);
}

struct HarmRow {
    std::string name;
    Table table;
    void (*change)(std::string& key, std::string& value);
    std::string what;
};
void PrintTo(const HarmRow& row, std::ostream* out) {
    *out << row.name;
}

void drop(std::string& /*key*/, std::string& value) {
    value.clear();
}
void cut(std::string& /*key*/, std::string& value) {
    value.resize(value.size() / 2);
}
void change_state(std::string& /*key*/, std::string& value) {
    value[1] = static_cast<char>(ListingState::Suspended);
}
void change_event_state(std::string& /*key*/, std::string& value) {
    value[2] = static_cast<char>(ListingState::Removed);
}
void change_latest(std::string& /*key*/, std::string& value) {
    value[0] = static_cast<char>(value[0] + 1);
}
void move_key(std::string& key, std::string& /*value*/) {
    key[3] = static_cast<char>(key[3] ^ 1);
}
void change_hit_key(std::string& key, std::string& /*value*/) {
    key[9] = static_cast<char>(key[9] ^ 1);
}

class HarmedLedger : public testing::TestWithParam<HarmRow> {};

TEST_P(HarmedLedger, IsNoticed) {
    test::LedgerSite site;
    TrapRule rule = test::address_rule();
    rule.hits = 1;
    rule.traps = 1;
    site.options.rules = {rule};
    site.make();
    site.record(site.hit("192.0.2.1"));
    site.record(site.hit("192.0.2.2"));
    ASSERT_EQ(site.manager->examine().fault_count, 0U);
    site.store.environment().write([&](store::WriteTxn& txn) {
        std::string key;
        std::string value;
        {
            store::Cursor cursor(txn, GetParam().table);
            ASSERT_TRUE(cursor.first());
            key = cursor.key();
            value = cursor.value();
        }
        txn.erase(GetParam().table, key);
        const bool was_empty = value.empty();
        GetParam().change(key, value);
        if (was_empty || !value.empty()) {
            txn.put(GetParam().table, key, value);
        }
    });
    const DoctorReport report = site.manager->examine();
    std::string all;
    for (const std::string& fault : report.faults) {
        all += fault + "\n";
    }
    EXPECT_GT(report.fault_count, 0U);
    EXPECT_NE(all.find(GetParam().what), std::string::npos) << all;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, HarmedLedger,
    testing::Values(HarmRow{"listing_lost", Table::Listings, drop, "answers on css as a listing"},
                    HarmRow{"listing_cut", Table::Listings, cut, "listing 1 is malformed"},
                    HarmRow{"listing_state", Table::Listings, change_state, "its last event"},
                    HarmRow{"event_lost", Table::ListingEvents, drop, "its last event"},
                    HarmRow{"event_state", Table::ListingEvents, change_event_state, "its last ev"},
                    HarmRow{"subject_lost", Table::ListingSubjects, drop, "not the latest"},
                    HarmRow{"subject_changed", Table::ListingSubjects, change_latest, "otherwise"},
                    HarmRow{"end_moved", Table::ListingEnds, move_key, "its end is not noted"},
                    HarmRow{"hit_lost", Table::Hits, drop, "1 hits, but 2 keys"},
                    HarmRow{"hit_cut", Table::Hits, cut, "hit 1 is malformed"},
                    HarmRow{"hit_key_lost", Table::HitKeys, drop, "is not noted"},
                    HarmRow{"identity_lost", Table::HitIdentities, drop, "identities"},
                    HarmRow{"evidence_moved", Table::ListingHits, change_hit_key, "rests on hit"},
                    HarmRow{"figure_lost", Table::Figures, drop, "figures count"},
                    HarmRow{"entry_lost", Table::Nodes, drop, "does not answer"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace fairlist
