// Entry: one subject in one list with its verdict, as the index holds it.
#pragma once

#include "listing/base/time.h"
#include "listing/model/code.h"
#include "listing/model/subject.h"

#include <compare>
#include <cstdint>
#include <string>

namespace fairlist {

// Numbers that the store gives to lists and sources by name; never reused. Zero is none.
enum class ListId : std::uint16_t {};
enum class SourceId : std::uint16_t {};

// What an entry says, apart from when: shared by all entries that say the same.
struct Verdict {
    ListId list{};
    SourceId source{};
    bool exempt = false;            // takes the subject out of the list
    ReturnCode code;                // not set: the list's
    std::uint32_t ttl_seconds = 0;  // 0: the list's
    std::string reason;             // template, empty: the list's; at most kReasonBytesMax

    friend auto operator<=>(const Verdict&, const Verdict&) noexcept = default;
};

inline constexpr std::size_t kReasonBytesMax = 1000;

// In one list, a source has at most one entry for a subject and code (an exemption counts as a code
// of its own); adding it again replaces it.
struct Entry {
    Subject subject;
    Verdict verdict;
    Time since;
    Time until;  // first second in which it no longer answers; not set: stays
};

}  // namespace fairlist
