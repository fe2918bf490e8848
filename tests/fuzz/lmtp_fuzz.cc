// Any bytes as what an LMTP client sends: the replies are well formed and hold nothing of them, the
// limits are kept, and how the bytes are cut into pieces changes nothing.

#include "importer/lmtp/envelope_text.h"
#include "importer/lmtp/lmtp_session.h"
#include "importer/lmtp/path_command.h"
#include "listing/base/check.h"
#include "tests/support/lmtp_dialogue.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace fairlist::importer {
namespace {

LmtpSessionOptions options_for(std::uint8_t choice) {
    LmtpSessionOptions options;
    options.host_name = "traps.example";
    options.trusted = (choice & 1U) != 0;
    options.limits.message_bytes = 300;
    options.limits.command_bytes = 200;
    options.limits.recipients = 3;
    options.limits.protocol_errors = 8;
    options.limits.messages = 5;
    return options;
}

void check_line(std::string_view line) {
    FAIRLIST_CHECK(line.size() >= 4 && line.size() <= 510);  // RFC 5321 section 4.5.3.1.5
    FAIRLIST_CHECK(line[0] == '2' || line[0] == '3' || line[0] == '4' || line[0] == '5');
    FAIRLIST_CHECK(line[3] == ' ' || line[3] == '-');
    FAIRLIST_CHECK(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
    FAIRLIST_CHECK(line.find('@') == std::string_view::npos);
}

void check_replies(std::string_view replies) {
    while (!replies.empty()) {
        const std::size_t end = replies.find("\r\n");
        FAIRLIST_CHECK(end != std::string_view::npos);
        check_line(replies.substr(0, end));
        replies.remove_prefix(end + 2);
    }
}

void check_text(const std::string& text) {
    FAIRLIST_CHECK(text.size() <= kEnvelopeTextBytesMax);
    FAIRLIST_CHECK(std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }));
}

void check_mail(const IncomingMail& mail, const LmtpSessionOptions& options) {
    check_text(mail.envelope.helo);
    check_text(mail.envelope.peer_name);
    check_text(mail.envelope.sender);
    FAIRLIST_CHECK(options.trusted || !mail.envelope.peer);
    FAIRLIST_CHECK(mail.envelope.peer ||
                   (mail.envelope.helo.empty() && mail.envelope.peer_name.empty()));
    FAIRLIST_CHECK(!mail.recipients.empty());
    FAIRLIST_CHECK(mail.recipients.size() <= options.limits.recipients);
    FAIRLIST_CHECK(mail.bytes.size() <= options.limits.message_bytes);
    for (const std::string& recipient : mail.recipients) {
        FAIRLIST_CHECK(!recipient.empty() && recipient.size() <= kRecipientBytesMax);
    }
}

void check_same(const test::LmtpDialogue& a, const test::LmtpDialogue& b) {
    FAIRLIST_CHECK(a.transcript() == b.transcript() && a.closed() == b.closed());
    FAIRLIST_CHECK(a.mails().size() == b.mails().size());
    for (std::size_t i = 0; i < a.mails().size(); ++i) {
        FAIRLIST_CHECK(a.mails()[i].bytes == b.mails()[i].bytes);
        FAIRLIST_CHECK(a.mails()[i].recipients == b.mails()[i].recipients);
        FAIRLIST_CHECK(a.mails()[i].envelope.peer == b.mails()[i].envelope.peer);
    }
}

}  // namespace
}  // namespace fairlist::importer

// The first byte chooses the peer, the second the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fairlist;
    using namespace fairlist::importer;
    if (size < 2) {
        return 0;
    }
    const LmtpSessionOptions options = options_for(data[0]);
    const std::string bytes(data + 2, data + size);
    test::LmtpDialogue whole(options);
    whole.say(bytes);
    check_replies(whole.transcript());
    for (const IncomingMail& mail : whole.mails()) {
        check_mail(mail, options);
    }
    std::minstd_rand random(data[1]);
    test::LmtpDialogue pieces(options);
    pieces.say({});
    pieces.say_in_pieces(bytes, [&] { return 1 + random() % 7; });
    check_same(whole, pieces);
    return 0;
}
