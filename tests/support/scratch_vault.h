// ScratchVault: a new vault in a folder of its own that goes with the test, with a clock to set.
#pragma once

#include "listing/base/check.h"
#include "listing/manager/vault.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fairlist::test {

class ScratchVault {
  public:
    ScratchVault() {
        std::string name =
            (std::filesystem::temp_directory_path() / "fairlist-test-XXXXXX").string();
        FAIRLIST_CHECK(mkdtemp(name.data()) != nullptr);
        folder_ = name;
        open(VaultUse::Create);
    }
    ~ScratchVault() {
        close();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    ScratchVault(const ScratchVault&) = delete;
    ScratchVault& operator=(const ScratchVault&) = delete;

    [[nodiscard]] Vault& operator*() { return *vault_; }
    [[nodiscard]] Vault* operator->() { return vault_.get(); }
    [[nodiscard]] store::Environment& environment() { return *environment_; }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "vault"; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    void close() {
        vault_.reset();
        environment_.reset();
    }
    void open(VaultUse use = VaultUse::Write) {
        auto opened = open_vault(path(), use);
        FAIRLIST_CHECK(opened.has_value());
        environment_ = std::move(*opened);
        vault_ = std::make_unique<Vault>(*environment_, [this] { return Time{time_.load()}; });
    }
    void reopen(VaultUse use = VaultUse::Write) {
        close();
        open(use);
    }

    [[nodiscard]] Time time() const { return Time{time_.load()}; }
    void pass(std::uint32_t seconds) { time_ += seconds; }

    // A trap of this address; its number.
    std::uint32_t add_trap(const std::string& address, TrapKind kind = TrapKind::Trap,
                           std::uint16_t weight = kHitWeightOne) {
        const NewTrap trap{parse_trap_address(address).value(), kind, weight, ""};
        return vault_->add_traps({&trap, 1}).value().front().number;
    }

  private:
    std::filesystem::path folder_;
    std::atomic<std::uint32_t> time_{1'795'600'000};
    std::unique_ptr<store::Environment> environment_;
    std::unique_ptr<Vault> vault_;
};

}  // namespace fairlist::test
