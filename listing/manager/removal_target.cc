#include "listing/manager/removal_target.h"

#include "listing/manager/entry_query.h"
#include "listing/manager/ledger_query.h"
#include "listing/store/ledger_records.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace fairlist {

namespace {

constexpr std::string_view kManualSource = "manual";
constexpr std::string_view kPolicySources = "policy";  // "policy:SLUG", "policy-ours:SLUG"
constexpr unsigned kOnePartyV6 = 64;

// A rule of quiet time is for listings: what people or feeds have put in has no hits to wait for.
void fit_to_source(RemovalRule& rule, std::string_view source) {
    if (rule.mode != RemovalMode::Quiet || source == kListingSource) {
        return;
    }
    if (source.starts_with(kPolicySources)) {
        rule.mode = RemovalMode::Exemption;
    } else if (source == kManualSource) {
        rule.mode = RemovalMode::Person;
    } else {
        rule.mode = RemovalMode::Never;
    }
}

std::optional<Listing> latest_listing(const store::Txn& txn, ListId list, const Subject& subject) {
    const auto bytes = txn.get(store::Table::ListingSubjects, store::subject_key(list, subject));
    const auto known = bytes ? store::decode_subject_record(*bytes) : std::nullopt;
    return known && known->listing != 0 ? read_listing(txn, known->listing) : std::nullopt;
}

RemovalTarget target_of(const store::Txn& txn, const RemovalDeskOptions& options,
                        const EntryView& view, const Subject& asked) {
    RemovalTarget target;
    target.list = view.entry.verdict.list;
    target.list_name = view.list;
    target.rule = removal_rule(options, view.list);
    target.source = view.source;
    target.listed = view.entry.subject;
    fit_to_source(target.rule, view.source);
    const bool exempts = target.rule.mode == RemovalMode::Exemption;
    target.subject = exempts ? asked : view.entry.subject;
    if (view.source == kListingSource) {
        const auto listing = latest_listing(txn, target.list, view.entry.subject);
        target.listing = listing ? listing->id : 0;
        target.last_hit = listing ? listing->last_hit : Time{};
    }
    return target;
}

}  // namespace

RemovalRule removal_rule(const RemovalDeskOptions& options, std::string_view list) {
    if (const auto found = options.rules.find(std::string(list)); found != options.rules.end()) {
        return found->second;
    }
    RemovalRule rule;
    const auto spec = std::ranges::find(options.ledger.lists, list, &ListSpec::name);
    if (spec != options.ledger.lists.end() && spec->kind == ListKind::Hash) {
        rule.mode = RemovalMode::Person;  // nobody can prove that a digest is theirs
    }
    return rule;
}

Result<std::vector<RemovalTarget>> find_removal_targets(const store::Txn& txn,
                                                        const RemovalDeskOptions& options,
                                                        std::string_view list,
                                                        const Subject& subject, Time now) {
    const auto& lists = options.ledger.lists;
    if (!list.empty() && std::ranges::find(lists, list, &ListSpec::name) == lists.end()) {
        return fail(Errc::NotFound, fmt::format("list \"{}\": not in the configuration", list));
    }
    std::vector<RemovalTarget> targets;
    for (const EntryView& view : lookup_entries(txn, lists, subject, now)) {
        const bool is_meant = list.empty() || view.list == list;
        if (!is_meant || !view.answers || view.entry.verdict.exempt) {
            continue;
        }
        RemovalTarget target = target_of(txn, options, view, subject);
        const auto known = std::ranges::find(targets, target.list, &RemovalTarget::list);
        if (known == targets.end()) {
            targets.push_back(std::move(target));
        } else if (known->listing == 0 && target.listing != 0) {
            *known = std::move(target);  // of several sources the listing's has a life to end
        }
    }
    if (targets.empty()) {
        return fail(
            Errc::NotFound,
            fmt::format("{}: not listed{}, so there is nothing to remove", to_string(subject),
                        list.empty() ? std::string() : fmt::format(" in \"{}\"", list)));
    }
    return targets;
}

bool is_still_listed(const store::Txn& txn, const RemovalDeskOptions& options,
                     const Removal& removal, Time now) {
    if (removal.listing != 0) {
        const auto listing = read_listing(txn, removal.listing);
        return listing && !has_ended(listing->state) &&
               (!listing->until.is_set() || listing->until > now);
    }
    return find_removal_targets(txn, options, removal.list, removal.subject, now).has_value();
}

bool is_one_party(const Subject& subject) noexcept {
    const auto* prefix = std::get_if<Prefix>(&subject);
    if (prefix == nullptr) {
        return false;
    }
    return prefix->length == 128 || (!prefix->is_v4() && prefix->length >= kOnePartyV6);
}

}  // namespace fairlist
