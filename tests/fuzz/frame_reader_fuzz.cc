// Any bytes as a frame: read, and answered when it holds a query.

#include "server/net/xdp/frame_reader.h"

#include "listing/base/check.h"
#include "server/net/xdp/frame_writer.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace fairlist::net::xdp {
namespace {

bool lies_within(std::span<const std::uint8_t> part, std::span<const std::uint8_t> whole) {
    const std::less_equal<const std::uint8_t*> at_or_before;
    return at_or_before(whole.data(), part.data()) &&
           at_or_before(part.data() + part.size(), whole.data() + whole.size());
}

// Sends the query's own bytes back: the answer is then as sound as the query was.
void answer(const QueryFrame& query) {
    std::vector<std::uint8_t> frame(header_bytes(query.is_v4));
    frame.insert(frame.end(), query.message.begin(), query.message.end());
    write_headers(query, 1, frame);
    QueryFrame back;
    const FrameFault fault = read_frame(frame, back);
    // Only where the query went to may be nowhere that an answer can come from.
    FAIRLIST_CHECK(fault == FrameFault::None || fault == FrameFault::BadSource);
    FAIRLIST_CHECK(fault == FrameFault::BadSource ||
                   std::ranges::equal(back.message, query.message));
}

void run(std::span<const std::uint8_t> frame) {
    QueryFrame query;
    if (read_frame(frame, query) != FrameFault::None) {
        return;
    }
    FAIRLIST_CHECK(lies_within(query.headers, frame) && lies_within(query.message, frame));
    FAIRLIST_CHECK(query.headers.size() == header_bytes(query.is_v4));
    FAIRLIST_CHECK(query.client.is_v4() == query.is_v4);
    answer(query);
}

}  // namespace
}  // namespace fairlist::net::xdp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fairlist::net::xdp::run({data, size});
    return 0;
}
