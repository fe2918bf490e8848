// Terminal: standard output and standard error, as a person or a pipe reads them.
#pragma once

#include <string>
#include <string_view>

namespace fairlist::cli {

enum class Colour { None, Red, Green, Yellow, Bold };

// Control characters (C0, DEL, C1) and bytes that are no UTF-8 as \xNN, so that text from a feed
// cannot steer a terminal, not even one that takes the single byte 0x9B for ESC [. Line ends too:
// a value stays on its line.
[[nodiscard]] std::string printable(std::string_view text);

// Coloured when standard output is a terminal and neither NO_COLOR nor TERM=dumb asks otherwise.
[[nodiscard]] std::string paint(Colour colour, std::string_view text);

// Whether the stream is a terminal.
[[nodiscard]] bool output_is_terminal() noexcept;
[[nodiscard]] bool error_is_terminal() noexcept;

void print(std::string_view text);
// To standard error, after what was printed before.
void print_error(std::string_view text);

// False when anything printed so far could not be written (disk full, closed pipe).
[[nodiscard]] bool flush_output() noexcept;

}  // namespace fairlist::cli
