// Hits: what sensors and honeypots of any kind saw, as JSON lines.
#pragma once

#include "importer/formats/input.h"
#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/address.h"
#include "listing/model/domain.h"
#include "listing/model/hit.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::importer {

inline constexpr std::size_t kTrapBytesMax = 320;  // a mailbox (RFC 5321 section 4.5.3.1)
inline constexpr std::uint16_t kHitWeightMax = 10000;
inline constexpr std::uint32_t kHitFutureSecondsMax = 300;  // clocks differ

// One line: {"time": "2026-11-21T08:30:00Z", "address": "192.0.2.1", "trap": "lure@trap.example",
// "kind": "mail", "domain": "spam.example", "weight": 1.5, "helo": "ylmf-pc"}. time (RFC 3339 or
// Unix seconds), trap, kind, and one of address and domain must be there.
struct SensorHit {
    Time time;
    HitKind kind = HitKind::Other;  // not Report
    std::optional<Address> address;
    std::optional<DomainName> domain;
    std::string trap;  // a name or an address: a secret, in no message and in no output
    std::uint16_t weight =
        kHitWeightOne;  // hundredths, 1 to kHitWeightMax; on the line 0.01 to 100
    std::string helo;   // printable ASCII, other bytes as "?"; cut to kHitTextBytesMax
};

// Members that have no known name are passed over. Errors: Malformed, OutOfRange. They name the key
// and what is expected, and never quote: a sensor that mixes up its fields would write its trap
// into our log.
[[nodiscard]] Result<SensorHit> parse_hit(std::string_view line, Time now);

struct HitOptions {
    Time now;  // hits may lie kHitFutureSecondsMax ahead of it
    std::uint64_t lines_max = 1'000'000;
};

struct HitLine {
    std::uint64_t number = 0;  // from 1
    Result<SensorHit> hit;     // an error: the line is rejected
};

// Lines of up to kLineBytesMax; blank ones are passed over. Memory: one line.
class HitReader {
  public:
    HitReader(Input& input, const HitOptions& options) : input_(input), options_(options) {}

    // Not set: there are no more. Then status() tells whether that is the end.
    [[nodiscard]] std::optional<HitLine> next();

    // Errors: as the source of the input, OutOfRange (more than lines_max lines; those within were
    // given out).
    [[nodiscard]] const Result<void>& status() const noexcept { return status_; }

  private:
    Input& input_;
    HitOptions options_;
    Result<void> status_;
};

// A text in memory as an input, `name` for messages. Lifetime: the text's.
[[nodiscard]] Input text_input(std::string name, std::string_view text);

}  // namespace fairlist::importer
