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

}  // namespace

Jobs::Jobs(store::Environment& store, Vault* vault, JobsOptions options)
    : ledger_(store, options.ledger), vault_(vault), options_(std::move(options)) {}

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
        const Time now = options_.ledger.clock();
        const Time before{now.seconds - std::min(now.seconds, options_.keep_mail_seconds)};
        mails_forgotten_ += vault_->trim_mails(before, kStepMax);
    }
}

std::string Jobs::counters() const {
    return fmt::format("{} listings ended, {} hits and {} mails forgotten", expired_.load(),
                       hits_forgotten_.load(), mails_forgotten_.load());
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
