// Any bytes as a message: parsed over both transports, and answered as the server would.

#include "listing/base/check.h"
#include "server/dns/response_writer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace fairlist::dns {
namespace {

constexpr std::array<std::uint8_t, 16> kServerCookie = {1, 0, 0, 0, 1, 2, 3, 4};
constexpr std::array<std::uint8_t, 3> kNsid = {'n', 's', '1'};
constexpr std::array<std::uint8_t, 4> kListed = {127, 0, 0, 2};
constexpr std::array<std::uint8_t, 22> kSoa = {};

std::size_t answer_query(const Query& query, std::span<const std::uint8_t> message,
                         const ResponseOptions& options, std::span<std::uint8_t> out) {
    Answer answer;
    answer.reset();
    answer.authoritative = true;
    answer.answer_count = 1;
    answer.answer[0] = {.type = type::kA, .ttl_seconds = 60, .rdata = kListed};
    answer.authority_count = 1;
    answer.authority[0] = {.type = type::kSoa,
                           .owner_label = query.name.label_count,
                           .ttl_seconds = 60,
                           .rdata = kSoa};
    answer.extended_error = {.present = true, .code = 18, .text = "a short text"};
    return write_response(query, answer, message, options, out);
}

void run(std::span<const std::uint8_t> message, Transport transport) {
    Query query;
    const ParseResult result = parse_query(message, transport, query);
    if (result.outcome == ParseOutcome::Drop) {
        return;
    }
    const ResponseOptions options{.transport = transport,
                                  .keepalive_timeout = 100,
                                  .server_cookie = kServerCookie,
                                  .nsid = kNsid};
    std::vector<std::uint8_t> out(transport == Transport::Udp ? kUdpBytesMaxDefault : kTcpBytesMax);
    const bool respond = result.outcome == ParseOutcome::Respond;
    const std::size_t size = respond ? write_error(query, result.rcode, message, options, out)
                                     : answer_query(query, message, options, out);
    FAIRLIST_CHECK(size >= kHeaderBytes && size <= out.size());
    FAIRLIST_CHECK(std::ranges::equal(message.first(2), std::span(out).first(2)));
    FAIRLIST_CHECK((out[2] & 0x80U) != 0);
    FAIRLIST_CHECK(!respond || (out[2] & 0x04U) == 0);
    const auto echoed = std::span(out).subspan(kHeaderBytes, query.question_bytes);
    FAIRLIST_CHECK(!query.has_question ||
                   std::ranges::equal(echoed, message.subspan(kHeaderBytes, echoed.size())));
}

}  // namespace
}  // namespace fairlist::dns

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span message(data, size);
    fairlist::dns::run(message, fairlist::dns::Transport::Udp);
    fairlist::dns::run(message, fairlist::dns::Transport::Tcp);
    return 0;
}
