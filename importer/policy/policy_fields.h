// PolicyFields: the fields of a mail policy by their names, and what their texts say.
#pragma once

#include "listing/base/result.h"
#include "listing/model/policy.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fairlist::importer {

// What stands together: an object of the JSON document, a row of the CSV one.
enum class PolicyRow : std::uint8_t {
    Document,  // of JSON
    Provider,  // of JSON
    Head,      // of CSV: both of them in one row
    Range,
    Exemption
};

// Stable: "range", "exemption"; of the head "policy".
[[nodiscard]] std::string_view to_string(PolicyRow row) noexcept;

enum class PolicyField : std::uint8_t {
    MailPolicy,
    Provider,
    Published,
    Ranges,
    Exemptions,
    Name,
    Asn,
    Abuse,
    Support,
    Prefix,
    Use,
    DirectMail,
    Port25,
    Ptr,
    Smarthost,
    Policy,
    Customer,
    Contact,
    Since,
    Reason,
    Until
};

struct PolicyFieldRow {
    PolicyField field;
    std::string_view name;
    bool is_required = false;
};

// In the order in which we write them.
[[nodiscard]] std::span<const PolicyFieldRow> fields_of(PolicyRow row) noexcept;
// Null: the row has none of this name.
[[nodiscard]] const PolicyFieldRow* find_field(PolicyRow row, std::string_view name) noexcept;
// "unknown; a range has prefix, use, ... (did you mean "port25"?)"
[[nodiscard]] std::string unknown_field(PolicyRow row, std::string_view name);

// What the text of a field says. Errors: what would be right. Requires: the row has the field, and
// it is a text.
[[nodiscard]] Result<void> set_field(PolicyRange& range, PolicyField field, std::string_view text);
[[nodiscard]] Result<void> set_field(PolicyExemption& exemption, PolicyField field,
                                     std::string_view text);
// Those of the provider, and Published.
[[nodiscard]] Result<void> set_field(MailPolicy& policy, PolicyField field, std::string_view text);

// One number more; without a sign or "AS". Errors also: twice, too many.
[[nodiscard]] Result<void> add_asn(MailPolicy& policy, std::string_view number);
// The version of the format.
[[nodiscard]] Result<void> check_version(std::string_view number);

// What is odd about a range as a whole; empty: nothing.
[[nodiscard]] std::string oddity(const PolicyRange& range);

}  // namespace fairlist::importer
