// How many mails a second come to rest in a vault, against a bare loop of commits of the same
// bytes: the floor that the disk sets.
//
//   bench_intake --folder DIR [--mails N] [--bytes N]

#include "importer/intake/mail_store.h"
#include "importer/intake/packed_mail.h"
#include "listing/manager/vault.h"
#include "listing/store/records.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace fairlist;
using namespace fairlist::importer;

struct Plan {
    std::filesystem::path folder;
    std::size_t mails = 2000;
    std::size_t bytes = 8000;  // of one mail
};

// Text that packs as mail does: words of a small vocabulary, and a number that tells mails apart.
std::vector<std::string> make_mails(const Plan& plan) {
    std::mt19937 random(1);
    std::vector<std::string> words;
    for (int i = 0; i < 2000; ++i) {
        std::string word;
        for (auto left = 2 + random() % 9; left > 0; --left) {
            word += static_cast<char>('a' + random() % 26);
        }
        words.push_back(std::move(word));
    }
    std::vector<std::string> mails;
    for (std::size_t i = 0; i < plan.mails; ++i) {
        std::string mail =
            fmt::format("Received: from a ([192.0.2.1]) by mx; x\r\nMessage-ID: <{}@a>\r\n\r\n", i);
        while (mail.size() < plan.bytes) {
            mail += words[random() % words.size()];
            mail += random() % 12 == 0 ? "\r\n" : " ";
        }
        mails.push_back(std::move(mail));
    }
    return mails;
}

template <typename Work>
double rate(std::size_t mails, Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return static_cast<double>(mails) / took.count();
}

class NewVault {
  public:
    explicit NewVault(const Plan& plan) : path_(plan.folder / "vault") {
        std::filesystem::remove_all(path_);
        environment_ = open_vault(path_, VaultUse::Create).value();
    }
    ~NewVault() {
        environment_.reset();
        std::filesystem::remove_all(path_);
    }
    NewVault(const NewVault&) = delete;
    NewVault& operator=(const NewVault&) = delete;
    [[nodiscard]] store::Environment& environment() { return *environment_; }

  private:
    std::filesystem::path path_;
    std::unique_ptr<store::Environment> environment_;
};

// Commits of `batch` packed mails each, nothing else.
double bare_rate(const Plan& plan, const std::vector<std::string>& mails, std::size_t batch) {
    NewVault vault(plan);
    std::vector<std::string> packed;
    for (const std::string& mail : mails) {
        packed.push_back(pack_mail(mail));
    }
    return rate(mails.size(), [&] {
        for (std::size_t i = 0; i < packed.size(); i += batch) {
            vault.environment().write([&](store::WriteTxn& txn) {
                for (std::size_t j = i; j < std::min(i + batch, packed.size()); ++j) {
                    txn.append(store::Table::Mails, store::number_key(j + 1), packed[j]);
                }
            });
        }
    });
}

struct StoreRate {
    double mails = 0;
    double batch = 0;  // mails a commit
};

StoreRate store_rate(const Plan& plan, const std::vector<std::string>& mails, unsigned senders) {
    NewVault folder(plan);
    Vault vault(folder.environment());
    const NewTrap trap{parse_trap_address("lure@example.org").value()};
    static_cast<void>(vault.add_traps({&trap, 1}).value());
    MailStore store(vault, {});
    std::atomic<std::size_t> next{0};
    const auto send = [&] {
        for (std::size_t i = next++; i < mails.size(); i = next++) {
            std::promise<void> done;
            store.deliver({{}, {"lure@example.org"}, mails[i]},
                          [&](const std::vector<Delivery>& /*result*/) { done.set_value(); });
            done.get_future().wait();
        }
    };
    StoreRate result;
    result.mails = rate(mails.size(), [&] {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < senders; ++i) {
            threads.emplace_back(send);
        }
    });
    store.stop();
    result.batch =
        static_cast<double>(store.counters().mails) / static_cast<double>(store.counters().batches);
    return result;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("mails a second into a vault");
    Plan plan;
    app.add_option("--folder", plan.folder, "where the vault is made: on the disk to measure")
        ->required();
    app.add_option("--mails", plan.mails, "how many");
    app.add_option("--bytes", plan.bytes, "of one mail");
    CLI11_PARSE(app, argc, argv);
    const auto mails = make_mails(plan);
    fmt::print("{} mails of {} bytes, {} packed\n", plan.mails, plan.bytes,
               pack_mail(mails.front()).size());
    for (const std::size_t batch : {std::size_t{1}, std::size_t{8}, std::size_t{64}}) {
        fmt::print("bare commits of {:2} mails: {:8.0f} mails/s\n", batch,
                   bare_rate(plan, mails, batch));
    }
    for (const unsigned senders : {1U, 8U, 64U}) {
        const StoreRate measured = store_rate(plan, mails, senders);
        fmt::print("MailStore, {:2} at once:     {:8.0f} mails/s, {:.1f} a commit\n", senders,
                   measured.mails, measured.batch);
    }
    return 0;
}
