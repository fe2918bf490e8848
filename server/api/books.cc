#include "server/api/books.h"

#include "server/roles/provider_options.h"
#include "server/roles/removal_options.h"

#include <cstdint>
#include <utility>

namespace fairlist::api {

namespace {

constexpr std::uint64_t kMib = 1ULL << 20U;

Manager::Options manager_options(const Setup& setup, const Stores& stores) {
    Manager::Options options;
    options.lists = setup.config.lists;
    options.protected_space = setup.ledger.protected_space;
    options.journal_keep_bytes = setup.config.store.journal_keep_mib * kMib;
    options.journal_keep_seconds = setup.config.store.journal_keep_days * 86400;
    options.clock = stores.clock;
    return options;
}

LedgerOptions ledger_options(const Setup& setup, const Stores& stores) {
    LedgerOptions options = setup.ledger;
    options.clock = stores.clock;
    return options;
}

template <typename Options>
Options by_clock(Options options, const Stores& stores) {
    options.clock = stores.clock;
    return options;
}

}  // namespace

Books::Books(const Stores& stores, std::shared_ptr<const Setup> the_setup)
    : setup(std::move(the_setup)),
      manager(stores.store, manager_options(*setup, stores)),
      ledger(stores.store, ledger_options(*setup, stores)),
      approvals(stores.store, stores.clock),
      providers(stores.store, by_clock(provider_book_options(setup->config), stores)),
      policies(stores.store, by_clock(policy_book_options(setup->config), stores)),
      reports(stores.store, setup->config.reports.rules, stores.clock),
      standings(stores.store, {setup->config.standing, setup->config.policy, stores.clock}),
      removals(stores.store, stores.vault_environment,
               removal_desk_options(setup->config, ledger_options(*setup, stores))),
      ground_(setup->ledger.space, setup->config.policy) {}

std::shared_ptr<const Ground> Books::ground(const Stores& stores, Time now) {
    return ground_.current(store::ReadTxn(stores.store), now);
}

BookPool::Lease::Lease(BookPool& pool, std::unique_ptr<Books> books)
    : pool_(pool), books_(std::move(books)) {}

BookPool::Lease::~Lease() {
    pool_.give_back(std::move(books_));
}

BookPool::BookPool(const Stores& stores, Setup setup)
    : stores_(stores), setup_(std::make_shared<const Setup>(std::move(setup))) {}

BookPool::Lease BookPool::take() {
    std::shared_ptr<const Setup> setup;
    {
        const std::lock_guard lock(mutex_);
        if (!free_.empty()) {
            std::unique_ptr<Books> books = std::move(free_.back());
            free_.pop_back();
            return {*this, std::move(books)};
        }
        setup = setup_;
        free_.reserve(free_.capacity() + 1);  // so that giving back cannot fail
    }
    return {*this, std::make_unique<Books>(stores_, std::move(setup))};
}

void BookPool::give_back(std::unique_ptr<Books> books) noexcept {
    const std::lock_guard lock(mutex_);
    if (books != nullptr && books->setup == setup_) {
        free_.push_back(std::move(books));
    }
}

void BookPool::use(Setup setup) {
    auto wanted = std::make_shared<const Setup>(std::move(setup));
    std::vector<std::unique_ptr<Books>> old;
    const std::lock_guard lock(mutex_);
    setup_ = std::move(wanted);
    old.swap(free_);
    free_.reserve(old.capacity());
}

}  // namespace fairlist::api
