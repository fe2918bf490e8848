#include "server/app/intake_service.h"

#include "importer/lmtp/listening_socket.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <expected>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fairlist::app {

using importer::Descriptor;

namespace {

constexpr std::chrono::seconds kStopGrace{10};
constexpr const char* kRestartHint = "needs a restart: systemctl restart fairlistd";

void warn(std::string_view what) {
    spdlog::warn("{}", what);
}

Result<std::unique_ptr<store::Environment>> open_or_make_vault(const std::filesystem::path& path) {
    auto vault = open_vault(path, VaultUse::Write);
    if (!vault && vault.error().code == Errc::NotFound) {
        spdlog::info("vault {}: made", path.string());
        return open_vault(path, VaultUse::Create);
    }
    return vault;
}

Result<Descriptor> listen_on(const config::Listener& listener) {
    const auto address = parse_address(listener.address);
    if (!address) {
        return std::unexpected(address.error());
    }
    return importer::listen_on(*address, listener.port);
}

Result<std::vector<Descriptor>> lmtp_listeners(const config::Trap& trap) {
    std::vector<Descriptor> sockets;
    for (const config::Listener& listener : trap.listen) {
        auto socket = listen_on(listener);
        if (!socket) {
            return fail_in("trap.listen", socket.error());
        }
        sockets.push_back(std::move(*socket));
    }
    if (!trap.socket.empty()) {
        auto socket = importer::listen_on(trap.socket);
        if (!socket) {
            return fail_in("trap.socket", socket.error());
        }
        sockets.push_back(std::move(*socket));
    }
    return sockets;
}

importer::LmtpServerOptions lmtp_options(const config::Trap& trap) {
    importer::LmtpServerOptions options;
    if (!trap.own_hosts.empty()) {
        options.host_name = trap.own_hosts.front();
    }
    options.trusted = trap.trusted_clients;
    options.limits.message_bytes = trap.message_bytes_max;
    options.warn = warn;
    return options;
}

Result<http::HttpSettings> http_settings(const config::Http& config) {
    http::HttpSettings settings;
    const bool tls = !config.certificate.empty();
    for (const config::Listener& listener : config.listen) {
        const auto address = parse_address(listener.address);
        if (!address) {
            return fail_in("http.listen", address.error());
        }
        settings.endpoints.push_back({*address, listener.port, tls});
    }
    settings.unix_socket = config.socket.string();
    settings.tls = {config.certificate.string(), config.key.string()};
    return settings;
}

bool same(const std::vector<config::Listener>& a, const std::vector<config::Listener>& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
        return x.address == y.address && x.port == y.port;
    });
}

void log_what_needs_a_restart(const config::Config& running, const config::Config& wanted) {
    const auto check = [](bool is_same, std::string_view key) {
        if (!is_same) {
            spdlog::warn("{} has changed: {}", key, kRestartHint);
        }
    };
    check(same(running.trap.listen, wanted.trap.listen), "trap.listen");
    check(running.trap.socket == wanted.trap.socket, "trap.socket");
    check(running.trap.vault == wanted.trap.vault, "trap.vault");
    check(running.trap.trusted_clients == wanted.trap.trusted_clients, "trap.trusted_clients");
    check(running.trap.message_bytes_max == wanted.trap.message_bytes_max,
          "trap.message_bytes_max");
    check(same(running.http.listen, wanted.http.listen), "http.listen");
    check(running.http.socket == wanted.http.socket, "http.socket");
    check(running.server.roles == wanted.server.roles, "server.roles");
}

}  // namespace

IntakeService::IntakeService(config::Config config, const Roles& roles, store::Environment& store)
    : config_(std::move(config)), roles_(roles), store_(store) {}

IntakeService::~IntakeService() {
    stop();
}

Result<std::unique_ptr<IntakeService>> IntakeService::open(const config::Config& config,
                                                           const Roles& roles,
                                                           store::Environment& store) {
    std::unique_ptr<IntakeService> service(new IntakeService(config, roles, store));
    if (Result<void> opened = service->open_all(); !opened) {
        return std::unexpected(opened.error());
    }
    return service;
}

Result<void> IntakeService::open_all() {
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
    Result<void> opened;
    if (roles_.trap) {
        opened = open_lmtp();
    }
    if (opened && roles_.http) {
        opened = open_http();
    }
    return opened;
}

Result<void> IntakeService::open_lmtp() {
    const auto listeners = lmtp_listeners(config_.trap);
    if (!listeners) {
        return std::unexpected(listeners.error());
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
    auto server = importer::LmtpServer::create(lmtp_options(config_.trap), *listeners, *mails_);
    if (!server) {
        return std::unexpected(server.error());
    }
    lmtp_ = std::move(*server);
    return {};
}

Result<void> IntakeService::open_http() {
    auto settings = http_settings(config_.http);
    if (!settings) {
        return std::unexpected(settings.error());
    }
    tokens_ = std::make_unique<TokenAccess>(*vault_);
    sensors_ = std::make_unique<SensorIntake>(*judging_);
    std::vector<http::Route> routes = http::sensor_routes(*sensors_);
    routes.push_back(http::health_route());
    http_ = std::make_unique<http::HttpServer>(std::move(*settings),
                                               http::Router(std::move(routes)), *tokens_, warn);
    return http_->open();
}

Result<void> IntakeService::start() {
    start_judging();
    if (lmtp_ != nullptr) {
        lmtp_->start();
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

void IntakeService::start_judging() {
    if (roles_.trap || roles_.http) {
        judging_->start();
    }
    if (roles_.jobs) {
        jobs_ = std::make_unique<Jobs>(
            store_, vault_.get(),
            JobsOptions{judging_->ledger_options(), config_.trap.keep_mail_seconds});
        jobs_->start();
    }
}

void IntakeService::stop_judging() {
    if (jobs_ != nullptr) {
        jobs_->stop();
    }
    judging_->stop();
}

// Mails come in meanwhile, and wait in the vault.
Result<void> IntakeService::reload(const config::Config& config) {
    auto fresh = Judging::make(config, store_, *vault_);
    if (!fresh) {
        return std::unexpected(fresh.error());
    }
    log_what_needs_a_restart(config_, config);
    stop_judging();
    config_ = config;
    std::unique_ptr<Judging> old = std::move(*fresh);
    {
        const std::lock_guard lock(judging_mutex_);
        std::swap(judging_, old);
    }
    if (sensors_ != nullptr) {
        sensors_->use(*judging_);
    }
    start_judging();
    if (http_ != nullptr && !config_.http.certificate.empty()) {
        return http_->reload_tls();
    }
    return {};
}

void IntakeService::stop() {
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
    return text;
}

Ports IntakeService::ports() const {
    return {{},
            lmtp_ != nullptr ? lmtp_->ports() : std::vector<std::uint16_t>(),
            http_ != nullptr ? http_->ports() : std::vector<std::uint16_t>()};
}

}  // namespace fairlist::app
