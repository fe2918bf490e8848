// SpaceText: what became of a provider's space, for people; and the end that its verbs share.
#pragma once

#include "tools/fairlist/exit_status.h"
#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/provider_json.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::cli {

[[nodiscard]] std::string space_outcome_text(const SpaceOutcome& outcome, std::string_view remedy);

// Prints it. Partly: something was refused or rejected; Failed: nothing was applied because it
// waits for a person. `remedy`: the option or verb that lifts what holds it.
[[nodiscard]] ExitStatus report_space(const Session& session, const SpaceOutcome& outcome,
                                      std::string_view remedy);

// Why so great a change of space waits for a person; empty: it does not. The limits are those of
// feeds.
[[nodiscard]] std::string space_guard(const SpaceChange& change);

// Makes the provider's space of the origin exactly these ranges, unless the guard holds it; rules
// and lists follow. `outcome` gets what became of it. Errors: those of ProviderBook::set_space().
[[nodiscard]] Result<void> put_space(Session& session, ProviderBooks& books, SpaceOrigin origin,
                                     const std::vector<Prefix>& ranges, bool apply, bool force,
                                     SpaceOutcome& outcome);

}  // namespace fairlist::cli
