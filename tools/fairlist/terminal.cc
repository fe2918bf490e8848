#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

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

// U+0080 to U+009F in UTF-8: C2 80 to C2 9F.
bool starts_c1(std::string_view rest) noexcept {
    return rest.size() > 1 && rest[0] == '\xC2' && static_cast<unsigned char>(rest[1]) < 0xA0;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else if (starts_c1(text.substr(i))) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
        } else {
            out.push_back(text[i]);
        }
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
