// Mail record: what the reading process tells of one mail, and its bytes on the pipe.
#pragma once

#include "importer/mail/link_scan.h"
#include "listing/base/result.h"
#include "listing/base/time.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// Texts over these are cut. A `json` of exactly its limit may be the front of a longer one.
inline constexpr std::size_t kMailSubjectBytesMax = 1000;
inline constexpr std::size_t kMailDomainBytesMax = 255;
inline constexpr std::size_t kMailFeedbackBytesMax = std::size_t{16} << 10U;
inline constexpr std::size_t kMailJsonBytesMax = std::size_t{256} << 10U;
inline constexpr std::size_t kMailOriginalBytesMax = std::size_t{64} << 10U;

struct MailRecord {
    std::uint32_t parts = 0;         // that hold no others
    std::uint32_t attachments = 0;   // parts that are neither text nor multiparts
    std::uint32_t text_bytes = 0;    // decoded
    bool more_hosts = false;         // than are kept
    std::vector<std::string> hosts;  // of links, as LinkHosts has them

    std::string subject;  // UTF-8 without control characters
    std::string
        from_domain;         // of the first mailbox of From, as claimed: lower-case printable ASCII
    Time date;               // of the Date header, as claimed
    bool list_mail = false;  // has List-Id or List-Unsubscribe

    // What abuse reports are made of; any bytes. Of the mail's own parts alone, never of a message
    // inside it: whoever wrote that one is not who sent this.
    std::string feedback;  // the first message/feedback-report (RFC 5965)
    std::string json;      // the first JSON attachment
    std::string original;  // the headers of the first attached message, as they stand

    friend bool operator==(const MailRecord&, const MailRecord&) = default;
};

// A frame: the length of what follows in four bytes, lowest first.
inline constexpr std::size_t kFrameHeadBytes = 4;
inline constexpr std::size_t kRecordBytesMax =
    18 + kLinkHostsMax * (1 + kLinkHostBytesMax)  // numbers, hosts
    + 5 * 4 + kMailSubjectBytesMax + kMailDomainBytesMax + kMailFeedbackBytesMax +
    kMailJsonBytesMax + kMailOriginalBytesMax + 5;  // texts, date and flag

[[nodiscard]] std::string frame_head(std::size_t bytes);
// Requires: kFrameHeadBytes bytes.
[[nodiscard]] std::size_t frame_bytes(std::string_view head);

[[nodiscard]] std::string encode_record(const MailRecord& record);
// Every length is checked: the process that wrote it may have been taken over. Errors: Malformed.
[[nodiscard]] Result<MailRecord> decode_record(std::string_view bytes);

}  // namespace fairlist::importer
