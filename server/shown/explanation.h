// Explanation: all that is known of a subject, list by list, and why it is listed or not.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/ledger.h"
#include "listing/manager/manager.h"
#include "listing/model/list.h"
#include "server/config/config.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// What an entry that covers the subject does to the answer.
enum class EntryRole : std::uint8_t {
    Answers,
    Exempts,     // an exemption in force: takes the subject out
    Overridden,  // a narrower entry or an exemption stands before it
    Expired
};
[[nodiscard]] std::string_view to_string(EntryRole role) noexcept;

struct ExplainedEntry {
    EntryView view;
    EntryRole role = EntryRole::Answers;
    ReturnCode code;                   // the entry's, else the list's
    std::string reason;                // expanded, as TXT answers it
    std::optional<Listing> listing{};  // that the entry stands for
};

// A zone in which the list shows, and the name that asks it.
struct ZoneName {
    std::string zone;
    std::string name;  // empty: would be longer than a name can be
};

struct ListExplanation {
    std::string list;
    ListKind kind = ListKind::Address;
    bool listed = false;
    std::vector<ExplainedEntry> entries;  // that cover the subject, narrowest first
    std::vector<EntryView> narrower;      // inside the subject, at most kNarrowerMax
    bool more_narrower = false;
    std::vector<ZoneName> zones;
};

struct SubjectExplanation {
    std::string asked;  // as it was typed
    Subject subject;
    std::string note;  // test point, protected space; empty: none
    std::vector<ListExplanation> lists;
    bool test_point = false;  // zones answer it by rule, whatever the lists hold
};

inline constexpr std::size_t kNarrowerMax = 20;

// What each of a list's entries that cover a subject does. `covering`: as Manager::lookup() gives
// them, narrowest first.
[[nodiscard]] std::vector<EntryRole> judge(const ListSpec& list,
                                           const std::vector<EntryView>& covering, Time now);

// The code and the expanded reason with which the entry answers for `subject`.
[[nodiscard]] ExplainedEntry explain_entry(const ListSpec& list, const EntryView& view,
                                           EntryRole role, const Subject& subject);

// Whether every zone of its kind answers the subject by rule (RFC 5782 section 5).
[[nodiscard]] bool is_test_point(const Subject& subject);

// Why a subject's answers are not what its entries say; empty: they are.
[[nodiscard]] std::string note_on(const Subject& subject, const ProtectedSpace& protected_space);

// Both see the same store.
struct Sight {
    Manager& manager;
    Ledger& ledger;
    const config::Config& config;
    Time at = now();  // what has ended by then is told as such
};
[[nodiscard]] SubjectExplanation explain(const Sight& sight, const std::string& asked,
                                         const Subject& subject);

}  // namespace fairlist
