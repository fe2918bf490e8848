#include "importer/mail/received_items.h"

#include "importer/mail/received.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace fairlist::importer {

namespace {

bool is_space(char c) noexcept {
    // NUL and the like come from hostile mail only; they separate, as white space does.
    return static_cast<unsigned char>(c) <= ' ';
}

// The position behind the comment that begins at `at`.
Result<std::size_t> comment_end(std::string_view line, std::size_t at) {
    std::size_t depth = 0;
    for (; at < line.size(); ++at) {
        if (line[at] == '\\') {
            ++at;
        } else if (line[at] == '(' && ++depth > kCommentDepthMax) {
            return fail(Errc::OutOfRange, fmt::format("a Received line with comments more than {} "
                                                      "deep",
                                                      kCommentDepthMax));
        } else if (line[at] == ')' && --depth == 0) {
            return at + 1;
        }
    }
    return fail(Errc::Malformed, "a Received line with a comment that does not end");
}

std::size_t word_end(std::string_view line, std::size_t at) noexcept {
    while (at < line.size() && !is_space(line[at]) && line[at] != '(' && line[at] != ';') {
        at += line[at] == '\\' ? 2U : 1U;
    }
    return std::min(at, line.size());
}

}  // namespace

Result<std::vector<ReceivedItem>> cut_received(std::string_view line) {
    using Kind = ReceivedItem::Kind;
    if (line.size() > kReceivedBytesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("a Received line of {} bytes, above the limit of {}", line.size(),
                                kReceivedBytesMax));
    }
    std::vector<ReceivedItem> items;
    for (std::size_t at = 0; at < line.size();) {
        if (is_space(line[at])) {
            ++at;
        } else if (line[at] == ';') {
            items.push_back({Kind::Semicolon, line.substr(at++, 1)});
        } else if (line[at] == '(') {
            const auto end = comment_end(line, at);
            if (!end) {
                return std::unexpected(end.error());
            }
            items.push_back({Kind::Comment, line.substr(at + 1, *end - at - 2)});
            at = *end;
        } else {
            const std::size_t end = word_end(line, at);
            items.push_back({Kind::Word, line.substr(at, end - at)});
            at = end;
        }
    }
    return items;
}

std::vector<ReceivedItem> cut_comment(std::string_view comment) {
    // Its brackets were paired when the line was cut.
    return cut_received(comment).value_or(std::vector<ReceivedItem>());
}

}  // namespace fairlist::importer
