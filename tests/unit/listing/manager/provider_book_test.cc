#include "listing/manager/provider_book.h"

#include "listing/manager/doctor.h"
#include "listing/store/audit_chain.h"
#include "tests/support/scratch_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace fairlist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Prefix prefix(const std::string& text) {
    return *parse_prefix(text);
}

std::vector<Prefix> prefixes(const std::vector<std::string>& texts) {
    std::vector<Prefix> all;
    for (const std::string& text : texts) {
        all.push_back(prefix(text));
    }
    return all;
}

Provider named(const std::string& slug) {
    Provider provider;
    provider.slug = slug;
    provider.name = "Example " + slug;
    return provider;
}

// 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32 are special-purpose space, so they are allowed
// by name; 203.0.113.128/25 is the operator's.
ProtectedSpace some_protected() {
    return ProtectedSpace({prefix("203.0.113.128/25")},
                          prefixes({"198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"}));
}

class ProviderBookTest : public testing::Test {
  protected:
    ProviderBookTest() {
        ProviderBookOptions options;
        options.protected_space = some_protected();
        options.clock = [this] {
            return now_;
        };
        book_ = std::make_unique<ProviderBook>(store_.environment(), std::move(options));
    }

    void add(const std::string& slug) { ASSERT_TRUE(book_->add(actor_, named(slug))); }
    SpaceChange give(const std::string& slug, const std::vector<std::string>& ranges,
                     bool take = false) {
        return book_->add_space(actor_, slug, prefixes(ranges), take).value();
    }
    SpaceChange set(const std::string& slug, const std::vector<std::string>& ranges,
                    bool dry_run = false) {
        return book_->set_space(actor_, slug, SpaceOrigin::Feed, prefixes(ranges), dry_run).value();
    }
    // "198.51.100.0/24 given".
    std::vector<std::string> space(const std::string& slug) {
        std::vector<std::string> all;
        for (const HeldRange& range : book_->space(slug, std::nullopt, 1000)) {
            all.push_back(to_string(range.prefix) + " " + std::string(to_string(range.origin)));
        }
        return all;
    }
    store::AuditRecord last_audit() {
        const store::ReadTxn txn(store_.environment());
        return store::read_audit(txn, txn.count(store::Table::Audit)).value();
    }
    std::uint64_t audits() {
        return store::ReadTxn(store_.environment()).count(store::Table::Audit);
    }
    std::string ground() {
        const store::ReadTxn txn(store_.environment());
        return std::string(txn.get(store::Table::Meta, "ground").value_or(store::Bytes{}));
    }
    void expect_whole() {
        const DoctorReport report = examine(store::ReadTxn(store_.environment()));
        EXPECT_THAT(report.faults, IsEmpty());
    }

    test::ScratchStore store_;
    Time now_{1'795'600'000};
    Actor actor_{"operator:anna"};
    std::unique_ptr<ProviderBook> book_;
};

struct FieldCase {
    std::string name;
    void (*set)(Provider& provider);
    Errc code;
    std::string what;  // part of the message
};

class BadField : public ProviderBookTest, public testing::WithParamInterface<FieldCase> {};

TEST_P(BadField, IsRefusedAndNamed) {
    Provider provider = named("alpha");
    GetParam().set(provider);
    const auto added = book_->add(actor_, provider);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, GetParam().code);
    EXPECT_THAT(added.error().message, HasSubstr(GetParam().what));
    EXPECT_THAT(book_->list(), IsEmpty());
    EXPECT_EQ(audits(), 0U);
    EXPECT_EQ(ground(), "");
}

INSTANTIATE_TEST_SUITE_P(
    Fields, BadField,
    testing::Values(
        FieldCase{"slug", [](Provider& p) { p.slug = "Alpha Net"; }, Errc::Malformed, "Alpha Net"},
        FieldCase{"no_slug", [](Provider& p) { p.slug = ""; }, Errc::Malformed, "expected 1 to 32"},
        FieldCase{"name_of_two_lines", [](Provider& p) { p.name = "a\nb"; }, Errc::OutOfRange,
                  "name"},
        FieldCase{"long_name", [](Provider& p) { p.name = std::string(256, 'a'); },
                  Errc::OutOfRange, "255"},
        FieldCase{"mail_without_at", [](Provider& p) { p.abuse = "abuse"; }, Errc::Malformed,
                  "abuse"},
        FieldCase{"mail_with_a_line", [](Provider& p) { p.abuse = "a\r\nBcc: x@b.example"; },
                  Errc::Malformed, "mail address"},
        FieldCase{"mail_of_no_domain", [](Provider& p) { p.postmaster = "a@localhost"; },
                  Errc::Malformed, "postmaster"},
        FieldCase{"long_local_part",
                  [](Provider& p) { p.abuse = std::string(65, 'a') + "@b.example"; },
                  Errc::Malformed, "mail address"},
        FieldCase{"plain_http", [](Provider& p) { p.webhook = "http://a.example/"; },
                  Errc::Malformed, "https://"},
        FieldCase{"url_with_a_password", [](Provider& p) { p.webhook = "https://u:p@a.example/"; },
                  Errc::Malformed, "webhook"},
        FieldCase{"url_with_a_space", [](Provider& p) { p.support = "https://a.example/ b"; },
                  Errc::Malformed, "support"},
        FieldCase{"asn_0", [](Provider& p) { p.asns = {64500, 0}; }, Errc::OutOfRange, "RFC 7607"},
        FieldCase{"many_asns", [](Provider& p) { p.asns.resize(257, 64500); }, Errc::OutOfRange,
                  "257 ASNs"},
        FieldCase{"long_format", [](Provider& p) { p.space_format = std::string(300, 'a'); },
                  Errc::OutOfRange, "space format"}),
    [](const auto& row) { return row.param.name; });

