#include "server/net/query_handler.h"

#include "server/answer/resolver.h"
#include "server/answer/reversed_name.h"
#include "server/dns/query_parser.h"

#include <boost/container/static_vector.hpp>

#include <algorithm>
#include <span>

namespace fairlist::net {

namespace {

AnswerClass class_of(const dns::Answer& answer) noexcept {
    if (answer.rcode == dns::Rcode::NxDomain) {
        return AnswerClass::Negative;
    }
    if (answer.rcode != dns::Rcode::NoError) {
        return AnswerClass::Error;
    }
    return answer.answer_count == 0 ? AnswerClass::Negative : AnswerClass::Positive;
}

bool is_truncated(std::span<const std::uint8_t> response) noexcept {
    constexpr std::size_t kFlagsOffset = 2;
    constexpr std::uint8_t kTruncatedBit = 0x02;  // RFC 1035 section 4.1.1
    return response.size() > kFlagsOffset && (response[kFlagsOffset] & kTruncatedBit) != 0;
}

// RFC 7828 section 3.1: units of 100 milliseconds in 16 bits.
std::uint16_t keepalive_units(std::uint32_t timeout_ms) noexcept {
    return static_cast<std::uint16_t>(std::min<std::uint32_t>(timeout_ms / 100, UINT16_MAX));
}

}  // namespace

QueryHandler::QueryHandler(store::Environment& environment, const SettingsBox& box,
                           Counters& counters)
    : box_(box),
      counters_(counters),
      version_(box.version()),
      settings_(box.get()),
      view_(environment, settings_->zones),
      limiter_(settings_->rate) {}

void QueryHandler::begin_batch(const Moment& moment) noexcept {
    moment_ = moment;
    counters_.busy_since_ms.set(moment.monotonic_ms);
    if (const std::uint64_t version = box_.version(); version != version_) [[unlikely]] {
        version_ = version;
        settings_ = box_.get();
        view_.set_zones(settings_->zones);
        limiter_.configure(settings_->rate);
    }
    view_.begin(moment.wall);
}

void QueryHandler::end_batch() noexcept {
    view_.end();
    counters_.busy_since_ms.set(0);
}

void QueryHandler::expect(std::span<const std::span<const std::uint8_t>> messages) noexcept {
    if (!view_.is_ready()) {
        return;
    }
    boost::container::static_vector<std::uint32_t, index::RangeIndex::kExpectMax> guesses;
    for (const std::span<const std::uint8_t> message :
         messages.first(std::min(messages.size(), guesses.capacity()))) {
        if (const auto v4 = answer::guess_v4(message)) {
            guesses.push_back(*v4);
        }
    }
    view_.ranges().expect(guesses);
}

std::size_t QueryHandler::answer(std::span<const std::uint8_t> message,
                                 const answer::Client& client,
                                 std::span<std::uint8_t> out) noexcept {
    counters_.queries.add();
    const auto transport = client.over_tcp ? dns::Transport::Tcp : dns::Transport::Udp;
    const dns::ParseResult parsed = dns::parse_query(message, transport, query_);
    if (parsed.outcome == dns::ParseOutcome::Drop) {
        counters_.dropped.add();
        return 0;
    }
    dns::ServerCookie cookie;
    dns::ResponseOptions options{
        .transport = transport,
        .udp_bytes_max = settings_->udp_bytes_max,
        .keepalive_timeout = keepalive_units(settings_->tcp.idle_timeout_ms),
        .server_cookie = {},
        .nsid = settings_->nsid,
    };
    if (query_.edns.cookie.present) {
        cookie = renew_cookie(client);
        options.server_cookie = cookie;
    }
    answer_.reset();
    if (parsed.outcome == dns::ParseOutcome::Answerable) {
        answer::resolve(query_, client, view_, answer_);
    } else {
        answer_.rcode = parsed.rcode;
        if (is_cookie_alone() && !query_.edns.cookie.valid) {
            answer_.rcode = dns::Rcode::BadCookie;  // RFC 7873 section 5.4
        }
    }
    if (answer_.drop || !within_limits(client)) {
        counters_.dropped.add();
        return 0;
    }
    const std::size_t size = parsed.outcome == dns::ParseOutcome::Answerable
                                 ? dns::write_response(query_, answer_, message, options, out)
                                 : dns::write_error(query_, answer_.rcode, message, options, out);
    count(out.first(size));
    return size;
}

// A query without a question that shows a server cookie, to learn whether it still holds.
bool QueryHandler::is_cookie_alone() const noexcept {
    return !query_.has_question && answer_.rcode == dns::Rcode::NoError &&
           query_.edns.cookie.server_size != 0;
}

dns::ServerCookie QueryHandler::renew_cookie(const answer::Client& client) noexcept {
    const dns::CookieReply reply =
        settings_->cookies.make_response_cookie(query_.edns.cookie, client.address, moment_.wall);
    query_.edns.cookie.valid = reply.valid;
    return reply.cookie;
}

bool QueryHandler::within_limits(const answer::Client& client) noexcept {
    // Both prove that the client's address is its own, and reflection is what the limits are for.
    if (client.over_tcp || query_.edns.cookie.valid) {
        return true;
    }
    const AnswerClass answer_class = class_of(answer_);
    switch (limiter_.check(client.address, answer_class, moment_.monotonic_ms)) {
        case RateVerdict::Send:
            return true;
        case RateVerdict::Slip:
            // An error is as short as an answer cut to nothing, and says more.
            answer_.truncate = answer_class != AnswerClass::Error;
            counters_.rate_slipped.add();
            return true;
        case RateVerdict::Drop:
            counters_.rate_dropped.add();
            return false;
    }
    return true;
}

void QueryHandler::count(std::span<const std::uint8_t> response) noexcept {
    if (response.empty()) {
        counters_.dropped.add();
        return;
    }
    const auto rcode = static_cast<std::size_t>(answer_.rcode);
    if (rcode < counters_.rcodes.size()) {
        counters_.rcodes[rcode].add();
    }
    if (is_truncated(response)) {
        counters_.truncated.add();
    }
}

}  // namespace fairlist::net
