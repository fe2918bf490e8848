#include "importer/intake/delivery_head.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

namespace fairlist::importer {

namespace {

enum class DeliveryField : std::uint8_t { Sender, Asked, Delivered, Other };

struct NamedField {
    std::string_view name;  // lower case
    DeliveryField field;
};
// Of Postfix, Exim, Sendmail, qmail, Courier, Cyrus and Dovecot.
constexpr std::array kFields = std::to_array<NamedField>({
    {"return-path", DeliveryField::Sender},
    {"x-original-to", DeliveryField::Asked},
    {"envelope-to", DeliveryField::Asked},
    {"x-envelope-to", DeliveryField::Asked},
    {"delivered-to", DeliveryField::Delivered},
    {"x-delivered-to", DeliveryField::Delivered},
    {"x-envelope-from", DeliveryField::Other},
    {"delivery-date", DeliveryField::Other},
});

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view line_at(std::string_view text, std::size_t at) noexcept {
    const std::size_t end = text.find('\n', at);
    return text.substr(at, end == std::string_view::npos ? end : end + 1 - at);
}

// A header with its folded lines; empty: none stands here.
std::string_view header_at(std::string_view mail, std::size_t at) noexcept {
    const std::string_view first = line_at(mail, at);
    const std::size_t colon = first.find(':');
    if (colon == std::string_view::npos || colon == 0 || first[0] == ' ' || first[0] == '\t') {
        return {};
    }
    std::size_t size = first.size();
    while (at + size < mail.size() && (mail[at + size] == ' ' || mail[at + size] == '\t')) {
        size += line_at(mail, at + size).size();
    }
    return mail.substr(at, size);
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

std::string value_of(std::string_view header) {
    std::string_view value = trimmed(header.substr(header.find(':') + 1));
    if (value.starts_with('<') && value.ends_with('>')) {
        value = trimmed(value.substr(1, value.size() - 2));
    }
    return std::string(value.substr(0, kDeliveryValueBytesMax));
}

std::optional<DeliveryField> field_of(std::string_view header) noexcept {
    const std::string_view name = trimmed(header.substr(0, header.find(':')));
    const auto* const found = std::ranges::find_if(
        kFields, [&](const NamedField& known) { return same(known.name, name); });
    return found == kFields.end() ? std::nullopt : std::optional(found->field);
}

struct Recipients {
    std::vector<std::string> asked;
    std::vector<std::string> delivered;

    void add(DeliveryField field, std::string_view header) {
        if (field == DeliveryField::Asked) {
            asked.push_back(value_of(header));
        } else if (field == DeliveryField::Delivered) {
            delivered.push_back(value_of(header));
        }
    }
    [[nodiscard]] std::vector<std::string> in_order() && {
        std::ranges::move(delivered, std::back_inserter(asked));
        return std::move(asked);
    }
};

// Of the headers from `at` up to the first Received; nothing when there is none.
Recipients above_trace(std::string_view mail, std::size_t at) {
    Recipients found;
    for (std::size_t i = 0; i < kDeliveryHeadersMax; ++i) {
        const std::string_view header = header_at(mail, at);
        if (header.empty()) {
            break;
        }
        if (same(trimmed(header.substr(0, header.find(':'))), "received")) {
            return found;
        }
        if (const auto field = field_of(header)) {
            found.add(*field, header);
        }
        at += header.size();
    }
    return {};
}

}  // namespace

DeliveryHead read_delivery_head(std::string_view mail) {
    constexpr std::string_view kFrom = "From ";
    DeliveryHead head;
    if (mail.starts_with(kFrom) && !mail.starts_with("From :")) {
        const std::string_view line = line_at(mail, 0);
        head.from_line = trimmed(line.substr(kFrom.size()));
        head.bytes = line.size();
    }
    Recipients front;
    for (std::size_t i = 0; i < kDeliveryHeadersMax; ++i) {
        const std::string_view header = header_at(mail, head.bytes);
        const auto field = field_of(header);
        if (!field) {
            break;
        }
        if (*field == DeliveryField::Sender && head.sender.empty()) {
            head.sender = value_of(header);
        }
        front.add(*field, header);
        head.bytes += header.size();
    }
    Recipients below = above_trace(mail, head.bytes);
    std::ranges::move(below.asked, std::back_inserter(front.asked));
    std::ranges::move(below.delivered, std::back_inserter(front.delivered));
    head.recipients = std::move(front).in_order();
    return head;
}

}  // namespace fairlist::importer
