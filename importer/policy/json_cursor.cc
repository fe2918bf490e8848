#include "importer/policy/json_cursor.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/utf8_line.h"
#include "importer/policy/json_text.h"
#include "listing/base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kShownBytesMax = 20;

}  // namespace

std::string_view to_string(JsonKind kind) noexcept {
    constexpr std::array<std::string_view, 7> kNames = {
        "an object", "an array", "a string", "a number", "true", "false", "null"};
    return kNames[static_cast<std::size_t>(kind)];
}

JsonCursor::JsonCursor(std::string_view text, FaultLog& log) : text_(text), log_(log) {
    if (text_.starts_with(kByteOrderMark)) {  // RFC 8259 section 8.1
        text_.remove_prefix(kByteOrderMark.size());
    }
}

std::optional<JsonKind> JsonCursor::kind() {
    skip_blanks();
    place_ = place_of(at_);
    if (failed_) {
        return {};
    }
    if (at_end()) {
        fatal(at_, "the document ends where a value should stand: it is cut off");
        return {};
    }
    switch (const char c = text_[at_]) {
        case '{':
            return JsonKind::Object;
        case '[':
            return JsonKind::Array;
        case '"':
            return JsonKind::String;
        default:
            if (c == '-' || is_digit(c)) {
                return JsonKind::Number;
            }
    }
    const std::string_view rest = text_.substr(at_);
    for (const JsonKind word : {JsonKind::True, JsonKind::False, JsonKind::Null}) {
        const std::string_view name = to_string(word);
        if (rest.starts_with(name) &&
            (rest.size() == name.size() || !is_letter(rest[name.size()]))) {
            return word;
        }
    }
    fatal(at_, fmt::format("\"{}\": expected a value: a string in double quotes, a number, an "
                           "object, an array, true, false or null",
                           excerpt(rest.substr(0, std::min(kShownBytesMax, rest.find('\n'))))));
    return {};
}

void JsonCursor::enter() {
    if (failed_) {
        return;
    }
    if (frames_.size() == kJsonDepthMax) {
        fatal(at_, fmt::format("nested deeper than {} levels", kJsonDepthMax));
        return;
    }
    frames_.push_back({text_[at_] == '{' ? '}' : ']', true});
    ++at_;
}

bool JsonCursor::next_in(std::string_view what) {
    skip_blanks();
    if (failed_) {
        return false;
    }
    FAIRLIST_CHECK(!frames_.empty());
    Frame& frame = frames_.back();
    const bool is_first = std::exchange(frame.is_first, false);
    const bool has_comma = !is_first && !at_end() && text_[at_] == ',';
    if (has_comma) {
        ++at_;
        skip_blanks();
    }
    if (at_end()) {
        fatal(at_, fmt::format("the document ends where {} or \"{}\" should stand: it is cut off",
                               what, frame.close));
        return false;
    }
    if (text_[at_] == frame.close) {
        if (has_comma) {
            place_ = place_of(at_);
            slip(at_, fmt::format("comma in front of \"{}\": leave it out", frame.close));
        }
        ++at_;
        frames_.pop_back();
        return false;
    }
    if (is_first || has_comma) {
        return true;
    }
    constexpr std::string_view kBegins = "\"{[-0123456789";
    if (kBegins.find(text_[at_]) == std::string_view::npos) {
        fatal(at_, fmt::format("\"{}\": expected \",\" or \"{}\"", excerpt(text_.substr(at_, 1)),
                               frame.close));
        return false;
    }
    slip(at_, "expected \",\" in front of this");
    return true;
}

bool JsonCursor::next_member(std::string& key) {
    if (!next_in("a member")) {
        return false;
    }
    place_ = place_of(at_);
    if (text_[at_] != '"') {
        fatal(at_, fmt::format("\"{}\": expected the name of a member in double quotes",
                               excerpt(text_.substr(at_, 1))));
        return false;
    }
    string(key);
    skip_blanks();
    if (failed_) {
        return false;
    }
    if (at_end()) {
        fatal(at_, "the document ends where \":\" should stand: it is cut off");
        return false;
    }
    if (text_[at_] != ':') {
        fatal(at_, fmt::format("\"{}\": expected \":\" after the name of a member",
                               excerpt(text_.substr(at_, 1))));
        return false;
    }
    ++at_;
    return true;
}

bool JsonCursor::next_element() {
    return next_in("an element");
}

void JsonCursor::take_plain(std::string& out) {
    const std::size_t begin = at_;
    bool is_ascii = true;
    while (!at_end()) {
        const auto c = static_cast<unsigned char>(text_[at_]);
        if (c == '"' || c == '\\' || c < 0x20) {
            break;
        }
        is_ascii &= c < 0x80;
        ++at_;
    }
    const std::string_view taken = text_.substr(begin, at_ - begin);
    out += taken;
    if (is_ascii) {
        return;
    }
    if (const std::size_t good = utf8_front(taken); good != taken.size()) {
        slip(begin + good, fmt::format("byte 0x{:02X} is no UTF-8 here: save the document as UTF-8",
                                       static_cast<unsigned char>(taken[good])));
    }
}

