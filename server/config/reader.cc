#include "server/config/reader.h"

#include "listing/base/suggestion.h"
#include "listing/base/time.h"
#include "server/config/document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace fairlist::config {

namespace {

// An array of one empty table.
const Node& one_table() {
    static const Node array = [] {
        Node made;
        made.kind = Kind::Array;
        made.items.emplace_back();
        return made;
    }();
    return array;
}

bool has_control_character(std::string_view text) noexcept {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string quoted_fallback(const std::string& value) {
    return "\"" + value + "\"";
}

}  // namespace

Reader::Reader(const Node& root, Faults& faults, std::vector<KeyDoc>* docs)
    : table_(root), faults_(faults), docs_(docs) {}

Reader::Reader(const Node& table, const Reader& parent, std::string path, std::string heading)
    : table_(table),
      path_(std::move(path)),
      heading_(std::move(heading)),
      faults_(parent.faults_),
      docs_(parent.docs_) {}

std::string Reader::where(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

std::string Reader::where(std::string_view key, std::size_t index) const {
    return fmt::format("{}[{}]", where(key), index);
}

std::span<const Node> Reader::items_of(const Node* array) noexcept {
    return array == nullptr ? std::span<const Node>() : std::span<const Node>(array->items);
}

std::string Reader::heading_of(std::string_view key, bool is_array) const {
    const std::size_t brackets = heading_.starts_with("[[") ? 2 : 1;
    std::string name(key);
    if (!heading_.empty()) {
        name = fmt::format("{}.{}", heading_.substr(brackets, heading_.size() - 2 * brackets), key);
    }
    return is_array ? "[[" + name + "]]" : "[" + name + "]";
}

bool Reader::is_empty_array(std::string_view key) const noexcept {
    const Node* node = table_.find(key);
    return node != nullptr && node->kind == Kind::Array && node->items.empty();
}

Place Reader::place_of(std::string_view key) const {
    return locate(table_, key);
}

void Reader::fault(std::string_view key, std::string what) {
    faults_.add(place_of(key), where(key), std::move(what));
}

void Reader::require(std::initializer_list<std::string_view> keys) {
    required_.assign(keys);
    if (docs_ != nullptr) {
        return;
    }
    for (const std::string_view key : keys) {
        if (!has(key)) {
            fault(key, "missing");
        }
    }
}

void Reader::note(std::string_view key, std::string_view type, std::string fallback) {
    taken_.emplace_back(key);
    if (docs_ == nullptr) {
        return;
    }
    const bool required = std::ranges::find(required_, key) != required_.end();
    docs_->push_back({heading_, std::string(key), std::string(type),
                      required ? std::string() : std::move(fallback), required});
}

bool Reader::is_kind(const Node& node, const std::string& where, Kind kind) {
    if (node.kind == kind) {
        return true;
    }
    const std::string value = as_written(node);
    faults_.add(node.place, where,
                fmt::format("{}{}expected {}, found {}", value, value.empty() ? "" : ": ",
                            describe(kind), describe(node.kind)));
    return false;
}

const Node* Reader::take(std::string_view key, std::string_view type, std::string fallback,
                         Kind kind) {
    note(key, type, std::move(fallback));
    const Node* node = table_.find(key);
    return node != nullptr && is_kind(*node, where(key), kind) ? node : nullptr;
}

void Reader::text(std::string_view key, std::string& out, std::size_t bytes_max) {
    const Node* node = take(key, "text", quoted_fallback(out), Kind::Text);
    if (node == nullptr) {
        return;
    }
    if (node->text.size() > bytes_max) {
        fault(key, fmt::format("{}: {} bytes, the limit is {}", quote(node->text),
                               node->text.size(), bytes_max));
    } else if (has_control_character(node->text)) {
        fault(key, fmt::format("{}: control characters are not allowed", quote(node->text)));
    } else {
        out = node->text;
    }
}

void Reader::flag(std::string_view key, bool& out) {
    if (const Node* node = take(key, "boolean", out ? "true" : "false", Kind::Boolean)) {
        out = node->flag;
    }
}

std::optional<std::uint64_t> Reader::take_number(std::string_view key, std::uint64_t fallback,
                                                 Limits64 limits) {
    const Node* node = take(key, "number", std::to_string(fallback), Kind::Integer);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (node->integer < 0 || static_cast<std::uint64_t>(node->integer) < limits.least) {
        fault(key, fmt::format("{}: below the limit of {}", node->integer, limits.least));
        return std::nullopt;
    }
    const auto value = static_cast<std::uint64_t>(node->integer);
    if (value > limits.most) {
        fault(key, fmt::format("{}: above the limit of {}", value, limits.most));
        return std::nullopt;
    }
    return value;
}

void Reader::taken_before(std::string_view key, std::string_view type, std::string fallback) {
    note(key, type, std::move(fallback));
}

const Node* Reader::take_heading(std::string_view key, Kind kind) {
    const bool is_array = kind == Kind::Array;
    note(key, is_array ? "array of tables" : "table", "");
    if (docs_ != nullptr) {
        return is_array ? &one_table() : &one_table().items.front();
    }
    const Node* node = table_.find(key);
    if (node == nullptr || node->kind == kind) {
        return node;
    }
    faults_.add(node->place, where(key),
                fmt::format("expected {}, found {}: write {}", is_array ? "tables" : "one table",
                            describe(node->kind), heading_of(key, is_array)));
    return nullptr;
}

const Node* Reader::take_text_or_integer(std::string_view key, std::string_view type,
                                         std::string fallback) {
    note(key, type, std::move(fallback));
    const Node* node = table_.find(key);
    if (node == nullptr || node->kind == Kind::Integer) {
        return node;
    }
    return is_kind(*node, where(key), Kind::Text) ? node : nullptr;
}

// Requires: text or an integer.
std::optional<std::uint32_t> Reader::duration_of(const Node& node, const std::string& where,
                                                 Limits64 limits) {
    const bool is_number = node.kind == Kind::Integer;
    const auto seconds = parse_duration(is_number ? std::to_string(node.integer) : node.text);
    if (!seconds) {
        faults_.add(node.place, where, seconds.error().message);
    } else if (*seconds < limits.least) {
        faults_.add(node.place, where,
                    fmt::format("{}: below the limit of {}", as_written(node),
                                format_duration(static_cast<std::uint32_t>(limits.least))));
    } else if (*seconds > limits.most) {
        faults_.add(node.place, where,
                    fmt::format("{}: above the limit of {}", as_written(node),
                                format_duration(static_cast<std::uint32_t>(limits.most))));
    } else {
        return *seconds;
    }
    return std::nullopt;
}

void Reader::duration(std::string_view key, std::uint32_t& out, Limits64 limits) {
    const Node* node = take_text_or_integer(key, "duration", format_duration(out));
    if (node != nullptr) {
        out = duration_of(*node, where(key), limits).value_or(out);
    }
}

void Reader::durations(std::string_view key, std::vector<std::uint32_t>& out, Limits64 limits) {
    std::vector<std::string> fallback;
    std::ranges::transform(out, std::back_inserter(fallback), format_duration);
    const Node* array =
        take(key, "array of duration", fmt::format("[{}]", fmt::join(fallback, ", ")), Kind::Array);
    if (array == nullptr) {
        return;
    }
    out.clear();
    for (std::size_t i = 0; i < array->items.size(); ++i) {
        const Node& item = array->items[i];
        const std::string at = where(key, i);
        if (item.kind != Kind::Integer && !is_kind(item, at, Kind::Text)) {
            continue;
        }
        if (const auto seconds = duration_of(item, at, limits)) {
            out.push_back(*seconds);
        }
    }
}

void Reader::path(std::string_view key, std::filesystem::path& out) {
    const Node* node = take(key, "path", quoted_fallback(out.string()), Kind::Text);
    if (node == nullptr) {
        return;
    }
    if (node->text.empty() || has_control_character(node->text)) {
        fault(key, fmt::format("{}: expected the name of a file or folder", quote(node->text)));
        return;
    }
    out = resolve_path(node->place, node->text);
}

void Reader::code(std::string_view key, ReturnCode& out, bool allow_foreign) {
    const Node* node =
        take_text_or_integer(key, "code", out.is_set() ? quoted_fallback(to_string(out)) : "");
    if (node == nullptr) {
        return;
    }
    const bool is_number = node->kind == Kind::Integer;
    const auto code =
        parse_code(is_number ? std::to_string(node->integer) : node->text, allow_foreign);
    if (code) {
        out = *code;
    } else {
        fault(key, code.error().message);
    }
}

void Reader::code_text(std::string_view key, std::string& out) {
    if (const Node* node = take_text_or_integer(key, "code", quoted_fallback(out))) {
        out = node->kind == Kind::Integer ? std::to_string(node->integer) : node->text;
    }
}

std::optional<std::size_t> Reader::take_choice(std::string_view key, std::string fallback,
                                               std::span<const std::string> names) {
    const Node* node = take(key, "word", std::move(fallback), Kind::Text);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto chosen = std::ranges::find(names, node->text);
    if (chosen == names.end()) {
        fault(key, fmt::format("{}: expected {}{}", quote(node->text), fmt::join(names, ", "),
                               did_you_mean(node->text, names)));
        return std::nullopt;
    }
    return static_cast<std::size_t>(chosen - names.begin());
}

void Reader::refuse_unknown_keys() {
    if (docs_ != nullptr) {
        return;
    }
    for (const Member& member : table_.members) {
        if (std::ranges::find(taken_, member.key) != taken_.end()) {
            continue;
        }
        std::string hint = did_you_mean(member.key, taken_);
        if (hint.empty()) {
            hint = fmt::format(" (known here: {})", fmt::join(taken_, ", "));
        }
        const std::string name = quote(member.key);
        faults_.add(member.place, where(std::string_view(name).substr(1, name.size() - 2)),
                    "unknown key" + hint);
    }
}

}  // namespace fairlist::config
