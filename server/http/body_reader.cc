#include "server/http/body_reader.h"

#include <algorithm>
#include <charconv>

namespace fairlist::http {

namespace {

constexpr std::string_view kCrlf = "\r\n";

// chunk-size = 1*HEXDIG; as many digits as 64 bits have, after leading zeros. 0 bytes read: none.
struct ChunkSize {
    std::uint64_t bytes = 0;
    std::size_t digits = 0;
    bool is_too_large = false;
};

ChunkSize read_size(std::string_view line) noexcept {
    ChunkSize size;
    const char* const end = line.data() + line.size();
    const auto [last, error] = std::from_chars(line.data(), end, size.bytes, 16);
    size.is_too_large = error == std::errc::result_out_of_range;
    // from_chars takes a minus sign, for types that have one only.
    size.digits =
        error == std::errc::invalid_argument ? 0 : static_cast<std::size_t>(last - line.data());
    return size;
}

// Extensions are ignored (section 7.1.1), but must not hide where the line ends: who reads quoted
// strings would go on behind an open one.
bool is_extension(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos || text[first] != ';') {
        return text.empty();
    }
    bool is_quoted = false;
    for (std::size_t i = first; i < text.size(); ++i) {
        if (is_quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            is_quoted = !is_quoted;
        }
    }
    return !is_quoted;
}

bool is_field(std::string_view line) noexcept {
    const std::size_t colon = line.find(':');
    return colon != 0 && colon < line.find_first_of(" \t");
}

}  // namespace

BodyReader BodyReader::of_length(std::uint64_t bytes) {
    BodyReader reader;
    reader.remaining_ = bytes;
    reader.part_ = bytes == 0 ? Part::End : Part::Length;
    reader.body_.reserve(bytes);
    return reader;
}

BodyReader BodyReader::of_chunks(std::size_t bytes_max) {
    BodyReader reader;
    reader.bytes_max_ = bytes_max;
    reader.part_ = Part::Size;
    return reader;
}

BodyReader::State BodyReader::take(std::string_view& pending) {
    while (part_ != Part::End && step(pending)) {
    }
    if (!refusal_.why.empty()) {
        return State::Refused;
    }
    return part_ == Part::End ? State::Done : State::More;
}

bool BodyReader::step(std::string_view& pending) {
    switch (part_) {
        case Part::Length:
        case Part::Data:
            return take_data(pending);
        case Part::Size:
            return take_size(pending);
        case Part::DataEnd:
            return take_data_end(pending);
        case Part::Trailer:
            return take_trailer_line(pending);
        case Part::End:
            break;
    }
    return false;
}

bool BodyReader::take_data(std::string_view& pending) {
    const auto bytes =
        static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, pending.size()));
    body_.append(pending.substr(0, bytes));
    pending.remove_prefix(bytes);
    remaining_ -= bytes;
    if (remaining_ != 0) {
        return false;
    }
    part_ = part_ == Part::Length ? Part::End : Part::DataEnd;
    return true;
}

bool BodyReader::take_size(std::string_view& pending) {
    const LineScan line = scan_line(pending, kLineBytesMax);
    if (line.is_broken) {
        return refuse(400, "the line of a chunk's size is too long, or does not end with CRLF");
    }
    if (!line.is_whole) {
        return false;
    }
    const std::string_view text = pending.substr(0, line.bytes);
    pending.remove_prefix(line.bytes + kCrlf.size());
    return begin_chunk(text);
}

bool BodyReader::begin_chunk(std::string_view line) {
    const ChunkSize size = read_size(line);
    if (size.digits == 0 || !is_extension(line.substr(size.digits))) {
        return refuse(400, "a chunk has no size, or an extension that is none");
    }
    extension_bytes_ += line.size() - size.digits;
    if (extension_bytes_ > kExtensionBytesMax) {
        return refuse(400, "the chunks have more extensions than this server takes");
    }
    if (size.is_too_large || size.bytes > bytes_max_ - body_.size()) {
        return refuse(413, "the body is longer than this route takes");
    }
    remaining_ = size.bytes;
    part_ = size.bytes == 0 ? Part::Trailer : Part::Data;
    return true;
}

bool BodyReader::take_data_end(std::string_view& pending) {
    const std::size_t bytes = std::min(pending.size(), kCrlf.size());
    if (!kCrlf.starts_with(pending.substr(0, bytes))) {
        return refuse(400, "a chunk is longer than its size");
    }
    if (bytes < kCrlf.size()) {
        return false;
    }
    pending.remove_prefix(bytes);
    part_ = Part::Size;
    return true;
}

// Trailer fields are thrown away: merged into the header they could say who asks (section 7.1.2).
bool BodyReader::take_trailer_line(std::string_view& pending) {
    const LineScan line = scan_line(pending, kTrailerBytesMax - trailer_bytes_);
    if (line.is_broken) {
        return refuse(400, "the trailer is too long, or has a line that does not end with CRLF");
    }
    if (!line.is_whole) {
        return false;
    }
    if (line.bytes != 0 && !is_field(pending.substr(0, line.bytes))) {
        return refuse(400, "the trailer has a line that is no field");
    }
    trailer_bytes_ += line.bytes;
    part_ = line.bytes == 0 ? Part::End : Part::Trailer;
    pending.remove_prefix(line.bytes + kCrlf.size());
    return true;
}

bool BodyReader::refuse(unsigned status, std::string_view why) {
    refusal_ = {.status = status, .why = std::string(why)};
    return false;
}

}  // namespace fairlist::http
