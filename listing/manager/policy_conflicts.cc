#include "listing/manager/policy_conflicts.h"

#include "listing/model/hit.h"
#include "listing/store/ledger_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

namespace fairlist {

namespace {

// What came from one address, in its range.
struct Seen {
    const PolicyRange* range = nullptr;
    std::uint64_t mails = 0;
    std::set<std::string> signers;
    std::set<std::string> names;
};

// The narrowest; null: none.
const PolicyRange* range_of(std::span<const PolicyRange> ranges,
                            const std::vector<std::size_t>& parents, const Prefix& prefix) {
    const auto behind = std::ranges::upper_bound(ranges, prefix, {}, &PolicyRange::prefix);
    auto at = static_cast<std::size_t>(behind - ranges.begin());
    while (at != 0 && !(ranges[at - 1].prefix.contains(prefix) &&
                        ranges[at - 1].prefix.is_v4() == prefix.is_v4())) {
        at = parents[at - 1];
    }
    return at == 0 ? nullptr : &ranges[at - 1];
}

std::vector<std::size_t> parents_of(std::span<const PolicyRange> ranges) {
    std::vector<std::size_t> parents(ranges.size());
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        std::size_t at = i;
        while (at != 0 && !ranges[at - 1].prefix.contains(ranges[i].prefix)) {
            at = parents[at - 1];
        }
        parents[i] = at;
    }
    return parents;
}

bool is_one_customers(SpaceUse use) noexcept {
    return use == SpaceUse::Dedicated || use == SpaceUse::Assigned || use == SpaceUse::Static;
}

void take(Seen& seen, const Hit& hit) {
    ++seen.mails;
    if (hit.signer && seen.signers.size() <= kSharedSigners) {
        seen.signers.insert(hit.signer->text());
    }
    if (!hit.helo.empty() && seen.names.size() <= kSharedNames) {
        seen.names.insert(hit.helo);
    }
}

// The first of what speaks against the range; an empty `says`: nothing does.
PolicyConflict conflict_of(const Prefix& where, const Seen& seen) {
    const PolicyRange& range = *seen.range;
    PolicyConflict conflict{range.prefix, where, {}, {}};
    const auto at_least = [](std::size_t counted, std::size_t most) {
        return fmt::format("{}{}", counted > most ? "more than " : "", std::min(counted, most));
    };
    if (is_one_customers(range.use) &&
        (seen.signers.size() >= kSharedSigners || seen.names.size() >= kSharedNames)) {
        conflict.says = fmt::format("use {}", to_string(range.use));
        conflict.seen = fmt::format("signers: {}, names in HELO: {}: it looks shared",
                                    at_least(seen.signers.size(), kSharedSigners),
                                    at_least(seen.names.size(), kSharedNames));
    } else if (range.port25 == Port25::Closed) {
        conflict.says = "port25 closed";
        conflict.seen = fmt::format("hits of mail: {}", seen.mails);
    } else if (range.direct_mail == DirectMail::Never) {
        conflict.says = "direct_mail never";
        conflict.seen = fmt::format("hits of mail: {}", seen.mails);
    } else if (range.use == SpaceUse::Unassigned) {
        conflict.says = "use unassigned";
        conflict.seen = fmt::format("hits of mail: {}", seen.mails);
    }
    return conflict;
}

}  // namespace

PolicyConflicts find_conflicts(const store::Txn& txn, std::span<const PolicyRange> ranges,
                               Time from, std::size_t limit) {
    const std::vector<std::size_t> parents = parents_of(ranges);
    std::map<Prefix, Seen> seen;
    PolicyConflicts result;
    store::Cursor cursor(txn, store::Table::Hits);
    bool good = cursor.last();
    for (; good && result.hits_looked_at < kConflictHitsMax; good = cursor.previous()) {
        ++result.hits_looked_at;
        const auto hit = store::decode_hit(cursor.value());
        if (!hit || hit->time < from || hit->kind != HitKind::Mail || !hit->address) {
            continue;
        }
        const Subject identity = identity_of(*hit->address);
        const auto& where = std::get<Prefix>(identity);
        const PolicyRange* range = range_of(ranges, parents, where);
        if (range == nullptr) {
            continue;
        }
        if (seen.size() >= kConflictAddressesMax && !seen.contains(where)) {
            result.is_whole = false;
            continue;
        }
        Seen& of_address = seen[where];
        of_address.range = range;
        take(of_address, *hit);
    }
    result.is_whole = result.is_whole && !good;
    for (const auto& [where, of_address] : seen) {
        PolicyConflict conflict = conflict_of(where, of_address);
        if (!conflict.says.empty() && result.found.size() < limit) {
            result.found.push_back(std::move(conflict));
        }
    }
    return result;
}

}  // namespace fairlist
