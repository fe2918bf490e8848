// Report worker: takes reports to providers from the store to their mail servers and webhooks.
#pragma once

#include "listing/manager/ledger.h"
#include "listing/manager/provider_book.h"
#include "listing/manager/report_book.h"
#include "listing/manager/vault.h"
#include "server/outbox/outbox.h"
#include "server/outbox/report_letter.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace fairlist::app {

struct ReportWorkerOptions {
    LedgerOptions ledger;  // its clock is the worker's
    ReportRules rules;
    outbox::ReportSite site;
    outbox::MailAccount mail;  // without a server nothing is mailed
    bool allow_private = false;
};

// A thread of its own, from start() to stop(): a mail server that hangs holds up nothing but other
// reports. What was sent is noted afterwards: a kill between the two sends it again, under the same
// Message-ID.
class ReportWorker {
  public:
    // `vault` has the secrets of webhooks. Lifetime: of store and vault.
    ReportWorker(store::Environment& store, const Vault& vault, ReportWorkerOptions options);
    // As stop().
    ~ReportWorker();
    ReportWorker(const ReportWorker&) = delete;
    ReportWorker& operator=(const ReportWorker&) = delete;

    void start();
    // What is under way is cut off within seconds, and counts as not tried.
    void stop();

    // All that is due now, at most kBatchesMax messages. Throws store::StoreError. Thread: the one
    // that is started, or a caller's that starts none.
    void run_once();
    static constexpr unsigned kBatchesMax = 1000;

    // "12 messages sent to providers, 1 failed".
    [[nodiscard]] std::string counters() const;

  private:
    void run();
    void run_guarded();
    void send(const ReportBatch& batch);
    [[nodiscard]] outbox::ReportDraft draft_of(const ReportBatch& batch, const Provider& provider);
    [[nodiscard]] Result<void> mail(const outbox::ReportDraft& draft);
    [[nodiscard]] Result<void> call(const outbox::ReportDraft& draft, const std::string& url);
    void settle(const ReportBatch& batch, std::string_view channel, const Result<void>& sent);

    const Vault& vault_;
    ReportWorkerOptions options_;
    Ledger ledger_;
    ProviderBook providers_;
    ReportBook book_;
    std::stop_source stopping_;
    std::unique_ptr<outbox::MailSender> mails_;
    std::unique_ptr<outbox::WebhookSender> webhooks_;
    std::atomic<std::uint64_t> sent_{0};
    std::atomic<std::uint64_t> failed_{0};
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::thread thread_;
};

}  // namespace fairlist::app
