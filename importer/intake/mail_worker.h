// MailWorker: makes hits of the mails that wait in the vault.
#pragma once

#include "importer/intake/crew.h"
#include "importer/intake/hit_sink.h"
#include "importer/intake/mail_hit.h"
#include "importer/intake/mail_judge.h"
#include "listing/manager/actor.h"
#include "listing/manager/vault.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace fairlist::importer {

struct MailWorkerOptions {
    std::size_t batch_mails = 200;
    // No mail is begun so long after the first of a batch: slow mails do not hold up what was found
    // out about others.
    std::chrono::milliseconds batch_time{1000};
    // A mail that cannot be judged is tried so often, the n-th time n times `retry_seconds` after
    // the one before, and then parked with its error.
    unsigned tries_max = 5;
    std::uint32_t retry_seconds = 60;
    // How long the thread waits when nothing is to be done, or when nothing can be done: other
    // processes put mails into the vault without waking it.
    std::chrono::milliseconds poll{1000};
    std::chrono::milliseconds halt{10000};
    Actor actor{"intake"};
    std::function<void(const std::string&)> warn = [](const std::string&) {
    };
    // Each hit with what the ledger made of it, after it is durable.
    std::function<void(const Hit&, const RecordedHit&)> recorded = [](const Hit&,
                                                                      const RecordedHit&) {
    };
};

struct MailWorkerCounters {
    std::atomic<std::uint64_t> judged{0};
    std::atomic<std::uint64_t> hits{0};
    std::atomic<std::uint64_t> duplicates{0};
    std::atomic<std::uint64_t> failures{0};  // tries of mails
    std::atomic<std::uint64_t> parked{0};
};

struct WorkerStep {
    std::size_t taken = 0;
    std::size_t judged = 0;
    std::size_t failed = 0;
    std::size_t hits = 0;  // new ones
    // Why nothing goes on: nobody can judge. The mails wait.
    std::optional<std::string> halted;
};

// Hits first, then out of the queue: whoever is killed between the two finds the mails again, and
// the keys of their hits keep them from counting twice.
class MailWorker {
  public:
    // Mails of a batch are shared out among the judges, each in a thread of its own: a domain whose
    // servers do not answer then holds up one of them. Requires: at least one.
    MailWorker(Vault& vault, HitSink& sink, MailHits hits,
               std::vector<std::unique_ptr<MailJudge>> judges, MailWorkerOptions options);
    // As stop().
    ~MailWorker();
    MailWorker(const MailWorker&) = delete;
    MailWorker& operator=(const MailWorker&) = delete;

    // One batch, at most `mails_max`, the oldest first. Throws store::StoreError when vault or
    // ledger are broken. Thread: not while the worker's own thread runs.
    WorkerStep run_once(std::size_t mails_max = SIZE_MAX);

    // Its own thread: works until stop().
    void start();
    // Waits for the mails that are being judged; the others of the batch stay in the queue.
    void stop();
    // There may be new mails. Thread: any.
    void wake();

    [[nodiscard]] const MailWorkerCounters& counters() const noexcept { return counters_; }

  private:
    // Neither judged nor failed: it waits.
    struct Outcome {
        bool judged = false;
        std::vector<Hit> hits;
        std::optional<std::string> failure;
    };
    struct Batch {
        std::vector<Outcome> outcomes;  // of the mails, in their order
        std::optional<std::string> halted;
    };

    [[nodiscard]] Batch judge_all(const std::vector<QueuedMail>& mails);
    [[nodiscard]] bool is_stopping();
    // An error: nobody can judge now.
    [[nodiscard]] Result<Outcome> judge(MailJudge& judge, const QueuedMail& mail) const;
    [[nodiscard]] Result<Outcome> judge_guarded(MailJudge& judge, const QueuedMail& mail) const;
    std::size_t record(const std::vector<Outcome>& outcomes);
    void settle(const std::vector<QueuedMail>& mails, const std::vector<Outcome>& outcomes,
                WorkerStep& step);
    void run();
    [[nodiscard]] std::chrono::milliseconds step_and_rest();

    Vault& vault_;
    HitSink& sink_;
    const MailHits hits_;
    std::vector<std::unique_ptr<MailJudge>> judges_;
    Crew crew_;  // a thread for each judge but the first
    const MailWorkerOptions options_;
    MailWorkerCounters counters_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;  // guarded by mutex_
    bool woken_ = false;     // guarded by mutex_
    std::thread thread_;
};

}  // namespace fairlist::importer
