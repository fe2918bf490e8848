#include "importer/intake/mail_worker.h"

#include "importer/intake/packed_mail.h"
#include "listing/base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <span>
#include <utility>

namespace fairlist::importer {

MailWorker::MailWorker(Vault& vault, HitSink& sink, MailHits hits,
                       std::vector<std::unique_ptr<MailJudge>> judges, MailWorkerOptions options)
    : vault_(vault),
      sink_(sink),
      hits_(std::move(hits)),
      judges_(std::move(judges)),
      crew_(judges_.empty() ? 0 : judges_.size() - 1),
      options_(std::move(options)) {
    FAIRLIST_CHECK(!judges_.empty());
}

MailWorker::~MailWorker() {
    stop();
}

WorkerStep MailWorker::run_once(std::size_t mails_max) {
    const auto mails =
        vault_.queued_mails(std::min(options_.batch_mails, mails_max), options_.retry_seconds);
    WorkerStep step;
    step.taken = mails.size();
    if (mails.empty()) {
        return step;
    }
    Batch batch = judge_all(mails);
    step.halted = std::move(batch.halted);
    step.hits = record(batch.outcomes);
    settle(mails, batch.outcomes, step);
    return step;
}

MailWorker::Batch MailWorker::judge_all(const std::vector<QueuedMail>& mails) {
    Batch batch{std::vector<Outcome>(mails.size()), std::nullopt};
    std::atomic<std::size_t> next{0};
    std::mutex halting;
    const auto end = std::chrono::steady_clock::now() + options_.batch_time;
    const auto is_over = [&] {
        return is_stopping() || std::chrono::steady_clock::now() >= end;
    };
    crew_.run(std::min(judges_.size(), mails.size()) - 1, [&](std::size_t number) {
        for (std::size_t i = next++; i < mails.size(); i = is_over() ? mails.size() : next++) {
            auto outcome = judge_guarded(*judges_[number], mails[i]);
            if (outcome) {
                batch.outcomes[i] = std::move(*outcome);
                continue;
            }
            const std::lock_guard lock(halting);
            batch.halted = outcome.error().message;
            next = mails.size();  // the others would fare no better
        }
    });
    return batch;
}

Result<MailWorker::Outcome> MailWorker::judge_guarded(MailJudge& judge,
                                                      const QueuedMail& mail) const {
    try {
        return this->judge(judge, mail);
    } catch (const store::StoreError& broken) {
        return fail(Errc::Io, broken.what());
    } catch (const std::exception& broken) {
        return Outcome{false, {}, broken.what()};
    }
}

Result<MailWorker::Outcome> MailWorker::judge(MailJudge& judge, const QueuedMail& queued) const {
    const auto mail = vault_.mail(queued.number);
    if (!mail) {
        return Outcome{false, {}, "its record cannot be read"};
    }
    const auto bytes = unpack_mail(mail->packed, mail->bytes);
    if (!bytes) {
        return Outcome{false, {}, bytes.error().message};
    }
    const auto facts = judge.judge(*bytes, mail->peer, mail->received);
    if (!facts && facts.error().code == Errc::Io) {
        return std::unexpected(facts.error());
    }
    if (!facts) {
        return Outcome{false, {}, facts.error().message};
    }
    // A server that many share is not to be blamed because a name server is down; but the last try
    // takes what is known.
    if (facts->is_undecided() && queued.mark.tries + 1U < options_.tries_max) {
        return Outcome{false, {}, "the key of a DKIM signature cannot be looked up now"};
    }
    return Outcome{true, hits_.of({queued.number, *mail, *facts}), std::nullopt};
}

std::size_t MailWorker::record(const std::vector<Outcome>& outcomes) {
    std::vector<Hit> hits;
    for (const Outcome& outcome : outcomes) {
        hits.insert(hits.end(), outcome.hits.begin(), outcome.hits.end());
    }
    std::size_t fresh = 0;
    for (std::size_t at = 0; at < hits.size(); at += kHitsAtOnceMax) {
        const auto part = std::span(hits).subspan(at, std::min(kHitsAtOnceMax, hits.size() - at));
        const auto recorded = sink_.record(options_.actor, part);
        FAIRLIST_CHECK(recorded.size() == part.size());
        for (std::size_t i = 0; i < part.size(); ++i) {
            fresh += recorded[i].duplicate ? 0U : 1U;
            options_.recorded(part[i], recorded[i]);
        }
    }
    counters_.hits += fresh;
    counters_.duplicates += hits.size() - fresh;
    return fresh;
}

void MailWorker::settle(const std::vector<QueuedMail>& mails, const std::vector<Outcome>& outcomes,
                        WorkerStep& step) {
    std::vector<std::uint64_t> judged;
    std::vector<FailedMail> failed;
    for (std::size_t i = 0; i < mails.size(); ++i) {
        if (outcomes[i].judged) {
            judged.push_back(mails[i].number);
        } else if (const auto& failure = outcomes[i].failure) {
            failed.push_back({mails[i].number, *failure});
        }
    }
    const std::size_t parked = judged.empty() && failed.empty()
                                   ? 0
                                   : vault_.settle_mails(judged, failed, options_.tries_max);
    step.judged = judged.size();
    step.failed = failed.size();
    counters_.judged += judged.size();
    counters_.failures += failed.size();
    counters_.parked += parked;
    if (parked != 0) {
        options_.warn(fmt::format("{} mails cannot be judged and are parked; the last: {}", parked,
                                  failed.back().error));
    }
}

void MailWorker::start() {
    FAIRLIST_CHECK(!thread_.joinable());
    thread_ = std::thread([this] { run(); });
}

void MailWorker::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

bool MailWorker::is_stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void MailWorker::wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
}

void MailWorker::run() {
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) {
                return;
            }
            woken_ = false;
        }
        const auto rest = step_and_rest();
        const bool halted = rest > options_.poll;
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, rest, [&] { return stopping_ || (woken_ && !halted); });
    }
}

std::chrono::milliseconds MailWorker::step_and_rest() {
    try {
        const WorkerStep step = run_once();
        if (step.halted) {
            options_.warn(fmt::format("mails wait to be judged: {}", *step.halted));
            return options_.halt;
        }
        return step.taken == 0 ? options_.poll : std::chrono::milliseconds(0);
    } catch (const std::exception& broken) {
        options_.warn(fmt::format("mails wait to be judged: {}", broken.what()));
        return options_.halt;
    }
}

}  // namespace fairlist::importer
