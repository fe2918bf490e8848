// Intake service: all that comes in and is written: the mail of traps, hits and reports of
// machines, and the jobs by the clock.
#pragma once

#include "importer/fetch/descriptor.h"
#include "importer/intake/mail_store.h"
#include "importer/lmtp/lmtp_server.h"
#include "listing/base/result.h"
#include "listing/manager/vault.h"
#include "listing/store/environment.h"
#include "server/api/api_service.h"
#include "server/app/handed_sockets.h"
#include "server/app/handover_list.h"
#include "server/app/intake_sockets.h"
#include "server/app/jobs.h"
#include "server/app/judging.h"
#include "server/app/ports_file.h"
#include "server/app/removal_worker.h"
#include "server/app/report_worker.h"
#include "server/app/roles.h"
#include "server/app/sensor_intake.h"
#include "server/app/token_access.h"
#include "server/config/config.h"
#include "server/http/http_server.h"
#include "server/net/handed_socket.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::app {

// Thread: the main thread only.
class IntakeService {
  public:
    // Opens the vault, which is made where there is none, and binds every port that `handed` has
    // not; no thread is started. Errors: as told.
    [[nodiscard]] static Result<std::unique_ptr<IntakeService>> open(const config::Config& config,
                                                                     const Roles& roles,
                                                                     store::Environment& store,
                                                                     HandedSockets& handed);
    // More numbers for GET /v1/metrics. Before start().
    void count_also(std::function<std::vector<api::Metric>()> metrics);
    // What open() would say, and nothing is made.
    [[nodiscard]] static Result<void> rehearse(const config::Config& config, const Roles& roles,
                                               HandedSockets& handed);
    // As stop().
    ~IntakeService();
    IntakeService(const IntakeService&) = delete;
    IntakeService& operator=(const IntakeService&) = delete;

    [[nodiscard]] Result<void> start();
    // All of a reload that can fail: nothing of what runs is changed, except that the certificate
    // is read again. use() puts it in force, and logs what needs a restart.
    [[nodiscard]] Result<std::unique_ptr<Judging>> prepare(const config::Config& config);
    void use(const config::Config& config, std::unique_ptr<Judging> judging);

    // What was acknowledged is in the store or the vault when it returns.
    void stop();
    // As stop(), but the TCP sockets stay open for whoever gets them.
    [[nodiscard]] std::vector<net::HandedSocket> hand_over();
    [[nodiscard]] std::vector<NamedDescriptor> sockets() const { return sockets_.names(); }

    // What wants doing every minute.
    void maintain();

    [[nodiscard]] std::string counters() const;
    [[nodiscard]] Ports ports() const { return ports_; }

  private:
    IntakeService(config::Config config, const Roles& roles, store::Environment& store);

    [[nodiscard]] Result<void> open_all(HandedSockets& handed);
    [[nodiscard]] Result<void> open_http();
    [[nodiscard]] std::vector<api::Metric> metrics() const;
    [[nodiscard]] Result<void> start_lmtp();
    void start_judging();
    void start_removals();
    void stop_judging();
    void stop_all();

    const config::Config config_;  // as it was at the start
    config::Config now_config_;    // in force
    std::uint32_t keep_mail_seconds_;
    std::optional<ReportWorkerOptions> reporting_;  // none: providers are told nothing
    Roles roles_;
    store::Environment& store_;
    std::unique_ptr<store::Environment> vault_environment_;
    std::unique_ptr<Vault> vault_;
    std::mutex judging_mutex_;                 // who wakes it, against who replaces it
    std::unique_ptr<Judging> judging_;         // changed by the main thread, under judging_mutex_
    std::unique_ptr<Jobs> jobs_;               // null: not its role
    std::unique_ptr<RemovalWorker> removals_;  // null: not its role
    std::unique_ptr<ReportWorker> reports_;
    IntakeSockets sockets_;
    importer::Descriptor unix_socket_;  // of LMTP
    Ports ports_;
    std::unique_ptr<importer::MailStore> mails_;  // null: not its role
    std::unique_ptr<importer::LmtpServer> lmtp_;
    std::unique_ptr<TokenAccess> tokens_;
    std::unique_ptr<SensorIntake> sensors_;
    std::unique_ptr<api::ApiService> api_;
    std::function<std::vector<api::Metric>()> more_metrics_;
    std::unique_ptr<http::HttpServer> http_;  // null: not its role
};

}  // namespace fairlist::app
