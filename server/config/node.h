// Node: a value of the configuration document with the place where it stands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::config {

// A file as messages name it; `number` is the order of reading, which is the order of faults.
struct SourceFile {
    std::filesystem::path name;
    std::uint32_t number = 0;
};

// Lifetime: the file outlives the place (Document keeps both). Line 0: the whole file.
struct Place {
    const SourceFile* file = nullptr;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

enum class Kind : std::uint8_t { Table, Array, Text, Integer, Float, Boolean, Date };

// "a table", for messages.
[[nodiscard]] std::string_view describe(Kind kind) noexcept;

struct Member;

// Which of the values is in use follows from `kind`. Our own tree, because a document is put
// together from several files, each node of which must still know its own.
struct Node {
    Kind kind = Kind::Table;
    Place place;
    std::string text;
    std::int64_t integer = 0;
    bool flag = false;
    std::vector<Node> items;
    std::vector<Member> members;

    // Null when the table has no such key.
    [[nodiscard]] const Node* find(std::string_view key) const noexcept;
};

struct Member {
    std::string key;
    Place place;  // of the key
    Node value;
};

// The place of "zone[0].soa.refresh", or of the nearest part of it that exists.
[[nodiscard]] Place locate(const Node& root, std::string_view path) noexcept;

// Text as it stands in messages: in quotes, control characters replaced, cut at 64 bytes.
[[nodiscard]] std::string quote(std::string_view text);

// A scalar as it was written, for messages; empty for tables and arrays.
[[nodiscard]] std::string as_written(const Node& node);

}  // namespace fairlist::config
