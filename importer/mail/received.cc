#include "importer/mail/received.h"

#include "importer/mail/received_items.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

using Items = std::span<const ReceivedItem>;

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool starts_with(std::string_view text, std::string_view start) noexcept {
    return text.size() >= start.size() && same(text.substr(0, start.size()), start);
}

std::string cleaned(std::string_view text) {
    std::string out(text.substr(0, kReceivedTextBytesMax));
    std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

// "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321 section 4.1.3), "192.0.2.1", and with what some
// servers add: a port ("192.0.2.1:25", "[192.0.2.1:25]", "[192.0.2.1]:25") or a zone ("fe80::1%2").
std::optional<Address> address_in(std::string_view text) {
    if (text.starts_with('[')) {
        text = text.substr(1, text.find(']') - 1);
    }
    if (starts_with(text, "IPv6:")) {
        text.remove_prefix(5);
    }
    text = text.substr(0, text.find('%'));
    if (const std::size_t colon = text.find(':');
        text.find('.') < colon && text.find(':', colon + 1) == std::string_view::npos) {
        text = text.substr(0, colon);
    }
    const auto address = parse_address(text);
    return address ? std::optional(*address) : std::nullopt;
}

bool is_literal(std::string_view word) noexcept {
    return word.starts_with('[') && word.find(']') != std::string_view::npos;
}

std::string name_in(std::string_view word) {
    constexpr std::array<std::string_view, 5> kNoNames = {"unknown", "unverified", "nxdomain",
                                                          "no-reverse-dns", "may"};
    if (const std::size_t at = word.rfind('@'); at != std::string_view::npos) {
        word.remove_prefix(at + 1);  // what the ident service says (RFC 1413) comes before
    }
    if (word.ends_with('.')) {
        word.remove_suffix(1);
    }
    const bool none =
        std::ranges::any_of(kNoNames, [&](std::string_view no) { return same(word, no); });
    return none || address_in(word) ? std::string() : cleaned(word);
}

// What stands between "from" and the next keyword, and between the others.
struct Clauses {
    bool has_from = false;
    Items from;
    Items by;
    Items with;
    Items recipient;
};

bool is_keyword(const ReceivedItem& item) noexcept {
    constexpr std::array<std::string_view, 5> kKeywords = {"by", "via", "with", "id", "for"};
    return item.is_word() && std::ranges::any_of(kKeywords, [&](std::string_view keyword) {
               return same(item.text, keyword);
           });
}

// The items of the clause at the front, which it takes away. The first word is never a keyword: a
// peer may call itself "by".
Items take_clause(Items& rest) {
    std::size_t size = rest.empty() || !rest.front().is_word() ? 0 : 1;
    while (size < rest.size() && !is_keyword(rest[size]) &&
           rest[size].kind != ReceivedItem::Kind::Semicolon) {
        ++size;
    }
    const Items clause = rest.first(size);
    rest = rest.subspan(size);
    return clause;
}

// OpenSMTPD once wrote "from ...; by ...": the semicolon ends the line only where no "by" follows.
bool is_end(Items rest) {
    return rest.front().kind == ReceivedItem::Kind::Semicolon &&
           !(rest.size() > 1 && rest[1].is_word() && same(rest[1].text, "by"));
}

Clauses clauses_of(Items rest) {
    Clauses clauses;
    if (!rest.empty() && rest.front().is_word() && same(rest.front().text, "from")) {
        rest = rest.subspan(1);
        clauses.has_from = true;
        clauses.from = take_clause(rest);
    }
    while (!rest.empty() && !is_end(rest)) {
        const ReceivedItem keyword = rest.front();
        rest = rest.subspan(1);
        if (!keyword.is_word() || !is_keyword(keyword)) {
            continue;
        }
        const Items clause = take_clause(rest);
        if (same(keyword.text, "by") && clauses.by.empty()) {
            clauses.by = clause;
        } else if (same(keyword.text, "with") && clauses.with.empty()) {
            clauses.with = clause;
        } else if (same(keyword.text, "for") && clauses.recipient.empty()) {
            clauses.recipient = clause;
        }
    }
    return clauses;
}

// What one comment of the "from" clause tells.
struct PeerNote {
    std::optional<Address> address;
    std::string name;
    std::string helo;
};

// Exim: "[192.0.2.1] helo=x ident=y", or "port=1 helo=x" behind a literal. What follows the first
// key is what the peer says.
bool read_exim(std::span<const ReceivedItem> items, PeerNote& note) {
    const auto is_pair = [](const ReceivedItem& item) {
        return starts_with(item.text, "helo=") || starts_with(item.text, "ident=") ||
               starts_with(item.text, "port=");
    };
    const bool pair_first = is_pair(items.front());
    if (!pair_first && !is_literal(items.front().text)) {
        return false;
    }
    if (!pair_first) {
        note.address = address_in(items.front().text);
    }
    for (const ReceivedItem& item : items) {
        if (note.helo.empty() && starts_with(item.text, "helo=")) {
            note.helo = cleaned(item.text.substr(5));
        }
    }
    return true;
}

// qmail, Yahoo and CommuniGate: "HELO x" alone, or "account y HELO x".
bool read_helo(std::span<const ReceivedItem> items, PeerNote& note) {
    const auto found = std::ranges::find_if(items, [](const ReceivedItem& item) {
        return same(item.text, "HELO") || same(item.text, "EHLO");
    });
    if (found == items.end() || (found != items.begin() && !same(items[0].text, "account"))) {
        return false;
    }
    if (std::next(found) != items.end()) {
        note.helo = cleaned(std::next(found)->text);
    }
    return true;
}

// Whether an address that stands without brackets is all there is, or as Yahoo writes it,
// "user@192.0.2.1 with login".
bool is_bare_address(std::span<const ReceivedItem> items) {
    const bool has_login =
        items.size() == 3 && same(items[1].text, "with") && same(items[2].text, "login");
    return (items.size() == 1 || has_login) && items[0].is_word();
}

// "name [192.0.2.1]", "ident@name [192.0.2.1] (may be forged)", "192.0.2.1", "ident@192.0.2.1". The
// last literal counts: what the peer may choose (ident, name) stands before it.
void read_name_and_address(std::span<const ReceivedItem> items, PeerNote& note) {
    std::string_view before;
    for (const ReceivedItem& item : items) {
        const std::size_t bracket = item.is_word() ? item.text.rfind('[') : std::string_view::npos;
        if (bracket != std::string_view::npos) {
            if (const auto address = address_in(item.text.substr(bracket))) {
                note.address = address;
                note.name = name_in(bracket == 0 ? before : item.text.substr(0, bracket));
            }
        }
        before = item.is_word() ? item.text : std::string_view();
    }
    if (!note.address && is_bare_address(items)) {
        note.address = address_in(items[0].text.substr(items[0].text.rfind('@') + 1));
    }
}

PeerNote read_comment(std::string_view comment) {
    PeerNote note;
    const std::vector<ReceivedItem> items = cut_comment(comment);
    if (!items.empty() && !read_exim(items, note) && !read_helo(items, note)) {
        read_name_and_address(items, note);
    }
    return note;
}

// "from name [192.0.2.1]" and "from name[192.0.2.1]" of fetchmail and others, "from [192.0.2.1]".
std::optional<Address> literal_beside(Items from) {
    std::optional<Address> found;
    for (const ReceivedItem& item : from) {
        const std::size_t bracket = item.is_word() ? item.text.find('[') : std::string_view::npos;
        if (!found && bracket != std::string_view::npos) {
            found = address_in(item.text.substr(bracket));
        }
    }
    return found;
}

void read_from(Items from, Received& out) {
    const std::string_view first =
        !from.empty() && from.front().is_word() ? from.front().text : std::string_view();
    std::string told_helo;
    bool has_pair = false;
    for (const ReceivedItem& item : from) {
        if (!item.is_comment() || out.peer) {
            continue;
        }
        PeerNote note = read_comment(item.text);
        out.peer = note.address;
        out.peer_name = std::move(note.name);
        if (told_helo.empty() && !note.helo.empty()) {
            told_helo = std::move(note.helo);
            has_pair = true;
        }
    }
    if (!out.peer) {
        out.peer = literal_beside(from);
    }
    // Where the comment has the HELO, the word before it is the name that the server looked up.
    out.helo = has_pair ? told_helo : cleaned(first);
    if (has_pair && out.peer_name.empty() && !is_literal(first)) {
        out.peer_name = name_in(first);
    }
}

// Of "<user@domain>".
std::string domain_of(Items recipient) {
    if (recipient.empty() || !recipient.front().is_word()) {
        return {};
    }
    std::string_view text = recipient.front().text;
    const std::size_t at = text.rfind('@');
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return cleaned(text.substr(0, text.find_first_of(">,")));
}

Transfer transfer_of(const Clauses& clauses, const Received& received) {
    const std::string_view protocol = received.protocol;
    if (starts_with(protocol, "POP") || starts_with(protocol, "IMAP")) {
        return Transfer::Fetched;
    }
    const bool pickup = clauses.from.size() > 1 && same(clauses.from[0].text, "mail") &&
                        same(clauses.from[1].text, "pickup");
    if (!clauses.has_from || pickup || starts_with(protocol, "local") ||
        starts_with(protocol, "LMTP")) {
        return Transfer::Handover;
    }
    return Transfer::Network;
}

}  // namespace

Result<Received> parse_received(std::string_view value) {
    const auto items = cut_received(value);
    if (!items) {
        return std::unexpected(items.error());
    }
    const Clauses clauses = clauses_of(*items);
    Received received;
    if (!clauses.by.empty() && clauses.by.front().is_word()) {
        received.by = cleaned(clauses.by.front().text);
    }
    for (const ReceivedItem& item : clauses.with) {
        if (item.is_word()) {
            received.protocol += (received.protocol.empty() ? "" : " ") + cleaned(item.text);
        }
    }
    received.protocol.resize(std::min(received.protocol.size(), kReceivedTextBytesMax));
    received.recipient_domain = domain_of(clauses.recipient);
    read_from(clauses.from, received);
    received.transfer = transfer_of(clauses, received);
    if (!received.peer && starts_with(received.protocol, "HTTP") && !received.helo.empty()) {
        received.peer = address_in(received.helo);  // webmail writes no HELO there, but its client
    }
    return received;
}

}  // namespace fairlist::importer
