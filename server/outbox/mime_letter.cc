#include "server/outbox/mime_letter.h"

#include <fmt/format.h>

#include <algorithm>
#include <gmime/gmime.h>
#include <memory>
#include <mutex>
#include <string_view>

namespace fairlist::outbox {

namespace {

constexpr std::size_t kLineBytesMax = 998;

struct Unref {
    void operator()(void* object) const noexcept { g_object_unref(object); }
};
template <typename Object>
using Handle = std::unique_ptr<Object, Unref>;

void start_gmime_once() {
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

bool is_one_line(std::string_view text) noexcept {
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

// One address without a name, a group, a list or a comment.
bool is_mailbox(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c < 0x7F; }) &&
           text.find('@') != std::string_view::npos &&
           text.find_first_of(" ,;:<>()\"") == std::string_view::npos && text.size() <= 254;
}

Result<void> check(const LetterDraft& draft) {
    for (const std::string* mailbox : {&draft.from, &draft.to}) {
        if (!is_mailbox(*mailbox)) {
            return fail(Errc::Malformed,
                        "a letter: expected one mail address, such as "
                        "abuse@example.net, to send to and from");
        }
    }
    for (const std::string* line : {&draft.from_name, &draft.subject, &draft.message_id}) {
        if (!is_one_line(*line)) {
            return fail(Errc::Malformed, "a letter: a field holds a line end");
        }
    }
    return {};
}

// RFC 5322 section 2.1.1: a line has at most 998 bytes. Bytes that no text has are hidden from who
// relays it; a report's own fields have to stay readable (RFC 5965 section 2).
GMimeContentEncoding encoding_of(std::string_view type, std::string_view body) {
    if (type == "application") {
        return GMIME_CONTENT_ENCODING_BASE64;
    }
    std::size_t line = 0;
    for (const char each : body) {
        const auto c = static_cast<unsigned char>(each);
        line = c == '\n' ? 0 : line + 1;
        if (c >= 0x7F || (c < 0x20 && c != '\n' && c != '\t') || line > kLineBytesMax) {
            return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
        }
    }
    return GMIME_CONTENT_ENCODING_7BIT;
}

Handle<GMimeObject> part_of(std::string_view type, std::string_view subtype,
                            const std::string& body, const std::string& file_name) {
    Handle<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(body.data(), body.size()));
    Handle<GMimeDataWrapper> content(
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
    GMimePart* part =
        g_mime_part_new_with_type(std::string(type).c_str(), std::string(subtype).c_str());
    g_mime_part_set_content(part, content.get());
    g_mime_part_set_content_encoding(part, encoding_of(type, body));
    if (type == "text") {
        g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    }
    if (!file_name.empty()) {
        g_mime_part_set_filename(part, file_name.c_str());
    }
    return Handle<GMimeObject>(GMIME_OBJECT(part));
}

Handle<GMimeMultipart> multipart_of(const LetterDraft& draft) {
    const bool is_report = !draft.report_type.empty();
    Handle<GMimeMultipart> all(g_mime_multipart_new_with_subtype(is_report ? "report" : "mixed"));
    if (is_report) {
        g_mime_object_set_content_type_parameter(GMIME_OBJECT(all.get()), "report-type",
                                                 draft.report_type.c_str());
    }
    g_mime_multipart_add(all.get(), part_of("text", "plain", draft.text, {}).get());
    for (const LetterPart& part : draft.parts) {
        const std::string_view type = part.content_type;
        const std::size_t slash = std::min(type.find('/'), type.size() - 1);
        g_mime_multipart_add(all.get(), part_of(type.substr(0, slash), type.substr(slash + 1),
                                                part.body, part.file_name)
                                            .get());
    }
    return all;
}

void set_heading(GMimeMessage* message, const LetterDraft& draft) {
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM,
                               draft.from_name.empty() ? nullptr : draft.from_name.c_str(),
                               draft.from.c_str());
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, nullptr, draft.to.c_str());
    g_mime_message_set_subject(message, draft.subject.c_str(), "utf-8");
    g_mime_message_set_message_id(message, draft.message_id.c_str());
    GDateTime* date = g_date_time_new_from_unix_utc(draft.date.seconds);
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    // RFC 3834 section 5: so that no machine answers.
    g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted", "auto-generated", nullptr);
}

std::string text_of(GMimeObject* object) {
    GMimeFormatOptions* format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    Handle<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(object, format, stream.get());
    g_mime_format_options_free(format);
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return std::string(reinterpret_cast<const char*>(bytes->data), bytes->len);
}

}  // namespace

Result<Letter> write_letter(const LetterDraft& draft) {
    if (const auto good = check(draft); !good) {
        return std::unexpected(good.error());
    }
    start_gmime_once();
    Handle<GMimeMessage> message(g_mime_message_new(1));
    set_heading(message.get(), draft);
    if (draft.parts.empty()) {
        g_mime_message_set_mime_part(message.get(), part_of("text", "plain", draft.text, {}).get());
    } else {
        g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(multipart_of(draft).get()));
    }
    return Letter{draft.to, text_of(GMIME_OBJECT(message.get()))};
}

}  // namespace fairlist::outbox
