// Reader: takes one table's keys into a struct, and collects what is wrong with them.
#pragma once

#include "listing/base/result.h"
#include "listing/model/code.h"
#include "server/config/faults.h"
#include "server/config/keys.h"
#include "server/config/node.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::config {

struct Limits64 {
    std::uint64_t least = 0;
    std::uint64_t most = std::numeric_limits<std::int64_t>::max();
};

template <typename T>
struct Choice {
    const char* name;
    T value;
};

// Each member function takes one key: when the key is there and good, `out` gets its value; when it
// is wrong, a fault is added and `out` keeps what it had. A key that no function took is unknown.
//
// With `docs` set nothing is read: each key that is asked for is noted there instead, so that the
// list of known keys cannot differ from what is read.
class Reader {
  public:
    // Lifetime: all arguments outlive the reader.
    Reader(const Node& root, Faults& faults, std::vector<KeyDoc>* docs);

    // The keys without which the table is a fault. Comes before the functions below.
    void require(std::initializer_list<std::string_view> keys);

    // A line of text without control characters.
    void text(std::string_view key, std::string& out, std::size_t bytes_max);
    void flag(std::string_view key, bool& out);
    // Seconds, or text such as "1h30m".
    void duration(std::string_view key, std::uint32_t& out, Limits64 limits);
    // An array of such, in place of what `out` has. One that is wrong is left out.
    void durations(std::string_view key, std::vector<std::uint32_t>& out, Limits64 limits);
    template <std::unsigned_integral T>
    void number(std::string_view key, T& out, Limits64 limits);
    // A file or folder, relative to the folder of the file that names it.
    void path(std::string_view key, std::filesystem::path& out);
    template <typename T, std::size_t N>
    void choice(std::string_view key, T& out, const std::array<Choice<T>, N>& choices);
    // Text or integer, as parse_code() reads it.
    void code(std::string_view key, ReturnCode& out, bool allow_foreign);
    // The same, left to be checked by who knows whether foreign codes are allowed.
    void code_text(std::string_view key, std::string& out);

    // Text that `parse` turns into a T. `type` is how the manual calls it.
    template <typename T, typename Parse>
    void parsed(std::string_view key, std::string_view type, T& out, Parse parse);
    // An array of such. An item that is wrong leaves a T{} behind, so that positions still agree.
    template <typename T, typename Parse>
    void parsed_list(std::string_view key, std::string_view type, std::vector<T>& out, Parse parse);

    // A key that was read before the tables were (document.h).
    void taken_before(std::string_view key, std::string_view type, std::string fallback);

    template <typename T>
    void table(std::string_view key, T& out, void (*read)(Reader&, T&));
    template <typename T>
    void tables(std::string_view key, std::vector<T>& out, void (*read)(Reader&, T&));

    // Whether the document gives the key, whatever its value.
    [[nodiscard]] bool has(std::string_view key) const noexcept {
        return table_.find(key) != nullptr;
    }
    [[nodiscard]] bool is_empty_array(std::string_view key) const noexcept;
    [[nodiscard]] std::string where(std::string_view key) const;
    [[nodiscard]] std::string where(std::string_view key, std::size_t index) const;
    // Adds a fault at a key, or at a place below the table such as "record[0].owner".
    void fault(std::string_view key, std::string what);
    [[nodiscard]] Place place_of(std::string_view key) const;
    [[nodiscard]] Faults& faults() noexcept { return faults_; }

    // Adds a fault for each key that nothing took. Call it last.
    void refuse_unknown_keys();

  private:
    Reader(const Node& table, const Reader& parent, std::string path, std::string heading);

