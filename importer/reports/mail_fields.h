// Mail fields: a text of header fields, as a mail and a feedback report have them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

struct MailField {
    std::string name;   // lower case
    std::string value;  // unfolded, without blanks at its ends
};

// RFC 5322 section 2.2, up to the first empty line that follows a field; lines that are no field
// are passed over. Line ends are CRLF or LF. Memory: as the text.
[[nodiscard]] std::vector<MailField> cut_fields(std::string_view text);

// Without what stands in brackets (RFC 5322 section 3.2.2), and without blanks at its ends.
[[nodiscard]] std::string without_comments(std::string_view value);

}  // namespace fairlist::importer
