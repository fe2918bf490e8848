// RawMail: a mail's header fields and body as the bytes arrived, which is what was signed.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// RFC 5322 has no limit; real mails have some dozens.
inline constexpr std::size_t kRawFieldsMax = 2000;

struct RawField {
    std::string_view name;   // as written
    std::string_view whole;  // the field with its folds, without the last line's end
    std::string_view value;  // all of `whole` after the colon
};

// Views into the mail.
struct RawMail {
    std::vector<RawField> fields;
    std::string_view body;  // all after the empty line; empty: none
};

// Lines end in CRLF or, as mail is often stored, in LF. A first line "From " of an mbox file is
// passed over.
//
// Errors: Malformed (a header line that is no field: where one reader sees a header, another would
// see the body), OutOfRange (more than kRawFieldsMax). No message quotes the mail.
[[nodiscard]] Result<RawMail> split_mail(std::string_view mail);

// Takes the next line from `rest`, without its end; nothing when nothing is left.
[[nodiscard]] std::optional<std::string_view> take_line(std::string_view& rest) noexcept;

// Header names are ASCII without regard to case (RFC 5322 section 1.2.2).
[[nodiscard]] bool same_name(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] constexpr char to_lower_ascii(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

}  // namespace fairlist::importer
