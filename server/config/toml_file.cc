#include "server/config/toml_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace fairlist::config {

namespace {

constexpr std::size_t kFileBytesMax = 16U << 20U;

// toml++ descends once for each part of a dotted key, without a limit of its own: a line of
// 64,000 parts ends it with a stack overflow.
constexpr std::size_t kLineBytesMax = 8192;

// No key of ours lies deeper than 5; what lies deeper is left out and its parent is unknown anyway.
constexpr unsigned kDepthMax = 16;

Place place_of(const toml::source_region& region, const SourceFile& file) {
    return {&file, region.begin.line, region.begin.column};
}

Node convert(const toml::node& source, const SourceFile& file, unsigned depth);

void convert_members(const toml::table& table, Node& node, unsigned depth) {
    for (const auto& [key, value] : table) {
        node.members.push_back({std::string(key.str()), place_of(key.source(), *node.place.file),
                                convert(value, *node.place.file, depth + 1)});
    }
}

void convert_items(const toml::array& array, Node& node, unsigned depth) {
    for (const toml::node& item : array) {
        node.items.push_back(convert(item, *node.place.file, depth + 1));
    }
}

Node convert(const toml::node& source, const SourceFile& file, unsigned depth) {
    Node node;
    node.place = place_of(source.source(), file);
    if (const toml::table* table = source.as_table()) {
        if (depth < kDepthMax) {
            convert_members(*table, node, depth);
        }
    } else if (const toml::array* array = source.as_array()) {
        node.kind = Kind::Array;
        if (depth < kDepthMax) {
            convert_items(*array, node, depth);
        }
    } else if (const auto* text = source.as_string()) {
        node.kind = Kind::Text;
        node.text = text->get();
    } else if (const auto* integer = source.as_integer()) {
        node.kind = Kind::Integer;
        node.integer = integer->get();
    } else if (const auto* flag = source.as_boolean()) {
        node.kind = Kind::Boolean;
        node.flag = flag->get();
    } else {
        node.kind = source.is_floating_point() ? Kind::Float : Kind::Date;
    }
    return node;
}

// Line number and length of the first line that is too long; 0 when none is.
std::uint32_t long_line(std::string_view text) {
    std::uint32_t line = 1;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > kLineBytesMax) {
            return line;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
        ++line;
    }
    return 0;
}

}  // namespace

std::optional<Node> parse_toml(const std::string& text, const SourceFile& file, Faults& faults) {
    if (text.size() > kFileBytesMax) {
        faults.add({&file, 0, 0}, "", "larger than 16 MiB");
        return std::nullopt;
    }
    if (const std::uint32_t line = long_line(text); line != 0) {
        faults.add({&file, line, 1}, "",
                   fmt::format("line longer than {} bytes: break arrays over several lines",
                               kLineBytesMax));
        return std::nullopt;
    }
    try {
        return convert(toml::parse(std::string_view(text)), file, 0);
    } catch (const toml::parse_error& error) {
        faults.add(place_of(error.source(), file), "", std::string(error.description()));
        return std::nullopt;
    }
}

}  // namespace fairlist::config
