// RecordingSink: what a parser accepts and rejects, as texts that a table can hold.
#pragma once

#include "importer/formats/format.h"
#include "importer/formats/record_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

// "[!]SUBJECT", then " CODE" when set, " \"REASON\"" when there is one, " ttl=N", " until=TIME",
// " data_end=TIME".
inline std::string shown(const Record& record) {
    std::string text = record.exempt ? "!" : "";
    text += to_string(record.subject);
    if (record.code.is_set()) {
        text += " " + to_string(record.code);
    }
    if (!record.reason.empty()) {
        text += fmt::format(" \"{}\"", record.reason);
    }
    if (record.ttl_seconds != 0) {
        text += fmt::format(" ttl={}", record.ttl_seconds);
    }
    if (record.until.is_set()) {
        text += " until=" + to_string(record.until);
    }
    if (record.data_end.is_set()) {
        text += " data_end=" + to_string(record.data_end);
    }
    return text;
}

class RecordingSink : public RecordSink {
  public:
    explicit RecordingSink(std::size_t rejections_max = 1000) : rejections_max_(rejections_max) {}

    void accept(const Record& record) override { records.push_back(shown(record)); }
    bool reject(Rejection rejection) override {
        rejections.push_back(std::move(rejection));
        return rejections.size() <= rejections_max_;
    }

    [[nodiscard]] std::vector<std::uint64_t> rejected_lines() const {
        std::vector<std::uint64_t> lines;
        std::ranges::transform(rejections, std::back_inserter(lines), &Rejection::line);
        return lines;
    }

    std::vector<std::string> records;
    std::vector<Rejection> rejections;

  private:
    std::size_t rejections_max_;
};

// Gives at most `piece` bytes a read, so that lines fall over the ends of reads.
inline Input text_input(std::string text, std::size_t piece = SIZE_MAX) {
    return Input("feed.txt",
                 [text = std::move(text), at = 0UZ,
                  piece](std::span<char> out) mutable -> Result<std::size_t> {
                     const std::size_t bytes = std::min({out.size(), piece, text.size() - at});
                     std::memcpy(out.data(), text.data() + at, bytes);
                     at += bytes;
                     return bytes;
                 });
}

struct Parsed {
    Result<void> result;
    RecordingSink sink;
    std::string format;
};

// An empty format name: told by content.
inline Parsed parse_text(std::string_view format, std::string_view text,
                         const FormatOptions& options = {}) {
    Parsed parsed;
    Input input = text_input(std::string(text));
    const Format* used = nullptr;
    const Format* wanted = format.empty() ? nullptr : find_format(format).value();
    parsed.result = parse_input(input, wanted, options, parsed.sink, &used);
    parsed.format = used == nullptr ? "" : used->name;
    return parsed;
}

}  // namespace fairlist::importer
