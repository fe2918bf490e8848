#include "importer/lmtp/lmtp_connection.h"

#include "importer/lmtp/lmtp_reply.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

namespace fairlist::importer {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// How long the client may take to close its end behind our last reply. Closing ours at once would
// take that reply away from it, if something of the client was still unread (RFC 1122
// section 4.2.2.13).
constexpr std::chrono::seconds kLinger{2};

}  // namespace

void LmtpConnection::advance() {
    while (true) {
        switch (next_event()) {
            case LmtpEvent::CheckRecipient:
                check_recipient();
                break;
            case LmtpEvent::MailComplete:
                return deliver();
            case LmtpEvent::Closed:
                return finish({});
            case LmtpEvent::NeedsInput:
                return session_.has_replies() ? write() : read();
        }
    }
}

LmtpEvent LmtpConnection::next_event() {
    const LmtpEvent event = session_.advance(input_, shared_.room());
    set_content(session_.content_bytes());
    return event;
}

void LmtpConnection::check_recipient() {
    const Acceptance acceptance = shared_.sink.accepts(session_.recipient());
    if (acceptance == Acceptance::Unknown) {
        ++shared_.counters.recipients_refused;
    } else if (acceptance == Acceptance::TemporaryFailure) {
        ++shared_.counters.temporary_failures;
    }
    session_.recipient_checked(acceptance);
}

void LmtpConnection::deliver() {
    IncomingMail mail = session_.take_mail();
    ++shared_.counters.messages;
    shared_.counters.bytes += mail.bytes.size();
    with_sink_ = true;
    ++ticket_;
    set_deadline(shared_.options.delivery_timeout);
    // Only the postbox is sure to be there when the sink calls.
    shared_.sink.deliver(std::move(mail), [postbox = shared_.postbox, self = weak_from_this(),
                                           ticket = ticket_](std::vector<Delivery> deliveries) {
        postbox->post([self, ticket, deliveries = std::move(deliveries)] {
            if (const auto connection = self.lock()) {
                connection->delivered(ticket, deliveries);
            }
        });
    });
}

void LmtpConnection::delivered(std::uint64_t ticket, const std::vector<Delivery>& deliveries) {
    if (!with_sink_ || ticket != ticket_) {
        return;
    }
    with_sink_ = false;
    set_content(0);
    shared_.counters.temporary_failures +=
        static_cast<std::uint64_t>(std::ranges::count(deliveries, Delivery::TemporaryFailure));
    session_.delivered(deliveries);
    if (shared_.stopping) {
        return finish(kShuttingDown);
    }
    advance();
}

void LmtpConnection::read() {
    set_read_deadline();
    reading_ = true;
    socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](
                                                       const error_code& error, std::size_t bytes) {
        self->on_read(error, bytes);
    });
}

void LmtpConnection::on_read(const error_code& error, std::size_t bytes) {
    reading_ = false;
    if (error || !socket_.is_open()) {
        return close();
    }
    if (finishing_) {
        return read();
    }
    input_ = std::string_view(buffer_.data(), bytes);
    advance();
}

void LmtpConnection::write(std::string_view last_reply) {
    set_deadline(shared_.options.idle_timeout);
    writing_ = true;
    outgoing_ = session_.take_replies();
    outgoing_ += last_reply;
    asio::async_write(socket_, asio::buffer(outgoing_),
                      [self = shared_from_this()](const error_code& error, std::size_t /*bytes*/) {
                          self->on_written(error);
                      });
}

void LmtpConnection::on_written(const error_code& error) {
    writing_ = false;
    if (error || !socket_.is_open()) {
        return close();
    }
    if (finishing_) {
        error_code ignored;
        socket_.shutdown(LmtpSocket::shutdown_send, ignored);
        set_deadline(kLinger);
        return reading_ ? void() : read();
    }
    if (shared_.stopping) {
        return finish(kShuttingDown);
    }
    advance();
}

// Requires: nothing is being written.
void LmtpConnection::finish(std::string_view last_reply) {
    finishing_ = true;
    write(last_reply);
}

void LmtpConnection::stop() {
    // A mail with the sink, and a reply on its way, come first.
    if (!with_sink_ && !writing_ && !finishing_) {
        finish(kShuttingDown);
    }
}

void LmtpConnection::close() {
    error_code ignored;
    timer_.cancel();
    socket_.close(ignored);
    with_sink_ = false;
    deadline_ = LmtpClock::time_point::max();
    set_content(0);
    shared_.closed(id_);
}

void LmtpConnection::set_content(std::size_t bytes) {
    shared_.content_bytes = shared_.content_bytes - content_bytes_ + bytes;
    content_bytes_ = bytes;
}

// Bytes that complete no command renew nothing, so that nobody can hold a connection by single
// bytes. Inside a mail they do, up to its own deadline.
void LmtpConnection::set_read_deadline() {
    if (finishing_) {
        return;
    }
    const LmtpClock::time_point idle = LmtpClock::now() + shared_.options.idle_timeout;
    if (session_.receives_data()) {
        if (!data_deadline_ || session_.commands() != commands_seen_) {
            data_deadline_ = LmtpClock::now() + shared_.options.data_timeout;
        }
        arm(std::min(idle, *data_deadline_));
    } else if (data_deadline_ || session_.commands() != commands_seen_) {
        arm(idle);
        data_deadline_.reset();
    }
    commands_seen_ = session_.commands();
}

void LmtpConnection::arm(LmtpClock::time_point deadline) {
    deadline_ = deadline;
    if (deadline_ >= armed_for_) {
        return;
    }
    armed_for_ = deadline_;
    timer_.expires_at(deadline_);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
        if (!error) {
            self->on_timer();
        }
    });
}

void LmtpConnection::on_timer() {
    if (!socket_.is_open()) {
        return;
    }
    armed_for_ = LmtpClock::time_point::max();
    if (LmtpClock::now() >= deadline_) {
        expired();
    } else {
        arm(deadline_);
    }
}

void LmtpConnection::expired() {
    if (writing_ || finishing_) {
        return close();
    }
    if (with_sink_) {
        with_sink_ = false;
        shared_.warn("the sink has not answered for a mail in time");
        return finish(kNotStored);
    }
    finish(kTimedOut);
}

}  // namespace fairlist::importer
