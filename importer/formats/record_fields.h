// RecordFields: one entry as texts, as columns and JSON members give it.
#pragma once

#include "importer/formats/format.h"
#include "importer/formats/record_sink.h"
#include "listing/base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace fairlist::importer {

// Lifetime: the views last until accept_fields() returns.
struct RecordFields {
    std::string_view subject;  // of an address list also a range "192.0.2.1-192.0.2.9"
    std::string_view end;      // last address of a range that starts with `subject`; empty: none
    std::string_view code;     // empty: the feed's
    std::string_view reason;   // a template; empty: the feed's
    std::string_view ttl;      // seconds or a duration; empty: the feed's
    std::string_view expires;  // empty: by the feed's lifetime
    std::string_view exempt;   // "true", "yes", "1"; "false", "no", "0" and empty: a listing
};

enum class FieldName : std::uint8_t { Subject, End, Code, Reason, Ttl, Expires, Exempt };

// What a column or member of this name holds, without regard to case; none when it says nothing
// that an entry has.
[[nodiscard]] std::optional<FieldName> field_name(std::string_view text) noexcept;
void set_field(RecordFields& fields, FieldName name, std::string_view value) noexcept;

// Hands the entry on (a range as several). The error is why it is rejected.
[[nodiscard]] Result<void> accept_fields(const RecordFields& fields, const FormatOptions& options,
                                         RecordSink& sink);

// Error when a reason is longer than an entry may hold, or of more than one line.
[[nodiscard]] Result<void> check_reason_text(std::string_view reason);

// Hands a range on as prefixes, with the rest of `record` as it is.
[[nodiscard]] Result<void> accept_range(std::string_view first, std::string_view last,
                                        Record& record, RecordSink& sink);

}  // namespace fairlist::importer
