#include "importer/mail/reader/mail_reader.h"

#include "importer/mail/reader/gmime_handle.h"
#include "importer/mail/reader/mail_head.h"
#include "importer/mail/reader/report_parts.h"

#include <algorithm>
#include <array>
#include <gmime/gmime.h>
#include <iconv.h>
#include <memory>
#include <string_view>

namespace fairlist::importer {

namespace {

constexpr std::uint32_t kPartsMax = 5000;
constexpr std::size_t kTextBytesMax = std::size_t{8} << 20U;

struct IteratorFree {
    void operator()(GMimePartIter* iterator) const noexcept { g_mime_part_iter_free(iterator); }
};

void read_text(GMimeTextPart* part, LinkHosts& hosts, MailRecord& record) {
    const GlibText decoded(g_mime_text_part_get_text(part));
    if (!decoded || record.text_bytes >= kTextBytesMax) {
        return;
    }
    const std::string_view text =
        std::string_view(decoded.get()).substr(0, kTextBytesMax - record.text_bytes);
    record.text_bytes += static_cast<std::uint32_t>(text.size());
    GMimeContentType* type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    if (g_mime_content_type_is_type(type, "text", "html") != 0) {
        scan_html(text, hosts);
    } else {
        scan_plain_text(text, hosts);
    }
}

void read_parts(GMimeMessage* message, LinkHosts& hosts, MailRecord& record) {
    const std::unique_ptr<GMimePartIter, IteratorFree> parts(
        g_mime_part_iter_new(GMIME_OBJECT(message)));
    if (!parts || g_mime_part_iter_is_valid(parts.get()) == 0) {
        return;
    }
    do {
        GMimeObject* part = g_mime_part_iter_get_current(parts.get());
        ++record.parts;
        if (GMIME_IS_TEXT_PART(part)) {
            read_text(GMIME_TEXT_PART(part), hosts, record);
        } else if (GMIME_IS_PART(part)) {
            ++record.attachments;
        }
    } while (record.parts < kPartsMax && g_mime_part_iter_next(parts.get()) != 0);
}

}  // namespace

void prepare_mail_reader() {
    g_mime_init();
    // A converter once open stays loaded, and iconv_open() finds it without a file.
    constexpr std::array<const char*, 12> kCharsets = {
        "ISO-8859-1", "ISO-8859-2", "ISO-8859-15", "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252",
        "KOI8-R",     "BIG5",       "GB18030",     "SHIFT_JIS",    "ISO-2022-JP",  "EUC-KR"};
    for (const char* charset : kCharsets) {
        static_cast<void>(iconv_open("UTF-8", charset));
    }
}

MailRecord read_mail(const std::string& message) {
    MailRecord record;
    const GmimeHandle<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(message.data(), message.size()));
    const GmimeHandle<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const GmimeHandle<GMimeMessage> mail(g_mime_parser_construct_message(parser.get(), nullptr));
    if (!mail) {
        return record;
    }
    LinkHosts hosts;
    read_parts(mail.get(), hosts, record);
    record.hosts = hosts.in_order();
    record.more_hosts = hosts.has_more();
    read_head(mail.get(), record);
    read_report_parts(mail.get(), record);
    return record;
}

}  // namespace fairlist::importer
