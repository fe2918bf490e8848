// LMTP session: the protocol of one connection (RFC 2033), without sockets, clock or threads.
#pragma once

#include "importer/lmtp/client_attributes.h"
#include "importer/lmtp/data_reader.h"
#include "importer/lmtp/mail_sink.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

struct LmtpLimits {
    std::size_t command_bytes = 4096;  // a line with its CRLF; RFC 5321 section 4.5.3.1.4 asks 512
    // What the reader of a mail looks at, and what servers on the way add to it.
    std::size_t message_bytes = (std::size_t{4} << 20U) + (std::size_t{256} << 10U);
    std::size_t recipients = 100;  // of a mail; RFC 5321 section 4.5.3.1.8 allows no fewer
    unsigned protocol_errors = 20;
    unsigned messages = 1000;  // of a connection
};

struct LmtpSessionOptions {
    std::string host_name = "localhost";  // in the greeting
    bool trusted = false;                 // whether XFORWARD and XCLIENT are offered and believed
    LmtpLimits limits;
};

enum class LmtpEvent : std::uint8_t {
    NeedsInput,      // all input is used up
    CheckRecipient,  // recipient_checked() has to be told
    MailComplete,    // take_mail() once, then delivered() has to be told
    Closed           // the replies are the last
};

// Bytes in, replies and events out. How the bytes are cut into pieces changes nothing.
// No reply holds anything of what was received: addresses of traps are secrets.
class LmtpSession {
  public:
    // The greeting is the first reply.
    explicit LmtpSession(LmtpSessionOptions options);

    // Uses bytes off the front of `input` up to the next event, which is told again, and nothing
    // used, until it is answered. `room`: by so many bytes the memory for content may grow; a mail
    // for which that is too little is passed over and answered with 452.
    [[nodiscard]] LmtpEvent advance(std::string_view& input, std::size_t room = SIZE_MAX);

    // Requires: the event CheckRecipient.
    [[nodiscard]] const std::string& recipient() const noexcept { return candidate_; }
    void recipient_checked(Acceptance acceptance);

    // Requires: the event MailComplete; one delivery a recipient.
    [[nodiscard]] IncomingMail take_mail();
    void delivered(std::span<const Delivery> deliveries);

    // Those since the last call, in the order of the commands.
    [[nodiscard]] std::string take_replies();
    [[nodiscard]] bool has_replies() const noexcept { return !replies_.empty(); }

    [[nodiscard]] bool receives_data() const noexcept { return state_ == State::Data; }
    [[nodiscard]] std::size_t content_bytes() const noexcept { return data_.size(); }
    // Whole command lines so far.
    [[nodiscard]] std::uint64_t commands() const noexcept { return commands_; }

  private:
    enum class State : std::uint8_t { Command, Recipient, Data, Delivery, Closed };
    struct Verb;

    [[nodiscard]] bool read_line(std::string_view& input);
    void run_line();
    void run_command(std::string_view line);
    void end_data();

    void lhlo(std::string_view arguments);
    void helo(std::string_view arguments);
    void mail(std::string_view arguments);
    void rcpt(std::string_view arguments);
    void data(std::string_view arguments);
    void rset(std::string_view arguments);
    void noop(std::string_view arguments);
    void quit(std::string_view arguments);
    void vrfy(std::string_view arguments);
    void xforward(std::string_view arguments);
    void xclient(std::string_view arguments);
    void not_implemented(std::string_view arguments);
    void no_mail_server(std::string_view arguments);

    [[nodiscard]] bool takes_attributes();
    void reply(std::string_view text);
    // A reply that counts as a protocol error: too many end the connection.
    void fault(std::string_view text);
    void out_of_sequence();
    void close(std::string_view text);
    void reset();

    LmtpSessionOptions options_;
    State state_ = State::Command;
    std::string line_;            // of a command; at most limits.command_bytes
    bool line_too_long_ = false;  // the rest of it is passed over
    std::string replies_;
    std::uint64_t commands_ = 0;
    unsigned errors_ = 0;
    unsigned messages_ = 0;

    bool greeted_ = false;                       // by LHLO
    ClientAttributes client_;                    // XCLIENT: of the connection
    std::optional<ClientAttributes> forwarded_;  // XFORWARD: of the next mail
    std::optional<std::string> sender_;          // of the mail that is being taken; none: none is
    std::vector<std::string> recipients_;
    std::size_t recipient_count_ = 0;  // of the mail that take_mail() gave away
    bool refused_ = false;             // MAIL, or a recipient of it
    std::string candidate_;
    DataReader data_;
};

}  // namespace fairlist::importer
