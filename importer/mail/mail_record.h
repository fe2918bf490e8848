// Mail record: what the reading process tells of one mail, and its bytes on the pipe.
#pragma once

#include "importer/mail/link_scan.h"
#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

struct MailRecord {
    std::uint32_t parts = 0;         // that hold no others
    std::uint32_t attachments = 0;   // parts that are neither text nor multiparts
    std::uint32_t text_bytes = 0;    // decoded
    bool more_hosts = false;         // than are kept
    std::vector<std::string> hosts;  // of links, as LinkHosts has them

    friend bool operator==(const MailRecord&, const MailRecord&) = default;
};

// A frame: the length of what follows in four bytes, lowest first.
inline constexpr std::size_t kFrameHeadBytes = 4;
inline constexpr std::size_t kRecordBytesMax = 18 + kLinkHostsMax * (1 + kLinkHostBytesMax);

[[nodiscard]] std::string frame_head(std::size_t bytes);
// Requires: kFrameHeadBytes bytes.
[[nodiscard]] std::size_t frame_bytes(std::string_view head);

[[nodiscard]] std::string encode_record(const MailRecord& record);
// Every length is checked: the process that wrote it may have been taken over. Errors: Malformed.
[[nodiscard]] Result<MailRecord> decode_record(std::string_view bytes);

}  // namespace fairlist::importer
