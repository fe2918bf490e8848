#include "importer/mail/fault_walk.h"

#include "listing/base/check.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::importer {

namespace {

struct RuleName {
    FaultRule rule;
    std::string_view name;
};

constexpr std::array kNames = std::to_array<RuleName>({
    {FaultRule::Loopback, "loopback"},
    {FaultRule::Private, "private"},
    {FaultRule::TrustedRelay, "trusted-relay"},
    {FaultRule::Fetched, "fetched"},
    {FaultRule::Handover, "handover"},
    {FaultRule::Outside, "outside"},
    {FaultRule::Protected, "protected"},
    {FaultRule::KnownGood, "known-good"},
    {FaultRule::NoAddress, "no-address"},
    {FaultRule::Unreadable, "unreadable"},
    {FaultRule::UnknownWriter, "unknown-writer"},
    {FaultRule::EndOfTrace, "end-of-trace"},
    {FaultRule::TooManyLines, "too-many-lines"},
});

std::vector<Prefix> prefixes(std::initializer_list<std::string_view> texts) {
    std::vector<Prefix> out;
    for (const std::string_view text : texts) {
        const auto prefix = parse_prefix(text);
        FAIRLIST_CHECK(prefix.has_value());
        out.push_back(*prefix);
    }
    return out;
}

const std::vector<Prefix>& loopback_space() {
    static const std::vector<Prefix> space = prefixes({"127.0.0.0/8", "::1"});
    return space;
}

// What the peers inside a site have. Documentation space and the like is no site's: it is refused.
const std::vector<Prefix>& private_space() {
    static const std::vector<Prefix> space =
        prefixes({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
                  "169.254.0.0/16", "fc00::/7", "fe80::/10"});
    return space;
}

bool holds(const std::vector<Prefix>& space, const Address& address) {
    return std::ranges::any_of(space, [&](const Prefix& prefix) {
        return prefix.is_v4() == address.is_v4() && prefix.contains(address);
    });
}

bool overlaps(const std::vector<Prefix>& space, const Prefix& prefix) {
    return std::ranges::any_of(space, [&](const Prefix& other) {
        return other.is_v4() == prefix.is_v4() &&
               (other.contains(prefix) || prefix.contains(other));
    });
}

bool same_host(std::string_view a, std::string_view b) {
    const auto plain = [](std::string_view name) {
        return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
    };
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(plain(a), plain(b), {}, lower, lower);
}

class Walk {
  public:
    explicit Walk(const FaultRules& rules) : rules_(rules) {}

    // Each returns whether the walk goes on.
    bool pass_envelope(const Address& peer) {
        FaultStep step;
        step.seen.peer = peer;
        return pass_peer(std::move(step), peer);
    }

    bool pass_line(std::size_t line, const std::string& value, bool must_be_ours) {
        FaultStep step;
        step.line = line;
        auto received = parse_received(value);
        if (!received) {
            return decide(std::move(step), FaultRule::Unreadable);
        }
        step.seen = std::move(*received);
        if (must_be_ours && !is_ours(step.seen.by)) {
            return decide(std::move(step), FaultRule::UnknownWriter);
        }
        if (step.seen.transfer != Transfer::Network) {
            return pass_over(std::move(step), step.seen.transfer == Transfer::Fetched
                                                  ? FaultRule::Fetched
                                                  : FaultRule::Handover);
        }
        if (!step.seen.peer) {
            return decide(std::move(step), FaultRule::NoAddress);
        }
        const Address peer = *step.seen.peer;
        return pass_peer(std::move(step), peer);
    }

    bool decide(FaultStep step, FaultRule rule) {
        pass_over(std::move(step), rule);
        return false;
    }

    FaultFinding take() && { return std::move(finding_); }

  private:
    [[nodiscard]] bool is_ours(std::string_view host) const {
        return std::ranges::any_of(rules_.own_hosts,
                                   [&](const std::string& own) { return same_host(own, host); });
    }

    bool pass_over(FaultStep step, FaultRule rule) {
        step.rule = rule;
        finding_.steps.push_back(std::move(step));
        return true;
    }

    bool pass_peer(FaultStep step, const Address& peer) {
        if (holds(loopback_space(), peer)) {
            return pass_over(std::move(step), FaultRule::Loopback);
        }
        if (holds(rules_.trusted_relays, peer)) {
            return pass_over(std::move(step), FaultRule::TrustedRelay);
        }
        if (holds(private_space(), peer)) {
            return pass_over(std::move(step), FaultRule::Private);
        }
        finding_.peer = peer;
        return judge(std::move(step), listed_prefix(peer));
    }

    bool judge(FaultStep step, const Prefix& prefix) {
        if (const std::string_view why = rules_.protected_space.refusal(prefix); !why.empty()) {
            step.why = why;
            return decide(std::move(step), FaultRule::Protected);
        }
        if (overlaps(rules_.known_good, prefix)) {
            step.why = "trap.known_good";
            return decide(std::move(step), FaultRule::KnownGood);
        }
        // A relay of ours in the same /64 would be listed with it.
        if (overlaps(rules_.trusted_relays, prefix)) {
            step.why = "beside one of trap.trusted_relays";
            return decide(std::move(step), FaultRule::KnownGood);
        }
        finding_.may_be_listed = true;
        return decide(std::move(step), FaultRule::Outside);
    }

    const FaultRules& rules_;
    FaultFinding finding_;
};

}  // namespace

std::string_view to_string(FaultRule rule) noexcept {
    return std::ranges::find(kNames, rule, &RuleName::rule)->name;
}

Prefix listed_prefix(const Address& address) noexcept {
    return address.is_v4() ? Prefix::single(address) : Prefix::of(address, 64);
}

FaultFinding walk_to_fault(std::span<const std::string> received,
                           const std::optional<Address>& envelope_peer, const FaultRules& rules) {
    Walk walk(rules);
    bool goes_on = !envelope_peer || walk.pass_envelope(*envelope_peer);
    std::size_t line = 0;
    while (goes_on && line < received.size() && line < kTraceLinesMax) {
        // Behind a peer that the envelope names, the newest line may be that peer's.
        const bool must_be_ours = line == 0 && !envelope_peer && !rules.own_hosts.empty();
        goes_on = walk.pass_line(line + 1, received[line], must_be_ours);
        ++line;
    }
    if (goes_on) {
        walk.decide({}, line < received.size() ? FaultRule::TooManyLines : FaultRule::EndOfTrace);
    }
    FaultFinding finding = std::move(walk).take();
    finding.unused_lines = received.size() - line;
    return finding;
}

}  // namespace fairlist::importer
