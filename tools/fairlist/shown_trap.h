// Shown trap: of a trap what may be shown: its address and note only in full, on record.
#pragma once

#include "listing/base/time.h"
#include "listing/model/trap.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

struct ShownTrap {
    std::uint32_t number = 0;
    std::string domain;
    std::string weight;  // "1", "0.25"
    TrapKind kind = TrapKind::Trap;
    TrapState state = TrapState::Active;
    Time added;
    Time retired;

    struct Secret {
        std::string address;
        std::string note;
    };
    std::optional<Secret> secret{};
};

[[nodiscard]] ShownTrap show_trap(const Trap& trap, bool in_full);

struct TrapPage {
    std::vector<ShownTrap> traps;
    std::uint32_t next = 0;  // there are more after this number; 0: no more
};

[[nodiscard]] std::string traps_table(const std::vector<ShownTrap>& traps);

}  // namespace fairlist::cli
