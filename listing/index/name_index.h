// NameIndex: look-up of domain names: exact entries, wildcards above them and what lies below.
#pragma once

#include "listing/index/match.h"
#include "listing/model/domain.h"
#include "listing/model/entry.h"
#include "listing/store/environment.h"
#include "listing/store/records.h"

#include <array>
#include <cstdint>
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

    [[nodiscard]] store::Bytes bytes() const noexcept { return {bytes_.data(), size_}; }
    [[nodiscard]] unsigned labels() const noexcept { return labels_; }

  private:
    std::array<char, kBytesMax> bytes_;
    std::size_t size_ = 0;
    unsigned labels_ = 0;
};

[[nodiscard]] std::string name_key(ListId list, const DomainName& name);

// One thread's look-ups, without allocation after construction.
class NameIndex {
  public:
    explicit NameIndex(const store::Txn& txn);
    void renew(const store::Snapshot& snapshot);

    // Calls visit(const ScopedMark&, unsigned labels) for each entry of the key's list that
    // applies to the name itself: its own, then the wildcards above it, the nearest first; of one
    // name the exemptions first.
    template <typename Visit>
    void covering(const NameKey& name, const Visit& visit) {
        walk_up(name, [&](store::Bytes value, unsigned labels) {
            const NameScope wanted = labels == name.labels() ? NameScope::Exact : NameScope::Below;
            visit_scoped(value, wanted, labels, visit);
        });
    }

    // The same for names strictly below the name: its own wildcards and those above it.
    template <typename Visit>
    void covering_below(const NameKey& name, const Visit& visit) {
        walk_up(name, [&](store::Bytes value, unsigned labels) {
            visit_scoped(value, NameScope::Below, labels, visit);
        });
    }

    // Whether an entry of the key's list makes some name strictly below this one listed; also true
    // when kBelowStepsMax names did not tell.
    [[nodiscard]] bool any_listed_below(const NameKey& name, Time now);

  private:
    // Calls found(value, labels) for the keys that are the name or above it, longest first.
    template <typename Found>
    void walk_up(const NameKey& name, const Found& found) {
        store::Bytes key = name.bytes();
        while (key.size() > NameKey::kListBytes) {
            if (!find_at_or_before(key)) {
                return;
            }
            const store::Bytes there = cursor_.key();
            if (key.starts_with(there)) {
                if (there.size() <= NameKey::kListBytes) {
                    return;
                }
                found(cursor_.value(), count_labels(there));
                key = parent(there);
            } else {
                key = common_labels(key, there);
            }
        }
    }

    template <typename Visit>
    static void visit_scoped(store::Bytes value, NameScope wanted, unsigned labels,
                             const Visit& visit) {
        for (const bool exempt : {true, false}) {
            store::ScopedMarkReader reader(value);
            store::ScopedMark mark;
            while (reader.next(mark)) {
                if (mark.exempt == exempt && has_scope(mark.scope, wanted)) {
                    visit(mark, labels);
                }
            }
        }
    }

    [[nodiscard]] static bool has_scope(NameScope scope, NameScope part) noexcept {
        return (static_cast<unsigned>(scope) & static_cast<unsigned>(part)) != 0;
    }
    [[nodiscard]] static unsigned count_labels(store::Bytes key) noexcept;
    [[nodiscard]] static store::Bytes parent(store::Bytes key) noexcept;
    [[nodiscard]] static store::Bytes common_labels(store::Bytes a, store::Bytes b) noexcept;
    [[nodiscard]] bool find_at_or_before(store::Bytes key);

    store::Cursor cursor_;
};

// Whether the marks of one name list it itself (Exact) or names below it (Below).
[[nodiscard]] bool is_listed(store::Bytes marks, NameScope part, Time now) noexcept;

}  // namespace fairlist::index
