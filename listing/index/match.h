// Match: which of the entries that cover a subject answer, list by list.
#pragma once

#include "listing/base/time.h"
#include "listing/model/list.h"
#include "listing/store/records.h"

#include <boost/container/static_vector.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace fairlist::index {

inline constexpr std::size_t kListsMax = 1024;  // in a store
inline constexpr std::size_t kChosenMax = 64;   // entries that answer one question

// How many entries a question about a partial name may step over: those that have ended, or are
// exempt, make nothing exist and are many when nobody sweeps. Who has not found anything listed by
// then takes it that there is: NODATA hides nothing, which NXDOMAIN would (RFC 8020).
inline constexpr unsigned kBelowStepsMax = 4096;

// The lists that one question is about.
struct ListSelection {
    static constexpr std::uint8_t kNone = 0xFF;

    std::array<std::uint8_t, kListsMax> slot_of;  // by list number
    std::array<MatchRule, kListsPerZoneMax> rule{};
    std::array<ListId, kListsPerZoneMax> list{};
    std::uint8_t count = 0;
    std::uint64_t list_bits = 0;  // as RangeBlock::list_bits()

    ListSelection() noexcept { slot_of.fill(kNone); }
    // Requires: fewer than kListsPerZoneMax so far, id below kListsMax.
    void add(ListId id, MatchRule match) noexcept;
    [[nodiscard]] std::uint8_t slot(ListId id) const noexcept {
        const auto number = static_cast<std::size_t>(id);
        return number < kListsMax ? slot_of[number] : kNone;
    }
};

struct Chosen {
    store::Mark mark;
    std::uint8_t length = 0;  // of the prefix, or the number of labels of the name
    std::uint8_t slot = 0;
};

// Applies MatchRule to entries offered from the narrowest to the widest. Among entries of one
// subject the exemptions come first.
class Chooser {
  public:
    // `is_v4`: octet steps exist in IPv4 only; else OctetStep is MostSpecific.
    Chooser(const ListSelection& lists, Time now, bool is_v4 = false) noexcept;

    void offer(const store::Mark& mark, unsigned length) noexcept;

    // Whether entries wider than those offered so far can still answer for this list.
    [[nodiscard]] bool wants_wider(std::uint8_t slot) const noexcept {
        const State& state = states_[slot];
        return !state.closed && (!state.matched || rule(slot) != MatchRule::MostSpecific);
    }

    // The entries that answer, narrowest first. Past kChosenMax the widest are left out, and
    // overflowed() says so.
    [[nodiscard]] std::span<const Chosen> finish() noexcept;
    [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

  private:
    struct State {
        std::uint8_t length = 0;  // of the first match; valid when `matched`
        bool matched = false;
        bool closed = false;    // nothing wider answers
        bool silenced = false;  // by an exemption of the same octet step
    };

    [[nodiscard]] MatchRule rule(std::uint8_t slot) const noexcept {
        const MatchRule rule = lists_.rule[slot];
        return rule == MatchRule::OctetStep && !is_v4_ ? MatchRule::MostSpecific : rule;
    }
    void take(const store::Mark& mark, std::uint8_t length, std::uint8_t slot) noexcept;

    const ListSelection& lists_;
    Time now_;
    bool is_v4_;
    boost::container::static_vector<State, kListsPerZoneMax> states_;
    boost::container::static_vector<Chosen, kChosenMax> chosen_;
    bool overflowed_ = false;
};

// The octet step of an IPv4 prefix length in the 128-bit space: 96 + 1..8, 9..16, 17..24 and 25..32
// each are one step.
[[nodiscard]] unsigned octet_step(unsigned length) noexcept;

}  // namespace fairlist::index
