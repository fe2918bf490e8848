#include "importer/intake/mail_store.h"

#include "importer/intake/packed_mail.h"
#include "tests/support/scratch_vault.h"
#include "tests/unit/importer/intake/stored_mails.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using enum Delivery;

IncomingMail mail_to(std::vector<std::string> recipients, const std::string& body) {
    IncomingMail mail;
    mail.envelope.peer = parse_address("192.0.2.1").value();
    mail.envelope.helo = "helo.example";
    mail.recipients = std::move(recipients);
    mail.bytes = "Received: from a ([192.0.2.1]) by mx; x\r\n\r\n" + body + "\r\n";
    return mail;
}

std::future<std::vector<Delivery>> deliver(MailStore& store, IncomingMail mail) {
    auto promise = std::make_shared<std::promise<std::vector<Delivery>>>();
    auto future = promise->get_future();
    store.deliver(std::move(mail), [promise](std::vector<Delivery> result) {
        promise->set_value(std::move(result));
    });
    return future;
}

// Holds the writer before its second batch, so that mails gather.
class Gate {
  public:
    void hold() {
        if (closed_.exchange(false)) {
            entered_.set_value();
            opened_.get_future().wait();
        }
    }
    void wait_until_held() { entered_.get_future().wait(); }
    void open() { opened_.set_value(); }

  private:
    std::atomic<bool> closed_{true};
    std::promise<void> entered_;
    std::promise<void> opened_;
};

class MailStored : public testing::Test {
  protected:
    MailStored() {
        vault_.add_trap("lure@example.org");
        vault_.add_trap("bait@example.org");
        vault_.add_trap("@trap.example");
    }

    test::ScratchVault vault_;
};

TEST_F(MailStored, AnswersEachRecipient) {
    MailStore store(*vault_, {});
    EXPECT_THAT(deliver(store, mail_to({"lure@example.org", "nobody@example.org", "x@trap.example",
                                        "y@trap.example", "not an address"},
                                       "1"))
                    .get(),
                ElementsAre(Stored, Refused, Stored, Stored, Refused));
    EXPECT_THAT(deliver(store, mail_to({"bait@example.org", "LURE+x@example.org"}, "1")).get(),
                ElementsAre(Stored, Duplicate));
    EXPECT_THAT(deliver(store, mail_to({"nobody@example.org"}, "2")).get(), ElementsAre(Refused));
    EXPECT_THAT(deliver(store, mail_to({}, "3")).get(), IsEmpty());
    const auto mails = test::stored_mails(*vault_);
    ASSERT_THAT(mails, SizeIs(2));
    EXPECT_EQ(mails[0].bytes, mail_to({}, "1").bytes);
    EXPECT_EQ(mails[0].record.helo, "helo.example");
    EXPECT_EQ(mails[0].record.sensor, "lmtp");
    EXPECT_EQ(mails[0].record.received, vault_.time());
    EXPECT_THAT(mails[0].record.recipients.at(1).addresses,
                ElementsAre("x@trap.example", "y@trap.example"));
    EXPECT_EQ(store.counters().stored, 4U);
    EXPECT_EQ(store.counters().duplicates, 1U);
    EXPECT_EQ(store.counters().refused, 3U);
    EXPECT_EQ(store.counters().mails, 2U);
}

TEST_F(MailStored, AcceptsTrapsAlone) {
    MailStore store(*vault_, {});
    EXPECT_EQ(store.accepts("lure@example.org"), Acceptance::Known);
    EXPECT_EQ(store.accepts("any@trap.example"), Acceptance::Known);
    EXPECT_EQ(store.accepts("any@example.org"), Acceptance::Unknown);
    EXPECT_EQ(store.accepts(""), Acceptance::Unknown);
}

TEST_F(MailStored, PutsManyIntoOneTransaction) {
    Gate gate;
    MailStoreOptions options;
    options.stored = [&] {
        gate.hold();
    };
    MailStore store(*vault_, options);
    auto first = deliver(store, mail_to({"lure@example.org"}, "first"));
    gate.wait_until_held();
    std::vector<std::future<std::vector<Delivery>>> others;
    for (int i = 0; i < 100; ++i) {
        others.push_back(deliver(store, mail_to({"lure@example.org"}, std::to_string(i % 50))));
    }
    EXPECT_EQ(store.waiting(), 100U);
    gate.open();
    int stored = 0;
    for (auto& other : others) {
        stored += other.get().front() == Stored ? 1 : 0;
    }
    EXPECT_EQ(stored, 50) << "each of them came twice in one batch";
    store.stop();
    EXPECT_EQ(store.counters().batches, 2U);
    EXPECT_THAT(test::stored_mails(*vault_), SizeIs(51));
}

