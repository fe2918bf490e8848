#include "importer/lmtp/data_reader.h"

#include <algorithm>
#include <utility>

namespace fairlist::importer {

bool DataReader::read(std::string_view& input, std::size_t room) {
    while (!input.empty()) {
        switch (state_) {
            case State::LineStart:
                state_ = State::Text;
                if (input.front() == '.') {
                    state_ = State::Dot;
                    input.remove_prefix(1);
                }
                break;
            case State::Dot:
                state_ = State::Text;
                if (input.front() == '\r') {
                    state_ = State::DotCr;
                    input.remove_prefix(1);
                }
                break;
            case State::DotCr:
                if (read_behind_dot(input, room)) {
                    return true;
                }
                break;
            case State::Text:
                read_text(input, room);
                break;
            case State::Cr:
                state_ = State::Text;
                if (input.front() == '\n') {
                    state_ = State::LineStart;
                    keep("\n", room);
                    input.remove_prefix(1);
                }
                break;
        }
    }
    return false;
}

void DataReader::read_text(std::string_view& input, std::size_t& room) {
    const std::size_t cr = input.find('\r');
    const std::size_t bytes = cr == std::string_view::npos ? input.size() : cr + 1;
    keep(input.substr(0, bytes), room);
    input.remove_prefix(bytes);
    if (cr != std::string_view::npos) {
        state_ = State::Cr;
    }
}

// Behind a dot that began a line, and a CR that is content unless an LF follows.
bool DataReader::read_behind_dot(std::string_view& input, std::size_t& room) {
    if (input.front() == '\n') {
        input.remove_prefix(1);
        state_ = State::LineStart;
        return true;
    }
    keep("\r", room);
    state_ = State::Cr;
    return false;
}

void DataReader::keep(std::string_view bytes, std::size_t& room) {
    if (outcome_ != DataOutcome::Whole) {
        return;
    }
    if (bytes.size() > bytes_max_ - content_.size()) {
        drop(DataOutcome::TooLong);
    } else if (bytes.size() > room) {
        drop(DataOutcome::NoRoom);
    } else {
        content_ += bytes;
        room -= bytes.size();
    }
}

void DataReader::drop(DataOutcome why) {
    outcome_ = why;
    content_ = std::string();  // gives the memory back, as clear() does not
}

std::string DataReader::take() {
    outcome_ = DataOutcome::Whole;
    return std::exchange(content_, std::string());
}

}  // namespace fairlist::importer
