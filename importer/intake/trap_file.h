// Trap file: traps as an operator writes them, one a line.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "listing/base/result.h"
#include "listing/manager/vault.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kTrapLineBytesMax = 4096;
inline constexpr std::size_t kTrapFaultsMax = 100;
inline constexpr std::size_t kTrapFileBytesMax = std::size_t{64} << 20U;

// "1.5": hundredths, from 0.01 to 100.
[[nodiscard]] Result<std::uint16_t> parse_trap_weight(std::string_view text);

// "ADDRESS [weight=1.5] [kind=trap|report] [# note]". Not set: an empty line or a comment. Errors:
// Malformed, OutOfRange, without the address.
[[nodiscard]] Result<std::optional<NewTrap>> parse_trap_line(std::string_view line);

struct TrapFile {
    std::vector<NewTrap> traps;
    std::vector<std::string> faults;  // "line 3: ...", the first kTrapFaultsMax
    std::size_t more_faults = 0;
};

// Errors: OutOfRange (more than Vault::kAddTrapsMax traps or kTrapFileBytesMax bytes), or the
// stream's.
[[nodiscard]] Result<TrapFile> read_trap_file(ByteStream& source);

}  // namespace fairlist::importer
