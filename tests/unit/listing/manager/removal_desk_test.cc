#include "listing/manager/removal_desk.h"

#include "listing/manager/doctor.h"
#include "listing/manager/report_book.h"
#include "tests/support/removal_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace fairlist {
namespace {

using test::good_findings;
using test::RemovalSite;
using enum RemovalState;

constexpr std::uint32_t kHour = 3600;
constexpr std::uint32_t kDay = 86400;
const std::string kAddress = "198.51.100.7";
const Actor kOperator{"operator:test"};

class RemovalDeskTest : public testing::Test {
  protected:
    // Whatever a test did, the tables agree.
    void TearDown() override {
        const store::ReadTxn txn(site.store.environment());
        EXPECT_THAT(examine(txn).faults, testing::IsEmpty());
    }
    RemovalState state(const OpenedRemoval& opened) {
        return site.desk->status(opened.key).value().state;
    }
    // Asked from the address, after the quiet time.
    OpenedRemoval granted() {
        site.list_by_hits(kAddress);
        site.pass(3 * kHour);
        auto opened = site.open(site.ask(kAddress, ProofKind::Address)).value();
        site.look(good_findings());
        EXPECT_EQ(state(opened), Granted);
        return opened;
    }
    RemovalSite site;
};

TEST_F(RemovalDeskTest, theFirstIsGrantedAfterTheQuietTime) {
    const std::uint64_t listing = site.list_by_hits(kAddress);
    const auto opened = site.open(site.ask(kAddress, ProofKind::Address)).value();
    EXPECT_EQ(opened.removal.state, Checking);
    EXPECT_EQ(opened.removal.listing, listing);
    site.look(good_findings());
    const Removal waits = site.desk->status(opened.key).value();
    EXPECT_EQ(waits.state, Waiting);
    EXPECT_EQ(waits.until.seconds, site.now.seconds + 2 * kHour);
    EXPECT_EQ(waits.checks.size(), 7U);
    EXPECT_TRUE(site.is_listed("css", kAddress));
    site.pass(2 * kHour);
    EXPECT_EQ(site.desk->run_due(kOperator), 1U);
    site.look(good_findings());
    EXPECT_EQ(state(opened), Granted);
    EXPECT_FALSE(site.is_listed("css", kAddress));
    EXPECT_EQ(site.ledger->find(listing)->state, ListingState::Removed);
    site.pass(8 * kDay);
    EXPECT_EQ(site.desk->run_due(kOperator), 1U);
    EXPECT_EQ(state(opened), Kept);
    EXPECT_EQ(site.desk->run_due(kOperator), 0U);
}

TEST_F(RemovalDeskTest, hitsWithinTheWatchRelistAndTheNextOneWaits) {
    const auto first = granted();
    site.pass(kDay);
    site.list_by_hits(kAddress);
    EXPECT_EQ(site.desk->run_due(kOperator), 1U);
    EXPECT_EQ(state(first), Relisted);
    site.pass(3 * kHour);
    const auto second = site.open(site.ask(kAddress, ProofKind::Address)).value();
    EXPECT_EQ(second.removal.step, 1U);
    site.look(good_findings());
    const Removal waits = site.desk->status(second.key).value();
    EXPECT_EQ(waits.state, Waiting);
    EXPECT_EQ(waits.until.seconds, site.now.seconds + kDay);
}

TEST_F(RemovalDeskTest, askingProlongsNothing) {
    const std::uint64_t listing = site.list_by_hits(kAddress);
    const Time until = site.ledger->find(listing)->until;
    ASSERT_TRUE(until.is_set());
    const auto opened = site.open(site.ask(kAddress, ProofKind::Address)).value();
    site.look(good_findings());
    EXPECT_EQ(site.ledger->find(listing)->until, until);
    // And one that ends by itself is done with.
    site.now = until;
    site.desk->run_due(kOperator);
    site.look(good_findings());
    EXPECT_EQ(state(opened), Moot);
}

struct RefusedProof {
    std::string name;
    std::string subject;
    ProofKind proof;
    std::string peer;
    std::string says;
};
class RefusedProofs : public testing::TestWithParam<RefusedProof> {};

TEST_P(RefusedProofs, areToldWhichFit) {
    RemovalSite site;
    site.add_holder("example-cloud", "198.51.100.0/24");
    NewListing wide;
    wide.list = "css";
    wide.subject = *parse_prefix("203.0.113.0/24");
    ASSERT_TRUE(site.ledger->open(kOperator, wide).has_value());
    wide.subject = *parse_prefix("198.51.100.7");
    ASSERT_TRUE(site.ledger->open(kOperator, wide).has_value());
    site.add_entry("css", "198.51.100.99", "drop");
    NewRemoval wanted = site.ask(GetParam().subject, GetParam().proof);
    wanted.peer = *parse_address(GetParam().peer);
    wanted.provider = "other-cloud";
    const auto opened = site.open(wanted);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::Refused);
    EXPECT_NE(opened.error().message.find(GetParam().says), std::string::npos)
        << opened.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedProofs,
    testing::Values(RefusedProof{"fromElsewhere", "198.51.100.7", ProofKind::Address,
                                 "198.51.100.8", "by mail or DNS"},
                    RefusedProof{"oneOfMany", "203.0.113.9", ProofKind::Address, "203.0.113.9",
                                 "as a whole"},
                    RefusedProof{"mailForMany", "203.0.113.9", ProofKind::Mail, "203.0.113.9",
                                 "its provider does"},
                    RefusedProof{"notItsSpace", "198.51.100.7", ProofKind::Provider, "192.0.2.1",
                                 "not held by \"other-cloud\""},
                    RefusedProof{"ofAFeed", "198.51.100.99", ProofKind::Operator, "192.0.2.1",
                                 "by the source \"drop\""}),
    [](const auto& row) { return row.param.name; });

