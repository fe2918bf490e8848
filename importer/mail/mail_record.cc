#include "importer/mail/mail_record.h"

#include "importer/formats/utf8_line.h"
#include "listing/base/check.h"

#include <algorithm>

namespace fairlist::importer {

namespace {

constexpr unsigned char kVersion = 2;

void put_number(std::uint32_t number, std::string& out) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>(number >> shift & 0xFFU);
    }
}

std::uint32_t number_at(std::string_view bytes) {
    std::uint32_t number = 0;
    for (unsigned i = 0; i < 4; ++i) {
        number |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << 8 * i;
    }
    return number;
}

void put_text(std::string_view text, std::size_t bytes_max, std::string& out) {
    FAIRLIST_CHECK(text.size() <= bytes_max);
    put_number(static_cast<std::uint32_t>(text.size()), out);
    out += text;
}

bool is_domain_text(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return c > ' ' && c <= '~' && !(c >= 'A' && c <= 'Z'); });
}

// Takes from the front; past the end it gives zeros, and is no longer good.
class Cursor {
  public:
    explicit Cursor(std::string_view bytes) : rest_(bytes) {}

    std::string_view take(std::size_t size) {
        good_ = good_ && size <= rest_.size();
        if (!good_) {
            return {};
        }
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::uint32_t number() {
        const std::string_view bytes = take(4);
        return good_ ? number_at(bytes) : 0;
    }
    unsigned char byte() {
        const std::string_view bytes = take(1);
        return good_ ? static_cast<unsigned char>(bytes[0]) : static_cast<unsigned char>(0);
    }
    bool flag() {
        const unsigned char value = byte();
        good_ = good_ && value <= 1;
        return value == 1;
    }
    // A number of bytes, and these.
    std::string_view text(std::size_t bytes_max) {
        const std::uint32_t size = number();
        good_ = good_ && size <= bytes_max;
        return take(size);
    }
    void spoil() noexcept { good_ = false; }
    [[nodiscard]] bool is_good() const noexcept { return good_; }
    [[nodiscard]] bool is_at_end() const noexcept { return good_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_ = true;
};

void take_hosts(Cursor& in, MailRecord& record) {
    const std::uint32_t hosts = in.number();
    bool good = in.is_good() && hosts <= kLinkHostsMax;
    for (std::uint32_t i = 0; good && i < hosts; ++i) {
        record.hosts.emplace_back(in.take(in.byte()));
        good = in.is_good() && !record.hosts.back().empty();
    }
    if (!good) {
        in.spoil();
    }
}

void take_head(Cursor& in, MailRecord& record) {
    record.subject = in.text(kMailSubjectBytesMax);
    record.from_domain = in.text(kMailDomainBytesMax);
    record.date = Time{in.number()};
    record.list_mail = in.flag();
    if (!is_utf8_line(record.subject) || !is_domain_text(record.from_domain)) {
        in.spoil();
    }
}

}  // namespace

std::string frame_head(std::size_t bytes) {
    FAIRLIST_CHECK(bytes <= UINT32_MAX);
    std::string head;
    put_number(static_cast<std::uint32_t>(bytes), head);
    return head;
}

std::size_t frame_bytes(std::string_view head) {
    FAIRLIST_CHECK(head.size() == kFrameHeadBytes);
    return number_at(head);
}

std::string encode_record(const MailRecord& record) {
    FAIRLIST_CHECK(record.hosts.size() <= kLinkHostsMax);
    std::string out(1, static_cast<char>(kVersion));
    put_number(record.parts, out);
    put_number(record.attachments, out);
    put_number(record.text_bytes, out);
    out += record.more_hosts ? '\1' : '\0';
    put_number(static_cast<std::uint32_t>(record.hosts.size()), out);
    for (const std::string& host : record.hosts) {
        FAIRLIST_CHECK(host.size() <= kLinkHostBytesMax);
        out += static_cast<char>(host.size());
        out += host;
    }
    put_text(record.subject, kMailSubjectBytesMax, out);
    put_text(record.from_domain, kMailDomainBytesMax, out);
    put_number(record.date.seconds, out);
    out += record.list_mail ? '\1' : '\0';
    put_text(record.feedback, kMailFeedbackBytesMax, out);
    put_text(record.json, kMailJsonBytesMax, out);
    put_text(record.original, kMailOriginalBytesMax, out);
    return out;
}

Result<MailRecord> decode_record(std::string_view bytes) {
    Cursor in(bytes);
    const bool known = in.byte() == kVersion;
    MailRecord record;
    record.parts = in.number();
    record.attachments = in.number();
    record.text_bytes = in.number();
    record.more_hosts = in.flag();
    take_hosts(in, record);
    take_head(in, record);
    record.feedback = in.text(kMailFeedbackBytesMax);
    record.json = in.text(kMailJsonBytesMax);
    record.original = in.text(kMailOriginalBytesMax);
    if (!known || !in.is_at_end()) {
        return fail(Errc::Malformed, "the mail reader's answer is malformed");
    }
    return record;
}

}  // namespace fairlist::importer
