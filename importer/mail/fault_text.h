// Fault text: the steps of a fault walk in plain words, without a secret.
#pragma once

#include "importer/mail/fault_walk.h"

#include <string>
#include <string_view>

namespace fairlist::importer {

// What the rule means: "the first peer outside: at fault".
[[nodiscard]] std::string_view meaning_of(FaultRule rule) noexcept;

// "no HELO", "a host name", "an address": the HELO itself is never shown, because the peer chooses
// it and may put the recipient into it.
[[nodiscard]] std::string_view helo_kind(const Received& seen);

// The peer's PTR name, when it is a name; empty: none.
[[nodiscard]] std::string shown_name(const Received& seen);

// "Received line 2: 192.0.2.1 (mail.example.com), HELO is that name: the first peer outside: at
// fault [outside]". Of what a line says only addresses and PTR names are shown.
[[nodiscard]] std::string step_text(const FaultStep& step);

// "192.0.2.1 may be listed"; of IPv6 the /64.
[[nodiscard]] std::string finding_text(const FaultFinding& finding);

}  // namespace fairlist::importer
