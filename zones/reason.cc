#include "zones/reason.h"

#include "listing/model/code.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace fairlist {

namespace {

// Appends to a span it does not own; what does not fit is dropped.
class Cursor {
  public:
    explicit Cursor(std::span<char> out) noexcept : out_(out) {}

    void put(std::string_view text) noexcept {
        const std::string_view fits = text.substr(0, out_.size() - size_);
        std::ranges::copy(fits, out_.subspan(size_).begin());
        size_ += fits.size();
    }
    void put(char c) noexcept { put(std::string_view(&c, 1)); }

    // Decimal, with leading zeros up to `width` digits (at most 10).
    void put_number(std::uint32_t value, std::size_t width) noexcept {
        std::array<char, 10> digits{};
        std::size_t first = digits.size();
        do {
            digits[--first] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0 || digits.size() - first < width);
        put(std::string_view(digits.data() + first, digits.size() - first));
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    std::span<char> out_;
    std::size_t size_ = 0;  // <= out_.size()
};

// As to_string(Time) writes it, but without allocating.
void put_time(Cursor& out, Time time) noexcept {
    if (!time.is_set()) {
        out.put('-');
        return;
    }
    const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(point);
    const std::chrono::year_month_day date(day);
    out.put_number(static_cast<std::uint32_t>(static_cast<int>(date.year())), 4);
    out.put('-');
    out.put_number(static_cast<unsigned>(date.month()), 2);
    out.put('-');
    out.put_number(static_cast<unsigned>(date.day()), 2);
    const std::uint32_t of_day = time.seconds % 86400;
    out.put('T');
    out.put_number(of_day / 3600, 2);
    out.put(':');
    out.put_number(of_day / 60 % 60, 2);
    out.put(':');
    out.put_number(of_day % 60, 2);
    out.put('Z');
}

void put_code(Cursor& out, ReturnCode code) noexcept {
    for (unsigned shift = 32; shift != 0; shift -= 8) {
        out.put_number((code.value >> (shift - 8)) & 0xFFU, 1);
        if (shift != 8) {
            out.put('.');
        }
    }
}

void put_id(Cursor& out, const ReasonFields& fields) noexcept {
    out.put(fields.list);
    out.put('/');
    for (const char c : fields.subject) {
        out.put(c == '/' ? '-' : c);
    }
}

struct Placeholder {
    std::string_view name;
    void (*put)(Cursor& out, const ReasonFields& fields);
};

constexpr auto kPlaceholders = std::to_array<Placeholder>({
    {"address",
     [](Cursor& out, const ReasonFields& f) {
         out.put(f.address);
     }},
    {"subject",
     [](Cursor& out, const ReasonFields& f) {
         out.put(f.subject);
     }},
    {"list",
     [](Cursor& out, const ReasonFields& f) {
         out.put(f.list);
     }},
    {"code",
     [](Cursor& out, const ReasonFields& f) {
         put_code(out, f.code);
     }},
    {"id",
     [](Cursor& out, const ReasonFields& f) {
         put_id(out, f);
     }},
    {"since",
     [](Cursor& out, const ReasonFields& f) {
         put_time(out, f.since);
     }},
    {"until",
     [](Cursor& out, const ReasonFields& f) {
         put_time(out, f.until);
     }},
    {"reason",
     [](Cursor& out, const ReasonFields& f) {
         out.put(f.reason);
     }},
});

// Takes the next piece off the front of the text: plain text, "{{", "{...}", or, when nothing
// closes it, all from "{" on. Never empty while there is text.
std::string_view take_piece(std::string_view& text) noexcept {
    std::size_t size = text.find('{');
    if (size == 0 && text.starts_with("{{")) {
        size = 2;
    } else if (size == 0) {
        const std::size_t close = text.find('}');
        size = close == std::string_view::npos ? close : close + 1;
    }
    const std::string_view piece = text.substr(0, size);
    text.remove_prefix(piece.size());
    return piece;
}

// The name in "{name}"; empty when the piece is no placeholder.
std::string_view name_in(std::string_view piece) noexcept {
    if (!piece.starts_with('{') || !piece.ends_with('}')) {
        return {};
    }
    return piece.substr(1, piece.size() - 2);
}

std::string allowed_names(bool in_list, std::span<const std::string_view> also) {
    std::vector<std::string> names;
    for (const Placeholder& placeholder : kPlaceholders) {
        if (in_list || placeholder.name != "reason") {
            names.push_back(fmt::format("{{{}}}", placeholder.name));
        }
    }
    for (const std::string_view name : also) {
        names.push_back(fmt::format("{{{}}}", name));
    }
    return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace

std::size_t expand_reason(std::string_view text, const ReasonFields& fields,
                          std::span<char> out) noexcept {
    Cursor cursor(out);
    while (!text.empty() && cursor.size() < out.size()) {
        const std::string_view piece = take_piece(text);
        const auto* placeholder =
            std::ranges::find(kPlaceholders, name_in(piece), &Placeholder::name);
        if (placeholder != kPlaceholders.end()) {
            placeholder->put(cursor, fields);
        } else {
            cursor.put(piece == "{{" ? piece.substr(1) : piece);
        }
    }
    return cursor.size();
}

Result<void> check_reason(std::string_view text, bool in_list,
                          std::span<const std::string_view> also) {
    while (!text.empty()) {
        const std::string_view piece = take_piece(text);
        if (!piece.starts_with('{') || piece == "{{") {
            continue;
        }
        if (!piece.ends_with('}')) {
            return fail(Errc::Malformed,
                        fmt::format("\"{}\": no \"}}\" follows; write \"{{{{\" for "
                                    "a brace",
                                    piece.substr(0, 64)));
        }
        const std::string_view name = name_in(piece);
        const bool is_known =
            std::ranges::find(kPlaceholders, name, &Placeholder::name) != kPlaceholders.end() &&
            (in_list || name != "reason");
        if (!is_known && std::ranges::find(also, name) == also.end()) {
            return fail(
                Errc::Malformed,
                fmt::format("\"{}\": no such placeholder here, expected {}, or \"{{{{\" for "
                            "a brace",
                            piece.substr(0, 64), allowed_names(in_list, also)));
        }
    }
    return {};
}

}  // namespace fairlist
