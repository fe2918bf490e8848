// Ground: what is known of address space when a hit is judged or a listing explained: whose it is,
// what it is for, and how far its provider's word has held.
#pragma once

#include "listing/base/time.h"
#include "listing/model/policy.h"
#include "listing/model/provider.h"
#include "listing/model/space.h"
#include "listing/model/standing.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fairlist {

// What a policy says of a prefix, for people.
struct PolicyQuote {
    std::string provider;  // slug
    PolicyVoice voice = PolicyVoice::Provider;
    Time published;
    bool fresh = true;
    PolicyRange range;
};

// One state of the store. Immutable, shared.
struct Ground {
    std::uint64_t version = 0;
    AddressSpace space;  // of the configuration, and over it that of the policies in force
    HolderMap holders;
    std::map<std::string, Provider> providers;
    std::map<std::string, Tier> tiers;  // by slug; none: neutral
    std::vector<PolicyQuote> quotes;    // sorted by prefix; of both voices the provider's first
    std::vector<std::uint32_t> above;   // 1 + the narrowest other quote that holds it; 0: none

    // The slug; empty: nobody's, or several'.
    [[nodiscard]] std::string holder_of(const Prefix& prefix) const;
    [[nodiscard]] Tier tier_of(const std::string& slug) const;
    // The narrowest range of a policy in force that holds the prefix; null: none.
    [[nodiscard]] const PolicyQuote* quote(const Prefix& prefix) const noexcept;
    // That sign for the provider itself.
    [[nodiscard]] std::vector<DomainName> domains_of(const std::string& slug) const;
    // Whether the range lies in one of another provider.
    [[nodiscard]] bool is_foreign(const HolderMap::Row& row) const noexcept;
    // Sets `above`, after `quotes` was filled and sorted.
    void link();
};

// Reads the ground again when the store's has moved. Thread: one.
class GroundKeeper {
  public:
    // `configured`: ranges that the configuration gives, which providers' policies override.
    GroundKeeper(const AddressSpace& configured, PolicyRules rules);

    [[nodiscard]] std::shared_ptr<const Ground> current(const store::Txn& txn, Time now);

  private:
    std::vector<SpaceRange> configured_;
    PolicyRules rules_;
    std::shared_ptr<const Ground> ground_;
    Time fresh_until_;  // the first policy in force gets old then
};

// Whoever changes a provider, a policy or a standing calls it in the same transaction.
void move_ground(store::WriteTxn& txn);

}  // namespace fairlist
