#include "tools/fairlist/terminal.h"

#include "server/shown/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>

namespace fairlist::cli {

namespace {

bool wants_colour() {
    const char* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
    const char* term = std::getenv("TERM");           // NOLINT(concurrency-mt-unsafe)
    const bool refused = no_colour != nullptr && *no_colour != '\0';
    const bool dumb = term == nullptr || std::string_view(term) == "dumb";
    return output_is_terminal() && !refused && !dumb;
}

std::string_view sequence_of(Colour colour) noexcept {
    switch (colour) {
        case Colour::Red:
            return "\x1b[31m";
        case Colour::Green:
            return "\x1b[32m";
        case Colour::Yellow:
            return "\x1b[33m";
        case Colour::Bold:
            return "\x1b[1m";
        case Colour::None:
            break;
    }
    return "";
}

// C0, DEL, or C1 (U+0080 to U+009F, in UTF-8 C2 80 to C2 9F). Requires: a well-formed character.
bool is_control(std::string_view character) noexcept {
    const auto first = static_cast<unsigned char>(character.front());
    return first < 0x20 || first == 0x7F ||
           (first == 0xC2 && static_cast<unsigned char>(character.back()) < 0xA0);
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t bytes = character_bytes(text);
        const std::string_view character = text.substr(0, std::max<std::size_t>(bytes, 1));
        if (bytes == 0 || is_control(character)) {
            // The last byte is the character's number, also of the two bytes of a C1.
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(character.back()));
        } else {
            out += character;
        }
        text.remove_prefix(character.size());
    }
    return out;
}

std::string paint(Colour colour, std::string_view text) {
    static const bool enabled = wants_colour();
    if (!enabled || colour == Colour::None) {
        return std::string(text);
    }
    return fmt::format("{}{}\x1b[0m", sequence_of(colour), text);
}

bool output_is_terminal() noexcept {
    return ::isatty(STDOUT_FILENO) == 1;
}

bool error_is_terminal() noexcept {
    return ::isatty(STDERR_FILENO) == 1;
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_error(std::string_view text) {
    static_cast<void>(std::fflush(stdout));
    std::fwrite(text.data(), 1, text.size(), stderr);
}

bool flush_output() noexcept {
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace fairlist::cli
