#include "server/http/connection.h"

#include "listing/base/time.h"
#include "server/http/client_address.h"
#include "server/http/problem.h"
#include "server/http/response_text.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace fairlist::http {

namespace {

constexpr Address kLoopback = Address::from_v4(0x7F000001);
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

std::uint64_t monotonic_ms() noexcept {
    using namespace std::chrono;
    return static_cast<std::uint64_t>(
        duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
}

Connection::Connection(Shared& shared, std::unique_ptr<ByteStream> stream, const Peer& peer,
                       std::move_only_function<void()> on_end)
    : shared_(shared),
      stream_(std::move(stream)),
      peer_(peer),
      on_end_(std::move(on_end)),
      timer_(shared.context),
      reader_(shared.limits.head) {}

Connection::~Connection() {
    end();
}

void Connection::start() {
    enter(Phase::Handshake, shared_.limits.head_time);
    stream_->handshake([self = shared_from_this()](bool ok) {
        if (self->phase_ != Phase::Handshake) {
            return;
        }
        if (!ok) {
            self->on_bad_handshake();
            return;
        }
        self->await_request();
        self->read();
    });
}

void Connection::on_bad_handshake() {
    shared_.counters.add(HttpCount::TlsFailures);
    end();
}

void Connection::stop() {
    const bool waits_for_request =
        phase_ == Phase::Idle || phase_ == Phase::Handshake ||
        (phase_ == Phase::Head && reader_.state() == RequestReader::State::Head &&
         reader_.is_idle());
    if (waits_for_request) {
        end();
    }
}

void Connection::end() {
    if (phase_ == Phase::Over) {
        return;
    }
    phase_ = Phase::Over;
    timer_.cancel();
    stream_->close();
    release_body();
    on_end_();
}

// Time, but of the phase before, may have run out already: its turn tells.
void Connection::enter(Phase phase, std::chrono::milliseconds time) {
    phase_ = phase;
    timer_.expires_after(time);
    timer_.async_wait(
        [weak = weak_from_this(), turn = ++timer_turn_](const boost::system::error_code& error) {
            const std::shared_ptr<Connection> self = weak.lock();
            if (!error && self && self->timer_turn_ == turn) {
                self->on_time();
            }
        });
}

void Connection::on_time() {
    if (phase_ == Phase::Handshake) {
        on_bad_handshake();
        return;
    }
    const bool is_reading = (phase_ == Phase::Head && !reader_.is_idle()) || phase_ == Phase::Body;
    if (!is_reading) {
        end();
        return;
    }
    shared_.counters.add(HttpCount::Late);
    is_late_ = true;
    stream_->cancel();
}

void Connection::read() {
    stream_->read_some(buffer_,
                       [self = shared_from_this()](std::size_t bytes) { self->on_read(bytes); });
}

void Connection::on_read(std::size_t bytes) {
    if (phase_ == Phase::Over) {
        return;
    }
    if (is_late_) {
        respond(problem(408, "the request did not come in time"));
        return;
    }
    if (bytes == 0) {
        end();
        return;
    }
    if (phase_ == Phase::Idle) {
        enter(Phase::Head, shared_.limits.head_time);
    }
    reader_.feed(std::string_view(buffer_.data(), bytes));
    advance();
}

void Connection::advance() {
    switch (reader_.state()) {
        case RequestReader::State::Head:
        case RequestReader::State::Body:
            read();
            return;
        case RequestReader::State::HeadDone:
            on_head();
            return;
        case RequestReader::State::Done:
            work(Task::Handle);
            return;
        case RequestReader::State::Refused:
            refuse();
            return;
    }
}

// The first request of a connection has to come as fast as one that has begun: who connects has
// something to ask.
void Connection::await_request() {
    if (requests_ != 0 && reader_.state() == RequestReader::State::Head && reader_.is_idle()) {
        enter(Phase::Idle, shared_.limits.idle_time);
    } else {
        enter(Phase::Head, shared_.limits.head_time);
    }
}

void Connection::on_head() {
    ++requests_;
    shared_.counters.add(HttpCount::Requests);
    const bool has_body = reader_.has_body();
    if (!has_body) {
        reader_.accept_body(0);
    }
    if (std::optional<Response> answer = judge_head()) {
        respond(*std::move(answer));
        return;
    }
    const bool is_open = match_.route->roles.is_open();
    if (!has_body) {
        work(is_open ? Task::Handle : Task::Both);
    } else if (is_open) {
        invite_body();
    } else {
        work(Task::Authorize);
    }
}

// What can be said without a look at the token.
std::optional<Response> Connection::judge_head() {
    Request& request = reader_.request();
    set_client(request);
    if (const std::uint32_t seconds = seconds_to_wait(request); seconds != 0) {
        shared_.counters.add(HttpCount::RateLimited);
        return retry_later(429, "this client asks more often than it may", seconds);
    }
    std::variant<Match, Response> found = shared_.router.match(request);
    if (auto* const answer = std::get_if<Response>(&found)) {
        return std::move(*answer);
    }
    match_ = std::get<Match>(std::move(found));
    const std::size_t body_bytes_max = match_.route->body_bytes_max;
    const bool is_unwanted = reader_.has_body() && body_bytes_max == 0;
    if (is_unwanted || reader_.content_length().value_or(0) > body_bytes_max) {
        return problem(413, "the body is longer than this route takes");
    }
    return std::nullopt;
}

// A program of this machine may as well come over loopback: by the Unix socket it is believed
// exactly when it would be there.
void Connection::set_client(Request& request) const {
    const Address peer = peer_.is_unix ? kLoopback : peer_.address;
    request.peer = client_of(request, peer, shared_.proxies);
    request.unix_peer = peer_.is_unix && request.peer == kLoopback;
    if (request.unix_peer) {
        request.peer = {};
    }
}

std::uint32_t Connection::seconds_to_wait(const Request& request) {
    return request.unix_peer ? 0 : shared_.clients.charge(request.peer, monotonic_ms());
}

// A client that waits for leave gets it only now: RFC 9110 section 10.1.1 wants a final answer
// instead where the request is refused by its header.
void Connection::invite_body() {
    if (!reserve_body()) {
        respond_busy("too many requests with bodies are in hand");
        return;
    }
    enter(Phase::Body, shared_.limits.body_time);
    if (!reader_.expects_continue()) {
        read_body();
        return;
    }
    stream_->write(kContinue, {}, [self = shared_from_this()](bool ok) {
        if (ok && self->phase_ == Phase::Body && !self->is_late_) {
            self->read_body();
        } else {
            self->end();
        }
    });
}

void Connection::read_body() {
    reader_.accept_body(match_.route->body_bytes_max);
    advance();
}

bool Connection::reserve_body() noexcept {
    const std::size_t bytes = reader_.content_length().value_or(match_.route->body_bytes_max);
    if (shared_.limits.body_bytes_total - shared_.body_bytes < bytes) {
        return false;
    }
    shared_.body_bytes += bytes;
    reserved_ = bytes;
    return true;
}

void Connection::release_body() noexcept {
    shared_.body_bytes -= std::exchange(reserved_, 0);
}

void Connection::work(Task task) {
    phase_ = Phase::Work;
    ++timer_turn_;
    timer_.cancel();
    const auto run = [this, task] {
        outcome_ = RouteCall{.match = match_,
                             .request = reader_.request(),
                             .tokens = shared_.tokens,
                             .warn = shared_.warn,
                             .retry_seconds = shared_.limits.retry_seconds}
                       .run(task);
    };
    if (!shared_.jobs.run(run, [self = shared_from_this()] { self->on_worked(); })) {
        respond_busy("too many requests wait for a worker");
    }
}

void Connection::on_worked() {
    Outcome outcome = std::exchange(outcome_, {});
    if (outcome.has_thrown) {
        shared_.counters.add(HttpCount::HandlerFailures);
    }
    if (phase_ == Phase::Over) {
        return;
    }
    if (outcome.answer) {
        respond(*std::move(outcome.answer));
    } else {
        invite_body();
    }
}

void Connection::refuse() {
    shared_.counters.add(HttpCount::BadRequests);
    if (phase_ != Phase::Body) {
        shared_.counters.add(HttpCount::Requests);
    }
    respond(problem(reader_.refusal().status, reader_.refusal().why));
}

void Connection::respond_busy(std::string_view why) {
    shared_.counters.add(HttpCount::Busy);
    respond(retry_later(503, std::string(why), shared_.limits.retry_seconds));
}

void Connection::respond(Response response) {
    if (!is_sendable(response)) {
        shared_.warn(fmt::format("http: {} {} made an answer that cannot be sent",
                                 to_string(match_.route->method), match_.route->pattern));
        response = problem(500, "the answer could not be sent");
    }
    // Where a request ends that was not read to its end is unknown.
    const bool is_whole = reader_.state() == RequestReader::State::Done;
    is_last_ = !is_whole || !reader_.keep_alive() || shared_.stopping ||
               requests_ >= shared_.limits.requests_per_connection;
    const bool is_head = is_whole && reader_.request().method == Method::Head;
    count(response.status);
    response_ = std::move(response);
    head_ = head_text(response_, {.date = now(), .close = is_last_});
    enter(Phase::Write, shared_.limits.write_time);
    stream_->write(head_, is_head ? std::string_view() : response_.body,
                   [self = shared_from_this()](bool ok) { self->on_written(ok); });
}

void Connection::count(unsigned status) noexcept {
    if (status >= 500) {
        shared_.counters.add(HttpCount::Answered5xx);
    } else {
        shared_.counters.add(status >= 400 ? HttpCount::Answered4xx : HttpCount::Answered2xx);
    }
}

void Connection::on_written(bool ok) {
    if (!ok || phase_ == Phase::Over) {
        end();
        return;
    }
    if (is_last_) {
        linger();
        return;
    }
    release_body();
    reader_.next();
    await_request();
    if (shared_.stopping) {
        stop();
    }
    if (phase_ != Phase::Over) {
        advance();
    }
}

// TLS has no way to end our side and read on, so there the rest of the request is read first.
void Connection::linger() {
    enter(Phase::Linger, shared_.limits.linger_time);
    if (stream_->is_tls() && reader_.state() != RequestReader::State::Done) {
        discard();
        return;
    }
    has_ended_sending_ = true;
    stream_->end_sending([self = shared_from_this()](bool ok) {
        if (ok && self->phase_ == Phase::Linger) {
            self->discard();
        } else {
            self->end();
        }
    });
}

void Connection::discard() {
    stream_->read_some(buffer_, [self = shared_from_this()](std::size_t bytes) {
        self->discarded_ += bytes;
        const bool goes_on = bytes != 0 && self->discarded_ <= self->shared_.limits.linger_bytes &&
                             self->phase_ == Phase::Linger;
        if (goes_on) {
            self->discard();
        } else {
            self->finish();
        }
    });
}

void Connection::finish() {
    if (has_ended_sending_ || phase_ == Phase::Over) {
        end();
        return;
    }
    stream_->end_sending([self = shared_from_this()](bool) { self->end(); });
}

}  // namespace fairlist::http
