// MailStore: takes mails from many at once and stores them durably, many in one transaction.
#pragma once

#include "importer/intake/prepared_mail.h"
#include "importer/lmtp/mail_sink.h"
#include "listing/manager/vault.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fairlist::importer {

struct MailStoreOptions {
    std::string sensor = "lmtp";
    // What waits for the disk. Of mails beyond these the sender is told to come again.
    std::size_t queue_mails_max = 1000;
    std::size_t queue_bytes_max = std::size_t{256} << 20U;
    // Of one transaction: what one sync is shared by, and so how long the first waits for the last.
    std::size_t batch_mails_max = 256;
    std::size_t batch_bytes_max = std::size_t{32} << 20U;
    std::function<void(const std::string&)> warn = [](const std::string&) {
    };
    // Called after a batch was stored, by the writing thread: wakes who judges.
    std::function<void()> stored = [] {
    };
};

// Each counts recipients; `mails` and `batches` what was committed.
struct MailStoreCounters {
    std::atomic<std::uint64_t> stored{0};
    std::atomic<std::uint64_t> duplicates{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> postponed{0};
    std::atomic<std::uint64_t> mails{0};
    std::atomic<std::uint64_t> batches{0};
};

// One thread writes: it takes all that waits, packs it, commits once, and then says so to each. No
// mail waits for others to come: the sync of one batch is the time in which the next gathers.
//
// Thread: any number may call.
class MailStore final : public MailSink {
  public:
    MailStore(Vault& vault, MailStoreOptions options);
    // As stop().
    ~MailStore() override;
    MailStore(const MailStore&) = delete;
    MailStore& operator=(const MailStore&) = delete;

    [[nodiscard]] Acceptance accepts(std::string_view recipient) override;
    // `done` is called by the writing thread, or before this returns when the mail is refused (too
    // large) or postponed (no room, stopped). It must not throw and must not call stop().
    void deliver(IncomingMail mail, Done done) override;

    // Stores what waits, and takes nothing more.
    void stop();

    [[nodiscard]] const MailStoreCounters& counters() const noexcept { return counters_; }
    [[nodiscard]] std::size_t waiting() const;

  private:
    struct Waiting {
        IncomingMail mail;
        Done done;
    };

    void run();
    [[nodiscard]] std::vector<Waiting> next_batch();
    void store(std::vector<Waiting>& batch);
    void commit(std::span<PreparedMail> prepared, std::vector<std::vector<Delivery>>& results);
    void answer(Done& done, std::vector<Delivery> deliveries);

    Vault& vault_;
    const MailStoreOptions options_;
    MailStoreCounters counters_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> queue_;    // guarded by mutex_
    std::size_t queue_bytes_ = 0;  // guarded by mutex_
    bool stopping_ = false;        // guarded by mutex_
    std::mutex joining_;
    std::thread writer_;  // last: it uses the others
};

}  // namespace fairlist::importer
