#include "server/http/request_reader.h"

#include "listing/base/check.h"
#include "server/http/body_reader.h"
#include "server/http/target.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace fairlist::http {

namespace {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

// For the header only; see BodyReader.
using Parser = bhttp::request_parser<bhttp::empty_body>;
using Fields = Parser::value_type;
using State = RequestReader::State;

constexpr unsigned kHttp11 = 11;

// Fields whose second occurrence would leave it open which one counts.
constexpr std::array kOnce = {
    bhttp::field::host,          bhttp::field::content_length, bhttp::field::transfer_encoding,
    bhttp::field::authorization, bhttp::field::content_type,   bhttp::field::content_encoding,
    bhttp::field::expect};
constexpr const char* kIdempotencyKey = "Idempotency-Key";
constexpr const char* kForwardedFor = "X-Forwarded-For";

std::string text_of(beast::string_view view) {
    return {view.data(), view.size()};
}

bool is_digits(const std::string& text) {
    // 18 digits fit 64 bits.
    return !text.empty() && text.size() <= 18 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// All fields of the name as one list (RFC 9110 section 5.3).
template <typename Name>
std::string list_of(const Fields& fields, Name name) {
    std::string list;
    const auto [first, last] = fields.equal_range(name);
    for (auto field = first; field != last; ++field) {
        list += (list.empty() ? "" : ", ") + text_of(field->value());
    }
    return list;
}

Refusal check_counts(const Fields& fields) {
    for (const bhttp::field field : kOnce) {
        if (fields.count(field) > 1) {
            return {.status = 400,
                    .why = "the header has the field " + text_of(to_string(field)) + " twice"};
        }
    }
    if (fields.count(kIdempotencyKey) > 1) {
        return {.status = 400, .why = "the header has the field Idempotency-Key twice"};
    }
    return {};
}

// RFC 9112 section 6: the length of the body must have one meaning. Beast takes "5, 5" for a
// Content-Length, takes any Transfer-Encoding whose last coding is not "chunked" for no body at
// all, lets a Content-Length follow it (pull 3098), and knows of no version there.
Refusal check_framing(const Fields& fields) {
    const bool has_length = fields.count(bhttp::field::content_length) != 0;
    if (has_length && !is_digits(text_of(fields[bhttp::field::content_length]))) {
        return {.status = 400, .why = "the Content-Length is not a number"};
    }
    if (fields.count(bhttp::field::transfer_encoding) == 0) {
        return {};
    }
    if (has_length || fields.version() != kHttp11) {
        return {.status = 400,
                .why = "Transfer-Encoding must not come with Content-Length or HTTP/1.0"};
    }
    if (!beast::iequals(fields[bhttp::field::transfer_encoding], "chunked")) {
        return {.status = 501, .why = "the only transfer coding this server knows is chunked"};
    }
    return {};
}

Refusal check_meaning(const Fields& fields) {
    const std::string host = text_of(fields[bhttp::field::host]);
    if (fields.count(bhttp::field::host) == 0 ? fields.version() == kHttp11 : !is_host(host)) {
        return {.status = 400, .why = "the Host field is missing, or no host"};
    }
    const auto coding = fields[bhttp::field::content_encoding];
    if (!coding.empty() && !beast::iequals(coding, "identity")) {
        return {.status = 415, .why = "this server takes no Content-Encoding"};
    }
    const auto expect = fields[bhttp::field::expect];
    if (!expect.empty() && fields.version() == kHttp11 && !beast::iequals(expect, "100-continue")) {
        return {.status = 417, .why = "the only expectation this server meets is 100-continue"};
    }
    return {};
}

Refusal check_fields(const Fields& fields) {
    for (const auto check : {check_counts, check_framing, check_meaning}) {
        if (Refusal refusal = check(fields); !refusal.why.empty()) {
            return refusal;
        }
    }
    return {};
}

// Whether the request line ends with "HTTP/" and one digit on each side of a dot.
bool names_a_version(std::string_view head) {
    std::string_view rest = head.substr(0, head.find('\r'));
    for (unsigned word = 0; word < 2; ++word) {
        rest.remove_prefix(std::min(rest.find(' ') + 1, rest.size()));
    }
    return rest.size() == 8 && rest.starts_with("HTTP/") && is_digits({rest[5]}) &&
           rest[6] == '.' && is_digits({rest[7]});
}

Refusal refusal_of(const beast::error_code& error, std::string_view head) {
    if (error == bhttp::error::bad_version && names_a_version(head)) {
        return {.status = 505, .why = "this server speaks HTTP/1.1"};
    }
    return {.status = 400, .why = "the request breaks the grammar of HTTP: " + error.message()};
}

}  // namespace

struct RequestReader::Impl {
    explicit Impl(const HeadLimits& head_limits) : limits(head_limits) {}

    State refuse(Refusal why) {
        refusal = std::move(why);
        pending.clear();
        parser.reset();
        return state = State::Refused;
    }

    State read_head();
    State start_parser(std::size_t head_bytes);
    State fill_request();
    State read_body();