TEST_F(RemovalDeskTest, whatIsNotListedIsToldSo) {
    EXPECT_EQ(site.open(site.ask(kAddress, ProofKind::Address)).error().code, Errc::NotFound);
}

TEST_F(RemovalDeskTest, oneRequestAtATime) {
    site.list_by_hits(kAddress);
    ASSERT_TRUE(site.open(site.ask(kAddress, ProofKind::Address)).has_value());
    const auto again = site.open(site.ask(kAddress, ProofKind::Address));
    EXPECT_EQ(again.error().code, Errc::Conflict);
    EXPECT_NE(again.error().message.find("checking"), std::string::npos);
}

TEST_F(RemovalDeskTest, theCodeGoesToThePtrsDomainAndProves) {
    site.list_by_hits(kAddress);
    site.pass(3 * kHour);
    const auto opened = site.open(site.ask(kAddress, ProofKind::Mail)).value();
    EXPECT_EQ(state(opened), Proving);
    site.look(good_findings());
    const auto mails = site.desk->code_mails(10);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_EQ(mails[0].to, "postmaster@example.net");
    EXPECT_GE(mails[0].code.size(), 14U);
    site.desk->note_code_mailed(mails[0].removal);
    EXPECT_TRUE(site.desk->code_mails(10).empty());
    EXPECT_EQ(site.desk->prove(opened.key, "WRONG").error().code, Errc::Refused);
    std::string typed = mails[0].code;
    typed.insert(4, "-");
    typed.insert(9, " ");
    EXPECT_EQ(site.desk->prove(opened.key, typed).value().state, Checking);
    site.look(good_findings());
    EXPECT_EQ(state(opened), Granted);
    // It is good once.
    EXPECT_EQ(site.desk->prove(opened.key, mails[0].code).error().code, Errc::Conflict);
}

TEST_F(RemovalDeskTest, fiveWrongCodesEndIt) {
    site.list_by_hits(kAddress);
    const auto opened = site.open(site.ask(kAddress, ProofKind::Mail)).value();
    site.look(good_findings());
    const std::string code = site.desk->code_mails(10).at(0).code;
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(state(opened), Proving) << i;
        EXPECT_EQ(site.desk->prove(opened.key, "WRONG").error().code, Errc::Refused) << i;
    }
    EXPECT_EQ(state(opened), Lapsed);
    EXPECT_FALSE(site.desk->prove(opened.key, code).has_value());
}

