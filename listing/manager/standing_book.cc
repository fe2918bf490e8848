#include "listing/manager/standing_book.h"

#include "listing/manager/audit_note.h"
#include "listing/manager/ground.h"
#include "listing/manager/provider_store.h"
#include "listing/manager/standing_measures.h"
#include "listing/rules/adjustment.h"
#include "listing/rules/assessment.h"
#include "listing/store/standing_records.h"

#include <fmt/format.h>

#include <utility>

namespace fairlist {

using store::Cursor;
using store::Table;

namespace {

constexpr std::uint32_t kDay = 86400;

Tier tier_before(const store::Txn& txn, std::string_view slug, Time at) {
    const auto before = store::standing_before(txn, slug, store::day_of(at));
    return before ? before->tier : Tier::Neutral;
}

bool is_due(const store::Txn& txn, std::string_view slug, Time now) {
    const auto latest = store::latest_standing(txn, slug);
    return !latest || std::uint64_t{latest->computed.seconds} + kDay <= now.seconds;
}

// A moved tier in the words of its inputs.
AuditNote changed_note(const std::string& slug, const StandingRules& rules,
                       const Standing& standing) {
    AuditNote note{"standing.changed",
                   {{"provider", slug},
                    {"before", std::string(to_string(standing.before))},
                    {"tier", std::string(to_string(standing.tier))},
                    {"points", fmt::format("{}", standing.points)}}};
    const auto lines = rules::to_lines(rules, standing);
    for (std::size_t i = 0; i < kStandingInputs; ++i) {
        note.details.emplace_back(to_string(static_cast<StandingInput>(i + 1)), lines[i]);
    }
    return note;
}

}  // namespace

StandingBook::StandingBook(store::Environment& environment, StandingBookOptions options)
    : environment_(environment), options_(std::move(options)) {}

StandingView StandingBook::view(std::string provider, const Standing& standing) const {
    const StandingRules& rules = options_.rules;
    StandingView made{std::move(provider), standing, rules::to_lines(rules, standing)};
    const auto add = [&](const std::string& head, std::vector<std::string> lines) {
        for (std::string& line : lines) {
            made.lines.push_back(head + std::move(line));
        }
    };
    add("for more: ", rules::way_up(rules, standing));
    add(fmt::format("{} means: ", to_string(standing.tier)),
        rules::to_lines(rules.effect(standing.tier)));
    return made;
}

Result<StandingView> StandingBook::compute(std::string_view provider, Time at) {
    const store::ReadTxn txn(environment_);
    const auto found = find_provider(txn, provider);
    if (!found) {
        return fail(Errc::NotFound,
                    fmt::format("provider \"{}\": there is none", provider.substr(0, 64)));
    }
    const StandingMeasures measures(txn, options_.rules, options_.policy, at);
    return view(found->slug, rules::assess(options_.rules, measures.of(found->slug),
                                           tier_before(txn, found->slug, at), at));
}

std::uint64_t StandingBook::compute_due(const Actor& actor) {
    std::vector<std::pair<std::string, Standing>> computed;
    {
        const store::ReadTxn txn(environment_);
        const Time now = options_.clock();
        std::vector<std::string> due;
        for (const Provider& provider : all_providers(txn)) {
            if (is_due(txn, provider.slug, now)) {
                due.push_back(provider.slug);
            }
        }
        if (due.empty()) {
            return 0;
        }
        const StandingMeasures measures(txn, options_.rules, options_.policy, now);
        for (const std::string& slug : due) {
            computed.emplace_back(slug, rules::assess(options_.rules, measures.of(slug),
                                                      tier_before(txn, slug, now), now));
        }
    }
    std::uint64_t written = 0;
    for (const auto& [slug, standing] : computed) {
        bool wrote = false;
        environment_.write([&](store::WriteTxn& txn) {
            // Another process may have been quicker, or the provider is gone.
            wrote = find_provider(txn, slug) && is_due(txn, slug, standing.computed);
            if (!wrote) {
                return;
            }
            txn.put(Table::Standings, store::standing_key(slug, store::day_of(standing.computed)),
                    store::encode_standing(standing));
            if (standing.tier != standing.before) {
                note_audit(txn, actor, standing.computed,
                           changed_note(slug, options_.rules, standing));
                move_ground(txn);
            }
        });
        written += wrote ? 1U : 0U;
    }
    return written;
}

std::optional<StandingView> StandingBook::latest(std::string_view provider) {
    if (provider.size() > kProviderTextBytesMax) {
        return std::nullopt;
    }
    const auto standing = store::latest_standing(store::ReadTxn(environment_), provider);
    return standing ? std::optional(view(std::string(provider), *standing)) : std::nullopt;
}

std::vector<StandingView> StandingBook::all() {
    std::vector<StandingView> views;
    const store::ReadTxn txn(environment_);
    for (const Provider& provider : all_providers(txn)) {
        if (const auto standing = store::latest_standing(txn, provider.slug)) {
            views.push_back(view(provider.slug, *standing));
        }
    }
    return views;
}

std::vector<Standing> StandingBook::history(std::string_view provider, std::size_t limit) {
    std::vector<Standing> days;
    if (provider.size() > kProviderTextBytesMax) {
        return days;
    }
    const store::ReadTxn txn(environment_);
    const std::string head = store::standing_key(provider);
    Cursor cursor(txn, Table::Standings);
    const bool is_behind = cursor.seek_at_least(store::standing_key(provider, UINT32_MAX));
    for (bool good = is_behind ? cursor.previous() : cursor.last();
         good && cursor.key().starts_with(head) && days.size() < limit; good = cursor.previous()) {
        if (const auto standing = store::decode_standing(cursor.value())) {
            days.push_back(*standing);
        }
    }
    return days;
}

std::uint64_t StandingBook::trim(Time before) {
    std::uint64_t forgotten = 0;
    environment_.write([&](store::WriteTxn& txn) {
        std::vector<std::string> old;
        {
            std::string seen;
            Cursor cursor(txn, Table::Standings);
            // From behind: of each provider the latest comes first.
            for (bool good = cursor.last(); good; good = cursor.previous()) {
                const auto key = store::key_standing(cursor.key());
                if (!key) {
                    continue;
                }
                const bool is_latest = key->slug != seen;
                seen = key->slug;
                const bool stays = is_latest && find_provider(txn, key->slug).has_value();
                if (key->day < store::day_of(before) && !stays) {
                    old.emplace_back(cursor.key());
                }
            }
        }
        for (const std::string& key : old) {
            txn.erase(Table::Standings, key);
        }
        forgotten = old.size();
    });
    return forgotten;
}

}  // namespace fairlist
