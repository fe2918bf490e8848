#include "importer/lmtp/lmtp_session.h"

#include "importer/lmtp/envelope_text.h"
#include "importer/lmtp/path_command.h"
#include "listing/base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::importer {

struct LmtpSession::Verb {
    std::string_view name;
    void (LmtpSession::*run)(std::string_view arguments);
};

namespace {

constexpr std::string_view kBadSequence = "503 5.5.1 bad sequence of commands";

bool is_control(char c) {
    return (c >= '\0' && c < ' ') || c == '\x7F';
}

// What parse_mail() and parse_rcpt() say. `path_code`: of a bad sender or recipient.
std::string_view path_reply(const Error& error, std::string_view path_reply) {
    switch (error.code) {
        case Errc::Refused:
            return "555 5.5.4 parameter not recognized";
        case Errc::OutOfRange:
            return "501 5.5.4 bad parameter value";
        default:
            return path_reply;
    }
}

std::string_view delivery_reply(Delivery delivery) {
    switch (delivery) {
        case Delivery::Stored:
            return "250 2.0.0 stored";
        case Delivery::Duplicate:
            return "250 2.0.0 already stored";
        case Delivery::Refused:
            return "550 5.7.1 mail refused";
        case Delivery::TemporaryFailure:
            break;
    }
    return "451 4.3.0 cannot store mail, try again later";
}

}  // namespace

LmtpSession::LmtpSession(LmtpSessionOptions options)
    : options_(std::move(options)), data_(options_.limits.message_bytes) {
    reply(fmt::format("220 {} LMTP ready", options_.host_name));
}

LmtpEvent LmtpSession::advance(std::string_view& input, std::size_t room) {
    while (true) {
        switch (state_) {
            case State::Command:
                if (!read_line(input)) {
                    return LmtpEvent::NeedsInput;
                }
                run_line();
                break;
            case State::Data:
                if (!data_.read(input, room)) {
                    return LmtpEvent::NeedsInput;
                }
                end_data();
                break;
            case State::Recipient:
                return LmtpEvent::CheckRecipient;
            case State::Delivery:
                return LmtpEvent::MailComplete;
            case State::Closed:
                return LmtpEvent::Closed;
        }
    }
}

// True: line_ holds a line with its LF, or line_too_long_ says that it does not fit.
bool LmtpSession::read_line(std::string_view& input) {
    const std::size_t lf = input.find('\n');
    const std::size_t bytes = lf == std::string_view::npos ? input.size() : lf + 1;
    if (bytes > options_.limits.command_bytes - line_.size()) {
        line_too_long_ = true;
    }
    if (!line_too_long_) {
        line_ += input.substr(0, bytes);
    }
    input.remove_prefix(bytes);
    return lf != std::string_view::npos;
}

void LmtpSession::run_line() {
    const std::string line = std::exchange(line_, std::string());
    ++commands_;
    if (std::exchange(line_too_long_, false)) {
        return fault("500 5.5.2 line too long");
    }
    // Only CRLF ends a line (RFC 5321 section 2.3.8). What a bare LF ends is answered, so that
    // nobody waits, but never carried out.
    if (!line.ends_with("\r\n")) {
        return fault("500 5.5.2 line has to end with CR LF");
    }
    std::string_view text(line.data(), line.size() - 2);
    if (std::ranges::any_of(text, is_control)) {
        return fault("500 5.5.2 control character in a command");
    }
    // Blanks at the end are tolerated (RFC 5321 section 4.1.1).
    text.remove_suffix(text.size() - (text.find_last_not_of(' ') + 1));
    run_command(text);
}

