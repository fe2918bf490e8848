#include "importer/intake/sensor_hits.h"

#include "tests/support/scratch_vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fairlist::importer {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class HitsOfSensors : public testing::Test {
  protected:
    HitsOfSensors() {
        vault_.add_trap("lure@example.org", TrapKind::Trap, 50);
        rules_.do_not_list_domains = {parse_domain("good.com").value()};
    }
    Result<Hit> hit_of(const std::string& trap, const std::string& more = "",
                       std::string_view sensor = "web1") {
        const std::string line = R"({"time": "2026-11-21T08:30:00Z", "kind": "web", "trap": ")" +
                                 trap + R"(", "address": "8.8.8.8")" + more + "}";
        const SensorHit seen = parse_hit(line, vault_.time()).value();
        return SensorHits(*vault_, suffixes_, rules_).of(seen, {sensor, vault_.time()});
    }

    fairlist::test::ScratchVault vault_;
    const PublicSuffixes suffixes_ = PublicSuffixes::open().value();
    MailRules rules_;
};

TEST_F(HitsOfSensors, AreOfTheTrapThatTheyName) {
    for (const char* const name : {"lure@example.org", "LURE+x@example.org", "1"}) {
        const Hit hit = hit_of(name, R"(, "weight": 3)").value();
        EXPECT_EQ(hit.trap, 1U) << name;
        EXPECT_EQ(hit.sensor, "hits:web1");
        EXPECT_EQ(hit.weight, 150) << "the trap's weight times the hit's";
        EXPECT_EQ(hit.kind, HitKind::Web);
        EXPECT_EQ(to_string(hit.address.value()), "8.8.8.8");
        EXPECT_EQ(to_string(hit.time), "2026-11-21T08:30:00Z");
    }
}

TEST_F(HitsOfSensors, OfUnknownTrapsCountWithoutTheirNames) {
    const Hit hit = hit_of("form-canary").value();
    EXPECT_EQ(hit.trap, 0U);
    EXPECT_THAT(hit.sensor, MatchesRegex("hits:web1/[0-9a-f]{16}"));
    EXPECT_EQ(hit_of("form-canary").value().sensor, hit.sensor);
    EXPECT_NE(hit_of("form-other").value().sensor, hit.sensor);
    EXPECT_EQ(hit_of("9").value().trap, 0U);
    ASSERT_TRUE(vault_->retire_trap(1));
    EXPECT_EQ(hit_of("1").value().trap, 0U);
    const Hit telling = hit_of("form-canary", R"(, "helo": "form-canary.evil.com")").value();
    EXPECT_EQ(telling.helo, "");
    EXPECT_EQ(hit_of("form-canary", R"(, "helo": "ylmf-pc")").value().helo, "ylmf-pc");
}

TEST_F(HitsOfSensors, ToldTwiceAreOne) {
    const HitKey key = hit_of("a").value().key;
    EXPECT_EQ(hit_of("a").value().key, key);
    EXPECT_EQ(hit_of("a", R"(, "weight": 2)").value().key, key);
    EXPECT_NE(hit_of("b").value().key, key);
    EXPECT_NE(hit_of("a", "", "web2").value().key, key);
    EXPECT_NE(hit_of("a", R"(, "domain": "evil.com")").value().key, key);
    EXPECT_EQ(hit_of("lure@example.org").value().key, hit_of("1").value().key);
}

TEST_F(HitsOfSensors, AccuseOnlyWhoMayBeListed) {
    EXPECT_EQ(to_string(hit_of("a", R"(, "domain": "x.evil.com")").value().links.front()),
              ".evil.com");
    const auto line = [&](const std::string& whom) {
        const SensorHit seen =
            parse_hit(R"({"time": 1795000000, "kind": "ssh", "trap": "canary", )" + whom + "}",
                      vault_.time())
                .value();
        return SensorHits(*vault_, suffixes_, rules_).of(seen, {"ssh1", vault_.time()});
    };
    EXPECT_EQ(line(R"("address": "10.0.0.1")").error().code, Errc::Refused);
    EXPECT_EQ(line(R"("domain": "good.com")").error().code, Errc::Refused);
    EXPECT_THAT(line(R"("domain": "good.com")").error().message, HasSubstr("do-not-list"));
    EXPECT_EQ(line(R"("domain": "canary.com")").error().code, Errc::Refused) << "names its trap";
    EXPECT_TRUE(line(R"("domain": "evil.com")"));
}

TEST_F(HitsOfSensors, OfReportsAreKnownByTheirBytes) {
    AbuseReport report;
    report.source = parse_address("5.6.7.8").value();
    report.type = "messaging/spam";
    report.reporter = "provider.com";
    report.format = "xarf4";
    const SensorHits hits(*vault_, suffixes_, rules_);
    const Hit hit = hits.of(report, "bytes", {"fbl", vault_.time(), 70}).value();
    EXPECT_EQ(hit.kind, HitKind::Report);
    EXPECT_EQ(hit.sensor, "report:fbl");
    EXPECT_EQ(hit.weight, 70);
    EXPECT_EQ(hit.time, vault_.time());
    EXPECT_THAT(hit.steps, Contains(R"(reported as "messaging/spam" by provider.com)"));
    EXPECT_EQ(hits.of(report, "bytes", {"fbl", vault_.time()}).value().key, hit.key);
    EXPECT_NE(hits.of(report, "other", {"fbl", vault_.time()}).value().key, hit.key);
    report.source.reset();
    report.why_no_source = "the source is a name";
    EXPECT_EQ(hits.of(report, "bytes", {"fbl", vault_.time()}).error().message,
              "the source is a name");
}

}  // namespace
}  // namespace fairlist::importer
