#include "importer/formats/input.h"

#include "listing/base/check.h"

#include <cstring>
#include <expected>
#include <utility>

namespace fairlist::importer {

namespace {

// Large enough that the cost of a read disappears, small enough for the second-level cache.
constexpr std::size_t kBlockBytes = 256UZ << 10U;
// What a message about a line that is too long may show of it.
constexpr std::size_t kCutLineBytes = 200;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Input::Input(std::string name, ReadBytes read)
    : name_(std::move(name)), read_(std::move(read)), buffer_(kBlockBytes) {}

// Adds bytes behind end_, moving the rest to the front when there is no room. False at the end.
bool Input::fill() {
    if (at_end_) {
        return false;
    }
    if (begin_ != 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    FAIRLIST_CHECK(end_ < buffer_.size());
    const std::span<char> room = std::span(buffer_).subspan(end_);
    const Result<std::size_t> got = read_(room);
    if (!got) {
        status_ = std::unexpected(got.error());
        at_end_ = true;
        return false;
    }
    FAIRLIST_CHECK(*got <= room.size());
    has_nul_ = has_nul_ || std::memchr(room.data(), '\0', *got) != nullptr;
    end_ += *got;
    at_end_ = *got == 0;
    return !at_end_;
}

void Input::skip_byte_order_mark() {
    if (started_) {
        return;
    }
    started_ = true;
    while (end_ - begin_ < kByteOrderMark.size() && fill()) {
    }
    if (std::string_view(buffer_.data(), end_).starts_with(kByteOrderMark)) {
        begin_ = kByteOrderMark.size();
    }
}

std::string_view Input::peek() {
    skip_byte_order_mark();
    while (end_ - begin_ < kPeekBytesMax && fill()) {
    }
    const std::string_view all(buffer_.data() + begin_, end_ - begin_);
    return all.substr(0, kPeekBytesMax);
}

void Input::skip_to_line_end() {
    do {
        const void* newline = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
        if (newline != nullptr) {
            begin_ =
                static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data()) + 1;
            return;
        }
        begin_ = end_;
    } while (fill());
}

bool Input::next_line(Line& line) {
    skip_byte_order_mark();
    const char* newline = nullptr;
    std::size_t searched = 0;
    while (true) {
        const char* from = buffer_.data() + begin_ + searched;
        newline = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_ - searched));
        searched = end_ - begin_;
        if (newline != nullptr || searched > kLineBytesMax || !fill()) {
            break;
        }
    }
    // What stands before a failure of the source may be a line cut short: it is not given out.
    if (newline == nullptr && (searched == 0 || !status_)) {
        return false;
    }
    const char* start = buffer_.data() + begin_;
    const std::size_t bytes =
        newline == nullptr ? searched : static_cast<std::size_t>(newline - start);
    line.number = ++line_number_;
    line.fault = LineFault::None;
    if (bytes > kLineBytesMax) {
        line.fault = LineFault::TooLong;
        cut_line_.assign(start, kCutLineBytes);
        line.text = cut_line_;
        skip_to_line_end();
        return true;
    }
    line.text = {start, bytes};
    begin_ += bytes + (newline == nullptr ? 0 : 1);
    if (line.text.ends_with('\r')) {
        line.text.remove_suffix(1);
    }
    if (has_nul_ && line.text.find('\0') != std::string_view::npos) {
        line.fault = LineFault::HasNul;
    }
    return true;
}

std::string_view Input::buffered() const noexcept {
    // Before the start it may begin with a byte order mark.
    return started_ ? std::string_view(buffer_.data() + begin_, end_ - begin_) : std::string_view();
}

void Input::take_lines(std::size_t bytes, std::uint64_t lines) {
    FAIRLIST_CHECK(bytes <= end_ - begin_);
    begin_ += bytes;
    line_number_ += lines;
}

std::string_view Input::next_block() {
    skip_byte_order_mark();
    if (begin_ == end_ && !fill()) {
        return {};
    }
    const std::string_view block(buffer_.data() + begin_, end_ - begin_);
    begin_ = end_;
    return block;
}

Result<void> Input::status() const {
    return status_;
}

}  // namespace fairlist::importer
