// CurlHandle: a transfer of libcurl, and the options that every one has.
#pragma once

#include "listing/base/check.h"

#include <curl/curl.h>

#include <memory>
#include <stop_token>

namespace fairlist::outbox {

struct CurlFree {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct CurlListFree {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlFree>;
using CurlList = std::unique_ptr<curl_slist, CurlListFree>;

template <typename Value>
void set_option(CURL* handle, CURLoption option, Value value) {
    FAIRLIST_CHECK(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

// No proxy, no .netrc, no signals, no redirects; `milliseconds` for all of it. A request to stop
// ends it within a second or two. Lifetime: of `stop`.
[[nodiscard]] CurlHandle make_transfer(long milliseconds, const std::stop_token& stop);

}  // namespace fairlist::outbox
