#include "listing/model/figure_table.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace fairlist {

namespace {

struct Counts {
    std::uint64_t now = 0;
    std::uint64_t before = 0;

    void add(const Counts& other) noexcept {
        now = add_capped(now, other.now);
        before = add_capped(before, other.before);
    }
};

using GroupCounts = std::map<FigureName, Counts>;

FigureName name_of(const FigureKey& key, FigureGroup by) {
    switch (by) {
        case FigureGroup::Networks:
            return key.asn;
        case FigureGroup::Lists:
            return key.list;
        case FigureGroup::Reasons:
            break;
    }
    return key.reason;
}

bool is_counted(const FigureKey& key, const FigureQuery& query) noexcept {
    const bool is_part = !key.reason.empty();
    return is_part == (query.by == FigureGroup::Reasons) &&
           query.list.value_or(key.list) == key.list;
}

GroupCounts sum_flows(std::span<const FigureEntry> entries, const FigureQuery& query) {
    const std::optional<DayRange> before = query.range.before();
    GroupCounts groups;
    for (const auto& [key, figure] : entries) {
        const bool is_now = query.range.contains(key.day);
        const bool is_before = before && before->contains(key.day);
        if (is_counted(key, query) && (is_now || is_before)) {
            const std::uint64_t value = value_of(figure, query.field);
            groups[name_of(key, query.by)].add({is_now ? value : 0, is_before ? value : 0});
        }
    }
    return groups;
}

// The value of the last day of a key up to some day.
class Latest {
  public:
    void offer(std::uint32_t day, std::uint64_t value) noexcept {
        if (!day_ || *day_ <= day) {
            day_ = day;
            value_ = value;
        }
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

  private:
    std::optional<std::uint32_t> day_;
    std::uint64_t value_ = 0;
};

struct Stock {
    Latest now;
    Latest before;
};

GroupCounts sum_stocks(std::span<const FigureEntry> entries, const FigureQuery& query) {
    const std::optional<DayRange> before = query.range.before();
    std::map<FigureKey, Stock> stocks;  // of keys without their day
    for (const auto& [key, figure] : entries) {
        if (!is_counted(key, query) || key.day > query.range.last) {
            continue;
        }
        FigureKey dayless = key;
        dayless.day = 0;
        Stock& stock = stocks[dayless];
        const std::uint64_t value = value_of(figure, query.field);
        stock.now.offer(key.day, value);
        if (before && key.day <= before->last) {
            stock.before.offer(key.day, value);
        }
    }
    GroupCounts groups;
    for (const auto& [key, stock] : stocks) {
        groups[name_of(key, query.by)].add({stock.now.value(), stock.before.value()});
    }
    return groups;
}

std::int64_t difference_of(std::uint64_t now, std::uint64_t before) noexcept {
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
    const std::uint64_t size = std::min(now > before ? now - before : before - now, kMax);
    const auto signed_size = static_cast<std::int64_t>(size);
    return now < before ? -signed_size : signed_size;
}

double quotient(std::uint64_t part, std::uint64_t whole) noexcept {
    return static_cast<double>(part) / static_cast<double>(whole);
}

double percent_of(std::uint64_t part, std::uint64_t whole) noexcept {
    return whole == 0 ? 0 : 100 * quotient(part, whole);
}

FigureShare share_of(const Counts& counts, const Counts& all) noexcept {
    FigureShare share;
    share.count = counts.now;
    share.percent = percent_of(counts.now, all.now);
    share.before = counts.before;
    share.difference = difference_of(counts.now, counts.before);
    if (counts.before != 0) {
        share.ratio = quotient(counts.now, counts.before);
    }
    return share;
}

bool comes_first(const FigureRow& a, const FigureRow& b) {
    return std::tie(b.share.count, b.share.before, a.name) <
           std::tie(a.share.count, a.share.before, b.name);
}

bool is_known(const FigureName& name) noexcept {
    return name != FigureName(std::uint32_t{0});
}

// Requires: the rows are in order.
double concentration_of(const std::vector<FigureRow>& rows, std::size_t groups_max,
                        std::uint64_t all) {
    std::size_t groups = 0;
    std::uint64_t sum = 0;
    for (const FigureRow& row : rows) {
        if (groups < groups_max && is_known(row.name)) {
            ++groups;
            sum = add_capped(sum, row.share.count);
        }
    }
    return percent_of(sum, all);
}

// Takes the rows past `rows_max` together.
void cut_rows(FigureTable& table, std::size_t rows_max, const Counts& all) {
    Counts others;
    for (std::size_t i = rows_max; i < table.rows.size(); ++i) {
        const FigureShare& share = table.rows[i].share;
        others.add({share.count, share.before});
        ++table.other_groups;
    }
    table.others = share_of(others, all);
    table.rows.resize(table.rows.size() - table.other_groups);
}

}  // namespace

FigureTable make_figure_table(std::span<const FigureEntry> entries, const FigureQuery& query) {
    const bool is_stock = query.field == FigureField::ListedAtEnd;
    const GroupCounts groups = is_stock ? sum_stocks(entries, query) : sum_flows(entries, query);
    Counts all;
    for (const auto& [name, counts] : groups) {
        all.add(counts);
    }
    FigureTable table;
    table.all = share_of(all, all);
    for (const auto& [name, counts] : groups) {
        if (counts.now != 0 || counts.before != 0) {
            table.rows.push_back({name, share_of(counts, all)});
        }
    }
    std::ranges::sort(table.rows, comes_first);
    table.concentration_percent = concentration_of(table.rows, query.concentration, all.now);
    cut_rows(table, query.rows_max, all);
    return table;
}

}  // namespace fairlist
