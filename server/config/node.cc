#include "server/config/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fairlist::config {

namespace {

constexpr std::size_t kQuotedBytesMax = 64;

// Takes "soa", "[0]" or the like off the front of the path.
std::string_view take_step(std::string_view& path) noexcept {
    if (path.starts_with('.')) {
        path.remove_prefix(1);
    }
    std::size_t end = path.find_first_of(".[", 1);
    end = std::min(end, path.size());
    const std::string_view step = path.substr(0, end);
    path.remove_prefix(end);
    return step;
}

const Node* follow(const Node& node, std::string_view step) noexcept {
    if (!step.starts_with('[')) {
        return node.find(step);
    }
    std::size_t index = 0;
    static_cast<void>(std::from_chars(step.data() + 1, step.data() + step.size(), index));
    return index < node.items.size() ? &node.items[index] : nullptr;
}

}  // namespace

std::string_view describe(Kind kind) noexcept {
    switch (kind) {
        case Kind::Table:
            return "a table";
        case Kind::Array:
            return "an array";
        case Kind::Text:
            return "a string";
        case Kind::Integer:
            return "an integer";
        case Kind::Float:
            return "a float";
        case Kind::Boolean:
            return "a boolean";
        case Kind::Date:
            return "a date or time";
    }
    return "?";
}

const Node* Node::find(std::string_view key) const noexcept {
    const auto member = std::ranges::find(members, key, &Member::key);
    return member == members.end() ? nullptr : &member->value;
}

Place locate(const Node& root, std::string_view path) noexcept {
    const Node* node = &root;
    while (!path.empty()) {
        const Node* next = follow(*node, take_step(path));
        if (next == nullptr) {
            break;
        }
        node = next;
    }
    return node->place;
}

std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text.substr(0, kQuotedBytesMax)) {
        const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        quoted += is_control ? '?' : c;
    }
    quoted += text.size() > kQuotedBytesMax ? "...\"" : "\"";
    return quoted;
}

std::string as_written(const Node& node) {
    switch (node.kind) {
        case Kind::Text:
            return quote(node.text);
        case Kind::Integer:
            return std::to_string(node.integer);
        case Kind::Boolean:
            return node.flag ? "true" : "false";
        default:
            return {};
    }
}

}  // namespace fairlist::config
