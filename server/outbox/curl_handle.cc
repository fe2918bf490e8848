#include "server/outbox/curl_handle.h"

#include <mutex>

namespace fairlist::outbox {

namespace {

constexpr long kConnectMilliseconds = 10000;

void start_curl_once() {
    static std::once_flag once;
    std::call_once(once, [] { FAIRLIST_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

}  // namespace

CurlHandle make_transfer(long milliseconds) {
    start_curl_once();
    CurlHandle handle(curl_easy_init());
    FAIRLIST_CHECK(handle != nullptr);
    set_option(handle.get(), CURLOPT_PROXY, "");
    set_option(handle.get(), CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set_option(handle.get(), CURLOPT_NOSIGNAL, 1L);
    set_option(handle.get(), CURLOPT_FOLLOWLOCATION, 0L);
    set_option(handle.get(), CURLOPT_TIMEOUT_MS, milliseconds);
    set_option(handle.get(), CURLOPT_CONNECTTIMEOUT_MS,
               milliseconds < kConnectMilliseconds ? milliseconds : kConnectMilliseconds);
    return handle;
}

}  // namespace fairlist::outbox
