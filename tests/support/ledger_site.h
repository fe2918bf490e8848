// LedgerSite: a scratch store with a manager and a ledger whose clock a test moves.
#pragma once

#include "listing/manager/ledger.h"
#include "listing/manager/manager.h"
#include "tests/support/scratch_store.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::test {

inline constexpr Time kLedgerStart{1'700'000'000};

class LedgerSite {
  public:
    // Lists css (addresses) and dbl (domains).
    LedgerSite() {
        for (const auto& [name, kind] :
             {std::pair("css", ListKind::Address), std::pair("dbl", ListKind::Domain)}) {
            ListSpec list;
            list.name = name;
            list.kind = kind;
            options.lists.push_back(list);
        }
        options.clock = [this] {
            return now;
        };
        options.protected_space =
            ProtectedSpace({*parse_prefix("192.0.2.128/25")},
                           {*parse_prefix("192.0.2.0/24"), *parse_prefix("198.51.100.0/24"),
                            *parse_prefix("203.0.113.0/24"), *parse_prefix("2001:db8::/32")});
    }

    // With the options as they are now; again after a change of them.
    void make() {
        ledger.reset();
        Manager::Options of_manager;
        of_manager.lists = options.lists;
        of_manager.protected_space = options.protected_space;
        of_manager.clock = options.clock;
        manager = std::make_unique<Manager>(store.environment(), of_manager);
        ledger = std::make_unique<Ledger>(store.environment(), options);
    }

    [[nodiscard]] Hit hit(std::string_view address, std::uint32_t trap = 1) {
        Hit made;
        made.key[0] = static_cast<std::uint8_t>(++hits_);
        made.key[1] = static_cast<std::uint8_t>(hits_ >> 8U);
        made.key[2] = static_cast<std::uint8_t>(hits_ >> 16U);
        made.time = now;
        made.sensor = "test";
        made.trap = trap;
        if (!address.empty()) {
            made.address = *parse_address(address);
        }
        return made;
    }
    RecordedHit record(const Hit& one) {
        return ledger->record({"rule:traps"}, std::span(&one, 1)).front();
    }

    ScratchStore store;
    LedgerOptions options;
    Time now = kLedgerStart;
    std::unique_ptr<Manager> manager;
    std::unique_ptr<Ledger> ledger;

  private:
    std::uint32_t hits_ = 0;
};

[[nodiscard]] inline TrapRule address_rule(std::string name = "traps") {
    TrapRule rule;
    rule.name = std::move(name);
    rule.list = "css";
    rule.hits = 3;
    rule.traps = 2;
    return rule;
}

}  // namespace fairlist::test
