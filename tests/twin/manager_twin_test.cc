// Imports and single changes through the Manager against a map of entries.
#include "listing/manager/manager.h"
#include "tests/support/scratch_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fairlist {
namespace {

struct TwinKey {
    std::size_t list = 0;
    std::string source;
    Subject subject;
    bool exempt = false;
    ReturnCode code;

    friend auto operator<=>(const TwinKey&, const TwinKey&) noexcept = default;
};

struct TwinValue {
    std::uint32_t ttl_seconds = 0;
    std::string reason;
    Time since;
    Time until;
};

using TwinEntries = std::map<TwinKey, TwinValue>;

ListSpec list_of(const char* name, ListKind kind, MatchRule match) {
    ListSpec spec;
    spec.name = name;
    spec.kind = kind;
    spec.match = match;
    return spec;
}

const std::array kSpecs = {
    list_of("narrow", ListKind::Address, MatchRule::MostSpecific),
    list_of("every", ListKind::Address, MatchRule::All),
    list_of("octets", ListKind::Address, MatchRule::OctetStep),
    list_of("names", ListKind::Domain, MatchRule::MostSpecific),
    list_of("allnames", ListKind::Domain, MatchRule::All),
    list_of("digests", ListKind::Hash, MatchRule::MostSpecific),
};
constexpr std::array kSources = {"feed", "other", "manual"};

std::string text_of(const std::string& list, const std::string& source, const Entry& entry) {
    const Verdict& verdict = entry.verdict;
    return fmt::format("{} {} {} {} {} {} {} {} \"{}\"", list, source, to_string(entry.subject),
                       verdict.exempt, verdict.code.value, verdict.ttl_seconds, entry.since.seconds,
                       entry.until.seconds, verdict.reason);
}

std::string text_of(const TwinEntries::value_type& twin) {
    const auto& [key, value] = twin;
    Entry entry;
    entry.subject = key.subject;
    entry.verdict.exempt = key.exempt;
    entry.verdict.code = key.code;
    entry.verdict.ttl_seconds = value.ttl_seconds;
    entry.verdict.reason = value.reason;
    entry.since = value.since;
    entry.until = value.until;
    return text_of(kSpecs[key.list].name, key.source, entry);
}

// How narrow the subject is, where it covers what is asked; nothing where it does not.
std::optional<unsigned> covers(const Subject& subject, const Subject& asked) {
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        const auto& address = std::get<Prefix>(asked);
        const bool inside = prefix->is_v4() == address.is_v4() && prefix->contains(address.base);
        return inside ? std::optional<unsigned>(prefix->length) : std::nullopt;
    }
    if (const auto* name = std::get_if<NameSubject>(&subject)) {
        const std::string& text = name->name.text();
        const std::string& wanted = std::get<NameSubject>(asked).name.text();
        const auto scope = static_cast<unsigned>(name->scope);
        const bool applies = (wanted == text && (scope & 1U) != 0) ||
                             (wanted.ends_with("." + text) && (scope & 2U) != 0);
        const auto labels = 1 + std::ranges::count(text, '.');
        return applies ? std::optional(static_cast<unsigned>(labels)) : std::nullopt;
    }
    return subject == asked ? std::optional(0U) : std::nullopt;
}

class ManagerTwin : public testing::TestWithParam<unsigned> {
  protected:
    ManagerTwin() {
        Manager::Options options;
        options.lists.assign(kSpecs.begin(), kSpecs.end());
        options.clock = [this] {
            return now_;
        };
        manager_ = std::make_unique<Manager>(store_.environment(), options);
    }

    std::size_t dice(std::size_t below) { return random_() % below; }

