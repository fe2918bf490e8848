// HeadScan: the strict look at a request's header that comes before Beast's.
#pragma once

#include "server/http/http_settings.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlist::http {

// Why a message is not read any further: the status and the detail of its answer.
struct Refusal {
    unsigned status = 400;
    std::string why;
};

struct HeadScan {
    std::size_t bytes = 0;  // of the header with its empty line; 0: it has not come whole
    Refusal refusal;        // when why is not empty
};

// Beast 1.81 takes folded fields (RFC 9112 section 5.2), counts no fields, keeps its header limit
// for the first line and for the fields apart, and waits for more when a line ends with a bare line
// feed. Whoever stands in front may read such a header in another way, and that is how requests are
// smuggled; so the bytes are judged here: lines end with CRLF, no other control character than the
// tab, no folding, all within the limits.
//
// `bytes` begin with the request line.
[[nodiscard]] HeadScan scan_head(std::string_view bytes, const HeadLimits& limits);

struct LineScan {
    std::size_t bytes = 0;   // without the CRLF; when the line is not whole: of what has come
    bool is_whole = false;   // its CRLF has come
    bool is_broken = false;  // a control character, a bare CR or LF, or more than `bytes_max`
};

// The line that `bytes` begin with. The same however many bytes behind its end have come.
[[nodiscard]] LineScan scan_line(std::string_view bytes, std::size_t bytes_max) noexcept;

}  // namespace fairlist::http
