// Removal worker: brings requests for removal on: looks at the DNS of who asks, mails codes, and
// does what is due by the clock.
#pragma once

#include "importer/checks/party_checks.h"
#include "listing/manager/removal_desk.h"
#include "listing/model/removal.h"
#include "listing/store/environment.h"
#include "server/outbox/outbox.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fairlist::app {

// Who mails a code, and for whom.
struct CodeMailSite {
    std::string name;  // "Example Blocklists"
    std::string url;   // of the API; empty: none
    std::string from;
    std::string contact;
};

struct RemovalWorkerOptions {
    RemovalDeskOptions desk;
    CodeMailSite site;
    // One for each look: it is used by one thread. May be slow, and fail.
    std::function<Result<std::unique_ptr<importer::PartyChecks>>(std::stop_token)> open_checks;
    // Whose letters end within seconds once it is asked to stop. Empty: no mail server is
    // configured, and codes cannot be mailed.
    std::function<std::unique_ptr<outbox::MailSender>(std::stop_token)> open_mails;
};

// A thread of its own from start() to stop(), and as many beside it as parties are looked at: a
// resolver that is silent holds up nothing but those that wait for it.
class RemovalWorker {
  public:
    static constexpr std::size_t kLooksMax = 8;

    // Lifetime: of store and vault.
    RemovalWorker(store::Environment& store, store::Environment& vault,
                  RemovalWorkerOptions options);
    // As stop().
    ~RemovalWorker();
    RemovalWorker(const RemovalWorker&) = delete;
    RemovalWorker& operator=(const RemovalWorker&) = delete;

    void start();
    // Looks that are under way end with the question that they wait for.
    void stop();
    // There may be a new request. Thread: any.
    void wake();

    // All that is due now; waits for the looks that it began when `waits`. Throws
    // store::StoreError. Thread: the one that is started, or a caller's that starts none.
    void run_once(bool waits);

    // "12 requests looked at, 3 codes mailed, 1 not mailed".
    [[nodiscard]] std::string counters() const;

  private:
    void run();
    void run_guarded();
    void begin_looks();
    void look(std::uint64_t id, const importer::PartyQuestion& question);
    // Returns how many there were.
    std::size_t settle_looks();
    void mail_codes();

    RemovalWorkerOptions options_;
    RemovalDesk desk_;
    std::stop_source stopping_;
    std::unique_ptr<outbox::MailSender> mails_;    // null: none is configured
    std::map<std::uint64_t, std::jthread> looks_;  // by request; the worker's thread only
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<std::pair<std::uint64_t, PartyFindings>> found_;  // guarded by mutex_
    bool is_woken_ = false;                                       // guarded by mutex_
    std::atomic<std::uint64_t> looked_at_{0};
    std::atomic<std::uint64_t> mailed_{0};
    std::atomic<std::uint64_t> not_mailed_{0};
    std::thread thread_;
};

// The mail that brings a code: whom it is for, what it does, and how to use it.
[[nodiscard]] Result<outbox::Letter> code_letter(const CodeMailSite& site, const CodeMail& mail,
                                                 Time now);

}  // namespace fairlist::app
