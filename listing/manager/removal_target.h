// RemovalTarget: what a request would end: the entry that answers, the listing behind it and the
// rule by which its list lets go.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/removal_desk.h"
#include "listing/model/removal.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// The source of exemptions that removals grant.
inline constexpr std::string_view kRemovalSource = "removal";

struct RemovalTarget {
    ListId list{};
    std::string list_name;
    RemovalRule rule;  // of the list, as the entry's source has it
    std::uint64_t listing = 0;
    Subject subject;  // what is let go: the listing's, of exemptions what was asked for
    Subject listed;   // the entry's
    std::string source;
    Time last_hit;
};

// The list's rule: as configured, else that of its kind.
[[nodiscard]] RemovalRule removal_rule(const RemovalDeskOptions& options, std::string_view list);

// By list; `list` empty: of all. One a list. Errors: NotFound (the list, or not listed there).
[[nodiscard]] Result<std::vector<RemovalTarget>> find_removal_targets(
    const store::Txn& txn, const RemovalDeskOptions& options, std::string_view list,
    const Subject& subject, Time now);

// Whether what the request is about still answers.
[[nodiscard]] bool is_still_listed(const store::Txn& txn, const RemovalDeskOptions& options,
                                   const Removal& removal, Time now);

// The address whose DNS is looked at, and that must ask: of IPv4 the address, of a /64 any in it.
// False: the subject is wider, and one address in it does not speak for all.
[[nodiscard]] bool is_one_party(const Subject& subject) noexcept;

}  // namespace fairlist
