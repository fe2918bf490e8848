#include "importer/intake/mail_worker.h"

#include "importer/intake/packed_mail.h"
#include "importer/intake/prepared_mail.h"
#include "tests/support/scratch_vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Stands for the ledger: keeps each key once.
class KeySink final : public HitSink {
  public:
    std::vector<RecordedHit> record(const Actor& /*actor*/, std::span<const Hit> hits) override {
        if (broken) {
            throw store::StoreError("the ledger is broken");
        }
        EXPECT_LE(hits.size(), kHitsAtOnceMax);
        std::vector<RecordedHit> recorded;
        for (const Hit& hit : hits) {
            const auto [known, fresh] = numbers.try_emplace(hit.key, numbers.size() + 1);
            recorded.push_back({known->second, !fresh, {}});
            if (fresh) {
                kept.push_back(hit);
            }
        }
        if (dies_after) {
            throw store::StoreError("killed");
        }
        return recorded;
    }

    std::map<HitKey, std::uint64_t> numbers;
    std::vector<Hit> kept;
    bool broken = false;
    bool dies_after = false;
};

// Judges as it is told; without being told, all mails are of 8.8.8.8.
class ToldJudge final : public MailJudge {
  public:
    using Told = std::function<Result<MailFacts>(std::string_view)>;
    explicit ToldJudge(Told told) : told_(std::move(told)) {}

    Result<MailFacts> judge(std::string_view mail, const std::optional<Address>& /*peer*/,
                            Time /*received*/) override {
        return told_(mail);
    }

  private:
    Told told_;
};

MailFacts facts_of(DkimRule rule = DkimRule::Pass) {
    MailFacts facts;
    facts.judgement.fault = walk_to_fault({}, parse_address("8.8.8.8").value(), {});
    facts.dkim = {{rule, parse_domain("customer.com").value(), ""}};
    return facts;
}

class Worked : public testing::Test {
  protected:
    Worked() { vault_.add_trap("lure@example.org"); }

    std::uint64_t store(const std::string& body) {
        PreparedMail prepared = place_recipients(*vault_, recipients_);
        pack_into(prepared.mail, *vault_, "Received: x\n\n" + body, {});
        return vault_->store_mails({&prepared.mail, 1}).front().front().mail;
    }
    MailWorker& worker(std::size_t judges = 1) {
        std::vector<std::unique_ptr<MailJudge>> list;
        for (std::size_t i = 0; i < judges; ++i) {
            list.push_back(
                std::make_unique<ToldJudge>([this](std::string_view mail) { return told_(mail); }));
        }
        options_.warn = [this](const std::string& text) {
            warnings_.push_back(text);
        };
        worker_ = std::make_unique<MailWorker>(*vault_, sink_, MailHits(*vault_, suffixes_, {}),
                                               std::move(list), options_);
        return *worker_;
    }

    fairlist::test::ScratchVault vault_;
    const PublicSuffixes suffixes_ = PublicSuffixes::open().value();
    std::vector<std::string> recipients_ = {"lure@example.org"};
    KeySink sink_;
    ToldJudge::Told told_ = [](std::string_view /*mail*/) {
        return facts_of();
    };
    MailWorkerOptions options_;
    std::vector<std::string> warnings_;
    std::unique_ptr<MailWorker> worker_;
};

TEST_F(Worked, TakesTheOldestFirst) {
    options_.batch_mails = 2;
    for (int i = 1; i <= 5; ++i) {
        store(std::to_string(i));
    }
    std::vector<std::uint64_t> told;
    options_.recorded = [&](const Hit& hit, const RecordedHit& /*recorded*/) {
        told.push_back(hit.mail);
    };
    MailWorker& worked = worker();
    EXPECT_EQ(worked.run_once().hits, 2U);
    EXPECT_EQ(worked.run_once().taken, 2U);
    EXPECT_EQ(worked.run_once().judged, 1U);
    EXPECT_EQ(worked.run_once().taken, 0U);
    EXPECT_THAT(told, ElementsAre(1, 2, 3, 4, 5));
    EXPECT_EQ(vault_->status().queued, 0U);
    EXPECT_EQ(worked.counters().hits, 5U);
}

