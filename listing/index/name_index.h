// NameIndex: look-up of domain names: exact entries, wildcards above them and what lies below.
#pragma once

#include "listing/index/match.h"
#include "listing/index/name_memory.h"
#include "listing/model/domain.h"
#include "listing/model/entry.h"
#include "listing/store/environment.h"
#include "listing/store/records.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::index {

// Key of the names table: the list's number in two bytes, big endian, then to_key() of the name.
// Each list has a tree of its own, so that one list's names never slow the look-ups in another.
class NameKey {
  public:
    static constexpr std::size_t kListBytes = 2;
    static constexpr std::size_t kBytesMax = kListBytes + 256;

    explicit NameKey(ListId list) noexcept;

    // Adds a label below those so far. False, and nothing added, when the key would be too long.
    [[nodiscard]] bool push(std::string_view label) noexcept;
    // The same name in another list.
    void set_list(ListId list) noexcept;

    [[nodiscard]] store::Bytes bytes() const noexcept { return {bytes_.data(), size_}; }
    [[nodiscard]] unsigned labels() const noexcept { return labels_; }

  private:
    std::array<char, kBytesMax> bytes_;
    std::size_t size_ = 0;
    unsigned labels_ = 0;
};

[[nodiscard]] std::string name_key(ListId list, const DomainName& name);

// One thread's look-ups, without allocation after construction. The transaction's tables must not
// change meanwhile.
class NameIndex {
  public:
    explicit NameIndex(const store::Txn& txn);
    void renew(const store::Snapshot& snapshot);

    // Calls visit(const ScopedMark&, unsigned labels) for each entry of the key's list that
    // applies to the name itself: its own, then the wildcards above it, the nearest first; of one
    // name the exemptions first. When visit gives false for any of one name, those above it are
    // left out. False: there is no key at the name or below it, so that covering_below() is the
    // same and any_listed_below() false.
    template <typename Visit>
    bool covering(const NameKey& name, const Visit& visit) {
        return walk(name, NameScope::Exact, visit);
    }

    // The same for names strictly below the name: its own wildcards and those above it.
    template <typename Visit>
    bool covering_below(const NameKey& name, const Visit& visit) {
        return walk(name, NameScope::Below, visit);
    }

    // Whether an entry of the key's list makes some name strictly below this one listed; also true
    // when kBelowStepsMax names did not tell.
    [[nodiscard]] bool any_listed_below(const NameKey& name, Time now);

  private:
    // What one seek tells of a name.
    struct Place {
        std::optional<store::Bytes> own;  // the marks of its own key
        bool has_below = true;            // false: for certain there is no key below it
        store::Bytes above;  // the part of its key that the nearest entry above has, or more
    };

    template <typename Visit>
    bool walk(const NameKey& name, NameScope own_scope, const Visit& visit) {
        const Place place = find_place(name.bytes());
        if (place.own && !visit_scoped(*place.own, own_scope, name.labels(), visit)) {
            return true;
        }
        store::Bytes above = place.above;
        while (above.size() > NameKey::kListBytes) {
            const NearestName nearest = find_nearest(above);
            if (nearest.key_bytes == 0) {
                break;
            }
            const store::Bytes there = above.substr(0, nearest.key_bytes);
            if (!visit_scoped(nearest.marks, NameScope::Below, count_labels(there), visit)) {
                break;
            }
            above = parent(there);
        }
        return place.has_below;
    }

    // False: visit wants nothing of names above.
    template <typename Visit>
    static bool visit_scoped(store::Bytes value, NameScope wanted, unsigned labels,
                             const Visit& visit) {
        bool goes_on = true;
        for (const bool exempt : {true, false}) {
            store::ScopedMarkReader reader(value);
            store::ScopedMark mark;
            while (reader.next(mark)) {
                if (mark.exempt == exempt && has_scope(mark.scope, wanted)) {
                    goes_on = visit(mark, labels) && goes_on;
                }
            }
        }
        return goes_on;
    }

    [[nodiscard]] static bool has_scope(NameScope scope, NameScope part) noexcept {
        return (static_cast<unsigned>(scope) & static_cast<unsigned>(part)) != 0;
    }
    [[nodiscard]] static unsigned count_labels(store::Bytes key) noexcept;
    [[nodiscard]] static store::Bytes parent(store::Bytes key) noexcept;
    [[nodiscard]] static store::Bytes common_labels(store::Bytes a, store::Bytes b) noexcept;
    [[nodiscard]] bool find_at_or_before(store::Bytes key);
    [[nodiscard]] Place find_place(store::Bytes key);
    // The nearest entry at or above a key.
    [[nodiscard]] NearestName find_nearest(store::Bytes key);
    [[nodiscard]] NearestName seek_nearest(store::Bytes key);

    store::Cursor cursor_;
    NameMemory memory_;
};

// Whether the marks of one name list it itself (Exact) or names below it (Below).
[[nodiscard]] bool is_listed(store::Bytes marks, NameScope part, Time now) noexcept;

}  // namespace fairlist::index
