#include "listing/rules/accusation.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace fairlist::rules {

namespace {

bool is_at_or_below(std::string_view name, std::string_view domain) noexcept {
    if (!name.ends_with(domain)) {
        return false;
    }
    name.remove_suffix(domain.size());
    return name.empty() || name.ends_with('.');
}

// Where a hit came from, as its rules see it. Lifetime: hit and space outlive it.
class Origin {
  public:
    Origin(const AddressSpace& space, const Hit& hit) : hit_(hit) {
        if (hit.address) {
            range_ = space.find(Prefix::single(*hit.address));
        }
    }

    [[nodiscard]] bool is_shared() const noexcept {
        return range_ != nullptr && fairlist::is_shared(range_->use);
    }
    [[nodiscard]] bool is_signed_by_provider() const noexcept {
        return hit_.signer && range_ != nullptr &&
               std::ranges::any_of(range_->provider_domains, [&](const DomainName& domain) {
                   return is_at_or_below(hit_.signer->text(), domain.text());
               });
    }
    // A range that is narrower than what identity_of() gives is the only way in which a provider
    // can tell two customers within one IPv6 /64 apart.
    [[nodiscard]] Subject identity() const {
        const Subject usual = identity_of(*hit_.address);
        const auto& prefix = std::get<Prefix>(usual);
        return range_ != nullptr && range_->prefix.length > prefix.length ? range_->prefix : usual;
    }
    [[nodiscard]] std::string describe() const {
        const std::string address = to_string(*hit_.address);
        return range_ == nullptr ? fmt::format("{} is in no published range", address)
                                 : fmt::format("{} is {} ({})", address, to_string(range_->use),
                                               to_string(range_->prefix));
    }

  private:
    const Hit& hit_;
    const SpaceRange* range_ = nullptr;
};

Accusation nobody(std::string why) {
    return {{}, std::move(why)};
}

Accusation accuse_address(const AddressSpace& space, const Hit& hit) {
    if (!hit.address) {
        return nobody("no server that may be listed was found");
    }
    const Origin origin(space, hit);
    if (!origin.is_shared()) {
        return {{origin.identity()}, origin.describe()};
    }
    if (!hit.signer) {
        return {{origin.identity()}, origin.describe() + ", and no signature verified"};
    }
    if (origin.is_signed_by_provider()) {
        return {{origin.identity()},
                fmt::format("{}, and {} signs for its provider", origin.describe(),
                            hit.signer->text())};
    }
    return nobody(fmt::format("{}: {}, which signed, is the narrower identity", origin.describe(),
                              hit.signer->text()));
}

Accusation accuse_signer(const AddressSpace& space, const Hit& hit) {
    if (!hit.signer) {
        return nobody("no signature verified");
    }
    if (!hit.address) {
        return {{identity_of(*hit.signer)},
                fmt::format("{} signed, and no server that may be listed was found",
                            hit.signer->text())};
    }
    const Origin origin(space, hit);
    if (!origin.is_shared()) {
        return nobody(
            fmt::format("{}, not shared: the address is the narrower", origin.describe()));
    }
    if (origin.is_signed_by_provider()) {
        return nobody(fmt::format("{}, and {} signs for its provider", origin.describe(),
                                  hit.signer->text()));
    }
    return {{identity_of(*hit.signer)},
            fmt::format("{}, and {} signed", origin.describe(), hit.signer->text())};
}

Accusation accuse_links(ListKind list_kind, const Hit& hit) {
    Accusation made;
    for (const Subject& link : hit.links) {
        if (kind_of(link) == list_kind &&
            std::ranges::find(made.identities, link) == made.identities.end()) {
            made.identities.push_back(link);
        }
    }
    made.step = fmt::format("{} links of kind {}", made.identities.size(), to_string(list_kind));
    return made;
}

}  // namespace

Accusation accuse(const TrapRule& rule, ListKind list_kind, const AddressSpace& space,
                  const Hit& hit) {
    if (!rule.kinds.empty() && std::ranges::find(rule.kinds, hit.kind) == rule.kinds.end()) {
        return nobody(fmt::format("hits of kind {} do not count", to_string(hit.kind)));
    }
    switch (rule.target) {
        case RuleTarget::Address:
            return list_kind == ListKind::Address ? accuse_address(space, hit)
                                                  : nobody("the list takes no addresses");
        case RuleTarget::Signer:
            return list_kind == ListKind::Domain ? accuse_signer(space, hit)
                                                 : nobody("the list takes no domains");
        case RuleTarget::Links:
            return accuse_links(list_kind, hit);
    }
    return nobody("the rule has no target");
}

}  // namespace fairlist::rules
