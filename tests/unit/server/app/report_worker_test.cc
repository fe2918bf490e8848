#include "server/app/report_worker.h"

#include "server/app/told_listing.h"
#include "tests/support/ledger_site.h"
#include "tests/support/scratch_vault.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::app {
namespace {

constexpr const char* kAddress = "198.51.100.7";

class ReportWorkerTest : public ::testing::Test {
  protected:
    ReportWorkerTest() {
        TrapRule rule = test::address_rule();
        rule.hits = 1;
        rule.traps = 1;
        site_.options.rules = {rule};
        site_.options.report_wait_seconds = 0;
        site_.options.lists[0].reason = "{address} sent spam";
        site_.make();
    }

    void add_provider(Provider provider) {
        provider.slug = "cloud";
        provider.name = "Cloud";
        ProviderBookOptions options;
        options.protected_space = site_.options.protected_space;
        options.clock = site_.options.clock;
        ProviderBook book(site_.store.environment(), options);
        ASSERT_TRUE(book.add({"operator:test"}, provider));
        const Prefix held = *parse_prefix("198.51.100.0/24");
        ASSERT_TRUE(book.add_space({"operator:test"}, "cloud", {&held, 1}, false));
    }

    Hit spam() {
        Hit hit = site_.hit(kAddress);
        hit.sensor = "mbox:lure.mbox";
        hit.helo = "lure.trap.example";
        hit.peer_name = "host.cloud.example";
        return hit;
    }

    ReportWorker worker() {
        ReportWorkerOptions options;
        options.ledger = site_.options;
        options.site = {"Example Blocklists", "", "lists@bl.example", "reports@bl.example"};
        return {site_.store.environment(), *vault_, std::move(options)};
    }

    ProviderReport report() {
        return ReportBook(site_.store.environment(), {}, site_.options.clock).find(1).value();
    }

    test::LedgerSite site_;
    test::ScratchVault vault_;
};

TEST_F(ReportWorkerTest, NobodyIsToldWhereThereIsNoWay) {
    add_provider({});
    site_.record(spam());
    ReportWorker sending = worker();
    sending.run_once();
    EXPECT_EQ(report().state, ReportState::Nowhere);
    EXPECT_EQ(report().error, "the provider has neither an abuse contact nor a webhook");
}

TEST_F(ReportWorkerTest, WithoutAMailServerNothingIsMailed) {
    Provider provider;
    provider.abuse = "abuse@cloud.example";
    add_provider(provider);
    site_.record(spam());
    ReportWorker sending = worker();
    sending.run_once();
    EXPECT_EQ(report().state, ReportState::Nowhere);
    EXPECT_EQ(report().error, "mail.server is not configured");
}

TEST_F(ReportWorkerTest, AWebhookWaitsForItsSecretAndReachesNoPrivateAddress) {
    Provider provider;
    provider.webhook = "https://127.0.0.1:9/hook";
    add_provider(provider);
    site_.record(spam());
    ReportWorker sending = worker();
    sending.run_once();
    EXPECT_EQ(report().state, ReportState::Due);
    EXPECT_NE(report().error.find("webhook-secret cloud"), std::string::npos) << report().error;
    static_cast<void>(vault_->make_webhook_secret("cloud"));
    site_.now.seconds += 300;
    sending.run_once();
    EXPECT_EQ(report().tries, 2U);
    EXPECT_NE(report().error.find("127.0.0.1"), std::string::npos) << report().error;
    EXPECT_EQ(sending.counters(), "0 messages sent to providers, 2 tries failed");
}

TEST_F(ReportWorkerTest, IsToldNoMoreThanEverybodySees) {
    add_provider({});
    site_.record(spam());
    const outbox::ToldListing told = tell_listing(*site_.ledger, site_.options.lists, report());
    EXPECT_EQ(told.subject, kAddress);
    EXPECT_EQ(told.reason, "198.51.100.7 sent spam");
    EXPECT_EQ(told.hits, 1U);
    EXPECT_EQ(told.kinds.at("mail"), 1U);
    EXPECT_EQ(told.names.at("host.cloud.example"), 1U);
    for (const Time time : {told.since, told.first_hit, told.last_hit, told.until}) {
        EXPECT_TRUE(time.is_set());
        EXPECT_EQ(time.seconds % 3600, 0U);
    }
    outbox::ReportDraft draft;
    draft.provider = draft.provider_name = "cloud";
    draft.to = "abuse@cloud.example";
    draft.now = Time{site_.now.seconds + 900};
    draft.listings = {told};
    const outbox::ReportSite site{"Example", "", "lists@bl.example", "reports@bl.example"};
    const std::string all = outbox::report_json(site, draft) + write_report(site, draft)->bytes;
    for (const std::string& secret :
         {std::string("lure"), std::string("mbox"), to_string(site_.now)}) {
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    }
}

TEST(WebhookSecretTest, ANewOneTakesThePlaceOfTheOld) {
    test::ScratchVault vault;
    EXPECT_FALSE(vault->webhook_secret("cloud"));
    const std::string first = vault->make_webhook_secret("cloud");
    EXPECT_EQ(vault->webhook_secret("cloud"), first);
    const std::string second = vault->make_webhook_secret("cloud");
    EXPECT_NE(first, second);
    EXPECT_EQ(vault->webhook_secret("cloud"), second);
    EXPECT_FALSE(vault->webhook_secret("isp"));
    EXPECT_EQ(second.size(), std::string("whsec_").size() + 64);
}

}  // namespace
}  // namespace fairlist::app
