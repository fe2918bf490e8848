// Any bytes as a trace line: texts stay printable and short, and folding changes nothing.

#include "importer/mail/received.h"

#include "listing/base/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace fairlist::importer {
namespace {

void check_text(const std::string& text) {
    FAIRLIST_CHECK(text.size() <= kReceivedTextBytesMax);
    FAIRLIST_CHECK(std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }));
}

void check(const Received& received) {
    check_text(received.helo);
    check_text(received.peer_name);
    check_text(received.by);
    check_text(received.protocol);
    check_text(received.recipient_domain);
}

bool same(const Received& a, const Received& b) {
    return a.transfer == b.transfer && a.peer == b.peer && a.helo == b.helo &&
           a.peer_name == b.peer_name && a.by == b.by && a.protocol == b.protocol;
}

}  // namespace
}  // namespace fairlist::importer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fairlist::importer;
    const std::string line(data, data + size);
    const auto received = parse_received(line);
    if (!received) {
        return 0;
    }
    check(*received);
    std::string folded = line;
    std::ranges::replace(folded, ' ', '\n');
    const auto again = parse_received(folded);
    FAIRLIST_CHECK(again && same(*received, *again));
    return 0;
}