TEST_F(RemovalDeskTest, noCodeGoesToAGenericName) {
    site.list_by_hits(kAddress);
    const auto opened = site.open(site.ask(kAddress, ProofKind::Mail)).value();
    PartyFindings generic = good_findings();
    generic.checks[2].result = CheckResult::Failed;
    site.look(generic);
    EXPECT_EQ(state(opened), Refused);
    EXPECT_TRUE(site.desk->code_mails(10).empty());
    // Nobody knows who asked, so nobody may appeal.
    EXPECT_EQ(site.desk->appeal(opened.key, "please").error().code, Errc::Refused);
}

TEST_F(RemovalDeskTest, theChallengeProves) {
    site.list_by_hits(kAddress);
    site.pass(3 * kHour);
    const auto opened = site.open(site.ask(kAddress, ProofKind::Dns)).value();
    EXPECT_EQ(opened.challenge.size(), 32U);
    site.look(good_findings());
    EXPECT_EQ(state(opened), Proving);
    EXPECT_TRUE(site.desk->to_check(10).empty());  // not again at once
    site.pass(60);
    ASSERT_TRUE(site.desk->prove(opened.key, "").has_value());
    PartyFindings findings = good_findings();
    findings.challenge_seen = "v=spf1 " + opened.challenge;
    site.look(findings);
    EXPECT_EQ(state(opened), Granted);
}

TEST_F(RemovalDeskTest, aProofThatDoesNotComeLapses) {
    site.list_by_hits(kAddress);
    const auto opened = site.open(site.ask(kAddress, ProofKind::Dns)).value();
    site.pass(kDay);
    EXPECT_EQ(site.desk->run_due(kOperator), 1U);
    EXPECT_EQ(state(opened), Lapsed);
}

TEST_F(RemovalDeskTest, aPolicyListExemptsTheAddressAlone) {
    site.add_entry("pbl", "198.51.100.0/24", "policy:example-cloud");
    const auto opened = site.open(site.ask(kAddress, ProofKind::Address)).value();
    site.look(good_findings());
    EXPECT_EQ(state(opened), Granted);
    EXPECT_FALSE(site.is_listed("pbl", kAddress));
    EXPECT_TRUE(site.is_listed("pbl", "198.51.100.8"));
    const auto refused = site.open(site.ask("198.51.100.9", ProofKind::Address)).value();
    PartyFindings bad = good_findings();
    bad.checks[2] = {CheckKind::NotGeneric, CheckResult::Failed, "dyn-9.example.net", "set one"};
    site.look(bad);
    const Removal seen = site.desk->status(refused.key).value();
    EXPECT_EQ(seen.state, Refused);
    EXPECT_NE(seen.outcome.find("dyn-9.example.net"), std::string::npos);
}

TEST_F(RemovalDeskTest, anAppealIsAnsweredWithinSevenDays) {
    site.add_entry("pbl", "198.51.100.0/24", "policy:example-cloud");
    const auto opened = site.open(site.ask(kAddress, ProofKind::Address)).value();
    PartyFindings bad = good_findings();
    bad.checks[0].result = CheckResult::Failed;
    site.look(bad);
    ASSERT_EQ(state(opened), Refused);
    EXPECT_EQ(site.desk->appeal(opened.key, "it is static").value().state, Operator);
    RemovalFilter queue;
    queue.state = Operator;
    EXPECT_EQ(site.desk->page(queue, "", 10).value().removals.size(), 1U);
    site.pass(2 * kDay);
    EXPECT_EQ(site.desk->run_due(kOperator), 1U);  // overdue
    EXPECT_EQ(site.desk->run_due(kOperator), 0U);
    EXPECT_EQ(state(opened), Operator);
    site.pass(5 * kDay);
    site.desk->run_due(kOperator);
    EXPECT_EQ(state(opened), Granted);
    EXPECT_FALSE(site.is_listed("pbl", kAddress));
}

TEST_F(RemovalDeskTest, anOperatorDecides) {
    site.list_by_hits(kAddress);
    const auto opened = site.open(site.ask(kAddress, ProofKind::Address)).value();
    const std::uint64_t id = opened.removal.id;
    EXPECT_EQ(site.desk->refuse(kOperator, id, "").error().code, Errc::Malformed);
    EXPECT_EQ(site.desk->refuse(kOperator, id, "still sends").value().state, Refused);
    EXPECT_EQ(site.desk->grant(kOperator, id, "seen").value().state, Granted);
    EXPECT_EQ(site.desk->grant(kOperator, id, "seen").error().code, Errc::Conflict);
    EXPECT_FALSE(site.is_listed("css", kAddress));
    EXPECT_EQ(site.desk->grant(kOperator, 99, "").error().code, Errc::NotFound);
}