TEST_F(Worked, TakesNoMoreThanItIsAskedTo) {
    for (int i = 1; i <= 3; ++i) {
        store(std::to_string(i));
    }
    MailWorker& worked = worker();
    EXPECT_EQ(worked.run_once(2).judged, 2U);
    EXPECT_EQ(vault_->status().queued, 1U);
    EXPECT_EQ(worked.run_once(2).judged, 1U);
}

TEST_F(Worked, SharesABatchOutAmongJudges) {
    for (int i = 0; i < 50; ++i) {
        store(std::to_string(i));
    }
    EXPECT_EQ(worker(4).run_once().judged, 50U);
    EXPECT_THAT(sink_.kept, SizeIs(50));
    for (std::size_t i = 0; i < 50; ++i) {
        EXPECT_EQ(sink_.kept[i].mail, i + 1);
    }
}

TEST_F(Worked, CountsNothingTwiceWhenItIsKilledBeforeItIsDone) {
    store("1");
    store("2");
    sink_.dies_after = true;
    EXPECT_THROW(worker().run_once(), store::StoreError);
    EXPECT_THAT(sink_.kept, SizeIs(2));
    EXPECT_EQ(vault_->status().queued, 2U) << "the hits are durable, the queue does not know yet";
    vault_.reopen();
    sink_.dies_after = false;
    const WorkerStep step = worker().run_once();
    EXPECT_EQ(step.judged, 2U);
    EXPECT_EQ(step.hits, 0U);
    EXPECT_THAT(sink_.kept, SizeIs(2));
    EXPECT_EQ(vault_->status().queued, 0U);
    EXPECT_EQ(worker_->counters().duplicates, 2U);
}

TEST_F(Worked, LeavesTheQueueAloneWhileTheLedgerIsBroken) {
    store("1");
    sink_.broken = true;
    EXPECT_THROW(worker().run_once(), store::StoreError);
    EXPECT_EQ(vault_->queued_mails(9, 60).front().mark.tries, 0U);
}

TEST_F(Worked, ParksAMailThatCannotBeJudgedAndGoesOn) {
    store("bad");
    store("good");
    options_.tries_max = 3;
    told_ = [](std::string_view mail) -> Result<MailFacts> {
        if (mail.ends_with("bad")) {
            throw std::runtime_error("out of something");
        }
        return facts_of();
    };
    MailWorker& worked = worker();
    EXPECT_EQ(worked.run_once().judged, 1U);
    EXPECT_EQ(worked.run_once().taken, 0U) << "not due yet";
    vault_.pass(60);
    EXPECT_EQ(worked.run_once().failed, 1U);
    EXPECT_THAT(warnings_, IsEmpty());
    vault_.pass(120);
    EXPECT_EQ(worked.run_once().failed, 1U);
    vault_.pass(10000);
    EXPECT_EQ(worked.run_once().taken, 0U);
    EXPECT_EQ(vault_->parked_mails(0, 9).front().mark.error, "out of something");
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr("out of something")));
    EXPECT_THAT(sink_.kept, SizeIs(1));
}

TEST_F(Worked, BlamesNoMailWhenNobodyCanJudge) {
    store("1");
    store("2");
    int calls = 0;
    told_ = [&](std::string_view /*mail*/) -> Result<MailFacts> {
        return ++calls == 1 ? Result<MailFacts>(facts_of())
                            : fail(Errc::Io, "no reader can be started");
    };
    const WorkerStep step = worker().run_once();
    EXPECT_EQ(step.judged, 1U);
    EXPECT_EQ(step.halted, "no reader can be started");
    EXPECT_EQ(vault_->status().queued, 1U);
    EXPECT_EQ(vault_->queued_mails(9, 60).front().mark.tries, 0U);
}

