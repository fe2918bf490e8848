// Intake service: all that comes in and is written: the mail of traps, hits and reports of
// machines, and the jobs by the clock.
#pragma once

#include "importer/intake/mail_store.h"
#include "importer/lmtp/lmtp_server.h"
#include "listing/base/result.h"
#include "listing/manager/vault.h"
#include "listing/store/environment.h"
#include "server/app/jobs.h"
#include "server/app/judging.h"
#include "server/app/ports_file.h"
#include "server/app/roles.h"
#include "server/app/sensor_intake.h"
#include "server/app/token_access.h"
#include "server/config/config.h"
#include "server/http/http_server.h"

#include <memory>
#include <mutex>
#include <string>

namespace fairlist::app {

// Thread: the main thread only.
class IntakeService {
  public:
    // Opens the vault, which is made where there is none, and binds every port. Errors: as told.
    [[nodiscard]] static Result<std::unique_ptr<IntakeService>> open(const config::Config& config,
                                                                     const Roles& roles,
                                                                     store::Environment& store);
    // As stop().
    ~IntakeService();
    IntakeService(const IntakeService&) = delete;
    IntakeService& operator=(const IntakeService&) = delete;

    [[nodiscard]] Result<void> start();
    // New rules and lists; what needs a restart is logged. Errors: nothing was changed.
    [[nodiscard]] Result<void> reload(const config::Config& config);
    // What was acknowledged is in the store or the vault when it returns.
    void stop();

    [[nodiscard]] std::string counters() const;
    [[nodiscard]] Ports ports() const;

  private:
    IntakeService(config::Config config, const Roles& roles, store::Environment& store);

    [[nodiscard]] Result<void> open_all();
    [[nodiscard]] Result<void> open_lmtp();
    [[nodiscard]] Result<void> open_http();
    void start_judging();
    void stop_judging();

    config::Config config_;
    Roles roles_;
    store::Environment& store_;
    std::unique_ptr<store::Environment> vault_environment_;
    std::unique_ptr<Vault> vault_;
    std::mutex judging_mutex_;          // who wakes it, against who replaces it
    std::unique_ptr<Judging> judging_;  // changed by the main thread, under judging_mutex_
    std::unique_ptr<Jobs> jobs_;        // null: not its role
    std::unique_ptr<importer::MailStore> mails_;  // null: not its role
    std::unique_ptr<importer::LmtpServer> lmtp_;
    std::unique_ptr<TokenAccess> tokens_;
    std::unique_ptr<SensorIntake> sensors_;
    std::unique_ptr<http::HttpServer> http_;  // null: not its role
};

}  // namespace fairlist::app