void JsonCursor::string(std::string& out) {
    out.clear();
    if (failed_) {
        return;
    }
    const std::size_t begin = at_++;
    while (true) {
        take_plain(out);
        if (at_end() || text_[at_] == '\n' || text_[at_] == '\r') {
            fatal(begin, at_end() ? "the document ends in this string: it is cut off"
                                  : "this string has no closing quote on its line");
            return;
        }
        const char c = text_[at_];
        if (c == '"') {
            ++at_;
            return;
        }
        if (c == '\\') {
            take_escape(out);
        } else {
            slip(at_, fmt::format("control character 0x{:02X} in a string: write \\u{:04x}",
                                  static_cast<unsigned char>(c), static_cast<unsigned char>(c)));
            out += c;
            ++at_;
        }
    }
}

std::uint32_t JsonCursor::take_hex() {
    constexpr std::size_t kDigits = 4;
    std::uint32_t unit = 0;
    std::size_t taken = 0;
    for (; taken < kDigits && !at_end(); ++taken, ++at_) {
        const char c = text_[at_];
        const char lower = is_letter(c) ? static_cast<char>(c | 0x20) : c;
        if (!is_digit(c) && (lower < 'a' || lower > 'f')) {
            break;
        }
        unit = unit << 4U | static_cast<std::uint32_t>(is_digit(c) ? c - '0' : 10 + (lower - 'a'));
    }
    if (taken != kDigits) {
        slip(at_, "expected four hex digits after \\u");
        return 0xFFFD;
    }
    return unit;
}

void JsonCursor::take_escape(std::string& out) {
    const std::size_t begin = at_++;
    if (at_end()) {
        return;
    }
    const char letter = text_[at_];
    if (letter != 'u') {
        const char meant = escaped(letter);
        if (meant == '\0') {
            slip(begin, fmt::format("\"\\{}\" means nothing: write \"\\\\\" for a backslash",
                                    excerpt(text_.substr(at_, 1))));
            return;
        }
        out += meant;
        ++at_;
        return;
    }
    ++at_;
    const std::uint32_t unit = take_hex();
    if (is_high_surrogate(unit) && text_.substr(at_).starts_with("\\u")) {
        at_ += 2;
        const std::uint32_t low = take_hex();
        if (is_low_surrogate(low)) {
            append_utf8(0x10000U + ((unit - 0xD800U) << 10U) + (low - 0xDC00U), out);
            return;
        }
        slip(begin, "half of a pair of surrogates: it is no character");
        out += kReplacement;
    } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
        slip(begin, "half of a pair of surrogates: it is no character");
        out += kReplacement;
    } else {
        append_utf8(unit, out);
    }
}

std::string_view JsonCursor::number() {
    const std::size_t begin = at_;
    constexpr std::string_view kCharacters = "+-.eE";
    while (!failed_ && !at_end() &&
           (is_digit(text_[at_]) || kCharacters.find(text_[at_]) != std::string_view::npos)) {
        ++at_;
    }
    const std::string_view written = text_.substr(begin, at_ - begin);
    if (!failed_ && !is_json_number(written)) {
        slip(begin, fmt::format("\"{}\" is no number as JSON writes it",
                                excerpt(written.substr(0, kShownBytesMax))));
    }
    return written;
}

void JsonCursor::take_word() {
    while (!at_end() && is_letter(text_[at_])) {
        ++at_;
    }
}

void JsonCursor::skip() {
    const std::size_t depth = frames_.size();
    std::string text;
    do {
        const auto what = kind();
        if (!what) {
            return;
        }
        if (*what == JsonKind::Object || *what == JsonKind::Array) {
            enter();
        } else if (*what == JsonKind::String) {
            string(text);
        } else if (*what == JsonKind::Number) {
            static_cast<void>(number());
        } else {
            take_word();
        }
        while (!failed_ && frames_.size() > depth) {
            if (frames_.back().close == '}' ? next_member(text) : next_element()) {
                break;
            }
        }
    } while (!failed_ && frames_.size() > depth);
}

void JsonCursor::finish() {
    skip_blanks();
    if (!failed_ && !at_end()) {
        fatal(at_, fmt::format("\"{}\": expected nothing after the document",
                               excerpt(text_.substr(at_, kShownBytesMax))));
    }
}

Place JsonCursor::place_of(std::size_t at) const noexcept {
    return {line_, static_cast<std::uint32_t>(at - line_start_ + 1)};
}

void JsonCursor::skip_blanks() {
    while (!at_end()) {
        const char c = text_[at_];
        if (c == '\n') {
            ++line_;
            line_start_ = at_ + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
        ++at_;
    }
}

void JsonCursor::fatal(std::size_t at, std::string what) {
    slip(at, std::move(what));
    failed_ = true;
    at_ = text_.size();
}

void JsonCursor::slip(std::size_t at, std::string what) {
    log_.fault(place_of(at), "", std::move(what));
}

}  // namespace fairlist::importer