TEST_F(Worked, WaitsForADkimKeyButNotForEver) {
    store("1");
    options_.tries_max = 2;
    told_ = [](std::string_view /*mail*/) {
        return facts_of(DkimRule::TemporaryError);
    };
    MailWorker& worked = worker();
    EXPECT_EQ(worked.run_once().failed, 1U);
    EXPECT_THAT(sink_.kept, IsEmpty());
    vault_.pass(60);
    EXPECT_EQ(worked.run_once().judged, 1U);
    ASSERT_THAT(sink_.kept, SizeIs(1));
    EXPECT_FALSE(sink_.kept.front().signer);
    EXPECT_TRUE(sink_.kept.front().address);
}

TEST_F(Worked, TakesAPassAlthoughAnotherKeyIsNotKnown) {
    store("1");
    told_ = [](std::string_view /*mail*/) {
        MailFacts facts = facts_of(DkimRule::TemporaryError);
        facts.dkim.push_back({DkimRule::Pass, parse_domain("second.com").value(), ""});
        return facts;
    };
    EXPECT_EQ(worker().run_once().judged, 1U);
    EXPECT_EQ(sink_.kept.front().signer.value().text(), "second.com");
}

TEST_F(Worked, JudgesAMailThatNoParserCanReadByItsTrace) {
    recipients_ = {"lure@example.org"};
    PreparedMail prepared = place_recipients(*vault_, recipients_);
    std::string groups = "To: ";
    for (int i = 0; i < 300000; ++i) {
        groups += "a:";
    }
    pack_into(prepared.mail, *vault_,
              "Received: from a ([8.8.4.4]) by mx; x\nContent-Type: message/rfc822\n\n" + groups +
                  "\n\nx",
              {});
    ASSERT_THAT(vault_->store_mails({&prepared.mail, 1}), SizeIs(1));
    const MailRules rules;
    std::vector<std::unique_ptr<MailJudge>> judges;
    judges.push_back(std::make_unique<LocalMailJudge>(
        rules, suffixes_, MailChildOptions{FAIRLIST_MAIL, std::chrono::seconds(60)}, nullptr));
    MailWorker worked(*vault_, sink_, MailHits(*vault_, suffixes_, {rules}), std::move(judges),
                      options_);
    EXPECT_EQ(worked.run_once().hits, 1U);
    EXPECT_EQ(to_string(sink_.kept.front().address.value()), "8.8.4.4");
    EXPECT_THAT(sink_.kept.front().steps, testing::Contains(HasSubstr("cannot be read")));
}

TEST_F(Worked, DamagedMailsAreParked) {
    store::VaultMail mail;
    mail.recipients = {{1, {}}};
    mail.bytes = 10;
    mail.packed = "no zstd frame";
    ASSERT_THAT(vault_->store_mails({&mail, 1}), SizeIs(1));
    options_.tries_max = 1;
    EXPECT_EQ(worker().run_once().failed, 1U);
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr("damaged")));
    EXPECT_EQ(vault_->status().parked, 1U);
}

TEST_F(Worked, SlowMailsHoldUpNoResults) {
    options_.batch_time = std::chrono::milliseconds(0);
    for (int i = 0; i < 3; ++i) {
        store(std::to_string(i));
    }
    MailWorker& worked = worker();
    for (const std::uint64_t left : {2U, 1U, 0U}) {
        const WorkerStep step = worked.run_once();
        EXPECT_EQ(step.judged, 1U);
        EXPECT_EQ(step.failed, 0U);
        EXPECT_EQ(vault_->status().queued, left);
    }
    EXPECT_THAT(sink_.kept, SizeIs(3));
}

TEST_F(Worked, RunsInItsOwnThreadWhenWoken) {
    std::promise<void> seen;
    options_.poll = std::chrono::hours(1);
    options_.recorded = [&](const Hit& /*hit*/, const RecordedHit& /*recorded*/) {
        seen.set_value();
    };
    MailWorker& worked = worker();
    worked.start();
    store("1");
    worked.wake();
    seen.get_future().wait();
    worked.stop();
    EXPECT_EQ(vault_->status().queued, 0U);
}

}  // namespace
}  // namespace fairlist::importer
