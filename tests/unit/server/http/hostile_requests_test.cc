// Requests that a server in front, or one behind, may read in another way than we do; as raw bytes.
// Statuses are what RFC 9110 and RFC 9112 say, by the sections at the rows.

#include "server/http/body_reader.h"
#include "tests/unit/server/http/http_site.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::http {
namespace {

struct RawCase {
    std::string name;
    std::string bytes;
    unsigned status;
};

std::string post(const std::string& fields, const std::string& rest) {
    return "POST /test/open HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + rest;
}

std::string chunked(const std::string& body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string with_field(const std::string& line) {
    return "GET /v1/health HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
}

const std::string kSmuggled = get("/v1/health");

class HostileRequest : public HttpSite, public testing::WithParamInterface<RawCase> {};

// Refused, and what stands behind is never read as a request.
class Refused : public HostileRequest {};

TEST_P(Refused, AndTheConnectionEnds) {
    serve(settings());
    for (const bool bytewise : {false, true}) {
        RawClient client(port());
        const std::string bytes = GetParam().bytes + kSmuggled;
        if (bytewise) {
            for (std::size_t i = 0; i < bytes.size() && client.say(bytes.substr(i, 1)); ++i) {
            }
        } else {
            client.say(bytes);
        }
        client.end_saying();
        EXPECT_EQ(statuses(client.hear_all()), std::vector{GetParam().status});
    }
    EXPECT_EQ(count(HttpCount::Answered2xx), 0U);
}

using namespace std::string_literals;

const std::vector<RawCase> kLineCases = {
    // RFC 9112 section 2.2: a bare CR is invalid; a bare LF may be taken for an end, so it is not.
    {"bare_lf_everywhere", "GET /v1/health HTTP/1.1\nHost: a\n\n", 400},
    {"bare_lf_after_request_line", "GET /v1/health HTTP/1.1\nHost: a\r\n\r\n", 400},
    {"bare_lf_in_fields", with_field("X: a\nTransfer-Encoding: chunked"), 400},
    {"bare_lf_ends_the_header", "GET /v1/health HTTP/1.1\r\nHost: a\r\n\n", 400},
    {"bare_cr_in_fields", with_field("X: a\rTransfer-Encoding: chunked"), 400},
    {"bare_cr_ends_the_header", "GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\r\n", 400},
    {"lf_before_the_request", "\n" + kSmuggled, 400},
    // Section 5.2.
    {"folded_field", with_field("X: a\r\n b"), 400},
    {"folded_by_tab", with_field("Content-Length: 0\r\n\t0"), 400},
    {"space_before_the_first_field", "GET /v1/health HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n", 400},
    // Section 5.1.
    {"space_before_colon", post("Content-Length : 5\r\n", "hello"), 400},
    {"tab_before_colon", post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n"), 400},
    {"no_colon", with_field("X"), 400},
    {"empty_name", with_field(": x"), 400},
    {"name_with_space", with_field("X Y: x"), 400},
    {"name_beyond_ascii", with_field("X\xC3\xA4: x"), 400},
    // RFC 9110 section 5.5.
    {"nul_in_value", with_field("X: a\0b"s), 400},
    {"vertical_tab_in_value",
     post("Transfer-Encoding: \x0B"
          "chunked\r\n",
          "0\r\n\r\n"),
     400},
    {"delete_in_value", with_field("X: a\x7F"), 400},
    {"nul_in_target", "GET /v1/hea\0lth HTTP/1.1\r\nHost: a\r\n\r\n"s, 400},
};

const std::vector<RawCase> kLengthCases = {
    // RFC 9112 sections 6.1 and 6.3.
    {"length_then_coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
     400},
    {"coding_then_length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
     400},
    {"other_coding_then_length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"),
     400},
    {"other_coding", post("Transfer-Encoding: gzip\r\n", "hello"), 501},
    {"other_coding_first", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
    {"chunked_not_last", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 501},
    {"chunked_twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501},
    {"identity", post("Transfer-Encoding: identity\r\n", "0\r\n\r\n"), 501},
    {"almost_chunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
    {"quoted_chunked", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501},
    {"chunked_with_parameter", post("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n"), 501},
    {"empty_coding", post("Transfer-Encoding: \r\n", "0\r\n\r\n"), 501},
    {"coding_in_two_fields",
     post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
    {"chunked_in_two_fields",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
    {"chunked_in_http_1_0",
     "POST /test/open HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"two_equal_lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
    {"two_lengths", post("Content-Length: 5\r\nContent-Length: 0\r\n", "hello"), 400},
    {"list_of_lengths", post("Content-Length: 5, 5\r\n", "hello"), 400},
    {"length_with_sign", post("Content-Length: +5\r\n", "hello"), 400},
    {"negative_length", post("Content-Length: -1\r\n", "hello"), 400},
    {"hexadecimal_length", post("Content-Length: 0x5\r\n", "hello"), 400},
    {"length_with_fraction", post("Content-Length: 5.0\r\n", "hello"), 400},
    {"empty_length", post("Content-Length: \r\n", "hello"), 400},
    {"length_beyond_64_bits", post("Content-Length: 18446744073709551621\r\n", "hello"), 400},
    {"length_of_19_digits", post("Content-Length: 9999999999999999999\r\n", "hello"), 400},
    {"long_length", post("Content-Length: 999999999999999999\r\n", "hello"), 413},
    {"length_over_the_route_by_one", post("Content-Length: 65\r\n", std::string(65, 'x')), 413},
    {"body_of_get", "GET /v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 413},
    {"chunks_of_get",
     "GET /v1/health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
     "0\r\n\r\n",
     413},
};

const std::vector<RawCase> kChunkCases = {
    // RFC 9112 section 7.1.
    {"chunk_size_no_number", chunked("g\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk_size_empty", chunked("\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk_size_with_0x", chunked("0x5\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk_size_with_sign", chunked("+5\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk_size_after_space", chunked(" 5\r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk_size_before_space", chunked("5 \r\nhello\r\n0\r\n\r\n"), 400},
    {"chunk_size_beyond_64_bits", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"), 413},
    {"chunk_size_ends_with_lf", chunked("5\nhello\r\n0\r\n\r\n"), 400},
    {"chunk_data_ends_with_lf", chunked("5\r\nhello\n0\r\n\r\n"), 400},
    {"chunk_data_too_long", chunked("5\r\nhello!\r\n0\r\n\r\n"), 400},
    {"last_chunk_ends_with_lf", chunked("5\r\nhello\r\n0\n\r\n\r\n"), 400},
    {"chunk_over_the_route", chunked("41\r\n" + std::string(65, 'x') + "\r\n0\r\n\r\n"), 413},
    {"chunks_over_the_route", chunked("40\r\n" + std::string(64, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n"),
     413},
    {"huge_chunk", chunked("FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"), 413},
    // Section 7.1.1. A line feed inside of quotes ends the line for some.
    {"extension_with_lf", chunked("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"), 400},
    {"extension_of_last_with_lf", chunked("5\r\nhello\r\n0;a=\"\n\"\r\n\r\n"), 400},
    {"extension_with_cr", chunked("5;a=\"\r\"\r\nhello\r\n0\r\n\r\n"), 400},
    {"extension_without_semicolon", chunked("5 a=b\r\nhello\r\n0\r\n\r\n"), 400},
    {"extension_with_open_quote", chunked("5;a=\"b\r\nhello\r\n0\r\n\r\n"), 400},
    {"extension_with_escaped_quote", chunked("5;a=\"b\\\"\r\nhello\r\n0\r\n\r\n"), 400},
    {"quote_over_two_lines", chunked("5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n"), 400},
    {"extension_too_long",
     chunked("5;a=" + std::string(BodyReader::kLineBytesMax, 'b') + "\r\nhello\r\n0\r\n\r\n"), 400},
    {"leading_zeros_without_end",
     chunked(std::string(BodyReader::kLineBytesMax, '0') + "5\r\nhello\r\n0\r\n\r\n"), 400},
    // Section 7.1.2.
    {"trailer_too_long",
     chunked("0\r\nX: " + std::string(BodyReader::kLineBytesMax, 'b') + "\r\n\r\n"), 400},
    {"trailer_folded", chunked("0\r\nX: a\r\n b\r\n\r\n"), 400},
    {"trailer_with_space_before_colon", chunked("0\r\nX : a\r\n\r\n"), 400},
    {"trailer_without_colon", chunked("0\r\nX\r\n\r\n"), 400},
    {"trailer_with_lf", chunked("0\r\nX: a\nY: b\r\n\r\n"), 400},
};

std::string many_extensions() {
    std::string body;
    for (unsigned i = 0; i < 40; ++i) {
        body += "1;a=" + std::string(30, 'b') + "\r\nx\r\n";
    }
    return body + "0\r\n\r\n";
}

std::string many_fields(std::size_t count) {
    std::string fields;
    for (std::size_t i = 0; i < count; ++i) {
        fields += "\r\nX: a";
    }
    return with_field("X: a" + fields);
}

// Of exactly so many bytes.
std::string head_of(std::size_t bytes) {
    const std::size_t rest = with_field("X: ").size();
    return with_field("X: " + std::string(bytes - rest, 'a'));
}

const std::vector<RawCase> kMeaningCases = {
    {"extensions_too_long_together", chunked(many_extensions()), 400},
    // RFC 9112 section 3.2.
    {"no_host", "GET /v1/health HTTP/1.1\r\n\r\n", 400},
    {"two_hosts", "GET /v1/health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"empty_host", "GET /v1/health HTTP/1.1\r\nHost: \r\n\r\n", 400},
    {"host_with_user", "GET /v1/health HTTP/1.1\r\nHost: b@a\r\n\r\n", 400},
    {"host_with_path", "GET /v1/health HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"host_with_bad_port", "GET /v1/health HTTP/1.1\r\nHost: a:b\r\n\r\n", 400},
    {"two_tokens", with_field("Authorization: Bearer a\r\nAuthorization: Bearer b"), 400},
    {"two_types", with_field("Content-Type: a/b\r\nContent-Type: a/c"), 400},
    {"two_keys", with_field("Idempotency-Key: a\r\nIdempotency-Key: a"), 400},
    // RFC 9110 sections 10.1.1 and 15.5.16.
    {"unknown_expectation", post("Expect: a-miracle\r\nContent-Length: 5\r\n", "hello"), 417},
    {"content_coding", post("Content-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"), 415},
    // RFC 9112 sections 2.3 and 3.
    {"http_0_9", "GET /v1/health\r\n\r\n", 400},
    {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"http_1_2", "GET /v1/health HTTP/1.2\r\nHost: a\r\n\r\n", 505},
    {"version_in_lower_case", "GET /v1/health http/1.1\r\nHost: a\r\n\r\n", 400},
    {"version_of_two_digits", "GET /v1/health HTTP/1.10\r\nHost: a\r\n\r\n", 400},
    {"two_spaces", "GET  /v1/health HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"tab_for_space", "GET\t/v1/health HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"space_at_the_end", "GET /v1/health HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
    {"space_in_target", get("/v1/hea lth"), 400},
    // RFC 9110 section 9.1: methods have a case; 15.6.2.
    {"method_in_lower_case", "get /v1/health HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"connect", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"trace", "TRACE /v1/health HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"bytes_of_tls", "\x16\x03\x01\x02\x01\x01", 400},
    // RFC 9112 section 3.2, RFC 3986 section 3.3.
    {"target_without_slash", get("v1/health"), 400},
    {"target_with_fragment", get("/v1/health#a"), 400},
    {"target_beyond_ascii", get("/v1/\xC3\xA4"), 400},
    {"target_with_backslash", get("/v1\\health"), 400},
    {"target_with_broken_percent", get("/v1/%6"), 400},
    {"target_with_escaped_nul", get("/v1/health%00"), 400},
    {"dot_segments", get("/test/../v1/health"), 400},
    {"escaped_dot_segments", get("/test/%2E%2e/v1/health"), 400},
    {"url_of_another_scheme", get("ftp://a/v1/health"), 400},
    {"url_with_user", get("http://b@a/v1/health"), 400},
    {"url_with_bad_port", get("http://a:8v/v1/health"), 400},
    {"target_too_long", get("/" + std::string(2100, 'a')), 414},
    {"target_without_end", "GET /" + std::string(8192, 'a'), 414},
    // RFC 6585 section 5.
    {"header_too_long_by_one", head_of(8193), 431},
    {"header_without_end", with_field("X: " + std::string(9000, 'a')), 431},
    {"one_field_too_many", many_fields(63), 431},
};

std::string name_of(const testing::TestParamInfo<RawCase>& param) {
    return param.param.name;
}

INSTANTIATE_TEST_SUITE_P(Lines, Refused, testing::ValuesIn(kLineCases), name_of);
INSTANTIATE_TEST_SUITE_P(Lengths, Refused, testing::ValuesIn(kLengthCases), name_of);
INSTANTIATE_TEST_SUITE_P(Chunks, Refused, testing::ValuesIn(kChunkCases), name_of);
INSTANTIATE_TEST_SUITE_P(Meanings, Refused, testing::ValuesIn(kMeaningCases), name_of);

// Strange, but with one meaning: answered, and so is the request behind.
class Answered : public HostileRequest {};

TEST_P(Answered, AndTheNextOneToo) {
    serve(settings());
    for (const bool bytewise : {false, true}) {
        RawClient client(port());
        const std::string bytes = GetParam().bytes + kSmuggled;
        for (std::size_t i = 0; bytewise && i < bytes.size(); ++i) {
            ASSERT_TRUE(client.say(bytes.substr(i, 1)));
        }
        ASSERT_TRUE(bytewise || client.say(bytes));
        EXPECT_EQ(client.hear().status, GetParam().status);
        EXPECT_EQ(client.hear().status, 200U);
    }
}

const std::vector<RawCase> kAnsweredCases = {
    // RFC 9112 section 2.2: an empty line before the request is skipped.
    {"empty_line_first", "\r\n" + kSmuggled, 200},
    {"field_without_space", with_field("X:a"), 200},
    {"spaces_around_value", with_field("X: \t a \t "), 200},
    {"empty_value", with_field("X:"), 200},
    {"value_beyond_ascii", with_field("X: \xC3\xA4"), 200},
    {"names_have_no_case", "GET /v1/health HTTP/1.1\r\nhOST: a\r\n\r\n", 200},
    {"host_with_port", "GET /v1/health HTTP/1.1\r\nHost: a:80\r\n\r\n", 200},
    {"host_of_ipv6", "GET /v1/health HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n", 200},
    {"length_of_zero", post("Content-Length: 0\r\n", ""), 200},
    {"length_with_zeros", post("Content-Length: 0005\r\n", "hello"), 200},
    {"chunked_has_no_case", post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"), 200},
    {"one_chunk", chunked("5\r\nhello\r\n0\r\n\r\n"), 200},
    {"chunk_size_with_zeros", chunked("00005\r\nhello\r\n000\r\n\r\n"), 200},
    {"chunk_with_extension", chunked("5;a=\"b;c\";d\r\nhello\r\n0;e\r\n\r\n"), 200},
    {"chunks_up_to_the_limit", chunked("40\r\n" + std::string(64, 'x') + "\r\n0\r\n\r\n"), 200},
    {"trailer", chunked("5\r\nhello\r\n0\r\nX: y\r\nZ: a\r\n\r\n"), 200},
    // Section 7.1.2: they say nothing any more.
    {"trailer_with_length", chunked("0\r\nContent-Length: 5\r\n\r\n"), 200},
    {"trailer_with_coding", chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"), 200},
    // Section 3.2.2.
    {"absolute_form", get("http://fairlist.example:8080/v1/health"), 200},
    {"absolute_form_by_tls", get("https://fairlist.example/v1/health"), 200},
    {"header_up_to_the_limit", head_of(8192), 200},
    {"fields_up_to_the_limit", many_fields(62), 200},
    // Other paths than ours, or no path at all, are refused by the router.
    {"empty_segment", get("/v1//health"), 404},
    {"slash_at_the_end", get("/v1/health/"), 404},
    {"escaped_letter", get("/v1/%68ealth"), 404},
    {"other_case", get("/V1/health"), 404},
    {"root", get("/"), 404},
    {"absolute_form_of_root", get("http://fairlist.example"), 404},
    {"token_in_url", get("/v1/health?access_token=machine"), 400},
    {"get_of_star", get("*"), 400},
    {"options_of_star", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 204},
};

INSTANTIATE_TEST_SUITE_P(Messages, Answered, testing::ValuesIn(kAnsweredCases), name_of);

using Trailer = HttpSite;

// RFC 9112 section 7.1.2: a trailer must not become a part of the header.
TEST_F(Trailer, IsNoHeader) {
    serve(settings());
    RawClient client(port());
    const Answer answer = client.ask(
        chunked("5\r\nhello\r\n0\r\nAuthorization: Bearer machine\r\nConnection: close\r\n\r\n"));
    EXPECT_EQ(answer.body, "nobody auth= body=hello");
}

}  // namespace
}  // namespace fairlist::http
