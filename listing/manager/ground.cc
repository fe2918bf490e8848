#include "listing/manager/ground.h"

#include "listing/manager/policy_store.h"
#include "listing/manager/provider_store.h"
#include "listing/store/bytes.h"
#include "listing/store/standing_records.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fairlist {

using store::Table;

namespace {

constexpr store::Bytes kGroundKey = "ground";

std::uint64_t ground_version(const store::Txn& txn) {
    const auto bytes = txn.get(Table::Meta, kGroundKey);
    return bytes ? store::ByteReader(*bytes).u64() : 0;
}

bool holds(const Prefix& outer, const Prefix& inner) noexcept {
    return outer.contains(inner) && outer.is_v4() == inner.is_v4();
}

// What the policy said counts no more where its provider is not the holder now.
bool is_holder(const Ground& ground, const std::string& slug, const Prefix& prefix) {
    const HolderMap::Row* row = ground.holders.narrowest(prefix);
    return row != nullptr && ground.holders.slug(row->holder) == slug;
}

void add_policy(Ground& ground, const PolicyInForce& policy, bool fresh) {
    for (const PolicyRange& range : policy.policy.ranges) {
        if (is_holder(ground, policy.provider, range.prefix)) {
            ground.quotes.push_back(
                {policy.provider, policy.voice, published(policy), fresh, range});
        }
    }
}

const Prefix& prefix_of(const PolicyQuote& quote) noexcept {
    return quote.range.prefix;
}

// A policy's range says nothing of the parts in it that others hold: where these say nothing
// themselves, they stand as ranges without a use.
void add_space(Ground& ground, std::vector<SpaceRange>& ranges) {
    for (const PolicyQuote& quote : ground.quotes) {
        const auto provider = ground.providers.find(quote.provider);
        ranges.push_back({quote.range.prefix, quote.range.use, quote.range.customer,
                          provider == ground.providers.end() ? std::vector<DomainName>{}
                                                             : provider->second.domains});
    }
    for (const PolicyQuote& quote : ground.quotes) {
        for (const HolderMap::Row& row : ground.holders.inside(quote.range.prefix)) {
            const bool is_foreign = ground.holders.slug(row.holder) != quote.provider;
            if (is_foreign && ground.quote(row.prefix) == nullptr) {
                ranges.push_back({row.prefix, SpaceUse::Unassigned, {}, {}});
            }
        }
    }
}

}  // namespace

std::string Ground::holder_of(const Prefix& prefix) const {
    const std::string* slug = holders.holder(prefix);
    return slug == nullptr ? std::string() : *slug;
}

Tier Ground::tier_of(const std::string& slug) const {
    const auto found = tiers.find(slug);
    return found == tiers.end() ? Tier::Neutral : found->second;
}

const PolicyQuote* Ground::quote(const Prefix& prefix) const noexcept {
    const HolderMap::Row* row = holders.narrowest(prefix);
    if (row == nullptr) {
        return nullptr;
    }
    const std::string& holder = holders.slug(row->holder);
    const auto behind = std::ranges::upper_bound(quotes, prefix, {}, prefix_of);
    auto at = static_cast<std::size_t>(behind - quotes.begin());
    while (at != 0 &&
           (!holds(quotes[at - 1].range.prefix, prefix) || quotes[at - 1].provider != holder)) {
        at = above[at - 1];
    }
    if (at == 0) {
        return nullptr;
    }
    // Of both voices the provider's stands first.
    while (at > 1 && quotes[at - 2].range.prefix == quotes[at - 1].range.prefix) {
        --at;
    }
    return &quotes[at - 1];
}

GroundKeeper::GroundKeeper(const AddressSpace& configured, PolicyRules rules)
    : configured_(configured.ranges()), rules_(std::move(rules)) {}

std::shared_ptr<const Ground> GroundKeeper::current(const store::Txn& txn, Time now) {
    const std::uint64_t version = ground_version(txn);
    if (ground_ != nullptr && ground_->version == version &&
        (!fresh_until_.is_set() || now < fresh_until_)) {
        return ground_;
    }
    auto ground = std::make_shared<Ground>();
    ground->version = version;
    fresh_until_ = {};
    ground->holders = holder_map(txn);
    for (Provider& provider : all_providers(txn)) {
        std::string slug = provider.slug;
        ground->providers.emplace(std::move(slug), std::move(provider));
    }
    ground->tiers = store::latest_tiers(txn);
    for (const PolicyInForce& policy : policies_in_force(txn)) {
        const bool fresh = is_fresh(policy, rules_, now);
        add_policy(*ground, policy, fresh);
        const Time end{published(policy).seconds + rules_.fresh_seconds};
        if (fresh && (!fresh_until_.is_set() || end < fresh_until_)) {
            fresh_until_ = end;
        }
    }
    std::ranges::sort(ground->quotes, {}, [](const PolicyQuote& quote) {
        return std::pair(quote.range.prefix, quote.voice);
    });
    ground->link();
    std::vector<SpaceRange> ranges = configured_;
    add_space(*ground, ranges);
    ground->space = AddressSpace(std::move(ranges));
    ground_ = std::move(ground);
    return ground_;
}

void Ground::link() {
    above.assign(quotes.size(), 0);
    for (std::size_t i = 1; i < quotes.size(); ++i) {
        auto at = static_cast<std::uint32_t>(i);
        while (at != 0 && !quotes[at - 1].range.prefix.contains(quotes[i].range.prefix)) {
            at = above[at - 1];
        }
        above[i] = at;
    }
}

void move_ground(store::WriteTxn& txn) {
    store::ByteWriter out;
    out.u64(ground_version(txn) + 1);
    txn.put(Table::Meta, kGroundKey, out.bytes());
}

}  // namespace fairlist
