#include "tools/fairlist/session.h"

#include "listing/base/check.h"
#include "server/roles/ledger_options.h"
#include "server/roles/networks.h"
#include "server/roles/removal_options.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <filesystem>
#include <memory>
#include <pwd.h>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

constexpr std::uint64_t kMib = 1ULL << 20U;

store::EnvironmentOptions environment_options(const config::Store& store) {
    store::EnvironmentOptions options;
    options.path = store.path;
    options.map_bytes = store.map_size_mib * kMib;
    options.readers_max = store.readers_max;
    return options;
}

std::string environment_text(const char* name) {
    const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
    return text == nullptr ? "" : text;
}

// Where the user is, as far as the system says: for people, not a proof.
std::string place() {
    std::string text;
    const auto add = [&](const std::string& part) {
        text += (text.empty() ? "" : ", ") + part;
    };
    if (const std::string ssh = environment_text("SSH_CONNECTION"); !ssh.empty()) {
        add("ssh " + ssh.substr(0, ssh.find(' ')));
    }
    if (const char* terminal = ::ttyname(STDIN_FILENO)) {  // NOLINT(concurrency-mt-unsafe)
        add(fmt::format("terminal {}", terminal));
    }
    if (const std::string user = environment_text("SUDO_USER"); !user.empty()) {
        add("sudo by " + user);
    }
    return text.empty() ? "no terminal" : text;
}

Manager::Options manager_options(const config::Config& config) {
    Manager::Options options;
    options.lists = config.lists;
    options.protected_space = ProtectedSpace(config.do_not_list, config.protected_exceptions);
    options.journal_keep_bytes = config.store.journal_keep_mib * kMib;
    options.journal_keep_seconds = config.store.journal_keep_days * 86400;
    return options;
}

// Create: only when there is none.
Result<std::unique_ptr<store::Environment>> open_known_or_make(const std::filesystem::path& path,
                                                               VaultUse use) {
    const VaultUse known = use == VaultUse::Create ? VaultUse::Write : use;
    auto vault = open_vault(path, known);
    if (vault || vault.error().code != Errc::NotFound) {
        return vault;
    }
    if (use != VaultUse::Create) {
        return fail(Errc::NotFound,
                    fmt::format("vault {}: there is none; \"fairlist trap add\" makes it with the "
                                "first trap",
                                path.string()));
    }
    auto made = open_vault(path, VaultUse::Create);
    // Conflict: another process was faster.
    return !made && made.error().code == Errc::Conflict ? open_vault(path, known) : std::move(made);
}

}  // namespace

Result<std::filesystem::path> choose_config(const std::string& option, const char* environment,
                                            const std::vector<std::filesystem::path>& candidates) {
    if (!option.empty()) {
        return option;
    }
    if (environment != nullptr && *environment != '\0') {
        return environment;
    }
    std::string looked_for;
    for (const auto& candidate : candidates) {
        std::error_code ignored;
        if (std::filesystem::exists(candidate, ignored)) {
            return candidate;
        }
        looked_for += (looked_for.empty() ? "" : " and ") + candidate.string();
    }
    return fail(Errc::NotFound,
                fmt::format("no configuration: looked for {}; name one with --config FILE or "
                            "FAIRLIST_CONFIG",
                            looked_for));
}

Result<std::filesystem::path> find_config(const std::string& option) {
    const char* environment = std::getenv("FAIRLIST_CONFIG");  // NOLINT(concurrency-mt-unsafe)
    return choose_config(option, environment, {"fairlist.toml", "/etc/fairlist/fairlist.toml"});
}

Session::Session(Globals globals) : globals_(std::move(globals)) {}
Session::~Session() = default;

Result<const config::Config*> Session::config() {
    if (!loaded_) {
        const auto file = find_config(globals_.config_file);
        if (!file) {
            return std::unexpected(file.error());
        }
        loaded_ = config::load(*file);
    }
    if (const std::size_t count = loaded_->faults.size(); count != 0) {
        return fail(Errc::Malformed,
                    fmt::format("the configuration has {} fault{}; nothing was done", count,
                                count == 1 ? "" : "s"));
    }
    return &loaded_->config;
}

Result<void> Session::open(Access access) {
    const auto config = this->config();
    if (!config) {
        return std::unexpected(config.error());
    }
    store::EnvironmentOptions options = environment_options((*config)->store);
    options.create = access == Access::Create;
    options.read_only = access == Access::Read;
    auto environment = store::open_environment(options);
    if (!environment) {
        return std::unexpected(environment.error());
    }
    environment_ = std::move(*environment);
    manager_ = std::make_unique<Manager>(*environment_, manager_options(**config));
    return {};
}

Result<Manager*> Session::opened(Access access) {
    if (!manager_) {
        if (const auto opened = open(access); !opened) {
            return std::unexpected(opened.error());
        }
    }
    FAIRLIST_CHECK(access == Access::Read || !environment_->is_read_only());
    return manager_.get();
}