    void note(std::string_view key, std::string_view type, std::string fallback);
    // Null when absent or, with a fault, of another kind.
    const Node* take(std::string_view key, std::string_view type, std::string fallback, Kind kind);
    bool is_kind(const Node& node, const std::string& where, Kind kind);
    std::optional<std::uint32_t> duration_of(const Node& node, const std::string& where,
                                             Limits64 limits);
    std::optional<std::uint64_t> take_number(std::string_view key, std::uint64_t fallback,
                                             Limits64 limits);
    std::optional<std::size_t> take_choice(std::string_view key, std::string fallback,
                                           std::span<const std::string> names);
    template <typename T, typename Parse>
    void parse_node(const Node& node, const std::string& where, T& out, Parse parse);
    template <typename T>
    void read_node(const Node& node, std::string path, std::string heading, T& out,
                   void (*read)(Reader&, T&));
    // As take(), for what has a heading. With `docs` an empty table, so that its keys are told.
    const Node* take_heading(std::string_view key, Kind kind);
    const Node* take_text_or_integer(std::string_view key, std::string_view type,
                                     std::string fallback);
    [[nodiscard]] std::string heading_of(std::string_view key, bool is_array) const;

    static std::span<const Node> items_of(const Node* array) noexcept;

    const Node& table_;
    std::string path_;     // "zone[0].soa"; empty at the top
    std::string heading_;  // "[zone.soa]"
    Faults& faults_;
    std::vector<KeyDoc>* docs_;
    std::vector<std::string> taken_;
    std::vector<std::string_view> required_;
};

template <std::unsigned_integral T>
void Reader::number(std::string_view key, T& out, Limits64 limits) {
    limits.most = std::min<std::uint64_t>(limits.most, std::numeric_limits<T>::max());
    if (const auto value = take_number(key, out, limits)) {
        out = static_cast<T>(*value);
    }
}

template <typename T, std::size_t N>
void Reader::choice(std::string_view key, T& out, const std::array<Choice<T>, N>& choices) {
    std::array<std::string, N> names;
    std::ranges::transform(choices, names.begin(), [](const auto& each) { return each.name; });
    const auto* current = std::ranges::find(choices, out, &Choice<T>::value);
    if (const auto chosen = take_choice(key, std::string(current->name), names)) {
        out = choices[*chosen].value;
    }
}

template <typename T, typename Parse>
void Reader::parse_node(const Node& node, const std::string& where, T& out, Parse parse) {
    if (auto value = parse(node.text)) {
        out = std::move(*value);
    } else {
        faults_.add(node.place, where, value.error().message);
    }
}

template <typename T, typename Parse>
void Reader::parsed(std::string_view key, std::string_view type, T& out, Parse parse) {
    if (const Node* node = take(key, type, "", Kind::Text)) {
        parse_node(*node, where(key), out, parse);
    }
}

template <typename T, typename Parse>
void Reader::parsed_list(std::string_view key, std::string_view type, std::vector<T>& out,
                         Parse parse) {
    const Node* array = take(key, std::string("array of ").append(type), "[]", Kind::Array);
    for (const Node& item : items_of(array)) {
        const std::string at = where(key, out.size());
        T& slot = out.emplace_back();
        if (is_kind(item, at, Kind::Text)) {
            parse_node(item, at, slot, parse);
        }
    }
}

template <typename T>
void Reader::read_node(const Node& node, std::string path, std::string heading, T& out,
                       void (*read)(Reader&, T&)) {
    Reader reader(node, *this, std::move(path), std::move(heading));
    read(reader, out);
    reader.refuse_unknown_keys();
}

template <typename T>
void Reader::table(std::string_view key, T& out, void (*read)(Reader&, T&)) {
    if (const Node* node = take_heading(key, Kind::Table)) {
        read_node(*node, where(key), heading_of(key, false), out, read);
    }
}

template <typename T>
void Reader::tables(std::string_view key, std::vector<T>& out, void (*read)(Reader&, T&)) {
    for (const Node& item : items_of(take_heading(key, Kind::Array))) {
        const std::string at = where(key, out.size());
        T& slot = out.emplace_back();
        if (is_kind(item, at, Kind::Table)) {
            read_node(item, at, heading_of(key, true), slot, read);
        }
    }
}

}  // namespace fairlist::config
