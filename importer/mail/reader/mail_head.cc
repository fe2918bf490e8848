#include "importer/mail/reader/mail_head.h"

#include "importer/mail/reader/gmime_handle.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::importer {

namespace {

// A group may hold groups; a prescan leaves 64 colons in an address header.
constexpr int kGroupDepthMax = 64;

std::string subject_of(GMimeMessage* mail) {
    const char* given = g_mime_message_get_subject(mail);
    if (given == nullptr) {
        return {};
    }
    const GlibText text(g_utf8_make_valid(given, -1));
    std::string out;
    for (const char* at = text.get(); *at != '\0';) {
        const char* next = g_utf8_next_char(at);
        const auto bytes = static_cast<std::size_t>(next - at);
        if (out.size() + bytes > kMailSubjectBytesMax) {
            break;
        }
        if (g_unichar_iscntrl(g_utf8_get_char(at)) != 0) {
            out += ' ';
        } else {
            out.append(at, bytes);
        }
        at = next;
    }
    return out;
}

InternetAddressMailbox* first_mailbox(InternetAddressList* list) {
    for (int depth = 0; depth < kGroupDepthMax; ++depth) {
        if (list == nullptr || internet_address_list_length(list) == 0) {
            return nullptr;
        }
        InternetAddress* first = internet_address_list_get_address(list, 0);
        if (INTERNET_ADDRESS_IS_MAILBOX(first)) {
            return INTERNET_ADDRESS_MAILBOX(first);
        }
        list = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(first));
    }
    return nullptr;
}

std::string domain_of(GMimeMessage* mail) {
    InternetAddressMailbox* mailbox = first_mailbox(g_mime_message_get_from(mail));
    const char* given =
        mailbox == nullptr ? nullptr : internet_address_mailbox_get_idn_addr(mailbox);
    const std::string_view address = given == nullptr ? std::string_view{} : given;
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos || address.size() - at - 1 > kMailDomainBytesMax) {
        return {};
    }
    std::string domain(address.substr(at + 1));
    std::ranges::transform(domain, domain.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const bool clean = std::ranges::all_of(domain, [](char c) { return c > ' ' && c <= '~'; });
    return clean ? domain : std::string();
}

Time date_of(GMimeMessage* mail) {
    GDateTime* date = g_mime_message_get_date(mail);
    const std::int64_t seconds = date == nullptr ? 0 : g_date_time_to_unix(date);
    const bool fits = seconds > 0 && seconds <= UINT32_MAX;
    return Time{fits ? static_cast<std::uint32_t>(seconds) : 0};
}

}  // namespace

void read_head(GMimeMessage* mail, MailRecord& record) {
    record.subject = subject_of(mail);
    record.from_domain = domain_of(mail);
    record.date = date_of(mail);
    GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(mail));
    record.list_mail = g_mime_header_list_contains(headers, "List-Id") != 0 ||
                       g_mime_header_list_contains(headers, "List-Unsubscribe") != 0;
}

}  // namespace fairlist::importer