Result<Manager*> Session::manager() {
    return opened(Access::Write);
}

Result<Manager*> Session::reader() {
    return opened(Access::Read);
}

Result<Ledger*> Session::opened_ledger(Access access, bool with_networks) {
    if (const auto manager = opened(access); !manager) {
        return std::unexpected(manager.error());
    }
    if (!ledger_) {
        const config::Config& config = loaded_->config;
        auto options = with_networks ? ledger_options_with_networks(config)
                                     : Result<LedgerOptions>(ledger_options(config));
        if (!options) {
            return std::unexpected(options.error());
        }
        ledger_ = std::make_unique<Ledger>(*environment_, std::move(*options));
        if (access == Access::Write) {
            ledger_->note_rules(actor());
        }
    }
    return ledger_.get();
}

Result<Ledger*> Session::ledger() {
    return opened_ledger(Access::Write, false);
}

Result<Ledger*> Session::ledger_with_networks() {
    return opened_ledger(Access::Write, true);
}

Result<Ledger*> Session::ledger_reader() {
    return opened_ledger(Access::Read, false);
}

Result<store::Names> Session::names() {
    if (const auto manager = opened(Access::Read); !manager) {
        return std::unexpected(manager.error());
    }
    return store::read_names(store::ReadTxn(*environment_));
}

store::Environment& Session::environment() {
    FAIRLIST_CHECK(environment_ != nullptr);
    return *environment_;
}

void Session::note(const AuditNote& note) {
    FAIRLIST_CHECK(environment_ != nullptr);
    note_audit(*environment_, actor(), now(), note);
}

Result<Vault*> Session::opened_vault(VaultUse use) {
    const auto config = this->config();
    if (!config) {
        return std::unexpected(config.error());
    }
    if (!vault_) {
        auto environment = open_known_or_make((*config)->trap.vault, use);
        if (!environment) {
            return std::unexpected(environment.error());
        }
        vault_environment_ = std::move(*environment);
        vault_ = std::make_unique<Vault>(*vault_environment_);
    }
    FAIRLIST_CHECK(use == VaultUse::Read || !vault_environment_->is_read_only());
    return vault_.get();
}

Result<Vault*> Session::vault() {
    return opened_vault(VaultUse::Create);
}

Result<Vault*> Session::known_vault() {
    return opened_vault(VaultUse::Write);
}

Result<Vault*> Session::vault_reader() {
    return opened_vault(VaultUse::Read);
}

Result<RemovalDesk*> Session::removal_desk() {
    if (const auto manager = this->manager(); !manager) {
        return std::unexpected(manager.error());
    }
    if (const auto vault = this->vault(); !vault) {
        return std::unexpected(vault.error());
    }
    if (!removal_desk_) {
        removal_desk_ = std::make_unique<RemovalDesk>(
            *environment_, *vault_environment_,
            removal_desk_options(loaded_->config, ledger_options(loaded_->config)));
    }
    return removal_desk_.get();
}

Result<void> Session::create_store() {
    return open(Access::Create);
}

const ListSpec* Session::find_list(std::string_view name) const noexcept {
    const auto& lists = loaded_->config.lists;
    const auto found = std::ranges::find(lists, name, &ListSpec::name);
    return found == lists.end() ? nullptr : &*found;
}

Result<const ListSpec*> Session::list(std::string_view name) {
    const auto config = this->config();
    if (!config) {
        return std::unexpected(config.error());
    }
    if (const ListSpec* spec = find_list(name)) {
        return spec;
    }
    std::string known;
    for (const ListSpec& spec : (*config)->lists) {
        known += (known.empty() ? "" : ", ") + spec.name;
    }
    return fail(Errc::NotFound, fmt::format("list \"{}\": not in the configuration, which has {}",
                                            name, known.empty() ? "none" : known));
}

Actor Session::actor() const {
    const uid_t user = ::getuid();
    const passwd* entry = ::getpwuid(user);  // NOLINT(concurrency-mt-unsafe): one thread
    return {.name = entry == nullptr ? fmt::format("operator:{}", user)
                                     : fmt::format("operator:{}", entry->pw_name),
            .from = place(),
            .why = globals_.why};
}

Actor Session::actor_of(const std::string& rule) const {
    const Actor person = actor();
    return {.name = rule, .from = person.name + ", " + person.from, .why = person.why};
}

ExitStatus Session::report(const Error& error, ExitStatus status) const {
    static const std::vector<config::Fault> kNone;
    return report(error, loaded_ ? loaded_->faults : kNone, status);
}

ExitStatus Session::report(const Error& error, const std::vector<config::Fault>& faults,
                           ExitStatus status) const {
    if (json()) {
        print_error(error_json(error, faults));
        return status;
    }
    for (const config::Fault& fault : faults) {
        print_error(printable(config::to_string(fault)) + "\n");
    }
    print_error("fairlist: " + printable(error.message) + "\n");
    return status;
}

}  // namespace fairlist::cli
