// MimeLetter: a letter's parts put together as mail (RFC 5322, RFC 2045), by GMime.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "server/outbox/outbox.h"

#include <string>
#include <vector>

namespace fairlist::outbox {

struct LetterPart {
    std::string content_type;  // "message/feedback-report"
    std::string file_name;     // empty: none
    std::string body;          // UTF-8
};

struct LetterDraft {
    std::string from_name;
    std::string from;  // one mailbox
    std::string to;    // one mailbox
    std::string subject;
    std::string message_id;  // without angle brackets
    Time date;
    std::string text;               // for people, UTF-8, lines end in LF
    std::vector<LetterPart> parts;  // after the text
    std::string report_type;        // "feedback-report": multipart/report (RFC 6522); empty: mixed
};

// Bytes with CRLF, automatic by its fields (RFC 3834). Errors: Malformed (a line end or NUL in a
// field, or no single mailbox): nothing from outside gets into the header.
[[nodiscard]] Result<Letter> write_letter(const LetterDraft& draft);

}  // namespace fairlist::outbox
