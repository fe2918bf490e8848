#include "server/answer/lookup.h"

#include "listing/model/digest.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace fairlist::answer {

namespace {

constexpr Address kTestListed = Address::from_v4(0x7F000002);            // RFC 5782 section 5
constexpr Prefix kSixToFour = {Address{0x2002'0000'0000'0000U, 0}, 16};  // RFC 3056 section 2
constexpr unsigned kSixToFourLength = 48;

std::string_view as_text(std::span<const std::uint8_t> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void add_chosen(index::Chooser& chooser, const ZoneLists::Kind& lists, Findings& out) noexcept {
    for (const index::Chosen& chosen : chooser.finish()) {
        out.add(lists.spec[chosen.slot], chosen.mark, chosen.length);
    }
    out.overflowed = out.overflowed || chooser.overflowed();
}

void look_up_one(const Address& address, const ZoneLists::Kind& lists, View& view, Findings& out) {
    index::Chooser chooser(lists.selection, view.now(), address.is_v4());
    view.ranges().covering(
        address, [&](const store::Mark& mark, unsigned length) { chooser.offer(mark, length); });
    add_chosen(chooser, lists, out);
}

bool exists_below(const Prefix& prefix, const Zone& zone, View& view) {
    // The test points exist in every address zone.
    const bool holds_test_point = std::ranges::any_of(
        view.lists(zone).test_codes,
        [&](ReturnCode code) { return prefix.contains(Address::from_v4(code.value)); });
    if (holds_test_point || prefix.contains(kTestListed)) {
        return true;
    }
    const auto& selection = view.lists(zone).of(ListKind::Address).selection;
    if (view.ranges_below().any_listed(prefix, selection, view.now(), view.ranges())) {
        return true;
    }
    const bool in_six_to_four =
        zone.spec.six_to_four && (kSixToFour.contains(prefix) || prefix.contains(kSixToFour.base));
    if (!in_six_to_four || prefix.length > kSixToFourLength) {
        return false;
    }
    const unsigned fixed =
        prefix.length > kSixToFour.length ? prefix.length - kSixToFour.length : 0U;
    const auto v4 = static_cast<std::uint32_t>(prefix.base.high >> 16U);
    const Prefix embedded =
        Prefix::of(Address::from_v4(fixed == 0 ? 0 : v4), Prefix::kV4Offset + fixed);
    return view.ranges_below().any_listed(embedded, selection, view.now(), view.ranges());
}

// False: the key is only of what lies above the name. A zero byte ends a label in the key and no
// entry has one, but a wildcard above may cover such a name (RFC 4592 section 2.2.2).
bool push_labels(const dns::QueryName& name, std::size_t count, index::NameKey& key) noexcept {
    for (std::size_t i = count; i-- != 0;) {
        const std::string_view label = as_text(name.label(i));
        if (label.find('\0') != std::string_view::npos || !key.push(label)) {
            return false;
        }
    }
    return true;
}

void look_up_name_in(std::uint8_t slot, const index::NameKey& key, bool is_whole,
                     const ZoneLists::Kind& lists, View& view, Findings& out) {
    const ListId list = lists.selection.list[slot];
    const auto offer_to = [list, slot](index::Chooser& chooser) {
        return [&chooser, list, slot](const store::ScopedMark& mark, unsigned labels) {
            chooser.offer({mark.verdict, mark.exempt, list, SourceId{}, mark.since, mark.until},
                          labels);
            return chooser.wants_wider(slot);
        };
    };
    index::NameIndex& names = view.names();
    index::Chooser chooser(lists.selection, view.now());
    const bool may_be_below = is_whole ? names.covering(key, offer_to(chooser))
                                       : names.covering_below(key, offer_to(chooser));
    const std::size_t before = out.items.size();
    add_chosen(chooser, lists, out);
    if (is_whole && may_be_below && out.items.size() == before && !out.exists_below) {
        index::Chooser below(lists.selection, view.now());
        names.covering_below(key, offer_to(below));
        out.exists_below = !below.finish().empty() || names.any_listed_below(key, view.now());
    }
}

}  // namespace

void look_up_address(const ReversedName& reversed, const Zone& zone, View& view, Findings& out) {
    const ZoneLists::Kind& lists = view.lists(zone).of(ListKind::Address);
    if (reversed.address) {
        look_up_one(*reversed.address, lists, view, out);
        if (zone.spec.six_to_four && kSixToFour.contains(*reversed.address)) {
            const auto v4 = static_cast<std::uint32_t>(reversed.address->high >> 16U);
            look_up_one(Address::from_v4(v4), lists, view, out);
        }
    }
    if (!out.items.empty()) {
        return;
    }
    out.exists_below =
        (reversed.partial_octets && exists_below(*reversed.partial_octets, zone, view)) ||
        (reversed.partial_nibbles && exists_below(*reversed.partial_nibbles, zone, view));
}

void look_up_name(const dns::QueryName& name, std::size_t count, const Zone& zone, View& view,
                  Findings& out) {
    const ZoneLists::Kind& lists = view.lists(zone).of(ListKind::Domain);
    if (lists.selection.count == 0) {
        return;
    }
    index::NameKey key(lists.selection.list[0]);
    const bool is_whole = push_labels(name, count, key);
    for (std::uint8_t slot = 0; slot < lists.selection.count; ++slot) {
        key.set_list(lists.selection.list[slot]);
        look_up_name_in(slot, key, is_whole, lists, view, out);
    }
}

void look_up_digest(const dns::QueryName& name, std::size_t count, const Zone& zone, View& view,
                    Findings& out) {
    if (count > 2) {
        return;
    }
    const ZoneLists::Kind& lists = view.lists(zone).of(ListKind::Hash);
    const DigestClass kind = digest_class_from_label(as_text(name.label(count - 1)));
    if (count == 2 && kind == DigestClass::Plain) {
        return;
    }
    Digest digest = digest_from_label(as_text(name.label(0)));
    digest.kind = count == 2 ? kind : DigestClass::Plain;
    index::Chooser chooser(lists.selection, view.now());
    for (std::size_t slot = 0; slot < lists.selection.count; ++slot) {
        const ListId list = lists.selection.list[slot];
        if (count == 1 && kind != DigestClass::Plain) {
            out.exists_below =
                out.exists_below || view.digests().any_listed(list, kind, view.now());
        }
        if (digest.size == 0) {
            continue;
        }
        const store::Bytes marks = view.digests().find(list, digest);
        for (const bool exempt : {true, false}) {
            store::ScopedMarkReader reader(marks);
            store::ScopedMark mark;
            while (reader.next(mark)) {
                if (mark.exempt == exempt) {
                    chooser.offer({mark.verdict, exempt, list, SourceId{}, mark.since, mark.until},
                                  0);
                }
            }
        }
    }
    add_chosen(chooser, lists, out);
}

}  // namespace fairlist::answer