    HeadLimits limits;
    State state = State::Head;
    std::string pending;  // not parsed yet
    std::optional<Parser> parser;
    BodyReader body;
    Request request;
    Refusal refusal;
};

State RequestReader::Impl::read_head() {
    // An empty line or more before the request line is left over from somebody's form
    // (section 2.2).
    while (pending.starts_with("\r\n")) {
        pending.erase(0, 2);
    }
    if (pending == "\r") {
        return state;
    }
    HeadScan scan = scan_head(pending, limits);
    if (!scan.refusal.why.empty()) {
        return refuse(std::move(scan.refusal));
    }
    return scan.bytes == 0 ? state : start_parser(scan.bytes);
}

State RequestReader::Impl::start_parser(std::size_t head_bytes) {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(head_bytes));
    // Which limit counts is known with the route.
    parser->body_limit(boost::none);
    beast::error_code error;
    const std::size_t used = parser->put(boost::asio::buffer(pending.data(), head_bytes), error);
    if (error || !parser->is_header_done()) {
        return refuse(refusal_of(error, pending));
    }
    FAIRLIST_CHECK(used == head_bytes);
    pending.erase(0, used);
    if (Refusal why = check_fields(parser->get()); !why.why.empty()) {
        return refuse(std::move(why));
    }
    return fill_request();
}

State RequestReader::Impl::fill_request() {
    const Fields& fields = parser->get();
    const std::optional<Method> method = parse_method(text_of(fields.method_string()));
    if (!method) {
        return refuse({.status = 501, .why = "this server does not know the method"});
    }
    Result<Target> target = parse_target(text_of(fields.target()));
    if (!target) {
        return refuse({.status = 400, .why = target.error().message});
    }
    request = Request{};
    request.method = *method;
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    request.authorization = text_of(fields[bhttp::field::authorization]);
    request.content_type = text_of(fields[bhttp::field::content_type]);
    request.accept = list_of(fields, bhttp::field::accept);
    request.idempotency_key = text_of(fields[kIdempotencyKey]);
    request.if_match = list_of(fields, bhttp::field::if_match);
    request.if_none_match = list_of(fields, bhttp::field::if_none_match);
    request.forwarded = list_of(fields, bhttp::field::forwarded);
    request.x_forwarded_for = list_of(fields, kForwardedFor);
    return state = State::HeadDone;
}

State RequestReader::Impl::read_body() {
    std::string_view rest = pending;
    const BodyReader::State outcome = body.take(rest);
    pending.erase(0, pending.size() - rest.size());
    switch (outcome) {
        case BodyReader::State::More:
            return state = State::Body;
        case BodyReader::State::Refused:
            return refuse(body.refusal());
        case BodyReader::State::Done:
            break;
    }
    request.body = std::move(body.body());
    body = {};
    return state = State::Done;
}

RequestReader::RequestReader(const HeadLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}

RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::feed(std::string_view bytes) {
    FAIRLIST_CHECK(impl_->state == State::Head || impl_->state == State::Body);
    impl_->pending += bytes;
    return impl_->state == State::Head ? impl_->read_head() : impl_->read_body();
}

RequestReader::State RequestReader::accept_body(std::size_t body_bytes_max) {
    FAIRLIST_CHECK(impl_->state == State::HeadDone);
    const std::uint64_t length = content_length().value_or(0);
    if (length > body_bytes_max) {
        return impl_->refuse({.status = 413, .why = "the body is longer than this route takes"});
    }
    impl_->body = impl_->parser->chunked() ? BodyReader::of_chunks(body_bytes_max)
                                           : BodyReader::of_length(length);
    return impl_->read_body();
}

RequestReader::State RequestReader::next() {
    FAIRLIST_CHECK(impl_->state == State::Done);
    impl_->parser.reset();
    impl_->request = Request{};
    impl_->state = State::Head;
    return impl_->read_head();
}

RequestReader::State RequestReader::state() const noexcept {
    return impl_->state;
}

bool RequestReader::is_idle() const noexcept {
    return impl_->pending.empty();
}

Request& RequestReader::request() noexcept {
    return impl_->request;
}

bool RequestReader::has_body() const noexcept {
    return impl_->parser->chunked() || content_length().value_or(0) != 0;
}

std::optional<std::uint64_t> RequestReader::content_length() const noexcept {
    const auto length = impl_->parser->content_length();
    return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

bool RequestReader::expects_continue() const noexcept {
    return impl_->parser->get().version() == kHttp11 &&
           impl_->parser->get().count(bhttp::field::expect) != 0 && impl_->pending.empty();
}

bool RequestReader::keep_alive() const noexcept {
    // HTTP/1.0 had keep-alive only as a habit of some, and proxies that pass it on blindly hang
    // (RFC 9112 appendix C.2.2).
    return impl_->parser && impl_->parser->get().version() == kHttp11 &&
           impl_->parser->keep_alive();
}

const Refusal& RequestReader::refusal() const noexcept {
    return impl_->refusal;
}

}  // namespace fairlist::http