TEST_F(ProviderBookTest, KeepsWhatItIsTold) {
    Provider provider = named("alpha");
    provider.asns = {64501, 64500, 64501};
    provider.abuse = "Abuse@Alpha.EXAMPLE";
    provider.webhook = "https://hooks.alpha.example:8443/in?x=1";
    provider.domains = {*parse_domain("alpha.example")};
    const Provider added = book_->add(actor_, provider).value();
    EXPECT_THAT(added.asns, ElementsAre(64500, 64501));
    EXPECT_EQ(added.abuse, "Abuse@alpha.example");
    EXPECT_EQ(added.added, now_);
    EXPECT_EQ(book_->find("alpha"), added);
    EXPECT_EQ(book_->add(actor_, provider).error().code, Errc::Conflict);
    EXPECT_EQ(last_audit().action, "provider.add");

    now_.seconds += 10;
    Provider changed = added;
    EXPECT_EQ(book_->change(actor_, changed), added) << "nothing to change";
    EXPECT_EQ(audits(), 1U);
    changed.abuse = "";
    const Time before = added.added;
    EXPECT_EQ(book_->change(actor_, changed).value().changed, now_);
    EXPECT_EQ(book_->find("alpha")->added, before);
    EXPECT_EQ(last_audit().action, "provider.change");
    changed.abuse = "nothing";
    EXPECT_FALSE(book_->change(actor_, changed));
    EXPECT_EQ(book_->find("alpha")->abuse, "") << "bad input loses nothing";
    EXPECT_EQ(book_->change(actor_, named("beta")).error().code, Errc::NotFound);
    expect_whole();
}

TEST_F(ProviderBookTest, RemovesAProviderWithItsSpace) {
    add("alpha");
    add("beta");
    give("alpha", {"198.51.100.0/24", "2001:db8::/32"});
    give("beta", {"198.51.100.0/25"});
    const std::string before = ground();
    ASSERT_TRUE(book_->remove(actor_, "alpha"));
    EXPECT_NE(ground(), before);
    EXPECT_EQ(last_audit().action, "provider.remove");
    EXPECT_FALSE(book_->find("alpha"));
    EXPECT_EQ(*book_->holders().holder(prefix("198.51.100.1")), "beta");
    EXPECT_EQ(book_->holders().holder(prefix("198.51.100.200")), nullptr);
    EXPECT_EQ(book_->remove(actor_, "alpha").error().code, Errc::NotFound);
    EXPECT_EQ(book_->add_space(actor_, "alpha", {}, false).error().code, Errc::NotFound);
    expect_whole();
}

struct RefusalCase {
    std::string name;
    std::string range;
    std::string why;
};

class RefusedRange : public ProviderBookTest, public testing::WithParamInterface<RefusalCase> {};

// Prefix by prefix: the others are taken.
TEST_P(RefusedRange, IsNamedAndTheOthersAreTaken) {
    add("alpha");
    add("beta");
    give("beta", {"198.51.100.0/24"});
    for (const bool by_hand : {true, false}) {
        const std::vector<std::string> ranges = {"2001:db8:7::/48", GetParam().range};
        const SpaceChange change = by_hand ? give("alpha", ranges) : set("alpha", ranges);
        ASSERT_EQ(change.refused_total, 1U);
        EXPECT_EQ(to_string(change.refused.front().prefix), GetParam().range);
        EXPECT_THAT(change.refused.front().why, HasSubstr(GetParam().why));
        EXPECT_THAT(space("alpha"), ElementsAre("2001:db8:7::/48 given"));
    }
    expect_whole();
}

