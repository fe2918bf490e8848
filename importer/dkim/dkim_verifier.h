// DkimVerifier: which domains vouch for a mail by their DKIM signatures (RFC 6376 section 6.1).
#pragma once

#include "importer/dkim/dkim_keys.h"
#include "importer/dkim/dkim_rule.h"
#include "listing/base/time.h"
#include "listing/model/domain.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kSignaturesMax = 8;
// A domain whose servers let every question time out must not hold up the mail eight times.
inline constexpr std::size_t kFailedLookupsMax = 2;
// t= may lie this far behind the time of receipt: clocks differ.
inline constexpr std::uint64_t kClockSkewSeconds = 3600;

struct DkimResult {
    DkimRule rule = DkimRule::Malformed;
    std::optional<DomainName> domain;  // d=; proven only by Pass. Not set: it cannot be read.
    // In plain words, without text of the mail: "the domain's key is too weak to prove anything:
    // RSA of 512 bits".
    std::string why;

    [[nodiscard]] bool passed() const noexcept { return rule == DkimRule::Pass; }
};

// One result for each signature, from the top; after kSignaturesMax one more says that there were
// more. None: the mail has no signature.
//
// `mail`: its bytes as received, uncut, header first; all of it is hashed, at most once for each
// signature. `received`: when it came; not set: signatures that expire do not pass. Keys are looked
// up only for signatures that fit the body. A look-up tells the domain that somebody reads the
// mail.
//
// Stricter than the RFC wherever a pass could put the blame on someone innocent: see DkimRule.
[[nodiscard]] std::vector<DkimResult> verify_dkim(std::string_view mail, Time received,
                                                  DkimKeys& keys);

}  // namespace fairlist::importer
