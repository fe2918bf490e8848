#include "listing/index/name_index.h"

#include "listing/base/check.h"

#include <algorithm>
#include <cstring>

namespace fairlist::index {

using store::Bytes;

NameKey::NameKey(ListId list) noexcept : size_(kListBytes) {
    set_list(list);
}

void NameKey::set_list(ListId list) noexcept {
    const auto number = static_cast<std::uint16_t>(list);
    bytes_[0] = static_cast<char>(number >> 8U);
    bytes_[1] = static_cast<char>(number & 0xFFU);
}

bool NameKey::push(std::string_view label) noexcept {
    if (label.size() + 1 > bytes_.size() - size_) {
        return false;
    }
    std::memcpy(bytes_.data() + size_, label.data(), label.size());
    size_ += label.size();
    bytes_[size_++] = '\0';
    ++labels_;
    return true;
}

std::string name_key(ListId list, const DomainName& name) {
    const NameKey prefix(list);
    return std::string(prefix.bytes()) + to_key(name);
}

NameIndex::NameIndex(const store::Txn& txn) : cursor_(txn, store::Table::Names) {
    memory_.attach(txn);
}

void NameIndex::renew(const store::Snapshot& snapshot) {
    cursor_.renew(snapshot);
    memory_.attach(snapshot);
}

unsigned NameIndex::count_labels(Bytes key) noexcept {
    return static_cast<unsigned>(std::ranges::count(key.substr(NameKey::kListBytes), '\0'));
}

// Without its last label: "example\0a\0" becomes "example\0".
Bytes NameIndex::parent(Bytes key) noexcept {
    const std::size_t zero = key.substr(0, key.size() - 1).rfind('\0');
    const bool is_top = zero == Bytes::npos || zero < NameKey::kListBytes;
    return key.substr(0, is_top ? NameKey::kListBytes : zero + 1);
}

// The whole labels that both begin with.
Bytes NameIndex::common_labels(Bytes a, Bytes b) noexcept {
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t same = 0;
    std::size_t end_of_label = 0;
    while (same < shorter && a[same] == b[same]) {
        ++same;
        if (same > NameKey::kListBytes && a[same - 1] == '\0') {
            end_of_label = same;
        }
    }
    return a.substr(0, end_of_label);
}

bool NameIndex::find_at_or_before(Bytes key) {
    if (!cursor_.seek_at_least(key)) {
        return cursor_.last();
    }
    return cursor_.key() == key || cursor_.previous();
}

// The first key at or after the name is its own or tells whether any lies below it. The last key
// before it has all labels that the name shares with any key before it, and what lies above a name
// is before it.
NameIndex::Place NameIndex::find_place(Bytes key) {
    const bool is_found = cursor_.seek_at_least(key);
    if (is_found && cursor_.key() == key) {
        return {cursor_.value(), true, parent(key)};
    }
    Place place;
    place.has_below = is_found && cursor_.key().starts_with(key);
    if (is_found ? cursor_.previous() : cursor_.last()) {
        place.above = common_labels(key, cursor_.key());
    }
    return place;
}

NearestName NameIndex::find_nearest(Bytes key) {
    if (const NearestName* known = memory_.find(key)) {
        return *known;
    }
    const NearestName nearest = seek_nearest(key);
    memory_.remember(key, nearest);
    return nearest;
}

NearestName NameIndex::seek_nearest(Bytes key) {
    Bytes above = key;
    while (above.size() > NameKey::kListBytes && find_at_or_before(above)) {
        const Bytes there = cursor_.key();
        if (above.starts_with(there)) {
            return {cursor_.value(), there.size() > NameKey::kListBytes ? there.size() : 0};
        }
        above = common_labels(above, there);
    }
    return {};
}

bool is_listed(Bytes marks, NameScope part, Time now) noexcept {
    bool listed = false;
    store::ScopedMarkReader reader(marks);
    store::ScopedMark mark;
    while (reader.next(mark)) {
        const bool applies = (static_cast<unsigned>(mark.scope) & static_cast<unsigned>(part)) != 0;
        if (!applies || !mark.is_live(now)) {
            continue;
        }
        if (mark.exempt) {
            return false;
        }
        listed = true;
    }
    return listed;
}

bool NameIndex::any_listed_below(const NameKey& name, Time now) {
    const Bytes key = name.bytes();
    bool found = cursor_.seek_at_least(key);
    if (found && cursor_.key() == key) {
        found = cursor_.next();
    }
    for (unsigned step = 0; found && cursor_.key().starts_with(key); ++step) {
        const Bytes marks = cursor_.value();
        if (step == kBelowStepsMax || is_listed(marks, NameScope::Exact, now) ||
            is_listed(marks, NameScope::Below, now)) {
            return true;
        }
        found = cursor_.next();
    }
    return false;
}

}  // namespace fairlist::index
