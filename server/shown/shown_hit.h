// Shown hit: of a hit what may be shown, taken out in one place: no trap, nothing that may name
// one, and the time to the hour.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/ledger.h"
#include "listing/model/hit.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fairlist {

struct ShownHit {
    std::uint64_t number = 0;
    Time hour;  // the full hour before
    HitKind kind = HitKind::Mail;
    std::string sensor;  // its kind: "mbox" of "mbox:2026-11.mbox"
    std::string address;
    std::string ptr;
    std::string helo;  // its kind: "a host name"
    std::string signer;
    std::vector<std::string> links;
    std::string weight;        // "1", "0.25"
    std::string subject_hash;  // keyed, 16 hex digits; empty: no subject
    std::vector<std::string> steps;

    // For operators, on record.
    struct Secret {
        Time time;
        std::string sensor;
        std::string helo;
        std::uint32_t trap = 0;  // its number; 0: none
        std::uint64_t mail = 0;  // in the vault; 0: none is kept
    };
    std::optional<Secret> secret{};
};

// Hundredths: "1", "0.25".
[[nodiscard]] std::string weight_text(std::uint16_t weight);

[[nodiscard]] ShownHit show_hit(const StoredHit& stored, bool in_full);

// What a listing rests on, for everybody.
struct EvidenceSummary {
    std::uint64_t hits = 0;  // that were counted for it, those forgotten since among them
    std::uint64_t kept = 0;  // the figures below are of these
    Time first;              // the full hour before
    Time last;
    std::map<std::string, std::uint64_t> kinds;
    std::map<std::string, std::uint64_t> helos;  // kinds of HELO, of mail
    std::map<std::string, std::uint64_t> names;  // PTR, the first kSummaryNamesMax
};
inline constexpr std::size_t kSummaryNamesMax = 10;
inline constexpr std::size_t kSummaryHitsMax = 1000;

// `hits`: the newest, at most kSummaryHitsMax.
[[nodiscard]] EvidenceSummary summarize(const Listing& listing, std::span<const StoredHit> hits);

[[nodiscard]] constexpr Time hour_of(Time time) noexcept {
    return Time{time.seconds - time.seconds % 3600};
}

}  // namespace fairlist
