#include "listing/manager/standing_check.h"

#include "listing/store/standing_records.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace fairlist {

using store::Table;

namespace {

std::int32_t sum_of(const Standing& standing) noexcept {
    std::int32_t sum = 0;
    for (const std::int32_t given : standing.given) {
        sum += given;
    }
    return sum;
}

}  // namespace

void check_standings(const store::Txn& txn, const std::function<void(std::string)>& note) {
    std::uint64_t count = 0;
    std::optional<std::pair<std::string, Tier>> before;
    store::Cursor cursor(txn, Table::Standings);
    for (bool found = cursor.first(); found; found = cursor.next()) {
        ++count;
        const auto key = store::key_standing(cursor.key());
        const auto standing = store::decode_standing(cursor.value());
        if (!key || !standing) {
            note(fmt::format("standings: record {} is malformed", count));
            continue;
        }
        const auto say = [&](std::string_view what) {
            note(fmt::format("standings: day {} of {}: {}", key->day, key->slug, what));
        };
        if (store::day_of(standing->computed) != key->day) {
            say("was computed at " + to_string(standing->computed));
        }
        if (sum_of(*standing) != standing->points) {
            say(fmt::format("{} points, but its inputs give {}", standing->points,
                            sum_of(*standing)));
        }
        if (before && before->first == key->slug && before->second != standing->before) {
            say(fmt::format("follows {}, but the day before was {}", to_string(standing->before),
                            to_string(before->second)));
        }
        before = std::pair(key->slug, standing->tier);
    }
}

}  // namespace fairlist