TEST_F(MailStored, TellsToComeAgainWhenItsQueueIsFull) {
    Gate gate;
    MailStoreOptions options;
    options.queue_mails_max = 3;
    options.queue_bytes_max = 10000;
    options.stored = [&] {
        gate.hold();
    };
    MailStore store(*vault_, options);
    auto first = deliver(store, mail_to({"lure@example.org"}, "first"));
    gate.wait_until_held();
    auto large = deliver(store, mail_to({"lure@example.org"}, std::string(9000, 'x')));
    EXPECT_THAT(deliver(store, mail_to({"lure@example.org", "x"}, "bytes")).get(),
                ElementsAre(TemporaryFailure, TemporaryFailure));
    gate.open();
    EXPECT_THAT(large.get(), ElementsAre(Stored));
    store.stop();
    EXPECT_THAT(deliver(store, mail_to({"lure@example.org"}, "late")).get(),
                ElementsAre(TemporaryFailure));
    EXPECT_EQ(store.counters().postponed, 3U);
}

TEST_F(MailStored, CountsMailsThatWait) {
    Gate gate;
    MailStoreOptions options;
    options.queue_mails_max = 2;
    options.stored = [&] {
        gate.hold();
    };
    MailStore store(*vault_, options);
    auto first = deliver(store, mail_to({"lure@example.org"}, "first"));
    gate.wait_until_held();
    std::vector<std::future<std::vector<Delivery>>> futures;
    for (int i = 0; i < 3; ++i) {
        futures.push_back(deliver(store, mail_to({"lure@example.org"}, std::to_string(i))));
    }
    EXPECT_THAT(futures[2].get(), ElementsAre(TemporaryFailure));
    gate.open();
    store.stop();
    EXPECT_THAT(futures[1].get(), ElementsAre(Stored)) << "a stop stores what waits";
}

TEST_F(MailStored, RefusesWhatIsTooLarge) {
    MailStore store(*vault_, {});
    IncomingMail mail = mail_to({"lure@example.org"}, "");
    mail.bytes.assign(kMailBytesMax + 1, 'x');
    EXPECT_THAT(deliver(store, std::move(mail)).get(), ElementsAre(Refused));
}

TEST_F(MailStored, SendsRecipientsOverTheLimitBack) {
    MailStore store(*vault_, {});
    std::vector<std::string> recipients;
    for (std::size_t i = 0; i <= store::kMailRecipientsMax; ++i) {
        recipients.push_back(std::to_string(i) + "@trap.example");
    }
    const auto results = deliver(store, mail_to(std::move(recipients), "x")).get();
    EXPECT_EQ(results.at(store::kMailRecipientsMax - 1), Stored);
    EXPECT_EQ(results.at(store::kMailRecipientsMax), TemporaryFailure);
}

TEST_F(MailStored, KeepsAllThatItAcknowledgedToManyAtOnce) {
    std::map<std::string, int> acknowledged;
    {
        MailStore store(*vault_, {});
        std::mutex mutex;
        std::vector<std::jthread> senders;
        for (int sender = 0; sender < 8; ++sender) {
            senders.emplace_back([&, sender] {
                for (int i = 0; i < 40; ++i) {
                    // Every fourth mail is sent by two senders at once.
                    const std::string body = i % 4 == 0 ? "both" + std::to_string(sender / 2)
                                                        : "own" + std::to_string(sender);
                    const std::string text = body + "-" + std::to_string(i);
                    const auto result = deliver(store, mail_to({"lure@example.org"}, text)).get();
                    const std::lock_guard lock(mutex);
                    acknowledged[text] += result.front() == Stored ? 1 : 0;
                }
            });
        }
    }
    vault_.reopen();
    std::map<std::string, int> kept;
    for (const auto& mail : test::stored_mails(*vault_)) {
        const std::size_t begin = mail.bytes.find("\r\n\r\n") + 4;
        ++kept[mail.bytes.substr(begin, mail.bytes.size() - begin - 2)];
    }
    EXPECT_EQ(kept, acknowledged) << "each once, and none that was not acknowledged";
    EXPECT_THAT(kept, SizeIs(8 * 30 + 4 * 10));
}

// A file that may not grow stands for a disk that is full.
TEST_F(MailStored, SurvivesADiskThatIsFull) {
    std::vector<std::string> warnings;
    MailStoreOptions options;
    options.warn = [&](const std::string& text) {
        warnings.push_back(text);
    };
    MailStore store(*vault_, options);
    EXPECT_THAT(deliver(store, mail_to({"lure@example.org"}, "before")).get(), ElementsAre(Stored));
    std::string noise;
    for (unsigned i = 0, x = 1; i < 300000; ++i, x = x * 1103515245U + 12345U) {
        noise += static_cast<char>(x >> 24U);
    }
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    rlimit full = before;
    full.rlim_cur = std::filesystem::file_size(vault_.path() / "data.mdb");
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
    const auto failed = deliver(store, mail_to({"lure@example.org", "nobody@x.y"}, noise)).get();
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, ignored);
    EXPECT_THAT(failed, ElementsAre(TemporaryFailure, TemporaryFailure));
    EXPECT_THAT(deliver(store, mail_to({"lure@example.org"}, noise)).get(), ElementsAre(Stored));
    store.stop();
    ASSERT_THAT(warnings, SizeIs(1));
    EXPECT_THAT(warnings.front(), HasSubstr("1 mails cannot be stored"));
    EXPECT_THAT(test::stored_mails(*vault_), SizeIs(2));
}

}  // namespace
}  // namespace fairlist::importer
