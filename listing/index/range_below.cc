#include "listing/index/range_below.h"

#include <cstdint>

namespace fairlist::index {

RangeBelow::RangeBelow(const store::Txn& txn) : entries_(txn), exemptions_(txn) {}

void RangeBelow::renew(const store::Snapshot& snapshot) {
    entries_.renew(snapshot);
    exemptions_.renew(snapshot);
}

bool RangeBelow::has_gap(const Prefix& prefix, ListId list, Time now) {
    Address uncovered = prefix.base;
    const Address last = prefix.last();
    exemptions_.seek(prefix);
    while (exemptions_.next()) {
        if (!may_step()) {
            return true;
        }
        const Prefix& found = exemptions_.prefix();
        // Entries come in order: what starts later cannot cover this address.
        if (found.base > uncovered) {
            return true;
        }
        const store::Mark& mark = exemptions_.mark();
        const bool counts = mark.exempt && mark.list == list && mark.is_live(now);
        if (counts && prefix.contains(found) && found.last() >= uncovered) {
            if (found.last() == last) {
                return false;
            }
            uncovered = found.last().next();
        }
    }
    return true;
}

// By an exemption of the same or a wider prefix that its list's rule puts before it.
bool RangeBelow::is_silenced(const Prefix& prefix, ListId list, MatchRule rule, Time now,
                             RangeIndex& index) const {
    if (rule != MatchRule::OctetStep || !prefix.is_v4()) {
        return false;
    }
    bool silenced = false;
    index.covering(prefix.base, [&](const store::Mark& mark, unsigned length) {
        silenced = silenced ||
                   (mark.exempt && mark.list == list && mark.is_live(now) &&
                    length <= prefix.length && octet_step(length) == octet_step(prefix.length));
    });
    return silenced;
}

bool RangeBelow::any_listed(const Prefix& prefix, const ListSelection& lists, Time now,
                            RangeIndex& index) {
    steps_ = kBelowStepsMax;
    // What covers the whole prefix: the entries that answer for its first address as far as they
    // are not narrower than it.
    Chooser chooser(lists, now, prefix.is_v4());
    index.covering(prefix.base, [&](const store::Mark& mark, unsigned length) {
        if (length <= prefix.length) {
            chooser.offer(mark, length);
        }
    });
    for (const Chosen& chosen : chooser.finish()) {
        if (has_gap(prefix, chosen.mark.list, now)) {
            return true;
        }
    }
    const Address last = prefix.last();
    entries_.seek(prefix, lists.list_bits);
    while (entries_.next() && entries_.prefix().base <= last) {
        if (!may_step()) {
            return true;
        }
        const store::Mark& mark = entries_.mark();
        const std::uint8_t slot = lists.slot(mark.list);
        const Prefix& found = entries_.prefix();
        const bool candidate = slot != ListSelection::kNone && !mark.exempt && mark.is_live(now) &&
                               prefix.contains(found);
        if (candidate && !is_silenced(found, mark.list, lists.rule[slot], now, index) &&
            has_gap(found, mark.list, now)) {
            return true;
        }
    }
    return false;
}

}  // namespace fairlist::index
