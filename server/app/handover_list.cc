#include "server/app/handover_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <concepts>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace fairlist::app {

namespace {

template <std::signed_integral Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) {
        return std::nullopt;
    }
    return number;
}

// The part before the first `mark`, which is taken off `text` with the mark.
std::string_view cut(std::string_view& text, char mark) {
    const std::size_t end = text.find(mark);
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
}

class Parser {
  public:
    Result<void> add_word(std::string_view word) {
        const std::string whole(word);
        const std::string name(cut(word, '='));
        if (name.empty() || word.empty()) {
            return fail(Errc::Malformed, fmt::format("\"{}\" is not NAME=DESCRIPTOR,...", whole));
        }
        while (!word.empty()) {
            if (Result<void> added = add_descriptor(name, cut(word, ',')); !added) {
                return added;
            }
        }
        return {};
    }
    std::vector<NamedDescriptor> take() { return std::move(found_); }

  private:
    Result<void> add_descriptor(const std::string& name, std::string_view text) {
        const std::optional<int> number = parse_number<int>(text);
        if (!number || *number < kFirstHandedDescriptor) {
            return fail(Errc::Malformed, fmt::format("\"{}\": \"{}\" is no descriptor from {} on",
                                                     name, text, kFirstHandedDescriptor));
        }
        if (!seen_.insert(*number).second) {
            return fail(Errc::Malformed,
                        fmt::format("\"{}\": descriptor {} is named twice", name, *number));
        }
        if (found_.size() == kHandedDescriptorsMax) {
            return fail(Errc::OutOfRange,
                        fmt::format("more than {} descriptors", kHandedDescriptorsMax));
        }
        found_.push_back({name, *number});
        return {};
    }

    std::vector<NamedDescriptor> found_;
    std::set<int> seen_;
};

}  // namespace

std::vector<NamedDescriptor> named_descriptors(const std::vector<net::HandedSocket>& sockets) {
    std::vector<NamedDescriptor> result;
    result.reserve(sockets.size());
    for (const net::HandedSocket& handed : sockets) {
        result.push_back(
            {net::handed_name(handed.kind, handed.endpoint), handed.socket.descriptor()});
    }
    return result;
}

std::string format_handover(pid_t owner, const std::vector<NamedDescriptor>& sockets) {
    std::map<std::string, std::vector<int>> by_name;
    for (const NamedDescriptor& socket : sockets) {
        by_name[socket.name].push_back(socket.descriptor);
    }
    std::string text = fmt::format("{}", owner);
    for (const auto& [name, descriptors] : by_name) {
        text += fmt::format(" {}={}", name, fmt::join(descriptors, ","));
    }
    return text;
}

Result<std::vector<NamedDescriptor>> parse_handover(std::string_view text, pid_t owner) {
    const std::string_view first = cut(text, ' ');
    const std::optional<pid_t> pid = parse_number<pid_t>(first);
    if (!pid) {
        return fail(Errc::Malformed, fmt::format("\"{}\" is no process", first));
    }
    if (*pid != owner) {
        return fail(Errc::Conflict, fmt::format("is for process {}, not for {}", *pid, owner));
    }
    Parser parser;
    while (!text.empty()) {
        if (Result<void> added = parser.add_word(cut(text, ' ')); !added) {
            return std::unexpected(added.error());
        }
    }
    return parser.take();
}

}  // namespace fairlist::app