TEST_F(RemovalDeskTest, aProviderAttestsForItsSpaceAlone) {
    site.add_holder("example-cloud", "198.51.100.0/24");
    const std::uint64_t listing = site.list_by_hits(kAddress);
    site.list_by_hits("203.0.113.5");
    const auto attested = site.desk
                              ->attest({"token:noc"}, "example-cloud", *parse_prefix("0.0.0.0/0"),
                                       "closed the account", 100)
                              .value();
    ASSERT_EQ(attested.size(), 1U);
    EXPECT_EQ(attested[0].listing, listing);
    ASSERT_TRUE(attested[0].result.has_value()) << attested[0].result.error().message;
    EXPECT_TRUE(attested[0].result->attested);
    // Neutral: after the checks.
    EXPECT_EQ(attested[0].result->state, Checking);
    const store::ReadTxn txn(site.store.environment());
    const auto words = attests(txn, "example-cloud", Time{});
    ASSERT_EQ(words.size(), 1U);
    EXPECT_EQ(words[0].listing, listing);
}

TEST_F(RemovalDeskTest, limitsOfTheDaySayWhenAgain) {
    site.desk_options.per_address_day = 2;
    site.desk_options.per_subject_day = 100;
    site.remake();
    site.add_entry("pbl", "198.51.100.0/24", "policy:example-cloud");
    for (int i = 0; i < 2; ++i) {
        auto wanted = site.ask(kAddress, ProofKind::Address);
        const auto opened = site.open(wanted);
        ASSERT_TRUE(opened.has_value()) << opened.error().message;
        ASSERT_TRUE(site.desk->refuse(kOperator, opened->removal.id, "no").has_value());
    }
    const auto third = site.open(site.ask(kAddress, ProofKind::Address));
    EXPECT_EQ(third.error().code, Errc::OutOfRange);
    EXPECT_NE(third.error().message.find("try again at"), std::string::npos);
    site.pass(kDay);
    EXPECT_TRUE(site.open(site.ask(kAddress, ProofKind::Address)).has_value());
}

TEST_F(RemovalDeskTest, anUnknownKeyIsToldNothing) {
    EXPECT_EQ(site.desk->status("0123").error().code, Errc::NotFound);
    EXPECT_EQ(site.desk->prove("", "X").error().message, site.desk->status("").error().message);
    EXPECT_EQ(site.desk->appeal(std::string(5000, 'a'), "x").error().code, Errc::NotFound);
}

TEST_F(RemovalDeskTest, whoAskedIsForgotten) {
    const auto opened = granted();
    site.pass(8 * kDay);
    site.desk->run_due(kOperator);
    EXPECT_EQ(site.desk->trim(100), 3U);  // what its day counted: address, network, subject
    site.pass(91 * kDay);
    EXPECT_GE(site.desk->trim(100), 1U);
    EXPECT_EQ(site.desk->status(opened.key).error().code, Errc::NotFound);
    EXPECT_TRUE(site.desk->find(opened.removal.id).has_value());
}

// Every byte of the store's file, free pages included.
TEST_F(RemovalDeskTest, noSecretStandsInTheStore) {
    site.list_by_hits(kAddress);
    const auto opened = site.open(site.ask(kAddress, ProofKind::Mail)).value();
    site.look(good_findings());
    const CodeMail mail = site.desk->code_mails(10).at(0);
    site.desk->note_code_mailed(mail.removal);
    std::ifstream in(site.store.options().path / "data.mdb", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    ASSERT_NE(bytes.find("css"), std::string::npos);
    EXPECT_EQ(bytes.find(opened.key), std::string::npos);
    EXPECT_EQ(bytes.find(mail.code), std::string::npos);
    EXPECT_EQ(bytes.find("postmaster@"), std::string::npos);
}

}  // namespace
}  // namespace fairlist
