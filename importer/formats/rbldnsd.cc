#include "importer/formats/excerpt.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"
#include "importer/formats/rbldnsd_file.h"
#include "importer/formats/words.h"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace fairlist::importer {

namespace {

Result<void> parse_type(Input& input, const FormatOptions& options, RecordSink& sink,
                        std::optional<RbldnsdType> type) {
    RbldnsdFile file(options, sink, type);
    return for_each_line(
        input, sink, [&](std::string_view text) { return file.take_plain(text); },
        [&](std::string_view line) { return file.take(line); });
}

bool looks_like_ip4(std::string_view word) noexcept {
    return parse_rbldnsd_ip4(word, Ip4Syntax::Set, true).has_value();
}

// "www A 192.0.2.1", "www 3000 TXT "x"": a data set of names would hardly begin a text like that.
bool looks_generic(std::string_view rest) {
    take_word(rest);
    std::string_view word = take_word(rest);
    if (parse_duration(word)) {
        word = take_word(rest);
    }
    return (equals_lower(word, "a") && parse_address(rest).has_value()) ||
           (equals_lower(word, "txt") && rest.starts_with('"')) ||
           (equals_lower(word, "mx") && !rest.empty() && rest.front() >= '0' &&
            rest.front() <= '9');
}

RbldnsdType guess_entry(std::string_view text) {
    std::string_view rest = text.starts_with('!') ? trim_left(text.substr(1)) : text;
    const std::string_view ip4 = rest.substr(0, rest.find_first_not_of("0123456789./-"));
    if (looks_like_ip4(ip4)) {
        return RbldnsdType::Ip4Set;
    }
    if (parse_rbldnsd_ip6(rest.substr(0, rest.find_first_of(" \t;#")), true)) {
        return RbldnsdType::Ip6Trie;
    }
    return looks_generic(rest) ? RbldnsdType::Generic : RbldnsdType::Dnset;
}

}  // namespace

RbldnsdGuess guess_rbldnsd_type(std::string_view head) {
    RbldnsdGuess guess;
    while (!head.empty()) {
        const std::size_t newline = head.find('\n');
        const std::string_view text = trim(head.substr(0, newline));
        head = newline == std::string_view::npos ? std::string_view{} : head.substr(newline + 1);
        std::string_view special;
        if (text.empty()) {
            continue;
        }
        if (is_rbldnsd_special(text, special)) {
            guess.combined |= equals_lower(take_word(special), "dataset");
        } else if (!guess.type && text.front() != '#' && text.front() != ';' &&
                   (text.front() != ':' || text.starts_with("::"))) {
            guess.type = guess_entry(text);
        }
    }
    return guess;
}

Result<void> parse_rbldnsd(Input& input, const FormatOptions& options, RecordSink& sink) {
    const RbldnsdGuess guess = guess_rbldnsd_type(input.peek());
    if (guess.combined) {
        return parse_type(input, options, sink, std::nullopt);
    }
    const RbldnsdType fallback =
        options.kind == ListKind::Domain ? RbldnsdType::Dnset : RbldnsdType::Ip4Set;
    return parse_type(input, options, sink, guess.type.value_or(fallback));
}

Result<void> parse_rbldnsd_ip4set(Input& input, const FormatOptions& options, RecordSink& sink) {
    return parse_type(input, options, sink, RbldnsdType::Ip4Set);
}

Result<void> parse_rbldnsd_ip4trie(Input& input, const FormatOptions& options, RecordSink& sink) {
    return parse_type(input, options, sink, RbldnsdType::Ip4Trie);
}

Result<void> parse_rbldnsd_ip4tset(Input& input, const FormatOptions& options, RecordSink& sink) {
    return parse_type(input, options, sink, RbldnsdType::Ip4Tset);
}

Result<void> parse_rbldnsd_ip6trie(Input& input, const FormatOptions& options, RecordSink& sink) {
    return parse_type(input, options, sink, RbldnsdType::Ip6Trie);
}

Result<void> parse_rbldnsd_ip6tset(Input& input, const FormatOptions& options, RecordSink& sink) {
    return parse_type(input, options, sink, RbldnsdType::Ip6Tset);
}

Result<void> parse_rbldnsd_dnset(Input& input, const FormatOptions& options, RecordSink& sink) {
    return parse_type(input, options, sink, RbldnsdType::Dnset);
}

Result<void> parse_rbldnsd_generic(Input& input, const FormatOptions& options, RecordSink& sink) {
    return parse_type(input, options, sink, RbldnsdType::Generic);
}

Result<void> parse_rbldnsd_combined(Input& input, const FormatOptions& options, RecordSink& sink) {
    return parse_type(input, options, sink, std::nullopt);
}

}  // namespace fairlist::importer
