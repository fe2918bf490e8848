// Any bytes as the body of a request: every reading function keeps its limits, and what is told of
// the faults can be sent.

#include "listing/base/check.h"
#include "server/api/body.h"
#include "server/shown/utf8.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::api {
namespace {

constexpr Time kNow{1'795'600'000};

void check_text(std::string_view text, std::size_t bytes_max) {
    FAIRLIST_CHECK(text.size() <= bytes_max);
    FAIRLIST_CHECK(to_utf8(text) == text);
    for (const char c : text) {
        FAIRLIST_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    }
}

void check_fault(const Fault& fault) {
    const http::Response response = to_response(fault);
    FAIRLIST_CHECK(response.status >= 400 && response.status < 500);
    FAIRLIST_CHECK(to_utf8(response.body) == response.body);
}

void read_all(Body& body) {
    for (const char* key : {"subject", "list", "reason"}) {
        check_text(body.text(key, 100).value_or(""), 100);
    }
    check_text(body.need_text("name", 32), 32);
    FAIRLIST_CHECK(body.number("limit", 1000).value_or(0) <= 1000);
    static_cast<void>(body.flag("exempt"));
    for (const std::string& text : body.texts("domains", 50)) {
        check_text(text, 50);
    }
    for (const std::uint64_t number : body.numbers("asns", UINT32_MAX)) {
        FAIRLIST_CHECK(number <= UINT32_MAX);
    }
    for (const Prefix& prefix : body.prefixes("prefixes")) {
        FAIRLIST_CHECK(parse_prefix(to_string(prefix)) == prefix);
    }
    if (const auto prefix = body.need_prefix("prefix")) {
        FAIRLIST_CHECK(parse_prefix(to_string(*prefix)) == *prefix);
    }
    const Time end = body.end(kNow);
    if (const auto good = body.done(); !good) {
        check_fault(good.error());
    } else {
        FAIRLIST_CHECK(!end.is_set() || end > kNow);
    }
}

}  // namespace

void run(std::string_view text) {
    auto body = Body::parse_text(text);
    if (!body) {
        check_fault(body.error());
        return;
    }
    read_all(*body);
}

}  // namespace fairlist::api

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fairlist::api::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
