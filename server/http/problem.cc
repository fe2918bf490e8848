#include "server/http/problem.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::http {

namespace {

namespace json = boost::json;

struct Phrase {
    unsigned status;
    std::string_view text;
};

constexpr std::array kPhrases = {
    Phrase{200, "OK"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Content"},
    Phrase{303, "See Other"},
    Phrase{304, "Not Modified"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{412, "Precondition Failed"},
    Phrase{413, "Content Too Large"},
    Phrase{414, "URI Too Long"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{417, "Expectation Failed"},
    Phrase{422, "Unprocessable Content"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{503, "Service Unavailable"},
    Phrase{505, "HTTP Version Not Supported"},
};

json::object fault_object(const LineFault& fault) {
    json::object out;
    if (fault.line != 0) {
        out["line"] = fault.line;
    }
    if (fault.column != 0) {
        out["column"] = fault.column;
    }
    if (!fault.where.empty()) {
        out["where"] = plain_text(fault.where);
    }
    out["why"] = plain_text(fault.why);
    return out;
}

json::array fault_array(const std::vector<LineFault>& faults) {
    json::array out;
    const std::size_t shown = std::min(faults.size(), kLineFaultsShown);
    out.reserve(shown);
    for (std::size_t i = 0; i < shown; ++i) {
        out.push_back(fault_object(faults[i]));
    }
    return out;
}

unsigned status_of(Errc code) noexcept {
    switch (code) {
        case Errc::Malformed:
        case Errc::OutOfRange:
            return 400;
        case Errc::NotFound:
            return 404;
        case Errc::Conflict:
            return 409;
        case Errc::Refused:
            return 403;
        case Errc::Io:
            break;
    }
    return 503;
}

}  // namespace

std::string_view status_phrase(unsigned status) noexcept {
    const auto* const phrase = std::ranges::find(kPhrases, status, &Phrase::status);
    return phrase == kPhrases.end() ? "Unknown" : phrase->text;
}

std::string plain_text(std::string_view text) {
    std::string out(text.substr(0, kFaultTextMax));
    std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

Response to_response(const Problem& problem) {
    json::object document{{"type", problem.type},
                          {"title", status_phrase(problem.status)},
                          {"status", problem.status},
                          {"detail", plain_text(problem.detail)}};
    if (!problem.errors.empty()) {
        document["errors"] = fault_array(problem.errors);
    }
    return {.status = problem.status,
            .content_type = "application/problem+json",
            .body = json::serialize(document) + "\n",
            .headers = {}};
}

Response problem(unsigned status, std::string detail) {
    return to_response({.status = status, .detail = std::move(detail)});
}

Response retry_later(unsigned status, std::string detail, std::uint32_t seconds) {
    Response response = problem(status, std::move(detail));
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
    return response;
}

Response problem_of(const Error& error, std::uint32_t retry_seconds) {
    if (error.code == Errc::Io) {
        return retry_later(503, "nothing was taken, try again later", retry_seconds);
    }
    return problem(status_of(error.code), error.message);
}

}  // namespace fairlist::http
