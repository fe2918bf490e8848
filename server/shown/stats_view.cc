#include "server/shown/stats_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <variant>

namespace fairlist {

namespace {

constexpr std::size_t kPageListings = 5000;
constexpr double kHalf = 50;

constexpr std::array<std::pair<std::string_view, FigureField>, 6> kFields = {
    {{"opened", FigureField::Opened},
     {"hits", FigureField::Hits},
     {"extended", FigureField::Extended},
     {"expired", FigureField::Expired},
     {"removed", FigureField::Removed},
     {"listed", FigureField::ListedAtEnd}}};

std::optional<ListId> list_id(const store::Names& names, const std::string& list) {
    const auto found =
        std::ranges::find_if(names.lists, [&](const auto& one) { return one.second == list; });
    return found == names.lists.end() ? std::nullopt : std::optional(found->first);
}

StatsRow row_of(const FigureRow& figure, const store::Names& names) {
    StatsRow row;
    row.share = figure.share;
    if (const auto* asn = std::get_if<std::uint32_t>(&figure.name)) {
        row.asn = *asn;
        row.label = *asn == 0 ? "unknown" : fmt::format("AS{}", *asn);
    } else if (const auto* list = std::get_if<ListId>(&figure.name)) {
        row.label = names.list(*list);
    } else {
        row.label = std::get<std::string>(figure.name);
    }
    return row;
}

bool is_known(const StatsRow& row, FigureGroup by) noexcept {
    return by != FigureGroup::Networks || row.asn != 0;
}

// Requires: the rows are in order.
Concentration concentration_of(const std::vector<StatsRow>& rows, FigureGroup by) {
    Concentration concentration;
    for (const StatsRow& row : rows) {
        if (concentration.percent >= kHalf || concentration.rows.size() == kConcentrationMax) {
            break;
        }
        if (is_known(row, by) && row.share.count != 0) {
            concentration.rows.push_back(row);
            concentration.percent += row.share.percent;
        }
    }
    return concentration;
}

void name_rows(std::vector<StatsRow>& rows,
               const std::map<std::uint32_t, importer::Network>& networks) {
    for (StatsRow& row : rows) {
        if (const auto found = networks.find(row.asn); found != networks.end()) {
            row.name = found->second.name;
            row.country = found->second.country;
        }
    }
}

Result<std::uint32_t> last_day(const std::string& until, Time now) {
    if (until.empty()) {
        return day_of(now);
    }
    const auto time = parse_time(until);
    if (!time) {
        return fail_in("--until", time.error());
    }
    return day_of(*time);
}

}  // namespace

Result<DayRange> stats_range(const std::string& since, const std::string& until, Time now) {
    const auto last = last_day(until, now);
    if (!last) {
        return std::unexpected(last.error());
    }
    const auto seconds = parse_duration(since);
    if (seconds && *seconds != 0 && *seconds % kSecondsPerDay == 0 &&
        *seconds / kSecondsPerDay <= *last + 1) {
        return DayRange{*last + 1 - *seconds / kSecondsPerDay, *last};
    }
    const auto time = parse_time(since);
    if (seconds || !time) {
        return fail(Errc::Malformed,
                    fmt::format("--since: \"{}\": expected whole days such as 30d, or a date such "
                                "as 2026-11-01",
                                since));
    }
    if (day_of(*time) > *last) {
        return fail(Errc::OutOfRange, fmt::format("--since: \"{}\": lies behind the last day, {}",
                                                  since, until.empty() ? "today" : until));
    }
    return DayRange{day_of(*time), *last};
}

std::optional<FigureField> stats_field(std::string_view word) noexcept {
    const auto* const found =
        std::ranges::find(kFields, word, &decltype(kFields)::value_type::first);
    return found == kFields.end() ? std::nullopt : std::optional(found->second);
}

std::string_view field_word(FigureField field) noexcept {
    const auto* const found =
        std::ranges::find(kFields, field, &decltype(kFields)::value_type::second);
    return found == kFields.end() ? "?" : found->first;
}

StatsView view_stats(std::span<const FigureEntry> figures, const store::Names& names,
                     const StatsQuery& query) {
    FigureQuery wanted;
    wanted.by = query.by;
    wanted.field = query.field;
    wanted.range = query.range;
    wanted.rows_max = query.rows_max;
    if (!query.list.empty()) {
        wanted.list = list_id(names, query.list);
    }
    const FigureTable table = make_figure_table(figures, wanted);
    StatsView view{query.by,           query.field,  query.range, query.list, {},
                   table.other_groups, table.others, table.all,   {},         {}};
    for (const FigureRow& row : table.rows) {
        view.rows.push_back(row_of(row, names));
    }
    // However few rows are shown; one more than is told, for the unknown network.
    wanted.rows_max = kConcentrationMax + 1;
    std::vector<StatsRow> largest;
    for (const FigureRow& row : make_figure_table(figures, wanted).rows) {
        largest.push_back(row_of(row, names));
    }
    view.concentration = concentration_of(largest, query.by);
    return view;
}

std::set<std::uint32_t> networks_in(const StatsView& view) {
    std::set<std::uint32_t> networks;
    for (const auto* rows : {&view.rows, &view.concentration.rows}) {
        for (const StatsRow& row : *rows) {
            networks.insert(row.asn);
        }
    }
    networks.erase(0);
    return networks;
}

void name_networks(StatsView& view, const std::map<std::uint32_t, importer::Network>& networks) {
    name_rows(view.rows, networks);
    name_rows(view.concentration.rows, networks);
}

std::map<std::uint32_t, importer::Network> find_networks(Ledger& ledger,
                                                         const importer::NetworkTable& table,
                                                         std::set<std::uint32_t> wanted) {
    std::map<std::uint32_t, importer::Network> found;
    ListingFilter filter;
    filter.ended = true;
    std::string after;
    std::size_t seen = 0;
    // Ends: every page moves the token forward.
    do {
        auto page = ledger.page(filter, after, kPageListings);
        if (!page) {
            break;
        }
        for (const Listing& listing : page->listings) {
            const auto* prefix = std::get_if<Prefix>(&listing.subject);
            if (prefix == nullptr || !wanted.contains(listing.asn)) {
                continue;
            }
            // Another table than when it was listed may put the address elsewhere.
            if (auto network = table.find(prefix->base); network && network->asn == listing.asn) {
                wanted.erase(listing.asn);
                found.emplace(listing.asn, std::move(*network));
            }
        }
        seen += page->listings.size();
        after = std::move(page->next);
    } while (!after.empty() && !wanted.empty() && seen < kNamingListingsMax);
    return found;
}

}  // namespace fairlist
