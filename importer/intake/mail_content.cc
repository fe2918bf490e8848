#include "importer/intake/mail_content.h"

#include "importer/intake/delivery_head.h"

#include <cstddef>

namespace fairlist::importer {

namespace {

std::string_view without_end(std::string_view mail) noexcept {
    while (mail.ends_with('\n')) {
        mail.remove_suffix(mail.ends_with("\r\n") ? 2 : 1);
    }
    return mail;
}

// Hands on the content in pieces, each without a CR that belongs to a line end.
template <typename Sink>
void for_each_piece(std::string_view mail, Sink sink) {
    mail.remove_prefix(read_delivery_head(mail).bytes);
    mail = without_end(mail);
    while (!mail.empty()) {
        const std::size_t end = mail.find("\r\n");
        if (end == std::string_view::npos) {
            sink(mail);
            return;
        }
        sink(mail.substr(0, end));
        mail.remove_prefix(end + 1);  // the line feed begins the next piece
    }
}

}  // namespace

store::Hash32 content_of(const Vault& vault, std::string_view mail) {
    store::KeyedHash hash = vault.hash("mail content");
    for_each_piece(mail, [&](std::string_view piece) { hash.add(piece); });
    return hash.finish();
}

std::string canonical_content(std::string_view mail) {
    std::string content;
    for_each_piece(mail, [&](std::string_view piece) { content += piece; });
    return content;
}

}  // namespace fairlist::importer