void LmtpSession::run_command(std::string_view line) {
    static constexpr std::array kVerbs = {
        Verb{"LHLO", &LmtpSession::lhlo},
        Verb{"MAIL", &LmtpSession::mail},
        Verb{"RCPT", &LmtpSession::rcpt},
        Verb{"DATA", &LmtpSession::data},
        Verb{"RSET", &LmtpSession::rset},
        Verb{"NOOP", &LmtpSession::noop},
        Verb{"QUIT", &LmtpSession::quit},
        Verb{"VRFY", &LmtpSession::vrfy},
        Verb{"XFORWARD", &LmtpSession::xforward},
        Verb{"XCLIENT", &LmtpSession::xclient},
        Verb{"HELO", &LmtpSession::helo},
        Verb{"EHLO", &LmtpSession::helo},
        Verb{"EXPN", &LmtpSession::not_implemented},
        Verb{"HELP", &LmtpSession::not_implemented},
        Verb{"BDAT", &LmtpSession::not_implemented},
        Verb{"AUTH", &LmtpSession::not_implemented},
        Verb{"STARTTLS", &LmtpSession::not_implemented},
        Verb{"GET", &LmtpSession::no_mail_server},
        Verb{"HEAD", &LmtpSession::no_mail_server},
        Verb{"POST", &LmtpSession::no_mail_server},
        Verb{"PUT", &LmtpSession::no_mail_server},
        Verb{"CONNECT", &LmtpSession::no_mail_server},
        Verb{"OPTIONS", &LmtpSession::no_mail_server},
    };
    const std::string_view name = take_argument(line);
    const auto* const verb =
        std::ranges::find_if(kVerbs, [&](const Verb& v) { return same_keyword(v.name, name); });
    if (verb == kVerbs.end()) {
        return fault("500 5.5.2 command not recognized");
    }
    if (messages_ >= options_.limits.messages && verb->run != &LmtpSession::quit) {
        return close("421 4.7.0 enough mails over this connection, open another");
    }
    (this->*verb->run)(line);
}

void LmtpSession::lhlo(std::string_view arguments) {
    if (arguments.empty()) {
        return fault("501 5.5.4 LHLO expects a host name");
    }
    reset();
    greeted_ = true;
    reply(fmt::format("250-{}", options_.host_name));
    reply("250-PIPELINING");
    reply("250-ENHANCEDSTATUSCODES");
    reply("250-8BITMIME");
    // So that a server on the way need not bounce a trap's mail: there is nothing to convert here.
    reply("250-SMTPUTF8");
    if (options_.trusted) {
        reply(fmt::format("250-{}", kForwardOffer));
        reply(fmt::format("250-{}", kClientOffer));
    }
    reply(fmt::format("250 SIZE {}", options_.limits.message_bytes));
}

// RFC 2033 section 4.1: "MUST NOT return a Positive Completion reply".
void LmtpSession::helo(std::string_view /*arguments*/) {
    fault("500 5.5.1 this is LMTP, expected LHLO");
}

void LmtpSession::mail(std::string_view arguments) {
    if (!greeted_ || sender_) {
        return fault(kBadSequence);
    }
    refused_ = true;
    const auto command = parse_mail(arguments);
    if (!command) {
        return fault(path_reply(command.error(), "501 5.1.7 bad sender address syntax"));
    }
    if (command->size > options_.limits.message_bytes) {
        return reply("552 5.3.4 mail too long");
    }
    refused_ = false;
    sender_ = envelope_text(command->sender);
    reply("250 2.1.0 sender ok");
}

void LmtpSession::rcpt(std::string_view arguments) {
    if (!sender_) {
        return out_of_sequence();
    }
    auto address = parse_rcpt(arguments);
    if (!address) {
        return fault(path_reply(address.error(), "501 5.1.3 bad recipient address syntax"));
    }
    if (recipients_.size() >= options_.limits.recipients) {
        return reply("452 4.5.3 too many recipients");
    }
    candidate_ = std::move(*address);
    state_ = State::Recipient;
}

void LmtpSession::recipient_checked(Acceptance acceptance) {
    FAIRLIST_CHECK(state_ == State::Recipient);
    state_ = State::Command;
    if (acceptance == Acceptance::Known) {
        recipients_.push_back(std::move(candidate_));
        return reply("250 2.1.5 recipient ok");
    }
    refused_ = true;
    reply(acceptance == Acceptance::Unknown ? "550 5.1.1 no such recipient"
                                            : "451 4.3.0 cannot look up the recipient");
}

void LmtpSession::data(std::string_view arguments) {
    if (!arguments.empty()) {
        return fault("501 5.5.4 DATA takes no argument");
    }
    if (recipients_.empty()) {
        return out_of_sequence();  // as RFC 2033 section 4.2 asks
    }
    state_ = State::Data;
    reply("354 end with CR LF . CR LF");
}

void LmtpSession::end_data() {
    ++messages_;
    if (data_.outcome() == DataOutcome::Whole) {
        state_ = State::Delivery;
        return;
    }
    const std::string_view text = data_.outcome() == DataOutcome::TooLong
                                      ? "552 5.3.4 mail too long"
                                      : "452 4.3.1 too many mails at once, try again later";
    for (std::size_t i = 0; i < recipients_.size(); ++i) {
        reply(text);
    }
    static_cast<void>(data_.take());
    state_ = State::Command;
    reset();
}

