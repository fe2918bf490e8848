// Any bytes as the answer of the mail reader: what is taken is within its limits, and there is one
// form of it.

#include "importer/mail/mail_record.h"

#include "importer/formats/utf8_line.h"
#include "listing/base/check.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fairlist::importer;
    const std::string bytes(data, data + size);
    const auto record = decode_record(bytes);
    if (!record) {
        return 0;
    }
    FAIRLIST_CHECK(record->hosts.size() <= kLinkHostsMax);
    FAIRLIST_CHECK(record->subject.size() <= kMailSubjectBytesMax);
    FAIRLIST_CHECK(is_utf8_line(record->subject) && is_utf8_line(record->from_domain));
    FAIRLIST_CHECK(record->feedback.size() <= kMailFeedbackBytesMax);
    FAIRLIST_CHECK(record->json.size() <= kMailJsonBytesMax);
    FAIRLIST_CHECK(record->original.size() <= kMailOriginalBytesMax);
    FAIRLIST_CHECK(bytes.size() <= kRecordBytesMax && encode_record(*record) == bytes);
    return 0;
}
