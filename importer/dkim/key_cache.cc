#include "importer/dkim/key_cache.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fairlist::importer {

const std::vector<std::string>* KeyCache::find(std::string_view name, Time now) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) {
        return nullptr;
    }
    const Entries::iterator entry = found->second;
    if (now < entry->from || now.seconds - entry->from.seconds >= entry->seconds) {
        drop(entry);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->records;
}

void KeyCache::keep(std::string_view name, std::vector<std::string> records, std::uint32_t ttl,
                    Time now) {
    if (const auto old = by_name_.find(name); old != by_name_.end()) {
        drop(old->second);
    }
    std::size_t bytes = 0;
    for (const std::string& record : records) {
        bytes += record.size() + sizeof record;
    }
    const std::uint32_t limit = records.empty() ? kMissingSecondsMax : kFoundSecondsMax;
    if (bytes > kCachedBytesMax || ttl == 0 || names_max_ == 0) {
        return;
    }
    if (entries_.size() == names_max_) {
        drop(std::prev(entries_.end()));
    }
    entries_.push_front({std::string(name), std::move(records), now, std::min(ttl, limit)});
    by_name_.emplace(entries_.front().name, entries_.begin());
}

void KeyCache::drop(Entries::iterator entry) {
    by_name_.erase(entry->name);
    entries_.erase(entry);
}

}  // namespace fairlist::importer
