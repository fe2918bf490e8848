#include "importer/mail/reader/header_block.h"

namespace fairlist::importer {

std::string_view header_block(std::string_view message) noexcept {
    std::size_t at = 0;
    while (at < message.size()) {
        const std::string_view rest = message.substr(at);
        if (rest.starts_with('\n') || rest.starts_with("\r\n")) {
            return message.substr(0, at);
        }
        const std::size_t end = rest.find('\n');
        at = end == std::string_view::npos ? message.size() : at + end + 1;
    }
    return message;
}

std::string_view whole_headers(std::string_view block, std::size_t bytes_max) noexcept {
    if (block.size() <= bytes_max) {
        return block;
    }
    std::size_t end = bytes_max;
    // `end` is where a line begins that is no folded part of the header before.
    while (end > 0 && (block[end - 1] != '\n' || block[end] == ' ' || block[end] == '\t')) {
        --end;
    }
    return block.substr(0, end);
}

}  // namespace fairlist::importer
