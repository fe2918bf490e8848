#include "importer/fetch/http.h"

#include "importer/fetch/descriptor.h"
#include "listing/base/check.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kHeaderValueBytesMax = 1024;
// libcurl counts milliseconds in an int.
constexpr std::uint32_t kTimeoutSecondsMax = 1'000'000;

struct CurlFree {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct CurlListFree {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlFree>;
using CurlList = std::unique_ptr<curl_slist, CurlListFree>;

// What the callbacks see and leave behind.
struct Transfer {
    const HttpRequest& request;
    Descriptor file;
    std::uint64_t bytes = 0;
    std::optional<Error> error;  // why a callback stopped the transfer
    HttpResponse response;
    CURL* handle = nullptr;
};

// libcurl's callbacks are C: the size is count * 1 for bodies and headers.
std::size_t on_body(char* data, std::size_t, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    transfer.bytes += count;
    if (transfer.bytes > transfer.request.bytes_max) {
        transfer.error = Error{Errc::OutOfRange, fmt::format("larger than the limit of {} bytes",
                                                             transfer.request.bytes_max)};
        return CURL_WRITEFUNC_ERROR;
    }
    const auto written = write_all(transfer.file, {data, count}, transfer.request.file);
    if (!written) {
        transfer.error = written.error();
        return CURL_WRITEFUNC_ERROR;
    }
    if (transfer.request.progress) {
        transfer.request.progress(transfer.bytes);
    }
    return count;
}

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, last - first + 1);
}

// Each response of a chain of redirects starts with a status line: the last one's fields count.
std::size_t on_header(char* data, std::size_t, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    const std::string_view line(data, count);
    if (line.starts_with("HTTP/")) {
        transfer.response = {};
        return count;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return count;
    }
    const std::string name(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (value.size() > kHeaderValueBytesMax) {
        return count;
    }
    if (curl_strequal(name.c_str(), "ETag") != 0) {
        transfer.response.etag = value;
    } else if (curl_strequal(name.c_str(), "Last-Modified") != 0) {
        transfer.response.last_modified = value;
    }
    return count;
}

// Private space is allowed for the host that the operator named, not for where it sends us.
bool is_redirected_elsewhere(const Transfer& transfer) {
    const char* at = nullptr;
    curl_easy_getinfo(transfer.handle, CURLINFO_EFFECTIVE_URL, &at);
    const auto url = at == nullptr ? Result<Url>(transfer.request.url) : parse_url(at);
    return !url || curl_strequal(url->host.c_str(), transfer.request.url.host.c_str()) == 0;
}

// The address that a connection is really made to, after all name resolution: the one place where
// neither a redirect nor a second DNS answer can get past.
curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(user);
    AddressGuard guard = transfer.request.guard;
    const bool elsewhere = is_redirected_elsewhere(transfer);
    guard.allow_private = guard.allow_private && !elsewhere;
    const std::string why = guard.refusal(address->addr);
    if (!why.empty()) {
        transfer.error = Error{Errc::Refused, refused_address(why, elsewhere)};
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

template <typename Value>
void set_option(CURL* handle, CURLoption option, Value value) {
    FAIRLIST_CHECK(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

void set_safety_options(CURL* handle, const HttpRequest& request) {
    const bool is_https = request.url.scheme == Scheme::Https;
    set_option(handle, CURLOPT_PROTOCOLS_STR, is_https ? "https" : "http,https");
    set_option(handle, CURLOPT_REDIR_PROTOCOLS_STR, is_https ? "https" : "http,https");
    set_option(handle, CURLOPT_FOLLOWLOCATION, 1L);
    set_option(handle, CURLOPT_MAXREDIRS, kRedirectsMax);
    set_option(handle, CURLOPT_PROXY, "");
    set_option(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set_option(handle, CURLOPT_NOSIGNAL, 1L);
    const std::uint32_t timeout_s = std::min(request.timeout_s, kTimeoutSecondsMax);
    set_option(handle, CURLOPT_TIMEOUT, static_cast<long>(timeout_s));
    set_option(handle, CURLOPT_CONNECTTIMEOUT,
               static_cast<long>(std::min(request.connect_timeout_s, timeout_s)));
    set_option(handle, CURLOPT_LOW_SPEED_LIMIT, kBytesPerSecondMin);
    set_option(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.stall_timeout_s));
    set_option(handle, CURLOPT_USERAGENT, "fairlist");
}

void set_callbacks(CURL* handle, Transfer& transfer) {
    set_option(handle, CURLOPT_WRITEFUNCTION, on_body);
    set_option(handle, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
    set_option(handle, CURLOPT_HEADERFUNCTION, on_header);
    set_option(handle, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
    set_option(handle, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    set_option(handle, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&transfer));
}

CurlList condition_headers(const HttpRequest& request) {
    curl_slist* list = nullptr;
    if (!request.etag.empty()) {
        list = curl_slist_append(list, ("If-None-Match: " + request.etag).c_str());
    }
    if (!request.last_modified.empty()) {
        list = curl_slist_append(list, ("If-Modified-Since: " + request.last_modified).c_str());
    }
    return CurlList(list);
}

std::unexpected<Error> transfer_error(CURLcode code, const Transfer& transfer, const char* detail) {
    if (transfer.error) {
        return std::unexpected(*transfer.error);
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return fail(Errc::Io, fmt::format("timed out or stalled after {} bytes", transfer.bytes));
    }
    if (code == CURLE_TOO_MANY_REDIRECTS) {
        return fail(Errc::Io, fmt::format("more than {} redirects", kRedirectsMax));
    }
    if (code == CURLE_UNSUPPORTED_PROTOCOL) {
        return fail(Errc::Refused,
                    "redirect to another scheme: only https, or the same, is "
                    "followed");
    }
    return fail(Errc::Io, *detail == '\0' ? curl_easy_strerror(code) : detail);
}

Result<HttpResponse> response_of(CURL* handle, Transfer& transfer) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    const bool was_conditional =
        !transfer.request.etag.empty() || !transfer.request.last_modified.empty();
    if (status == 304 && was_conditional) {
        transfer.response.unchanged = true;
        return std::move(transfer.response);
    }
    if (status != 200) {
        const bool gone = status == 404 || status == 410;
        return fail(gone ? Errc::NotFound : Errc::Io,
                    fmt::format("HTTP status {}: expected 200", status));
    }
    return std::move(transfer.response);
}

void start_curl_once() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    FAIRLIST_CHECK(started == CURLE_OK);
}

}  // namespace

Result<HttpResponse> http_fetch(const HttpRequest& request) {
    start_curl_once();
    Transfer transfer{
        request,
        Descriptor(::open(request.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)),
        0,
        std::nullopt,
        {},
        nullptr};
    if (!transfer.file.is_open()) {
        return io_error("create", request.file);
    }
    const CurlHandle handle(curl_easy_init());
    FAIRLIST_CHECK(handle != nullptr);
    transfer.handle = handle.get();
    std::array<char, CURL_ERROR_SIZE> detail{};
    const CurlList headers = condition_headers(request);
    set_option(handle.get(), CURLOPT_URL, request.url.text.c_str());
    set_option(handle.get(), CURLOPT_ERRORBUFFER, detail.data());
    set_option(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    set_safety_options(handle.get(), request);
    set_callbacks(handle.get(), transfer);
    const CURLcode code = curl_easy_perform(handle.get());
    auto response = code == CURLE_OK ? response_of(handle.get(), transfer)
                                     : transfer_error(code, transfer, detail.data());
    if (!response) {
        return fail_in(request.url.shown, response.error());
    }
    return response;
}

}  // namespace fairlist::importer
