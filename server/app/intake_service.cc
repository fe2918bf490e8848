#include "server/app/intake_service.h"

#include "importer/lmtp/listening_socket.h"
#include "server/app/intake_settings.h"
#include "server/app/process_metrics.h"
#include "server/app/removal_settings.h"
#include "server/app/report_settings.h"
#include "server/http/tls_context.h"
#include "server/roles/provider_options.h"
#include "server/roles/removal_options.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <expected>
#include <filesystem>
#include <utility>
#include <vector>

namespace fairlist::app {

using importer::Descriptor;

namespace {

constexpr std::chrono::seconds kStopGrace{10};

Result<std::unique_ptr<store::Environment>> open_or_make_vault(const std::filesystem::path& path) {
    auto vault = open_vault(path, VaultUse::Write);
    if (!vault && vault.error().code == Errc::NotFound) {
        spdlog::info("vault {}: made", path.string());
        return open_vault(path, VaultUse::Create);
    }
    return vault;
}

std::optional<ReportWorkerOptions> reporting_of(const config::Config& config, const Roles& roles) {
    return roles.jobs && config.reports.enabled ? std::optional(report_options(config))
                                                : std::nullopt;
}

}  // namespace

IntakeService::IntakeService(config::Config config, const Roles& roles, store::Environment& store)
    : config_(std::move(config)),
      now_config_(config_),
      keep_mail_seconds_(config_.trap.keep_mail_seconds),
      reporting_(reporting_of(config_, roles)),
      roles_(roles),
      store_(store) {}

IntakeService::~IntakeService() {
    stop();
}

Result<std::unique_ptr<IntakeService>> IntakeService::open(const config::Config& config,
                                                           const Roles& roles,
                                                           store::Environment& store,
                                                           HandedSockets& handed) {
    std::unique_ptr<IntakeService> service(new IntakeService(config, roles, store));
    if (Result<void> opened = service->open_all(handed); !opened) {
        return std::unexpected(opened.error());
    }
    return service;
}

Result<void> IntakeService::rehearse(const config::Config& config, const Roles& roles,
                                     HandedSockets& handed) {
    if (const auto vault = open_vault(config.trap.vault, VaultUse::Read);
        !vault && vault.error().code != Errc::NotFound) {
        return std::unexpected(vault.error());
    }
    if (Result<void> good = Judging::rehearse(config); !good) {
        return good;
    }
    // The sockets of the file system are those of the daemon that runs.
    if (const auto sockets = open_intake_sockets(config, roles, handed); !sockets) {
        return std::unexpected(sockets.error());
    }
    if (roles.http && !config.http.certificate.empty()) {
        const auto tls = http::make_tls_context(tls_files(config.http));
        return tls ? Result<void>() : std::unexpected(tls.error());
    }
    return {};
}

Result<void> IntakeService::open_all(HandedSockets& handed) {
    auto vault = open_or_make_vault(config_.trap.vault);
    if (!vault) {
        return std::unexpected(vault.error());
    }
    vault_environment_ = std::move(*vault);
    vault_ = std::make_unique<Vault>(*vault_environment_);
    auto judging = Judging::make(config_, store_, *vault_);
    if (!judging) {
        return std::unexpected(judging.error());
    }
    judging_ = std::move(*judging);
    auto sockets = open_intake_sockets(config_, roles_, handed);
    if (!sockets) {
        return std::unexpected(sockets.error());
    }
    sockets_ = std::move(*sockets);
    ports_ = {{}, ports_of(sockets_.lmtp), ports_of(sockets_.http)};
    if (roles_.trap && !config_.trap.socket.empty()) {
        auto socket = importer::listen_on(config_.trap.socket);
        if (!socket) {
            return fail_in("trap.socket", socket.error());
        }
        unix_socket_ = std::move(*socket);
    }
    return roles_.http ? open_http() : Result<void>();
}

Result<void> IntakeService::open_http() {
    auto settings = http_settings(config_.http, sockets_.http);
    if (!settings) {
        return std::unexpected(settings.error());
    }
    tokens_ = std::make_unique<TokenAccess>(*vault_);
    sensors_ = std::make_unique<SensorIntake>(*judging_);
    api::ServiceOptions options{.setup = {config_, judging_->ledger_options()}};
    options.sensors = sensors_.get();
    options.metrics = [this] {
        return metrics();
    };
    options.version = FAIRLIST_VERSION;
    options.warn = warn_operator;
    api_ = std::make_unique<api::ApiService>(api::Stores{store_, *vault_environment_, *vault_},
                                             std::move(options));
    http_ = std::make_unique<http::HttpServer>(std::move(*settings), http::Router(api_->routes()),
                                               *tokens_, warn_operator);
    return http_->open();
}

void IntakeService::count_also(std::function<std::vector<api::Metric>()> metrics) {
    more_metrics_ = std::move(metrics);
}

std::vector<api::Metric> IntakeService::metrics() const {
    std::vector<api::Metric> all = http_metrics(http_->counters());
    if (more_metrics_) {
        for (api::Metric& metric : more_metrics_()) {
            all.push_back(std::move(metric));
        }
    }
    return all;
}

Result<void> IntakeService::start() {
    start_judging();
    if (roles_.trap) {
        if (Result<void> started = start_lmtp(); !started) {
            return started;
        }
        spdlog::info("taking the mail of traps over LMTP");
    }
    if (http_ != nullptr) {
        if (Result<void> started = http_->start(); !started) {
            return started;
        }
        spdlog::info("taking hits and reports over HTTP");
    }
    return {};
}

Result<void> IntakeService::start_lmtp() {
    auto copies = duplicates_of(sockets_.lmtp);
    if (!copies) {
        return std::unexpected(copies.error());
    }
    std::vector<Descriptor> listeners;
    for (net::Socket& copy : *copies) {
        listeners.emplace_back(copy.release());
    }
    if (unix_socket_.is_open()) {
        listeners.push_back(std::move(unix_socket_));
    }
    importer::MailStoreOptions options;
    options.warn = [](const std::string& what) {
        spdlog::warn("trap: {}", what);
    };
    options.stored = [this] {
        const std::lock_guard lock(judging_mutex_);
        judging_->wake();
    };
    mails_ = std::make_unique<importer::MailStore>(*vault_, std::move(options));
    auto server = importer::LmtpServer::create(lmtp_options(config_.trap), listeners, *mails_);
    if (!server) {
        return std::unexpected(server.error());
    }
    lmtp_ = std::move(*server);
    lmtp_->start();
    return {};
}

void IntakeService::start_judging() {
    if (roles_.trap || roles_.http) {
        judging_->start();
    }
    if (roles_.jobs) {
        jobs_ = std::make_unique<Jobs>(store_, vault_.get(),
                                       JobsOptions{judging_->ledger_options(), keep_mail_seconds_,
                                                   policy_book_options(now_config_)});
        jobs_->start();
        start_removals();
    }
    if (reporting_) {
        ReportWorkerOptions options = *reporting_;
        options.ledger = judging_->ledger_options();
        reports_ = std::make_unique<ReportWorker>(store_, *vault_, std::move(options));
        reports_->start();
    }
}

void IntakeService::start_removals() {
    removals_ = std::make_unique<RemovalWorker>(
        store_, *vault_environment_,
        removal_worker_options(now_config_,
                               removal_desk_options(now_config_, judging_->ledger_options())));
    removals_->start();
}

void IntakeService::stop_judging() {
    if (removals_ != nullptr) {
        removals_->stop();
        removals_.reset();
    }
    if (reports_ != nullptr) {
        reports_->stop();
        reports_.reset();
    }
    if (jobs_ != nullptr) {
        jobs_->stop();
    }
    judging_->stop();
}

Result<std::unique_ptr<Judging>> IntakeService::prepare(const config::Config& config) {
    auto judging = Judging::make(config, store_, *vault_);
    if (judging && http_ != nullptr && !config_.http.certificate.empty()) {
        if (const Result<void> read = http_->reload_tls(); !read) {
            return std::unexpected(read.error());
        }
    }
    return judging;
}

// Mails come in meanwhile, and wait in the vault.
void IntakeService::use(const config::Config& config, std::unique_ptr<Judging> judging) {
    log_what_needs_a_restart(config_, config);
    stop_judging();
    now_config_ = config;
    keep_mail_seconds_ = config.trap.keep_mail_seconds;
    reporting_ = reporting_of(config, roles_);
    {
        const std::lock_guard lock(judging_mutex_);
        std::swap(judging_, judging);
    }
    // The former one goes when nobody uses it any more.
    if (sensors_ != nullptr) {
        sensors_->use(*judging_);
    }
    if (api_ != nullptr) {
        api_->use({config, judging_->ledger_options()});
    }
    start_judging();
}

void IntakeService::stop() {
    sockets_ = {};  // whoever connects now is told so at once
    stop_all();
}

std::vector<net::HandedSocket> IntakeService::hand_over() {
    stop_all();
    return std::move(sockets_).hand_over();
}

void IntakeService::stop_all() {
    if (http_ != nullptr) {
        http_->stop();
    }
    if (lmtp_ != nullptr) {
        lmtp_->stop(kStopGrace);
    }
    if (mails_ != nullptr) {
        mails_->stop();
    }
    if (judging_ != nullptr) {
        stop_judging();
    }
}

void IntakeService::maintain() {
    static_cast<void>(vault_environment_->check_readers());
    if (api_ != nullptr) {
        api_->maintain();
    }
    if (vault_environment_->is_replaced() || store_.is_replaced()) {
        spdlog::error("the store or the vault was replaced by another one: {}", kRestartHint);
    }
}

std::string IntakeService::counters() const {
    std::string text = judging_->counters();
    if (lmtp_ != nullptr) {
        const importer::LmtpCounters& lmtp = lmtp_->counters();
        text = fmt::format("{} mails taken, {} connections, {} recipients refused, {} put off; {}",
                           lmtp.messages.load(), lmtp.connections.load(),
                           lmtp.recipients_refused.load(), lmtp.temporary_failures.load(), text);
    }
    if (sensors_ != nullptr) {
        text += "; " + sensors_->counters();
    }
    if (jobs_ != nullptr) {
        text += "; " + jobs_->counters();
    }
    if (removals_ != nullptr) {
        text += "; " + removals_->counters();
    }
    if (reports_ != nullptr) {
        text += "; " + reports_->counters();
    }
    return text;
}

}  // namespace fairlist::app
