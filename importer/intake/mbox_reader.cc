#include "importer/intake/mbox_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <expected>
#include <span>
#include <system_error>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10U;
constexpr std::string_view kFrom = "From ";
constexpr std::size_t kFromLineBytesMax = 1000;
constexpr std::size_t kFromWordsMax = 20;
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

std::string_view without_line_end(std::string_view line) noexcept {
    while (line.ends_with('\n') || line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (words.size() < kFromWordsMax) {
        const std::size_t begin = text.find_first_not_of(" \t");
        if (begin == std::string_view::npos) {
            break;
        }
        const std::size_t end = std::min(text.find_first_of(" \t", begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        text.remove_prefix(end);
    }
    return words;
}

// All of the text as a number; -1: it is none.
int number_of(std::string_view text) noexcept {
    int number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : -1;
}

// "05:14" or "05:14:01".
std::optional<int> seconds_of_day(std::string_view text) noexcept {
    if (text.size() != 5 && text.size() != 8) {
        return std::nullopt;
    }
    const bool whole = text.size() == 8;
    const int hour = number_of(text.substr(0, 2));
    const int minute = number_of(text.substr(3, 2));
    const int second = whole ? number_of(text.substr(6, 2)) : 0;
    const bool good = text[2] == ':' && (!whole || text[5] == ':') && hour >= 0 && hour < 24 &&
                      minute >= 0 && minute < 60 && second >= 0 && second <= 60;
    return good ? std::optional(hour * 3600 + minute * 60 + second) : std::nullopt;
}

// "+0100", east of UTC.
std::optional<int> offset_of(std::string_view text) noexcept {
    if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) {
        return std::nullopt;
    }
    const int hours = number_of(text.substr(1, 2));
    const int minutes = number_of(text.substr(3, 2));
    if (hours < 0 || minutes < 0 || minutes >= 60) {
        return std::nullopt;
    }
    const int seconds = hours * 3600 + minutes * 60;
    return text[0] == '-' ? -seconds : seconds;
}

unsigned month_of(std::string_view text) noexcept {
    const auto same = [&](std::string_view month) {
        return std::ranges::equal(text, month, [](char a, char b) { return (a | 0x20) == b; });
    };
    const auto* const found = std::ranges::find_if(kMonths, same);
    return found == kMonths.end() ? 0 : static_cast<unsigned>(found - kMonths.begin()) + 1;
}

bool begins_mail(std::string_view line) {
    if (!line.starts_with(kFrom) || line.size() > kFromLineBytesMax) {
        return false;
    }
    const auto words = words_of(without_line_end(line.substr(kFrom.size())));
    return words.size() > 1 &&
           std::ranges::any_of(words.begin() + 1, words.end(), [](std::string_view word) {
               return seconds_of_day(word).has_value();
           });
}

bool is_quoted_from(std::string_view line) noexcept {
    const std::size_t quotes = std::min(line.find_first_not_of('>'), line.size());
    return quotes != 0 && line.substr(quotes).starts_with(kFrom);
}

// Of a mail that another follows.
void drop_empty_line(std::string& bytes) {
    for (const std::string_view end : {std::string_view("\r\n\r\n"), std::string_view("\n\n")}) {
        if (bytes.ends_with(end)) {
            bytes.resize(bytes.size() - end.size() / 2);
            return;
        }
    }
}

}  // namespace

MboxReader::MboxReader(ByteStream& source, std::size_t bytes_max, bool single)
    : source_(source), bytes_max_(bytes_max), single_(single), buffer_(kBufferBytes) {}

Result<bool> MboxReader::fill() {
    if (begin_ != 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    if (source_ended_ || end_ == buffer_.size()) {
        return false;
    }
    const auto size = source_.read(std::span(buffer_).subspan(end_));
    if (!size) {
        return std::unexpected(size.error());
    }
    end_ += *size;
    source_ended_ = *size == 0;
    return *size != 0;
}

// A line, or as much of it as fits; empty: the source has ended.
Result<MboxReader::Piece> MboxReader::next_piece() {
    std::size_t searched = 0;
    while (true) {
        const std::string_view pending(buffer_.data() + begin_, end_ - begin_);
        const std::size_t end = pending.find('\n', searched);
        if (end != std::string_view::npos) {
            begin_ += end + 1;
            return Piece{pending.substr(0, end + 1), std::exchange(at_line_start_, true)};
        }
        searched = pending.size();
        const auto filled = fill();
        if (!filled) {
            return std::unexpected(filled.error());
        }
        if (!*filled) {
            const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
            begin_ = end_;
            return Piece{rest, std::exchange(at_line_start_, false)};
        }
    }
}

void MboxReader::append(MboxMail& mail, std::string_view text) const {
    mail.too_large = mail.too_large || mail.bytes.size() + text.size() > bytes_max_;
    if (mail.too_large) {
        mail.bytes.clear();
    } else {
        mail.bytes += text;
    }
}

// Returns whether the piece begins another mail.
bool MboxReader::take(const Piece& piece, MboxMail& mail) {
    const bool first = !std::exchange(started_, true);
    if (first && !single_ && piece.text.starts_with(kFrom) && !piece.text.starts_with("From :")) {
        is_mbox_ = true;
        mail.from_line = without_line_end(piece.text.substr(kFrom.size()));
        return false;
    }
    const bool is_line = is_mbox_ && piece.begins_line;
    if (is_line && begins_mail(piece.text)) {
        from_line_ = without_line_end(piece.text.substr(kFrom.size()));
        drop_empty_line(mail.bytes);
        return true;
    }
    append(mail, is_line && is_quoted_from(piece.text) ? piece.text.substr(1) : piece.text);
    return false;
}

Result<std::optional<MboxMail>> MboxReader::next() {
    MboxMail mail;
    bool found = from_line_.has_value();
    mail.from_line = std::exchange(from_line_, std::nullopt).value_or("");
    while (true) {
        const auto piece = next_piece();
        if (!piece) {
            return std::unexpected(piece.error());
        }
        if (piece->text.empty()) {
            return found ? Result<std::optional<MboxMail>>(std::move(mail)) : std::nullopt;
        }
        found = true;
        if (take(*piece, mail)) {
            return mail;
        }
    }
}

std::optional<Time> time_of_from_line(std::string_view from_line) {
    const auto words = words_of(from_line);
    for (std::size_t i = 1; i + 2 < words.size(); ++i) {
        const unsigned month = month_of(words[i]);
        const int day = number_of(words[i + 1]);
        const auto clock = seconds_of_day(words[i + 2]);
        if (month == 0 || day < 1 || !clock) {
            continue;
        }
        const auto offset = i + 3 < words.size() ? offset_of(words[i + 3]) : std::nullopt;
        // The zone's name may stand before the year: it says nothing that can be relied on.
        const int year = number_of(words.back());
        const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                               std::chrono::day(static_cast<unsigned>(day))};
        if (year < 1970 || year > 2105 || !date.ok()) {
            return std::nullopt;
        }
        const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
        const std::int64_t seconds = days * 86400 + *clock - offset.value_or(0);
        return seconds > 0 ? std::optional(Time{static_cast<std::uint32_t>(seconds)})
                           : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace fairlist::importer
