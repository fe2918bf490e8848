// Session: one run of the tool: its global options, the configuration and the store behind it.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/audit_note.h"
#include "listing/manager/ledger.h"
#include "listing/manager/manager.h"
#include "listing/manager/removal_desk.h"
#include "listing/manager/vault.h"
#include "listing/store/registry.h"
#include "server/config/config.h"
#include "tools/fairlist/exit_status.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

struct Globals {
    std::string config_file;  // --config; empty: by search
    bool json = false;
    std::string why;  // --why, for the audit log
};

// --config, else $FAIRLIST_CONFIG (`environment`), else the first of `candidates` that exists.
[[nodiscard]] Result<std::filesystem::path> choose_config(
    const std::string& option, const char* environment,
    const std::vector<std::filesystem::path>& candidates);

// The same for this process: ./fairlist.toml, then /etc/fairlist/fairlist.toml.
[[nodiscard]] Result<std::filesystem::path> find_config(const std::string& option);

// Thread: one. The configuration is read and the store opened when first asked for.
class Session {
  public:
    explicit Session(Globals globals);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] bool json() const noexcept { return globals_.json; }
    [[nodiscard]] const Globals& globals() const noexcept { return globals_; }

    // Errors: NotFound (no file), Malformed (faults, which report() then prints).
    [[nodiscard]] Result<const config::Config*> config();
    // Errors as config() and store::open_environment(). reader() changes nothing, not even by
    // opening: it is for who may only look. Requires: one run uses one of the two.
    [[nodiscard]] Result<Manager*> manager();
    [[nodiscard]] Result<Manager*> reader();
    // The listings' side of the same store, in the same two ways; the writing one puts on record
    // when the rules in force are others than those before.
    [[nodiscard]] Result<Ledger*> ledger();
    // ledger(), for who opens listings: with the configuration's table of networks. Errors: also
    // those of open_networks().
    [[nodiscard]] Result<Ledger*> ledger_with_networks();
    [[nodiscard]] Result<Ledger*> ledger_reader();
    // Requests for removal, over the store and the vault, which is made when there is none. Errors:
    // as manager() and vault().
    [[nodiscard]] Result<RemovalDesk*> removal_desk();
    // The names of lists by their numbers in the store.
    [[nodiscard]] Result<store::Names> names();
    // The open store. Requires: manager(), ledger() or one of their readers succeeded.
    [[nodiscard]] store::Environment& environment();
    // Puts on record what happens beside the store. Requires: manager() succeeded.
    void note(const AuditNote& note);
    // Makes the store, for `fairlist init`. Errors: Conflict (exists).
    [[nodiscard]] Result<void> create_store();

    // The vault that the configuration names, in three ways: made when there is none; as it is, to
    // be changed; to look only. Errors: as config() and open_vault(); NotFound says what makes one.
    // Requires: one run uses one of the three.
    [[nodiscard]] Result<Vault*> vault();
    [[nodiscard]] Result<Vault*> known_vault();
    [[nodiscard]] Result<Vault*> vault_reader();

    // Requires: config() succeeded.
    [[nodiscard]] const ListSpec* find_list(std::string_view name) const noexcept;
    // As find_list(); the error names the lists that there are.
    [[nodiscard]] Result<const ListSpec*> list(std::string_view name);

    // "operator:anna", by the user that runs the tool, with where that is and --why.
    [[nodiscard]] Actor actor() const;
    // A rule that this run lets work: "rule:traps", from "operator:anna, ...".
    [[nodiscard]] Actor actor_of(const std::string& rule) const;

    // Prints the error, and the faults of the configuration if these are it, and returns `status`.
    // The second: of another configuration.
    ExitStatus report(const Error& error, ExitStatus status = ExitStatus::Failed) const;
    ExitStatus report(const Error& error, const std::vector<config::Fault>& faults,
                      ExitStatus status) const;

  private:
    enum class Access : std::uint8_t { Read, Write, Create };
    [[nodiscard]] Result<void> open(Access access);
    [[nodiscard]] Result<Manager*> opened(Access access);
    [[nodiscard]] Result<Ledger*> opened_ledger(Access access, bool with_networks);
    [[nodiscard]] Result<Vault*> opened_vault(VaultUse use);

    Globals globals_;
    std::optional<config::Loaded> loaded_;
    std::unique_ptr<store::Environment> environment_;
    std::unique_ptr<Manager> manager_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<store::Environment> vault_environment_;
    std::unique_ptr<Vault> vault_;
    std::unique_ptr<RemovalDesk> removal_desk_;
};

}  // namespace fairlist::cli
