#include "tools/fairlist/prefix_document.h"

#include "importer/formats/format.h"
#include "importer/formats/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <expected>
#include <string_view>
#include <utility>
#include <variant>

namespace fairlist::cli {

namespace {

class PrefixSink : public importer::RecordSink {
  public:
    explicit PrefixSink(PrefixDocument& out) : out_(out) {}

    void accept(const importer::Record& record) override {
        const auto* prefix = std::get_if<Prefix>(&record.subject);
        if (prefix == nullptr || record.exempt) {
            return;
        }
        if (out_.prefixes.size() == kPrefixesMax) {
            shrink();
        }
        if (out_.prefixes.size() == kPrefixesMax) {
            is_full_ = true;
            return;
        }
        out_.prefixes.push_back(*prefix);
    }

    [[nodiscard]] bool reject(importer::Rejection rejection) override {
        if (out_.rejected.size() < kPrefixRejectionsShown) {
            out_.rejected.push_back(std::move(rejection));
        }
        return ++out_.rejected_total <= kPrefixRejectionsMax;
    }

    void shrink() {
        std::ranges::sort(out_.prefixes);
        const auto twice = std::ranges::unique(out_.prefixes);
        out_.prefixes.erase(twice.begin(), twice.end());
    }

    [[nodiscard]] bool is_full() const noexcept { return is_full_; }

  private:
    PrefixDocument& out_;
    bool is_full_ = false;
};

}  // namespace

PrefixFormat parse_prefix_format(const std::string& text) {
    PrefixFormat format;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string word(importer::take_word(rest));
        if (word.find('=') == std::string::npos) {
            format.name = word;
        } else {
            format.select.push_back(word);
        }
    }
    return format;
}

std::string to_string(const PrefixFormat& format) {
    return format.select.empty() ? format.name
                                 : fmt::format("{} {}", format.name, fmt::join(format.select, " "));
}

Result<void> check_prefix_format(const PrefixFormat& format) {
    const auto select = importer::parse_selection(format.select);
    if (!select) {
        return std::unexpected(select.error());
    }
    if (format.name.empty()) {
        if (!format.select.empty()) {
            return fail(Errc::Malformed, "--select needs --format: its keys are the format's");
        }
        return {};
    }
    const auto found = importer::find_format(format.name);
    if (!found) {
        return std::unexpected(found.error());
    }
    return select->check_keys((*found)->attributes);
}

Result<PrefixDocument> read_prefixes(importer::Source& source, const PrefixFormat& format,
                                     Time now) {
    if (const auto good = check_prefix_format(format); !good) {
        return std::unexpected(good.error());
    }
    const importer::Format* wanted =
        format.name.empty() ? nullptr : importer::find_format(format.name).value();
    importer::FormatOptions options;
    options.select = importer::parse_selection(format.select).value();
    options.now = now;
    PrefixDocument document;
    PrefixSink sink(document);
    while (true) {
        auto file = source.next();
        if (!file) {
            return std::unexpected(file.error());
        }
        if (!*file) {
            break;
        }
        importer::ByteStream& bytes = *(*file)->bytes;
        importer::Input input((*file)->name,
                              [&bytes](std::span<char> out) { return bytes.read(out); });
        const importer::Format* used = nullptr;
        if (const auto parsed = importer::parse_input(input, wanted, options, sink, &used);
            !parsed) {
            return std::unexpected(parsed.error());
        }
        document.format = used == nullptr ? "" : std::string(used->name);
    }
    if (sink.is_full()) {
        return fail(Errc::OutOfRange, fmt::format("more than {} prefixes", kPrefixesMax));
    }
    sink.shrink();
    return document;
}

}  // namespace fairlist::cli
