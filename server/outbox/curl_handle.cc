#include "server/outbox/curl_handle.h"

#include <mutex>

namespace fairlist::outbox {

namespace {

constexpr long kConnectMilliseconds = 10000;

void start_curl_once() {
    static std::once_flag once;
    std::call_once(once, [] { FAIRLIST_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

// libcurl asks about once a second. Another answer than zero ends the transfer.
int on_progress(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

}  // namespace

CurlHandle make_transfer(long milliseconds, const std::stop_token& stop) {
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
    set_option(handle.get(), CURLOPT_NOPROGRESS, 0L);
    set_option(handle.get(), CURLOPT_XFERINFOFUNCTION, on_progress);
    set_option(handle.get(), CURLOPT_XFERINFODATA, &stop);
    return handle;
}

}  // namespace fairlist::outbox
