#include "tools/fairlist/policy_survey.h"

#include "listing/manager/policy_lists.h"
#include "listing/manager/policy_ownership.h"
#include "listing/model/protected_space.h"
#include "listing/model/provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace fairlist::cli {

namespace {

// What messages call a provider that is not in any store.
constexpr std::string_view kProvider = "the provider";
constexpr std::size_t kUses = 10;
constexpr Prefix kAllV4 = Prefix::of(Address::from_v4(0), Prefix::kV4Offset);

SpaceFigure size_of(const Prefix& prefix) noexcept {
    if (prefix.is_v4()) {
        return {1ULL << (128U - prefix.length), 0};
    }
    if (prefix.length > 64) {
        return {};
    }
    return {0, prefix.length == 0 ? UINT64_MAX : 1ULL << (64U - prefix.length)};
}

void add(SpaceFigure& sum, const SpaceFigure& more) noexcept {
    sum.v4 += more.v4;
    sum.v6_64s += std::min(more.v6_64s, UINT64_MAX - sum.v6_64s);
}

void subtract(SpaceFigure& sum, const SpaceFigure& less) noexcept {
    sum.v4 -= less.v4;
    sum.v6_64s -= std::min(less.v6_64s, sum.v6_64s);
}

// Of each range what no narrower one speaks of. Requires: sorted, none twice.
std::vector<SpaceFigure> own_space(const std::vector<PolicyRange>& ranges) {
    std::vector<SpaceFigure> own(ranges.size());
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const Prefix& prefix = ranges[i].prefix;
        while (!open.empty() && !ranges[open.back()].prefix.contains(prefix)) {
            open.pop_back();
        }
        own[i] = size_of(prefix);
        // An IPv6 range says nothing of IPv4.
        if (!open.empty() && ranges[open.back()].prefix.is_v4() == prefix.is_v4()) {
            subtract(own[open.back()], own[i]);
        }
        open.push_back(i);
    }
    return own;
}

HolderMap holders_of(const std::vector<Prefix>* space) {
    std::vector<HolderMap::Row> rows;
    if (space == nullptr) {
        rows = {{Prefix{{}, 0}, 0}, {kAllV4, 0}};
    } else {
        for (const Prefix& prefix : *space) {
            rows.push_back({prefix, 0});
        }
    }
    return {{std::string(kProvider)}, std::move(rows)};
}

// One list of each kind, to count into.
PolicyBookOptions counting_options() {
    PolicyBookOptions options;
    for (const std::string_view name : {"listed", "allowed"}) {
        ListSpec list;
        list.name = std::string(name);
        list.kind = ListKind::Address;
        options.lists.push_back(std::move(list));
    }
    options.rules.list = "listed";
    options.rules.allow_list = "allowed";
    return options;
}

bool is_for_direct_mail(const PolicyRange& range) noexcept {
    return range.direct_mail != DirectMail::Never && range.direct_mail != DirectMail::OnRequest;
}

}  // namespace

PolicySurvey survey(const MailPolicy& policy, Time now) {
    PolicySurvey out;
    std::array<UseFigure, kUses + 1> by_use{};
    const std::vector<SpaceFigure> own = own_space(policy.ranges);
    for (std::size_t i = 0; i < policy.ranges.size(); ++i) {
        const PolicyRange& range = policy.ranges[i];
        UseFigure& figure = by_use.at(static_cast<std::size_t>(range.use));
        figure.use = range.use;
        ++figure.ranges;
        add(figure.space, own[i]);
        add(out.covered, own[i]);
        if (range.use == SpaceUse::Quarantine) {
            add(out.quarantined, own[i]);
        } else if (!is_for_direct_mail(range)) {
            add(out.listed, own[i]);
        }
    }
    std::ranges::copy_if(by_use, std::back_inserter(out.uses),
                         [](const UseFigure& figure) { return figure.ranges != 0; });
    const HolderMap holders = holders_of(nullptr);
    const std::vector<PolicyExemption> none;
    const PolicyLists lists =
        count_policy_lists(now, counting_options(), holders,
                           {kProvider, PolicyVoice::Provider, policy, none, true, {}});
    out.listed_prefixes = lists.listed;
    out.exemptions = lists.exemptions;
    out.smarthosts = lists.smarthosts;
    return out;
}

void check_ownership(importer::PolicyReading& reading, const std::vector<Prefix>* space) {
    const HolderMap holders = holders_of(space);
    const ProtectedSpace protected_space;
    const ProtectedSpace unprotected({}, {Prefix{{}, 0}, kAllV4});
    const auto add = [&](const Prefix& prefix, importer::Place place, bool is_exemption,
                         std::string_view why, bool is_warning) {
        ++(is_warning ? reading.warnings_total : reading.faults_total);
        reading.faults.push_back({place.line, place.column, is_exemption ? "exemption" : "range",
                                  fmt::format("{}: {}", to_string(prefix), why), is_warning});
    };
    const auto look = [&](const Prefix& prefix, importer::Place place, bool is_exemption) {
        const std::string why =
            ownership_refusal(prefix, holders, kProvider, unprotected, is_exemption);
        if (!why.empty()) {
            add(prefix, place, is_exemption, why, false);
        } else if (const auto special = protected_space.refusal(prefix); !special.empty()) {
            add(prefix, place, is_exemption, fmt::format("never listed: {}", special), true);
        }
    };
    for (std::size_t i = 0; i < reading.policy.ranges.size(); ++i) {
        look(reading.policy.ranges[i].prefix, reading.range_places[i], false);
    }
    for (std::size_t i = 0; i < reading.policy.exemptions.size(); ++i) {
        look(reading.policy.exemptions[i].prefix, reading.exemption_places[i], true);
    }
    std::ranges::sort(reading.faults, {}, [](const importer::PolicyFault& fault) {
        return importer::Place{fault.line, fault.column};
    });
    if (reading.faults.size() > importer::kPolicyFaultsMax) {
        reading.faults.resize(importer::kPolicyFaultsMax);
    }
}

}  // namespace fairlist::cli
