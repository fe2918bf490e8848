// Path command: the arguments of MAIL and RCPT.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::importer {

// RFC 5321 section 4.5.3.1.3 allows 256 with the brackets.
inline constexpr std::size_t kRecipientBytesMax = 254;

struct MailCommand {
    std::string sender;      // without brackets and source route; empty: <>
    std::uint64_t size = 0;  // SIZE= (RFC 1870); 0: not told
};

// Of both, and no message quotes what was received. Errors: Malformed (the path), OutOfRange (a
// parameter's value, or one given twice), Refused (a parameter that no extension of ours has).

// "FROM:<a@b.example> SIZE=1000 BODY=8BITMIME SMTPUTF8".
[[nodiscard]] Result<MailCommand> parse_mail(std::string_view arguments);

// "TO:<a@b.example>": the address, without source route, not empty.
[[nodiscard]] Result<std::string> parse_rcpt(std::string_view arguments);

}  // namespace fairlist::importer
