// Jobs: what wants doing by the clock: listings that end, hits and mails that are old, standings of
// the day.
#pragma once

#include "listing/manager/ledger.h"
#include "listing/manager/policy_book.h"
#include "listing/manager/standing_book.h"
#include "listing/manager/vault.h"
#include "listing/store/environment.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace fairlist::app {

struct JobsOptions {
    LedgerOptions ledger;
    std::uint32_t keep_mail_seconds = 90 * 86400;
    PolicyBookOptions policies{};
};

// Thread: one of its own, from start() to stop().
class Jobs {
  public:
    // `vault` null: there is none. Lifetime: of both.
    Jobs(store::Environment& store, Vault* vault, JobsOptions options);
    // As stop().
    ~Jobs();
    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;

    void start();
    void stop();

    // All that is due now. Throws store::StoreError.
    void run_once();

    // "12 listings ended, 0 hits and 3 mails forgotten, 2 standings computed".
    [[nodiscard]] std::string counters() const;

  private:
    void run();
    void run_guarded();

    void compute_standings();
    void refresh_policies();

    Ledger ledger_;
    StandingBook standing_;
    PolicyBook policies_;
    Time policies_refreshed_;
    Vault* vault_;
    JobsOptions options_;
    std::atomic<std::uint64_t> expired_{0};
    std::atomic<std::uint64_t> hits_forgotten_{0};
    std::atomic<std::uint64_t> mails_forgotten_{0};
    std::atomic<std::uint64_t> standings_computed_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;  // guarded by mutex_
    std::thread thread_;
};

}  // namespace fairlist::app