IncomingMail LmtpSession::take_mail() {
    FAIRLIST_CHECK(state_ == State::Delivery && sender_);
    // What the two commands say is never mixed. XFORWARD without an address means a mail written on
    // that server, whose other attributes say nothing (XFORWARD_README, "Server operation").
    ClientAttributes client = forwarded_ ? std::move(*forwarded_) : client_;
    if (!client.address) {
        client = {};
    }
    recipient_count_ = recipients_.size();
    IncomingMail mail{
        {client.address, std::move(client.helo), std::move(client.name), std::move(*sender_)},
        std::exchange(recipients_, {}),
        data_.take()};
    reset();
    return mail;
}

void LmtpSession::delivered(std::span<const Delivery> deliveries) {
    FAIRLIST_CHECK(state_ == State::Delivery && !sender_);
    FAIRLIST_CHECK(deliveries.size() == recipient_count_);
    for (const Delivery delivery : deliveries) {
        reply(delivery_reply(delivery));
    }
    state_ = State::Command;
}

void LmtpSession::rset(std::string_view arguments) {
    if (!arguments.empty()) {
        return fault("501 5.5.4 RSET takes no argument");
    }
    reset();
    reply("250 2.0.0 ok");
}

void LmtpSession::noop(std::string_view /*arguments*/) {
    reply("250 2.0.0 ok");
}

void LmtpSession::quit(std::string_view arguments) {
    if (!arguments.empty()) {
        return fault("501 5.5.4 QUIT takes no argument");
    }
    close("221 2.0.0 bye");
}

void LmtpSession::vrfy(std::string_view arguments) {
    if (arguments.empty()) {
        return fault("501 5.5.4 VRFY expects an address");
    }
    reply("252 2.0.0 not told, try RCPT");
}

bool LmtpSession::takes_attributes() {
    if (!options_.trusted) {
        fault("550 5.7.0 not for you");
        return false;
    }
    if (!greeted_ || sender_) {
        fault(kBadSequence);
        return false;
    }
    return true;
}

void LmtpSession::xforward(std::string_view arguments) {
    if (!takes_attributes()) {
        return;
    }
    auto told = apply_attributes(forwarded_.value_or(ClientAttributes{}), arguments,
                                 AttributeCommand::Forward);
    if (!told) {
        return fault(fmt::format("501 5.5.4 {}", told.error().message));
    }
    forwarded_ = std::move(*told);
    reply("250 2.0.0 ok");
}

// The session begins anew: the greeting is the answer, and LHLO has to follow (XCLIENT_README).
void LmtpSession::xclient(std::string_view arguments) {
    if (!takes_attributes()) {
        return;
    }
    auto told = apply_attributes(client_, arguments, AttributeCommand::Client);
    if (!told) {
        return fault(fmt::format("501 5.5.4 {}", told.error().message));
    }
    client_ = std::move(*told);
    greeted_ = false;
    reset();
    reply(fmt::format("220 {} LMTP ready", options_.host_name));
}

void LmtpSession::not_implemented(std::string_view /*arguments*/) {
    fault("502 5.5.1 command not implemented");
}

// A web browser or proxy that somebody made talk to us: the rest of it may hold commands of ours.
void LmtpSession::no_mail_server(std::string_view /*arguments*/) {
    close("421 4.7.0 this is LMTP, no web server");
}

std::string LmtpSession::take_replies() {
    return std::exchange(replies_, std::string());
}

void LmtpSession::reply(std::string_view text) {
    replies_ += text;
    replies_ += "\r\n";
}

void LmtpSession::fault(std::string_view text) {
    reply(text);
    if (++errors_ >= options_.limits.protocol_errors) {
        close("421 4.7.0 too many errors, closing");
    }
}

// A client that sends its commands in one go could not know that the first of them would be
// refused: the rest is no error of its own.
void LmtpSession::out_of_sequence() {
    refused_ ? reply(kBadSequence) : fault(kBadSequence);
}

void LmtpSession::close(std::string_view text) {
    reply(text);
    state_ = State::Closed;
}

void LmtpSession::reset() {
    sender_.reset();
    forwarded_.reset();
    recipients_.clear();
    refused_ = false;
}

}  // namespace fairlist::importer
