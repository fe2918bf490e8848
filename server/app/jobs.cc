#include "server/app/jobs.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace fairlist::app {

namespace {

// Other processes open listings as well, so the next end is looked up again and again: one read.
constexpr std::chrono::seconds kPeriod{1};
// So that a job never holds others up for long.
constexpr std::size_t kStepMax = 1000;
constexpr unsigned kStepsMax = 100;
// More than a year, so that a year can be compared with the one before.
constexpr std::uint32_t kRefreshSeconds = 3600;
constexpr std::uint32_t kKeepStandingsSeconds = 400U * 86400;

Time back(Time time, std::uint32_t seconds) noexcept {
    return {time.seconds - std::min(time.seconds, seconds)};
}

}  // namespace

Jobs::Jobs(store::Environment& store, Vault* vault, JobsOptions options)
    : ledger_(store, options.ledger),
      standing_(store, {options.ledger.standing, options.ledger.policy, options.ledger.clock}),
      policies_(store, options.policies),
      vault_(vault),
      options_(std::move(options)) {}

Jobs::~Jobs() {
    stop();
}

void Jobs::start() {
    thread_ = std::thread([this] { run(); });
}

void Jobs::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Jobs::run_once() {
    for (unsigned step = 0; step < kStepsMax; ++step) {
        const ExpiryStep done = ledger_.expire(kStepMax);
        expired_ += done.expired + done.lapsed;
        if (!done.more) {
            break;
        }
    }
    hits_forgotten_ += ledger_.trim_hits(kStepMax);
    if (vault_ != nullptr) {
        const Time before = back(options_.ledger.clock(), options_.keep_mail_seconds);
        mails_forgotten_ += vault_->trim_mails(before, kStepMax);
    }
    compute_standings();
    refresh_policies();
}

// A policy that got too old lists nothing more: within the hour.
void Jobs::refresh_policies() {
    const Time now = options_.ledger.clock();
    if (policies_refreshed_.is_set() &&
        now.seconds - policies_refreshed_.seconds < kRefreshSeconds) {
        return;
    }
    policies_refreshed_ = now;
    policies_.refresh({.name = "rule:policy"});
}

void Jobs::compute_standings() {
    if (const std::uint64_t computed = standing_.compute_due({.name = "rule:standing"})) {
        standings_computed_ += computed;
        standing_.trim(back(options_.ledger.clock(), kKeepStandingsSeconds));
    }
}

std::string Jobs::counters() const {
    return fmt::format("{} listings ended, {} hits and {} mails forgotten, {} standings computed",
                       expired_.load(), hits_forgotten_.load(), mails_forgotten_.load(),
                       standings_computed_.load());
}

// A store that is broken now (a full disk) may be whole later: the thread goes on.
void Jobs::run_guarded() {
    try {
        run_once();
    } catch (const std::exception& error) {
        spdlog::error("jobs: {}", error.what());
    }
}

void Jobs::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        run_guarded();
        lock.lock();
        changed_.wait_for(lock, kPeriod, [this] { return stopping_; });
    }
}

}  // namespace fairlist::app
