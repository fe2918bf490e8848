// PolicySite: a scratch store with two providers, a policy list, an allow list, and a book of
// policies whose clock a test moves; and what DNS would answer from it.
#pragma once

#include "listing/index/match.h"
#include "listing/index/range_index.h"
#include "listing/manager/policy_book.h"
#include "listing/manager/provider_book.h"
#include "listing/store/records.h"
#include "listing/store/registry.h"
#include "tests/support/scratch_store.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::test {

inline constexpr Time kPolicyStart{1'700'000'000};
inline constexpr ReturnCode kByProvider{0x7F00000A};
inline constexpr ReturnCode kByUs{0x7F00000B};
inline constexpr ReturnCode kQuarantine{0x7F00000C};
inline constexpr ReturnCode kSmarthost{0x7F000002};

class PolicySite {
  public:
    // Providers cloud and other, without space.
    PolicySite() {
        for (const char* name : {"pbl", "dnswl"}) {
            ListSpec list;
            list.name = name;
            options.lists.push_back(list);
            store.add_list(name);
        }
        options.rules.list = "pbl";
        options.rules.allow_list = "dnswl";
        options.clock = [this] {
            return now;
        };
        ProviderBookOptions of_providers;
        of_providers.clock = options.clock;
        providers = std::make_unique<ProviderBook>(store.environment(), of_providers);
        for (const char* slug : {"cloud", "other"}) {
            Provider provider;
            provider.slug = slug;
            provider.name = slug;
            FAIRLIST_CHECK(providers->add(actor, provider).has_value());
        }
        make();
    }

    // With the options as they are now.
    void make() { book = std::make_unique<PolicyBook>(store.environment(), options); }

    void hold_prefixes(std::string_view slug, const std::vector<Prefix>& ranges) {
        FAIRLIST_CHECK(
            providers->set_space(actor, slug, SpaceOrigin::Given, ranges, false).has_value());
    }
    void hold(std::string_view slug, const std::vector<std::string_view>& ranges) {
        std::vector<Prefix> prefixes;
        for (const std::string_view text : ranges) {
            prefixes.push_back(*parse_prefix(text));
        }
        hold_prefixes(slug, prefixes);
    }
    Result<PolicyImport> import(const MailPolicy& policy, bool force = false,
                                PolicyVoice voice = PolicyVoice::Provider) {
        return book->import(actor, "cloud", voice, policy, false, force);
    }

    // The code that a zone of the list answers with; not set: NXDOMAIN.
    [[nodiscard]] ReturnCode answer(const Address& address, std::string_view list = "pbl") {
        return said(address, list).code;
    }
    [[nodiscard]] ReturnCode answer(std::string_view address, std::string_view list = "pbl") {
        return answer(*parse_address(address), list);
    }
    [[nodiscard]] Verdict said(const Address& address, std::string_view list = "pbl") {
        const store::ReadTxn txn(store.environment());
        index::ListSelection lists;
        lists.add(store::find_list(txn, list)->id, MatchRule::MostSpecific);
        index::Chooser chooser(lists, now, address.is_v4());
        index_.attach(txn);
        index_.covering(address, [&](const store::Mark& mark, unsigned length) {
            chooser.offer(mark, length);
        });
        const auto chosen = chooser.finish();
        if (chosen.empty()) {
            return {};
        }
        const std::uint32_t number = chosen.front().mark.verdict;
        const auto record = store::decode_verdict(
            txn.get(store::Table::Verdicts,
                    store::Bytes(reinterpret_cast<const char*>(&number), sizeof(number)))
                .value());
        Verdict verdict = store::to_verdict(*record);
        if (!verdict.code.is_set()) {
            verdict.code = kSmarthost;
        }
        return verdict;
    }

    ScratchStore store;
    Time now = kPolicyStart;
    Actor actor{"test"};
    PolicyBookOptions options;
    std::unique_ptr<ProviderBook> providers;
    std::unique_ptr<PolicyBook> book;

  private:
    index::RangeIndex index_;
};

[[nodiscard]] inline PolicyRange policy_range(std::string_view prefix, DirectMail direct_mail,
                                              SpaceUse use = SpaceUse::Shared) {
    PolicyRange range;
    range.prefix = *parse_prefix(prefix);
    range.use = use;
    range.direct_mail = direct_mail;
    return range;
}

[[nodiscard]] inline PolicyExemption policy_exemption(std::string_view prefix, Time until = {}) {
    PolicyExemption exemption;
    exemption.prefix = *parse_prefix(prefix);
    exemption.reason = "a customer's server";
    exemption.until = until;
    return exemption;
}

[[nodiscard]] inline MailPolicy mail_policy(std::vector<PolicyRange> ranges,
                                            std::vector<PolicyExemption> exemptions = {}) {
    MailPolicy policy;
    policy.provider_name = "Cloud";
    policy.published = kPolicyStart;
    policy.ranges = std::move(ranges);
    policy.exemptions = std::move(exemptions);
    return policy;
}

}  // namespace fairlist::test
