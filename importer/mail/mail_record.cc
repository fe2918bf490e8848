#include "importer/mail/mail_record.h"

#include "listing/base/check.h"

#include <optional>

namespace fairlist::importer {

namespace {

constexpr unsigned char kVersion = 1;

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
    [[nodiscard]] bool is_good() const noexcept { return good_; }
    [[nodiscard]] bool is_at_end() const noexcept { return good_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_ = true;
};

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
    return out;
}

Result<MailRecord> decode_record(std::string_view bytes) {
    Cursor in(bytes);
    const bool known = in.byte() == kVersion;
    MailRecord record;
    record.parts = in.number();
    record.attachments = in.number();
    record.text_bytes = in.number();
    const unsigned char more = in.byte();
    record.more_hosts = more == 1;
    const std::uint32_t hosts = in.number();
    bool good = known && more <= 1 && hosts <= kLinkHostsMax;
    for (std::uint32_t i = 0; good && i < hosts; ++i) {
        record.hosts.emplace_back(in.take(in.byte()));
        good = in.is_good() && !record.hosts.back().empty();
    }
    if (!good || !in.is_at_end()) {
        return fail(Errc::Malformed, "the mail reader's answer is malformed");
    }
    return record;
}

}  // namespace fairlist::importer
