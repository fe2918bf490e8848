// Books: everything that a request may read and change, for one worker at a time.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/approval_book.h"
#include "listing/manager/ground.h"
#include "listing/manager/idempotency.h"
#include "listing/manager/ledger.h"
#include "listing/manager/manager.h"
#include "listing/manager/policy_book.h"
#include "listing/manager/provider_book.h"
#include "listing/manager/removal_desk.h"
#include "listing/manager/report_book.h"
#include "listing/manager/standing_book.h"
#include "listing/manager/vault.h"
#include "listing/store/environment.h"
#include "server/config/config.h"

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace fairlist::api {

// Lifetime: all outlive the API.
struct Stores {
    store::Environment& store;
    store::Environment& vault_environment;
    Vault& vault;
    std::function<Time()> clock = now;
};

// What the configuration gives; changes as a whole with a reload.
struct Setup {
    config::Config config;
    LedgerOptions ledger;  // with the networks
};

// Each manager is for one thread, so a request takes a whole set and gives it back.
struct Books {
    Books(const Stores& stores, std::shared_ptr<const Setup> the_setup);

    std::shared_ptr<const Setup> setup;
    Manager manager;
    Ledger ledger;
    ApprovalBook approvals;
    ProviderBook providers;
    PolicyBook policies;
    ReportBook reports;
    StandingBook standings;
    RemovalDesk removals;

    // What is known of address space now.
    [[nodiscard]] std::shared_ptr<const Ground> ground(const Stores& stores, Time now);

  private:
    GroundKeeper ground_;
};

// As many sets as requests were ever in hand at the same time, which is what the server has
// workers. Thread: any.
class BookPool {
  public:
    BookPool(const Stores& stores, Setup setup);

    // Gives its books back at its end, unless a reload has made them old.
    class Lease {
      public:
        Lease(BookPool& pool, std::unique_ptr<Books> books);
        ~Lease();
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        [[nodiscard]] Books& operator*() const noexcept { return *books_; }
        [[nodiscard]] Books* operator->() const noexcept { return books_.get(); }

      private:
        BookPool& pool_;
        std::unique_ptr<Books> books_;
    };
    // May throw store::StoreError.
    [[nodiscard]] Lease take();

    // For requests from now on.
    void use(Setup setup);

  private:
    void give_back(std::unique_ptr<Books> books) noexcept;

    Stores stores_;
    std::mutex mutex_;
    std::shared_ptr<const Setup> setup_;        // guarded by mutex_
    std::vector<std::unique_ptr<Books>> free_;  // guarded by mutex_
};

}  // namespace fairlist::api
