// ReaderDrive: a RequestReader fed with a stream in pieces, as a connection would; for tests and
// for the fuzz target.
#pragma once

#include "server/http/request_reader.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::http {

struct Driven {
    std::vector<Request> requests;
    std::vector<bool> keep_alive;
    unsigned refused_with = 0;
    bool is_idle = false;  // ended between two requests
};

// `next_piece` says how many bytes come at once.
inline Driven drive(std::string_view stream, std::size_t body_bytes_max,
                    const std::function<std::size_t()>& next_piece) {
    RequestReader reader{HeadLimits{}};
    Driven out;
    for (;;) {
        switch (reader.state()) {
            case RequestReader::State::Head:
            case RequestReader::State::Body: {
                if (stream.empty()) {
                    out.is_idle = reader.state() == RequestReader::State::Head && reader.is_idle();
                    return out;
                }
                const std::size_t piece = std::clamp<std::size_t>(next_piece(), 1, stream.size());
                reader.feed(stream.substr(0, piece));
                stream.remove_prefix(piece);
                break;
            }
            case RequestReader::State::HeadDone:
                reader.accept_body(body_bytes_max);
                break;
            case RequestReader::State::Done:
                out.requests.push_back(reader.request());
                out.keep_alive.push_back(reader.keep_alive());
                reader.next();
                break;
            case RequestReader::State::Refused:
                out.refused_with = reader.refusal().status;
                return out;
        }
    }
}

}  // namespace fairlist::http
