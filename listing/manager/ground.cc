#include "listing/manager/ground.h"

#include "listing/manager/policy_store.h"
#include "listing/manager/provider_store.h"
#include "listing/store/bytes.h"
#include "listing/store/standing_records.h"

#include <algorithm>
#include <cstddef>
#include <ranges>
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

// What the policies say, over it the provider's word where both voices name one prefix: of two
// ranges with the same prefix the later one counts.
void add_quotes(const Ground& ground, std::vector<SpaceRange>& ranges) {
    for (const PolicyQuote& quote : std::views::reverse(ground.quotes)) {
        const HolderMap::Row* row = ground.holders.narrowest(quote.range.prefix);
        ranges.push_back({quote.range.prefix, quote.range.use, quote.range.customer,
                          ground.domains_of(quote.provider),
                          row->prefix == quote.range.prefix && ground.is_foreign(*row)});
    }
}

// Where a range lies in another's, what is said of the wider one does not hold in it: it stands in
// the space by itself, as the configuration has it.
void add_foreign(const Ground& ground, const AddressSpace& configured,
                 std::vector<SpaceRange>& ranges) {
    for (const HolderMap::Row& row : ground.holders.rows()) {
        const PolicyQuote* said = ground.quote(row.prefix);
        if (!ground.is_foreign(row) || (said != nullptr && said->range.prefix == row.prefix)) {
            continue;
        }
        const SpaceRange* known = configured.find(row.prefix);
        ranges.push_back({row.prefix, known == nullptr ? SpaceUse::Unassigned : known->use,
                          known == nullptr ? std::string() : known->customer,
                          ground.domains_of(ground.holders.slug(row.holder)), true});
    }
}

AddressSpace space_of(const Ground& ground, const std::vector<SpaceRange>& configured) {
    std::vector<SpaceRange> ranges = configured;
    for (SpaceRange& range : ranges) {
        if (const HolderMap::Row* row = ground.holders.narrowest(range.prefix)) {
            const auto more = ground.domains_of(ground.holders.slug(row->holder));
            range.provider_domains.insert(range.provider_domains.end(), more.begin(), more.end());
        }
    }
    const AddressSpace base(ranges);
    add_foreign(ground, base, ranges);
    add_quotes(ground, ranges);
    return AddressSpace(std::move(ranges));
}

}  // namespace

std::string Ground::holder_of(const Prefix& prefix) const {
    const std::string* slug = holders.holder(prefix);
    return slug == nullptr ? std::string() : *slug;
}

std::vector<DomainName> Ground::domains_of(const std::string& slug) const {
    const auto found = providers.find(slug);
    return found == providers.end() ? std::vector<DomainName>{} : found->second.domains;
}

bool Ground::is_foreign(const HolderMap::Row& row) const noexcept {
    const HolderMap::Row* wider = holders.wider(row);
    return wider != nullptr && wider->holder != row.holder;
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
    ground->space = space_of(*ground, configured_);
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
