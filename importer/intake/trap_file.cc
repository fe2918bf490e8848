#include "importer/intake/trap_file.h"

#include "importer/intake/mail_delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::string_view kBlank = " \t\r";
constexpr std::size_t kWeightDigitsMax = 3;
constexpr std::uint32_t kTrapWeightMax = 10000;

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

// Takes the first word off.
std::string_view take_word(std::string_view& text) noexcept {
    text = trimmed(text);
    const std::string_view word = text.substr(0, text.find_first_of(kBlank));
    text.remove_prefix(word.size());
    return word;
}

bool are_digits(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::uint32_t number_of(std::string_view digits) noexcept {
    std::uint32_t number = 0;
    for (const char digit : digits) {
        number = number * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    return number;
}

Result<void> read_option(std::string_view word, NewTrap& trap) {
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
    if (key == "weight") {
        const auto weight = parse_trap_weight(value);
        if (!weight) {
            return std::unexpected(weight.error());
        }
        trap.weight = *weight;
        return {};
    }
    if (key == "kind") {
        const auto kind = parse_trap_kind(value);
        if (!kind) {
            return std::unexpected(kind.error());
        }
        trap.kind = *kind;
        return {};
    }
    // The word is not quoted: it may be another trap.
    return fail(Errc::Malformed,
                "behind the address: expected weight=NUMBER, kind=trap, kind=report or # and a "
                "note");
}

}  // namespace

Result<std::uint16_t> parse_trap_weight(std::string_view text) {
    const std::size_t dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const std::string_view part =
        dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
    const bool good = !whole.empty() && whole.size() <= kWeightDigitsMax && part.size() <= 2 &&
                      are_digits(whole) && are_digits(part);
    const std::uint32_t weight =
        good ? number_of(whole) * 100 + number_of(part) * (part.size() == 1 ? 10U : 1U) : 0;
    if (weight == 0 || weight > kTrapWeightMax) {
        return fail(Errc::OutOfRange, fmt::format("weight \"{}\": expected 0.01 to 100, with at "
                                                  "most two decimals",
                                                  text.substr(0, 32)));
    }
    return static_cast<std::uint16_t>(weight);
}

Result<std::optional<NewTrap>> parse_trap_line(std::string_view line) {
    std::string_view rest = trimmed(line);
    if (rest.empty() || rest.starts_with('#')) {
        return std::nullopt;
    }
    auto address = parse_trap_address(take_word(rest));
    if (!address) {
        return std::unexpected(std::move(address.error()));
    }
    NewTrap trap{std::move(*address), TrapKind::Trap, kHitWeightOne, ""};
    while (!trimmed(rest).empty()) {
        if (rest = trimmed(rest); rest.starts_with('#')) {
            trap.note = trimmed(rest.substr(1));
            break;
        }
        if (const auto read = read_option(take_word(rest), trap); !read) {
            return std::unexpected(read.error());
        }
    }
    if (trap.note.size() > kTrapNoteBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("note of {} bytes: at most {} are kept",
                                                  trap.note.size(), kTrapNoteBytesMax));
    }
    return trap;
}

Result<TrapFile> read_trap_file(ByteStream& source) {
    const auto text = read_bounded(source, kTrapFileBytesMax);
    if (!text) {
        return fail(text.error().code, text.error().code == Errc::OutOfRange
                                           ? fmt::format("more than {} bytes", kTrapFileBytesMax)
                                           : text.error().message);
    }
    TrapFile file;
    std::string_view rest = *text;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        auto trap =
            end > kTrapLineBytesMax
                ? fail(Errc::OutOfRange, fmt::format("longer than {} bytes", kTrapLineBytesMax))
                : parse_trap_line(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!trap && file.faults.size() == kTrapFaultsMax) {
            ++file.more_faults;
        } else if (!trap) {
            file.faults.push_back(fmt::format("line {}: {}", number, trap.error().message));
        } else if (*trap && file.traps.size() == Vault::kAddTrapsMax) {
            return fail(Errc::OutOfRange,
                        fmt::format("more than {} traps in one file", Vault::kAddTrapsMax));
        } else if (*trap) {
            file.traps.push_back(std::move(**trap));
        }
    }
    return file;
}

}  // namespace fairlist::importer