INSTANTIATE_TEST_SUITE_P(Ranges, RefusedRange,
                         testing::Values(RefusalCase{"held", "198.51.100.0/24", "held by beta"},
                                         RefusalCase{"private", "10.0.0.0/8", "protected space"},
                                         RefusalCase{"do_not_list", "203.0.113.128/26",
                                                     "protected space"},
                                         RefusalCase{"wide_v4", "64.0.0.0/7", "wider than the /8"},
                                         RefusalCase{"wide_v6", "2400::/12", "wider than the /16"}),
                         [](const auto& row) { return row.param.name; });

TEST_F(ProviderBookTest, TakesARangeFromAnotherOnlyWhenTold) {
    add("alpha");
    add("beta");
    give("alpha", {"198.51.100.0/24"});
    EXPECT_EQ(give("beta", {"198.51.100.0/24"}).refused_total, 1U);
    EXPECT_EQ(give("beta", {"198.51.100.64/26"}).added, 1U) << "nested ranges are fine";
    const SpaceChange taken = give("beta", {"198.51.100.0/24"}, true);
    EXPECT_EQ(taken.taken, 1U);
    EXPECT_THAT(space("alpha"), IsEmpty());
    EXPECT_THAT(space("beta"), ElementsAre("198.51.100.0/24 given", "198.51.100.64/26 given"));
    EXPECT_EQ(last_audit().action, "provider.space");
    const auto& details = last_audit().details;
    EXPECT_TRUE(std::ranges::any_of(details, [](const auto& detail) {
        return detail.first == "taken" && detail.second == "198.51.100.0/24 from alpha";
    }));
    const SpaceChange gone =
        book_->remove_space(actor_, "alpha", prefixes({"198.51.100.0/24", "203.0.113.0/26"}))
            .value();
    EXPECT_EQ(gone.removed, 0U);
    ASSERT_EQ(gone.refused_total, 2U);
    EXPECT_EQ(gone.refused.at(0).why, "held by beta");
    EXPECT_EQ(gone.refused.at(1).why, "not held in exactly this prefix");
}

TEST_F(ProviderBookTest, AFeedChangesOnlyWhatIsTheFeeds) {
    add("alpha");
    give("alpha", {"203.0.113.0/26"});
    EXPECT_EQ(set("alpha", {"198.51.100.0/25", "203.0.113.0/26"}).added, 1U);
    EXPECT_THAT(space("alpha"), ElementsAre("198.51.100.0/25 feed", "203.0.113.0/26 given"));
    const std::uint64_t before = audits();
    const std::string ground_before = ground();
    const SpaceChange dry = set("alpha", {"198.51.100.128/25"}, true);
    EXPECT_EQ(std::pair(dry.added, dry.removed), (std::pair<std::uint64_t, std::uint64_t>(1, 1)));
    EXPECT_THAT(space("alpha"), ElementsAre("198.51.100.0/25 feed", "203.0.113.0/26 given"));
    EXPECT_EQ(set("alpha", {"198.51.100.0/25"}).unchanged, 1U);
    EXPECT_EQ(audits(), before) << "nothing changed";
    EXPECT_EQ(ground(), ground_before);
    // Given by hand, it stays when the feed drops it.
    EXPECT_EQ(give("alpha", {"198.51.100.0/25"}).added, 1U);
    EXPECT_EQ(set("alpha", {}).removed, 0U);
    EXPECT_THAT(space("alpha"), ElementsAre("198.51.100.0/25 given", "203.0.113.0/26 given"));
    expect_whole();
}

TEST_F(ProviderBookTest, PagesItsSpace) {
    add("alpha");
    add("beta");
    give("beta", {"198.51.100.16/28"});
    give("alpha", {"198.51.100.0/28", "198.51.100.32/28", "198.51.100.48/28"});
    const auto first = book_->space("alpha", std::nullopt, 2);
    ASSERT_EQ(first.size(), 2U);
    const auto rest = book_->space("alpha", first.back().prefix, 2);
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(to_string(rest.front().prefix), "198.51.100.48/28");
    EXPECT_EQ(rest.front().since, now_);
}

struct HeldCase {
    std::string name;
    std::vector<std::string> alpha;
    std::vector<std::string> beta;
    std::uint64_t v4;
    std::uint64_t v6_64s;
};

class HeldSpace : public ProviderBookTest, public testing::WithParamInterface<HeldCase> {};

TEST_P(HeldSpace, IsCountedOnce) {
    add("alpha");
    add("beta");
    give("alpha", GetParam().alpha);
    give("beta", GetParam().beta);
    const auto held = book_->held("alpha");
    EXPECT_EQ(held.v4, GetParam().v4);
    EXPECT_EQ(held.v6_64s, GetParam().v6_64s);
    EXPECT_EQ(held.ranges, GetParam().alpha.size());
}

