// Reason templates: the text of a listing, filled in for the question asked.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/code.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fairlist {

// What the placeholders stand for. Lifetime: the views outlive the call that uses them.
struct ReasonFields {
    std::string_view address;  // {address}: what was asked: the address, name or digest as text
    std::string_view subject;  // {subject}: the entry's own: "192.0.2.0/24"
    std::string_view list;     // {list}
    std::string_view reason;   // {reason}: the entry's text, in a list's template only
    ReturnCode code;           // {code}
    Time since;                // {since}
    Time until;                // {until}: "-" when the entry stays
    // {id} is "LIST/SUBJECT" with the slash of a prefix as a dash: "sbl/192.0.2.0-24".
};

// Fills `text` into `out` and returns the number of bytes; what does not fit is cut. "{{" stands
// for "{"; an unknown placeholder is left as it is written. No allocation.
[[nodiscard]] std::size_t expand_reason(std::string_view text, const ReasonFields& fields,
                                        std::span<char> out) noexcept;

// An error that names the first unknown or unclosed placeholder. `in_list` allows {reason}; `also`
// are placeholders that somebody else fills in before expand_reason() sees the text.
[[nodiscard]] Result<void> check_reason(std::string_view text, bool in_list,
                                        std::span<const std::string_view> also = {});

}  // namespace fairlist