    Subject address(bool single) {
        if (dice(3) == 0) {
            const Address base{0x2A01'0000'0000'0000U | dice(3) << 20U | dice(4), dice(4)};
            static constexpr std::array<unsigned, 4> kLengths = {32, 48, 64, 128};
            return Prefix::of(base, single ? 128 : kLengths[dice(kLengths.size())]);
        }
        const auto low = static_cast<std::uint32_t>(dice(2) << 16U | dice(3) << 8U | dice(40));
        static constexpr std::array<unsigned, 6> kLengths = {10, 16, 23, 24, 29, 32};
        const unsigned length = dice(2) == 0 ? 32U : kLengths[dice(kLengths.size())];
        return Prefix::of(Address::from_v4(0x0B000000U | low), 96 + (single ? 32U : length));
    }

    Subject subject(ListKind kind, bool single) {
        if (kind == ListKind::Address) {
            return address(single);
        }
        if (kind == ListKind::Domain) {
            static constexpr std::array kLabels = {"a", "b", "c", "d-e", "example"};
            std::string text = kLabels[dice(kLabels.size())];
            for (std::size_t i = dice(3); i > 0; --i) {
                text += std::string(".") + kLabels[dice(kLabels.size())];
            }
            const auto scope = single ? NameScope::Exact : static_cast<NameScope>(1 + dice(3));
            return NameSubject{*parse_domain(text), scope};
        }
        Digest digest;
        digest.kind = static_cast<DigestClass>(1 + dice(4));
        digest.size = dice(2) == 0 ? kSha1Bytes : kSha256Bytes;
        digest.bytes[0] = static_cast<std::uint8_t>(dice(20));
        return digest;
    }

    NewEntry draw(std::size_t list) {
        NewEntry entry;
        entry.subject = subject(kSpecs[list].kind, false);
        entry.exempt = dice(5) == 0;
        if (!entry.exempt && dice(2) == 0) {
            entry.code = ReturnCode{0x7F000002U + static_cast<std::uint32_t>(dice(3))};
        }
        entry.ttl_seconds = static_cast<std::uint32_t>(dice(2)) * 60;
        entry.reason = dice(2) == 0 ? "" : fmt::format("reason {}", dice(5));
        if (dice(3) == 0) {
            entry.until = Time{now_.seconds + 1 + static_cast<std::uint32_t>(dice(50))};
        }
        return entry;
    }

    void put(std::size_t list, const std::string& source, const NewEntry& entry) {
        const TwinKey key{list, source, entry.subject, entry.exempt, entry.code};
        const auto [at, is_new] = twin_.try_emplace(key);
        const Time since = is_new ? now_ : at->second.since;
        at->second = {entry.ttl_seconds, entry.reason, since, entry.until};
    }

    // The source's entries become a new set, in which most of the old ones are again.
    void import() {
        const std::size_t list = dice(kSpecs.size());
        const std::string source = kSources[dice(kSources.size())];
        std::map<TwinKey, NewEntry> wanted;
        const std::size_t kept = dice(10);
        for (const auto& [key, value] : twin_) {
            if (key.list == list && key.source == source && dice(10) < kept) {
                wanted[key] = {key.subject,       key.exempt,   key.code,
                               value.ttl_seconds, value.reason, value.until};
            }
        }
        for (std::size_t i = dice(60); i > 0; --i) {
            const NewEntry entry = draw(list);
            wanted[{list, source, entry.subject, entry.exempt, entry.code}] = entry;
        }
        std::vector<NewEntry> lines;
        for (const auto& [key, entry] : wanted) {
            lines.push_back(entry);
        }
        std::ranges::shuffle(lines, random_);
        ImportSet set;
        for (const NewEntry& line : lines) {
            set.add(line);
        }
        const std::size_t before = size_of(list, source);
        std::size_t same = 0;
        std::size_t removed = 0;
        std::erase_if(twin_, [&](const TwinEntries::value_type& twin) {
            const auto& [key, value] = twin;
            const auto found = wanted.find(key);
            const bool mine = key.list == list && key.source == source;
            same += mine && found != wanted.end() &&
                    found->second.ttl_seconds == value.ttl_seconds &&
                    found->second.reason == value.reason && found->second.until == value.until;
            removed += mine && found == wanted.end() ? 1U : 0U;
            return mine && found == wanted.end();
        });
        for (const NewEntry& line : lines) {
            put(list, source, line);
        }
        const auto plan = manager_->plan(kSpecs[list].name, source, set);
        const auto done =
            manager_->apply({"feed"}, kSpecs[list].name, source, set, std::nullopt, {});
        ASSERT_TRUE(plan.has_value() && done.has_value());
        for (const ImportPlan& counts : {*plan, *done}) {
            ASSERT_EQ(counts.unchanged, same);
            ASSERT_EQ(counts.removed, removed);
            ASSERT_EQ(counts.total_before, before);
            ASSERT_EQ(counts.total_after, wanted.size());
            ASSERT_EQ(counts.added + counts.changed + counts.unchanged, wanted.size());
        }
    }

    [[nodiscard]] std::size_t size_of(std::size_t list, const std::string& source) const {
        return static_cast<std::size_t>(std::ranges::count_if(twin_, [&](const auto& twin) {
            return twin.first.list == list && twin.first.source == source;
        }));
    }

    void add() {
        const std::size_t list = dice(kSpecs.size());
        const std::string source = kSources[dice(kSources.size())];
        const NewEntry entry = draw(list);
        const auto done = manager_->add({"operator"}, kSpecs[list].name, source, entry);
        ASSERT_TRUE(done.has_value()) << done.error().message;
        put(list, source, entry);
    }

    void remove() {
        if (twin_.empty()) {
            return;
        }
        const TwinKey like = std::next(twin_.begin(), static_cast<long>(dice(twin_.size())))->first;
        const bool of_all = dice(2) == 0;
        const auto expected = std::erase_if(twin_, [&](const TwinEntries::value_type& twin) {
            const TwinKey& key = twin.first;
            return key.list == like.list && key.subject == like.subject &&
                   key.exempt == like.exempt && (of_all || key.source == like.source);
        });
        const std::optional<std::string_view> source =
            of_all ? std::nullopt : std::optional<std::string_view>(like.source);
        const auto done = manager_->remove({"operator"}, kSpecs[like.list].name, source,
                                           like.subject, like.exempt);
        ASSERT_EQ(done.value_or(0), expected);
    }

    // A subject has at most 45 entries, so that none fills a step.
    void sweep() {
        const auto expected = std::erase_if(twin_, [&](const TwinEntries::value_type& twin) {
            return twin.second.until.is_set() && twin.second.until <= now_;
        });
        std::uint64_t deleted = 0;
        std::string after;
        do {
            const SweepStep step = manager_->sweep_expired(after, 50 + dice(50));
            ASSERT_NE(step.next.empty() ? "end" : step.next, after);
            deleted += step.deleted;
            after = step.next;
        } while (!after.empty());
        ASSERT_EQ(deleted, expected);
    }

    void compare_entries() {
        std::vector<std::string> expected;
        for (const auto& twin : twin_) {
            expected.push_back(text_of(twin));
        }
        std::vector<std::string> found;
        EntryFilter filter;
        filter.include_expired = true;
        std::string after;
        do {
            const auto page = manager_->entries(filter, after, 1 + dice(400));
            ASSERT_TRUE(page.has_value());
            for (const EntryView& view : page->entries) {
                found.push_back(text_of(view.list, view.source, view.entry));
            }
            after = page->next;
        } while (!after.empty());
        std::ranges::sort(expected);
        std::ranges::sort(found);
        ASSERT_EQ(found, expected);
        for (std::size_t list = 0; list < kSpecs.size(); ++list) {
            const ListStatus status = manager_->lists()[list];
            const auto of_list = std::ranges::count_if(
                twin_, [&](const auto& twin) { return twin.first.list == list; });
            ASSERT_EQ(status.entries + status.exemptions, static_cast<std::uint64_t>(of_list));
        }
    }

    // Whether an entry answers, by the list's rule; `covering` are the live ones of its list.
    static bool answers(const std::vector<std::pair<unsigned, bool>>& covering, unsigned size,
                        bool exempt, MatchRule rule) {
        unsigned narrowest = 0;
        unsigned narrowest_exemption = 0;
        for (const auto& [other, is_exemption] : covering) {
            narrowest = std::max(narrowest, other + 1);
            narrowest_exemption = std::max(narrowest_exemption, is_exemption ? other + 1 : 0);
        }
        return !exempt && size + 1 > narrowest_exemption &&
               (rule == MatchRule::All || size + 1 == narrowest);
    }

    static unsigned step_of(unsigned length, const Subject& asked, MatchRule rule) {
        const auto* prefix = std::get_if<Prefix>(&asked);
        const bool steps = rule == MatchRule::OctetStep && prefix != nullptr && prefix->is_v4();
        return steps ? 96 + (length - 96 + 7) / 8 * 8 : length;
    }

    void compare_lookup() {
        static constexpr std::array kKinds = {ListKind::Address, ListKind::Address,
                                              ListKind::Domain, ListKind::Hash};
        const Subject asked = subject(kKinds[dice(kKinds.size())], true);
        std::vector<std::string> expected;
        for (std::size_t list = 0; list < kSpecs.size(); ++list) {
            if (kSpecs[list].kind != kind_of(asked)) {
                continue;
            }
            std::vector<std::pair<unsigned, bool>> live;
            std::vector<std::pair<unsigned, const TwinEntries::value_type*>> covering;
            for (const auto& twin : twin_) {
                const auto length =
                    twin.first.list == list ? covers(twin.first.subject, asked) : std::nullopt;
                if (!length) {
                    continue;
                }
                const unsigned size = step_of(*length, asked, kSpecs[list].match);
                covering.emplace_back(size, &twin);
                if (!twin.second.until.is_set() || now_ < twin.second.until) {
                    live.emplace_back(size, twin.first.exempt);
                }
            }
            for (const auto& [size, twin] : covering) {
                const Time until = twin->second.until;
                const bool is_live = !until.is_set() || now_ < until;
                const bool does =
                    is_live && answers(live, size, twin->first.exempt, kSpecs[list].match);
                expected.push_back(text_of(*twin) + (does ? " answers" : ""));
            }
        }
        std::vector<std::string> found;
        for (const EntryView& view : manager_->lookup(asked)) {
            found.push_back(text_of(view.list, view.source, view.entry) +
                            (view.answers ? " answers" : ""));
        }
        std::ranges::sort(expected);
        std::ranges::sort(found);
        ASSERT_EQ(found, expected) << to_string(asked);
    }

    std::mt19937_64 random_{GetParam()};
    Time now_{1000};
    test::ScratchStore store_;
    std::unique_ptr<Manager> manager_;
    TwinEntries twin_;
};

TEST_P(ManagerTwin, HoldsAndAnswersAlike) {
    for (unsigned round = 0; round < 150 && !HasFatalFailure(); ++round) {
        now_.seconds += static_cast<std::uint32_t>(dice(4));
        import();
        for (std::size_t i = dice(4); i > 0; --i) {
            dice(2) == 0 ? add() : remove();
        }
        if (round % 10 == 9) {
            sweep();
        }
        compare_entries();
        for (unsigned i = 0; i < 60 && !HasFatalFailure(); ++i) {
            compare_lookup();
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeded, ManagerTwin, testing::Values(31U, 32U));

}  // namespace
}  // namespace fairlist
