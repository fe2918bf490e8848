// The ledger against the simulation of rules: two bookkeepers that share only the decisions.
#include "listing/rules/simulation.h"
#include "tests/support/ledger_site.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <ostream>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace fairlist {
namespace {

// What both must agree on of every listing.
struct Seen {
    std::string list;
    std::string subject;
    ListingState state;
    Time opened;
    Time until;
    std::uint32_t times;
    std::uint64_t hits;

    friend bool operator==(const Seen&, const Seen&) = default;
};
void PrintTo(const Seen& seen, std::ostream* out) {
    *out << seen.list << " " << seen.subject << " " << to_string(seen.state) << " "
         << to_string(seen.opened) << " to " << to_string(seen.until) << ", times " << seen.times
         << ", hits " << seen.hits;
}

Seen seen_of(const Listing& listing) {
    return {listing.list,  to_string(listing.subject),
            listing.state, listing.opened,
            listing.until, listing.times,
            listing.hits};
}

struct Row {
    std::string name;
    std::uint32_t seed;
    std::uint32_t notice_seconds;
    std::uint32_t escalate_count;
    std::uint32_t gap_seconds;  // between two hits, at most
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

class LedgerTwin : public testing::TestWithParam<Row> {
  protected:
    LedgerTwin() : random_(GetParam().seed) {
        TrapRule address = test::address_rule();
        address.hits = 2;
        address.window_seconds = 7200;
        address.lifetimes_seconds = {3600, 7200, 86400};
        address.notice_seconds = GetParam().notice_seconds;
        address.escalate_count = GetParam().escalate_count;
        address.border_v4 = 29;
        TrapRule links = address;
        links.name = "links";
        links.list = "dbl";
        links.target = RuleTarget::Links;
        links.escalate_count = 0;
        TrapRule signer = links;
        signer.name = "signer";
        signer.target = RuleTarget::Signer;
        site_.options.rules = {address, links, signer};
        site_.options.space =
            AddressSpace({{*parse_prefix("192.0.2.16/28"), SpaceUse::Assigned, "c-1", {}},
                          {*parse_prefix("192.0.2.32/28"),
                           SpaceUse::Shared,
                           "",
                           {*parse_domain("provider.example")}}});
        site_.make();
    }

    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }
    Hit some_hit() {
        const std::string address = "192.0.2." + std::to_string(1 + below(50));
        Hit hit = site_.hit(address, 1 + below(4));
        hit.weight = below(4) == 0 ? 50 : 100;
        if (below(3) == 0) {
            hit.trap = 0;
            hit.sensor = "hits:" + std::to_string(below(3));
            hit.kind = HitKind::Web;
        }
        if (below(2) == 0) {
            hit.signer = *parse_domain(below(3) == 0 ? "provider.example" : "customer.example");
        }
        if (below(2) == 0) {
            hit.links = {
                *parse_subject(ListKind::Domain, ".d" + std::to_string(below(5)) + ".example")};
        }
        return hit;
    }

    test::LedgerSite site_;
    std::mt19937 random_;
};

TEST_P(LedgerTwin, BothListTheSame) {
    constexpr int kHits = 600;
    rules::Simulation simulation({{site_.options.rules[0], ListKind::Address},
                                  {site_.options.rules[1], ListKind::Domain},
                                  {site_.options.rules[2], ListKind::Domain}},
                                 site_.options.space,
                                 [](const std::string&, const Subject&) { return std::string(); });
    for (int i = 0; i < kHits; ++i) {
        site_.now.seconds += below(GetParam().gap_seconds);
        const Hit hit = some_hit();
        site_.ledger->expire(1000);
        const RecordedHit recorded = site_.record(hit);
        simulation.feed(recorded.number, hit);
    }
    site_.ledger->expire(1000);
    std::vector<Seen> live;
    ListingFilter all;
    all.ended = true;
    const auto page = site_.ledger->page(all, "", 100000);
    ASSERT_TRUE(page.has_value());
    for (const Listing& listing : page->listings) {
        live.push_back(seen_of(listing));
    }
    std::vector<Seen> simulated;
    const auto made_listings = simulation.finish(site_.now);
    for (const rules::SimulatedListing& made : made_listings) {
        simulated.push_back(seen_of(made.listing));
    }
    EXPECT_GT(live.size(), 20U);
    // One by one: what differs first is what to look at.
    ASSERT_EQ(live.size(), simulated.size());
    for (std::size_t i = 0; i < live.size(); ++i) {
        // A hit that came while the border was listed is evidence of what opens after a notice as
        // well; the simulation, which keeps no evidence, counts it once.
        if (GetParam().notice_seconds != 0 && GetParam().escalate_count != 0) {
            live[i].hits = simulated[i].hits = 0;
        }
        ASSERT_EQ(live[i], simulated[i]) << "listing " << i + 1;
    }
    EXPECT_EQ(site_.manager->examine().fault_count, 0U);
}

INSTANTIATE_TEST_SUITE_P(Rows, LedgerTwin,
                         testing::Values(Row{"plain", 1, 0, 0, 600}, Row{"borders", 2, 0, 3, 300},
                                         Row{"notice", 3, 900, 0, 600},
                                         Row{"notice_and_borders", 4, 900, 2, 400},
                                         Row{"slow", 5, 0, 2, 4000}, Row{"fast", 6, 60, 3, 20},
                                         Row{"notice_and_borders_again", 7, 900, 2, 400},
                                         Row{"notice_and_borders_rarely", 8, 300, 2, 900}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace fairlist