INSTANTIATE_TEST_SUITE_P(
    Spaces, HeldSpace,
    testing::Values(
        HeldCase{"nothing", {}, {"198.51.100.0/24"}, 0, 0},
        HeldCase{"apart", {"198.51.100.0/25", "2001:db8::/48"}, {}, 128, 65536},
        HeldCase{"nested_own", {"198.51.100.0/24", "198.51.100.0/25"}, {}, 256, 0},
        HeldCase{"less_anothers", {"198.51.100.0/24"}, {"198.51.100.0/26"}, 192, 0},
        HeldCase{"own_in_anothers_in_own",
                 {"198.51.100.0/24", "198.51.100.0/27"},
                 {"198.51.100.0/26"},
                 224,
                 0},
        HeldCase{
            "nested_anothers", {"198.51.100.0/24"}, {"198.51.100.0/26", "198.51.100.0/28"}, 192, 0},
        HeldCase{"part_of_a_64", {"2001:db8::/64"}, {"2001:db8::/80"}, 0, 1},
        HeldCase{"the_64", {"2001:db8::/63"}, {"2001:db8::/64"}, 0, 1}),
    [](const auto& row) { return row.param.name; });

// A map of prefixes, as the header says what each call does.
class SlowSpace {
  public:
    using Held = std::pair<std::string, SpaceOrigin>;

    void give(const std::string& slug, const std::vector<Prefix>& ranges, bool take) {
        for (const Prefix& range : ranges) {
            const auto held = rows_.find(range);
            if (held == rows_.end() || held->second.first == slug || take) {
                rows_[range] = {slug, SpaceOrigin::Given};
            }
        }
    }
    void remove(const std::string& slug, const std::vector<Prefix>& ranges) {
        for (const Prefix& range : ranges) {
            const auto held = rows_.find(range);
            if (held != rows_.end() && held->second.first == slug) {
                rows_.erase(held);
            }
        }
    }
    void set(const std::string& slug, SpaceOrigin origin, const std::vector<Prefix>& ranges) {
        std::erase_if(rows_, [&](const auto& row) {
            return row.second == Held(slug, origin) &&
                   std::ranges::find(ranges, row.first) == ranges.end();
        });
        for (const Prefix& range : ranges) {
            Held& held = rows_.try_emplace(range, Held(slug, origin)).first->second;
            if (held.first == slug && origin == SpaceOrigin::Given) {
                held.second = origin;  // what is given by hand stays when a feed drops it
            }
        }
    }
    void drop(const std::string& slug) {
        std::erase_if(rows_, [&](const auto& row) { return row.second.first == slug; });
    }
    [[nodiscard]] const std::map<Prefix, Held>& rows() const { return rows_; }

  private:
    std::map<Prefix, Held> rows_;
};

TEST_F(ProviderBookTest, SpaceAgreesWithASlowMap) {
    std::mt19937 random(77);  // NOLINT(cert-msc51-cpp): the same every time
    const std::vector<std::string> slugs = {"alpha", "beta", "gamma"};
    for (const std::string& slug : slugs) {
        add(slug);
    }
    SlowSpace slow;
    for (int step = 0; step < 400; ++step) {
        std::vector<Prefix> ranges;
        for (auto left = random() % 12; left > 0; --left) {
            const auto bits = static_cast<std::uint32_t>(random() % 256);
            const auto length = 122 + static_cast<unsigned>(random() % 4);
            ranges.push_back(Prefix::of(Address::from_v4(0xC6336400U + bits), length));
        }
        const std::string& slug = slugs.at(random() % slugs.size());
        const auto origin = static_cast<SpaceOrigin>(1 + random() % 3);
        switch (random() % 5) {
            case 0: {
                const bool take = random() % 2 == 0;
                ASSERT_TRUE(book_->add_space(actor_, slug, ranges, take));
                slow.give(slug, ranges, take);
                break;
            }
            case 1:
                ASSERT_TRUE(book_->remove_space(actor_, slug, ranges));
                slow.remove(slug, ranges);
                break;
            case 2:
                if (random() % 8 == 0) {
                    ASSERT_TRUE(book_->remove(actor_, slug));
                    add(slug);
                    slow.drop(slug);
                }
                break;
            default: {
                const auto dry = book_->set_space(actor_, slug, origin, ranges, true).value();
                const auto done = book_->set_space(actor_, slug, origin, ranges, false).value();
                ASSERT_EQ(dry.added, done.added);
                ASSERT_EQ(dry.removed, done.removed);
                ASSERT_EQ(dry.refused_total, done.refused_total);
                slow.set(slug, origin, ranges);
                break;
            }
        }
        std::map<Prefix, SlowSpace::Held> rows;
        for (const std::string& each : slugs) {
            for (const HeldRange& range : book_->space(each, std::nullopt, 10000)) {
                rows[range.prefix] = {each, range.origin};
            }
        }
        ASSERT_EQ(rows, slow.rows()) << "step " << step;
    }
    expect_whole();
}

}  // namespace
}  // namespace fairlist
