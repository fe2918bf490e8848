#include "listing/manager/removal_checks.h"

#include "listing/rules/removal_decision.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace fairlist {

namespace {

std::string remedy_of(const PolicyRange& range) {
    std::string remedy = "ask who holds the address to allow direct mail or grant an exemption";
    if (!range.contact.empty()) {
        remedy += ": " + range.contact;
    }
    if (!range.smarthost.empty()) {
        remedy += fmt::format("; or send through its smarthost {}", range.smarthost);
    }
    return remedy;
}

}  // namespace

std::string policy_text(const PolicyQuote* quote) {
    if (quote == nullptr) {
        return "no policy is published";
    }
    const PolicyRange& range = quote->range;
    std::string text = fmt::format("{} says of {}: use {}", quote->provider,
                                   to_string(range.prefix), to_string(range.use));
    if (range.direct_mail != DirectMail::Unsaid) {
        text += fmt::format(", direct mail {}", to_string(range.direct_mail));
    }
    if (!range.policy.empty()) {
        text += fmt::format(", \"{}\"", range.policy);
    }
    return text;
}

bool permits_direct_mail(const PolicyQuote* quote) noexcept {
    if (quote == nullptr) {
        return true;
    }
    const PolicyRange& range = quote->range;
    if (range.direct_mail == DirectMail::Unsaid) {
        return range.use != SpaceUse::Quarantine && range.use != SpaceUse::Unassigned;
    }
    return range.direct_mail != DirectMail::Never;
}

Check policy_check(const PolicyQuote* quote) {
    Check check{CheckKind::Policy, CheckResult::Passed, policy_text(quote), ""};
    if (!permits_direct_mail(quote)) {
        check.result = CheckResult::Failed;
        check.remedy = remedy_of(quote->range);
    }
    return check;
}

Check quiet_check(const RemovalRule& rule, Time last_hit, Time now) {
    Check check{CheckKind::QuietTime, CheckResult::Passed, "no hit is known", ""};
    if (last_hit.is_set()) {
        check.seen =
            fmt::format("last hit in the hour from {}, {} without one are needed",
                        to_string(rules::hour_of(last_hit)), format_duration(rule.quiet_seconds));
    }
    if (const Time quiet = rules::quiet_from(rule, last_hit); quiet > now) {
        check.result = CheckResult::Failed;
        check.remedy =
            fmt::format("stop what sends; the quiet time is over at {}", to_string(quiet));
    }
    return check;
}

Check earlier_check(const RemovalRule& rule, const EarlierGrants& earlier) {
    Check check{CheckKind::EarlierRemovals, CheckResult::Passed,
                fmt::format("{} within {}", earlier.count, format_duration(rule.reset_seconds)),
                ""};
    if (earlier.count != 0) {
        check.seen += ", the last at " + to_string(earlier.last);
        check.result = CheckResult::Failed;
        check.remedy =
            "find what sends before you ask: each removal that does not last makes the "
            "next one wait longer";
    }
    return check;
}

Check other_lists_check(const std::vector<std::string>& lists) {
    if (lists.empty()) {
        return {CheckKind::OtherLists, CheckResult::Passed, "on no other list here", ""};
    }
    return {CheckKind::OtherLists, CheckResult::Failed,
            fmt::format("also on {}", fmt::join(lists, ", ")), "ask for removal there as well"};
}

void merge_checks(std::vector<Check>& checks, const std::vector<Check>& found) {
    for (const Check& check : found) {
        const auto known = std::ranges::find(checks, check.kind, &Check::kind);
        if (known == checks.end()) {
            checks.push_back(check);
        } else {
            *known = check;
        }
    }
    std::ranges::sort(checks, {}, &Check::kind);
}

}  // namespace fairlist
