#include "listing/manager/policy_check.h"

#include "listing/store/policy_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace fairlist {

Error no_such_provider(std::string_view slug) {
    return {Errc::NotFound, fmt::format("provider \"{}\": there is none; \"fairlist provider add\" "
                                        "makes one",
                                        slug.substr(0, 64))};
}

namespace {

// What the store would cut: then no version would ever equal the one in force.
template <typename Item>
Result<void> check_texts(const Item& item, std::string_view text,
                         std::initializer_list<std::string_view> words) {
    const auto longest =
        std::ranges::max(words, {}, [](std::string_view word) { return word.size(); });
    if (text.size() > kPolicyTextBytesMax || longest.size() > kPolicyWordBytesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("{}: texts of {} and {} bytes, the limits are {} and {}",
                                to_string(item.prefix), text.size(), longest.size(),
                                kPolicyTextBytesMax, kPolicyWordBytesMax));
    }
    return {};
}

Result<void> check_header(const MailPolicy& policy) {
    if (policy.asns.size() > store::kPolicyAsnsMax) {
        return fail(Errc::OutOfRange, fmt::format("{} ASNs: the limit is {}", policy.asns.size(),
                                                  store::kPolicyAsnsMax));
    }
    for (const std::string* text : {&policy.provider_name, &policy.abuse, &policy.support}) {
        if (text->size() > kPolicyWordBytesMax) {
            return fail(Errc::OutOfRange,
                        fmt::format("\"{}...\": {} bytes, the limit is {}", text->substr(0, 40),
                                    text->size(), kPolicyWordBytesMax));
        }
    }
    return {};
}

Result<void> check_items(const MailPolicy& policy) {
    for (const PolicyRange& range : policy.ranges) {
        if (auto good =
                check_texts(range, range.policy, {range.smarthost, range.customer, range.contact});
            !good) {
            return good;
        }
    }
    for (const PolicyExemption& exemption : policy.exemptions) {
        if (auto good = check_texts(exemption, exemption.reason, {exemption.customer}); !good) {
            return good;
        }
    }
    return {};
}

}  // namespace

Result<void> check_policy(const MailPolicy& policy, const StoredPolicy* before, Time now) {
    if (policy.ranges.size() > kPolicyRangesMax ||
        policy.exemptions.size() > kPolicyExemptionsMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("{} ranges and {} exemptions: the limits are {} and {}",
                                policy.ranges.size(), policy.exemptions.size(), kPolicyRangesMax,
                                kPolicyExemptionsMax));
    }
    if (auto good = check_header(policy); !good) {
        return good;
    }
    if (auto good = check_items(policy); !good) {
        return good;
    }
    if (policy.published > now &&
        policy.published.seconds - now.seconds > kPolicyFutureSecondsMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("published {}: more than a day in the future, it is {} now",
                                to_string(policy.published), to_string(now)));
    }
    if (before != nullptr && policy.published.is_set() &&
        policy.published < before->header.policy.published) {
        return fail(Errc::Conflict, fmt::format("published {}: the one in force is newer, of {}",
                                                to_string(policy.published),
                                                to_string(before->header.policy.published)));
    }
    return {};
}

std::string policy_guard(const PolicyRules& rules, std::uint64_t before, std::uint64_t after) {
    if (before == 0) {
        return {};
    }
    if (after < before && (before - after) * 100 > before * rules.shrink_percent_max) {
        return fmt::format("{} ranges and exemptions, {} before: it loses more than {} %", after,
                           before, rules.shrink_percent_max);
    }
    if (after > before && (after - before) * 100 > before * rules.grow_percent_max) {
        return fmt::format("{} ranges and exemptions, {} before: it grows by more than {} %", after,
                           before, rules.grow_percent_max);
    }
    return {};
}

}  // namespace fairlist
