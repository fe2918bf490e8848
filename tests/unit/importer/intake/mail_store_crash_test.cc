// What was acknowledged is there after a kill at any moment, and once.

#include "importer/fetch/descriptor.h"
#include "importer/intake/mail_store.h"
#include "tests/support/scratch_vault.h"
#include "tests/unit/importer/intake/stored_mails.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <future>
#include <map>
#include <random>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace fairlist::importer {
namespace {

constexpr int kRounds = 20;
constexpr int kSenders = 4;
constexpr std::uint32_t kMailsOfARound = 100000;  // more than a round can take

struct Acknowledged {
    std::uint32_t id = 0;
    Delivery delivery = Delivery::TemporaryFailure;
};

std::string bytes_of(std::uint32_t id) {
    return "Received: from a ([192.0.2.1]) by mx; x\r\n\r\n" + std::to_string(id) + "\r\n" +
           std::string(id % 5 * 1000, 'x') + "\r\n";
}

// In the child: delivers the ids that are given, then new ones, until it is killed.
[[noreturn]] void deliver_until_killed(const std::filesystem::path& path, int out,
                                       const std::vector<std::uint32_t>& again,
                                       std::uint32_t first) {
    auto environment = open_vault(path, VaultUse::Write);
    if (!environment) {
        _exit(1);
    }
    Vault vault(**environment);
    MailStore store(vault, {});
    std::atomic<std::uint32_t> next{0};
    const auto send = [&] {
        for (std::uint32_t i = next++; i < kMailsOfARound; i = next++) {
            const std::uint32_t id =
                i < again.size() ? again[i] : first + i - static_cast<std::uint32_t>(again.size());
            std::promise<std::vector<Delivery>> done;
            IncomingMail mail;
            mail.recipients = {"lure@example.org"};
            mail.bytes = bytes_of(id);
            store.deliver(std::move(mail),
                          [&](std::vector<Delivery> result) { done.set_value(std::move(result)); });
            const Acknowledged told{id, done.get_future().get().front()};
            if (::write(out, &told, sizeof told) != sizeof told) {  // whole: below PIPE_BUF
                _exit(2);
            }
        }
    };
    std::vector<std::thread> senders;
    for (int i = 0; i < kSenders; ++i) {
        senders.emplace_back(send);
    }
    for (std::thread& sender : senders) {
        sender.join();
    }
    _exit(3);
}

class Round {
  public:
    Round(const std::filesystem::path& path, const std::vector<std::uint32_t>& again,
          std::uint32_t first) {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        child_ = ::fork();
        if (child_ == 0) {
            ::close(ends[0]);
            deliver_until_killed(path, ends[1], again, first);
        }
        ::close(ends[1]);
        in_ = Descriptor(ends[0]);
    }

    // What it acknowledged until it was killed, after so many.
    std::vector<Acknowledged> kill_after(std::size_t count) {
        std::vector<Acknowledged> told;
        bool killed = false;
        Acknowledged next;
        while (::read(in_.get(), &next, sizeof next) == static_cast<ssize_t>(sizeof next)) {
            told.push_back(next);
            if (told.size() >= count && !killed) {
                killed = true;
                ::kill(child_, SIGKILL);
            }
        }
        int status = 0;
        ::waitpid(child_, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "exit " << WEXITSTATUS(status);
        return told;
    }

  private:
    pid_t child_ = -1;
    Descriptor in_;
};

std::map<std::uint32_t, int> ids_in(const Vault& vault) {
    std::map<std::uint32_t, int> ids;
    for (const auto& mail : test::stored_mails(vault)) {
        const auto id = static_cast<std::uint32_t>(
            std::stoul(mail.bytes.substr(mail.bytes.find("\r\n\r\n") + 4)));
        EXPECT_EQ(mail.bytes, bytes_of(id));
        ++ids[id];
    }
    return ids;
}

TEST(MailStoreKilled, HasEveryAcknowledgedMailOnce) {
    test::ScratchVault vault;
    vault.add_trap("lure@example.org");
    std::mt19937 random(20261126);
    std::set<std::uint32_t> acknowledged;
    std::vector<std::uint32_t> again;
    std::uint32_t first = 0;
    for (int round = 0; round < kRounds; ++round) {
        vault.close();
        const auto told = Round(vault.path(), again, first).kill_after(1 + random() % 150);
        vault.open();
        for (const Acknowledged& mail : told) {
            EXPECT_TRUE(mail.delivery == Delivery::Stored || mail.delivery == Delivery::Duplicate);
            acknowledged.insert(mail.id);
        }
        const auto kept = ids_in(*vault);
        for (const std::uint32_t id : acknowledged) {
            EXPECT_TRUE(kept.contains(id)) << "lost: " << id << " in round " << round;
        }
        for (const auto& [id, times] : kept) {
            EXPECT_EQ(times, 1) << "twice: " << id << " in round " << round;
        }
        EXPECT_EQ(vault->status().queued, kept.size()) << "all wait to be judged";
        // As a mail server would: what was not acknowledged comes again, and some that was.
        const std::uint32_t last = acknowledged.empty() ? 0 : *acknowledged.rbegin();
        again.clear();
        for (std::uint32_t id = last > 20 ? last - 20 : 0; id <= last + kSenders; ++id) {
            again.push_back(id);
        }
        first = last + kSenders + 1;
    }
    EXPECT_GE(acknowledged.size(), static_cast<std::size_t>(kRounds));
}

}  // namespace
}  // namespace fairlist::importer
