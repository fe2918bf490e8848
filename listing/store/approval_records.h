// Approval records: the bytes of what waits for a second person. Layout: FORMAT.md.
#pragma once

#include "listing/base/time.h"
#include "listing/store/environment.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace fairlist::store {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class ApprovalState : std::uint8_t {
    Waiting = 1,
    Approved = 2,  // a second person said yes; it is being carried out
    Done = 3,
    Failed = 4,  // carried out, and it did not go: see `outcome`
    Refused = 5
};

// A request as it came, so that exactly that is carried out, and what it would touch.
struct ApprovalRecord {
    ApprovalState state = ApprovalState::Waiting;
    Time made;
    Time until;            // first second in which nobody may approve it any more
    std::string asked_by;  // the token's name
    std::string action;    // "listing.open"
    std::string method;
    std::string target;  // path and query
    std::string body;
    std::string blast;       // in words: what it touches
    std::string why;         // as who asked gave it
    std::string decided_by;  // empty: nobody yet
    Time decided;
    std::string outcome;  // of what was carried out or refused, in words

    friend bool operator==(const ApprovalRecord&, const ApprovalRecord&) = default;
};

inline constexpr std::size_t kApprovalTextBytesMax = 1000;  // of each text but body and target
inline constexpr std::size_t kApprovalTargetBytesMax = 2048;
inline constexpr std::size_t kApprovalBodyBytesMax = std::size_t{64} << 10U;

// Texts longer than their limits are a broken invariant.
[[nodiscard]] std::string encode(const ApprovalRecord& approval);
// Nothing when the bytes are no record of a version we know.
[[nodiscard]] std::optional<ApprovalRecord> decode_approval(Bytes bytes);

// In order of number.
[[nodiscard]] std::string approval_key(std::uint64_t id);
[[nodiscard]] std::optional<std::uint64_t> approval_id(Bytes key) noexcept;

}  // namespace fairlist::store
