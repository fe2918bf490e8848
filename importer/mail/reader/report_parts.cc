#include "importer/mail/reader/report_parts.h"

#include "importer/mail/reader/gmime_handle.h"
#include "importer/mail/reader/header_block.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

namespace {

// A report has three or four; lists add a footer, signatures a multipart around it all.
constexpr int kReportPartsMax = 100;

std::string decoded(GMimeObject* part) {
    GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(part));
    if (content == nullptr) {
        return {};
    }
    const GmimeHandle<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(content, stream.get());
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    std::string out(bytes->len, '\0');
    std::copy_n(bytes->data, bytes->len, out.begin());
    return out;
}

bool is_type(GMimeObject* part, const char* type, const char* subtype) {
    return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype) != 0;
}

// XARF travels as application/json, as application/octet-stream and as text.
bool is_json(GMimeObject* part) {
    constexpr std::string_view kEnding = ".json";
    const char* given = g_mime_part_get_filename(GMIME_PART(part));
    const std::string_view name = given == nullptr ? std::string_view{} : given;
    const bool is_named =
        name.size() > kEnding.size() &&
        g_ascii_strcasecmp(name.data() + name.size() - kEnding.size(), kEnding.data()) == 0;
    return is_named || is_type(part, "application", "json");
}

// "rfc822-header" is what some of the early senders wrote.
bool is_header_part(GMimeObject* part) {
    return is_type(part, "text", "rfc822-headers") || is_type(part, "text", "rfc822-header") ||
           is_type(part, "message", "global-headers");
}

std::string headers_of(GMimeMessage* message) {
    const GlibText block(
        message == nullptr ? nullptr : g_mime_object_get_headers(GMIME_OBJECT(message), nullptr));
    return block ? std::string(whole_headers(block.get(), kMailOriginalBytesMax)) : std::string();
}

void take_leaf(GMimeObject* part, MailRecord& record) {
    if (record.feedback.empty() && is_type(part, "message", "feedback-report")) {
        record.feedback = whole_headers(decoded(part), kMailFeedbackBytesMax);
    } else if (record.original.empty() && is_header_part(part)) {
        const std::string text = decoded(part);
        record.original = whole_headers(header_block(text), kMailOriginalBytesMax);
    } else if (record.json.empty() && is_json(part)) {
        record.json = decoded(part);
        record.json.resize(std::min(record.json.size(), kMailJsonBytesMax));
    }
}

// In the order of the mail, since the last is looked at first.
void add_children(GMimeMultipart* multipart, std::vector<GMimeObject*>& pending) {
    const int count = std::min(g_mime_multipart_get_count(multipart), kReportPartsMax);
    for (int i = count - 1; i >= 0; --i) {
        pending.push_back(g_mime_multipart_get_part(multipart, i));
    }
}

}  // namespace

void read_report_parts(GMimeMessage* mail, MailRecord& record) {
    std::vector<GMimeObject*> pending = {g_mime_message_get_mime_part(mail)};
    for (int looked = 0; !pending.empty() && looked < kReportPartsMax; ++looked) {
        GMimeObject* part = pending.back();
        pending.pop_back();
        if (GMIME_IS_MULTIPART(part)) {
            add_children(GMIME_MULTIPART(part), pending);
        } else if (GMIME_IS_PART(part)) {
            take_leaf(part, record);
        } else if (GMIME_IS_MESSAGE_PART(part) && record.original.empty()) {
            record.original = headers_of(g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)));
        }
    }
}

}  // namespace fairlist::importer
