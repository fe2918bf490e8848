#include "importer/formats/excerpt.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist::importer {

std::string excerpt(std::string_view text) {
    constexpr std::string_view kDots = "...";
    std::string out;
    for (const char c : text) {
        const std::string piece = c >= ' ' && c <= '~'
                                      ? std::string(1, c)
                                      : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        if (out.size() + piece.size() > kExcerptBytesMax) {
            out.resize(std::min(out.size(), kExcerptBytesMax - kDots.size()));
            return out.append(kDots);
        }
        out += piece;
    }
    return out;
}

}  // namespace fairlist::importer
