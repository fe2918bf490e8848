#include "listing/manager/import_set.h"

#include "listing/base/check.h"

#include <boost/sort/spreadsort/integer_sort.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace fairlist {

namespace {

template <typename Item, typename SameSubject, typename SayingOf>
void drop_doubles(std::vector<Item>& items, const std::vector<const Saying*>& sayings,
                  const SameSubject& same_subject, const SayingOf& saying_of) {
    std::size_t kept = 0;
    std::size_t group = 0;  // where the kept ones of the present subject begin
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (kept != 0 && !same_subject(items[kept - 1], items[i])) {
            group = kept;
        }
        bool is_double = false;
        for (std::size_t k = group; k < kept && !is_double; ++k) {
            const Saying& saying = *sayings[saying_of(items[i])];
            const Saying& other = *sayings[saying_of(items[k])];
            is_double = other.exempt == saying.exempt && other.code == saying.code;
            if (is_double) {
                items[k] = items[i];
            }
        }
        if (!is_double) {
            if (kept != i) {
                items[kept] = std::move(items[i]);
            }
            ++kept;
        }
    }
    items.resize(kept);
}

// So many sorted parts are merged sooner than all is sorted.
constexpr std::size_t kRunsMax = 16;

// Where the sorted parts begin, and the end; nothing when they are too many.
template <typename Item>
std::vector<std::size_t> find_runs(const std::vector<Item>& items) {
    std::vector<std::size_t> bounds = {0};
    for (std::size_t i = 1; i < items.size(); ++i) {
        if (items[i] < items[i - 1]) {
            if (bounds.size() == kRunsMax) {
                return {};
            }
            bounds.push_back(i);
        }
    }
    bounds.push_back(items.size());
    return bounds;
}

// Merges first..middle and middle..last, both sorted.
template <typename Position>
void merge_parts(Position first, Position middle, Position last) {
    std::vector<typename Position::value_type> left(std::make_move_iterator(first),
                                                    std::make_move_iterator(middle));
    // What is written never passes what is still to be read of the right part.
    for (auto from = left.begin(); from != left.end(); ++first) {
        const bool takes_right = middle != last && *middle < *from;
        *first = std::move(takes_right ? *middle++ : *from++);
    }
}

// The two neighbours that are the smallest together first, so that large ones move once.
template <typename Item>
void merge_runs(std::vector<Item>& items, std::vector<std::size_t> bounds) {
    const auto at = [&](std::size_t bound) {
        return items.begin() + static_cast<std::ptrdiff_t>(bounds[bound]);
    };
    while (bounds.size() > 2) {
        std::size_t best = 1;
        for (std::size_t i = 2; i + 1 < bounds.size(); ++i) {
            if (bounds[i + 1] - bounds[i - 1] < bounds[best + 1] - bounds[best - 1]) {
                best = i;
            }
        }
        merge_parts(at(best - 1), at(best), at(best + 1));
        bounds.erase(bounds.begin() + static_cast<std::ptrdiff_t>(best));
    }
}

// A feed is mostly sorted, or some sorted parts one behind another.
template <typename Item>
void sort_items(std::vector<Item>& items) {
    if (auto bounds = find_runs(items); !bounds.empty()) {
        merge_runs(items, std::move(bounds));
    } else if constexpr (std::is_integral_v<Item>) {
        boost::sort::spreadsort::integer_sort(items.begin(), items.end());
    } else {
        std::ranges::sort(items);
    }
}

}  // namespace

std::uint32_t ImportSet::Impl::number_of(bool exempt, ReturnCode code, std::uint32_t ttl_seconds,
                                         Time until, std::string_view reason) {
    // Neighbouring lines mostly say the same: compare before building a key.
    if (!sayings.empty()) {
        const Saying& before = *sayings[last];
        if (before.exempt == exempt && before.code == code && before.ttl_seconds == ttl_seconds &&
            before.until == until && before.reason == reason) {
            return last;
        }
    }
    const auto next = static_cast<std::uint32_t>(sayings.size());
    // Texts with a number in them come in order: then the place is right behind the last one.
    const auto hint = sayings.empty() ? numbers.end() : std::next(last_at);
    last_at = numbers.try_emplace(
        hint, Saying{exempt, code, ttl_seconds, until, std::string(reason)}, next);
    if (numbers.size() != sayings.size()) {
        FAIRLIST_CHECK(next < 1U << kSayingBits);
        sayings.push_back(&last_at->first);
    }
    last = last_at->second;
    return last;
}

void ImportSet::Impl::finish() {
    if (sorted) {
        return;
    }
    sorted = true;
    sort_items(v4);
    sort_items(v6);
    sort_items(names);
    sort_items(digests);
    drop_doubles(
        v4, sayings,
        [](std::uint64_t a, std::uint64_t b) { return a >> kSayingBits == b >> kSayingBits; },
        [](std::uint64_t item) { return unpack_saying(item); });
    const auto saying_of = [](const auto& item) {
        return item.saying;
    };
    drop_doubles(
        v6, sayings, [](const V6Item& a, const V6Item& b) { return a.prefix == b.prefix; },
        saying_of);
    drop_doubles(
        names, sayings,
        [](const NameItem& a, const NameItem& b) { return a.key == b.key && a.scope == b.scope; },
        saying_of);
    drop_doubles(
        digests, sayings,
        [](const DigestItem& a, const DigestItem& b) { return a.digest == b.digest; }, saying_of);
}

ImportSet::ImportSet() : impl_(std::make_unique<Impl>()) {}
ImportSet::~ImportSet() = default;
ImportSet::ImportSet(ImportSet&&) noexcept = default;
ImportSet& ImportSet::operator=(ImportSet&&) noexcept = default;

void ImportSet::add(const Prefix& prefix, bool exempt, ReturnCode code, std::uint32_t ttl_seconds,
                    std::string_view reason, Time until) {
    add(prefix, saying(exempt, code, ttl_seconds, reason, until));
}

std::uint32_t ImportSet::saying(bool exempt, ReturnCode code, std::uint32_t ttl_seconds,
                                std::string_view reason, Time until) {
    return impl_->number_of(exempt, code, ttl_seconds, until, reason);
}

void ImportSet::add(const Prefix& prefix, std::uint32_t saying) {
    impl_->sorted = false;
    if (prefix.is_v4()) {
        impl_->v4.push_back(Impl::pack(prefix, saying));
    } else {
        impl_->v6.push_back({prefix, saying});
    }
}

void ImportSet::add(const NewEntry& entry) {
    if (const auto* prefix = std::get_if<Prefix>(&entry.subject)) {
        add(*prefix, entry.exempt, entry.code, entry.ttl_seconds, entry.reason, entry.until);
        return;
    }
    const std::uint32_t saying =
        impl_->number_of(entry.exempt, entry.code, entry.ttl_seconds, entry.until, entry.reason);
    impl_->sorted = false;
    if (const auto* name = std::get_if<NameSubject>(&entry.subject)) {
        impl_->names.push_back({to_key(name->name), name->scope, saying});
    } else {
        impl_->digests.push_back({std::get<Digest>(entry.subject), saying});
    }
}

std::uint64_t ImportSet::size() const noexcept {
    return impl_->v4.size() + impl_->v6.size() + impl_->names.size() + impl_->digests.size();
}

}  // namespace fairlist
