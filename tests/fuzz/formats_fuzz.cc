// Any bytes as a feed: what is accepted keeps its promises, and the reads' sizes change nothing.

#include "importer/formats/excerpt.h"
#include "importer/formats/format.h"
#include "listing/base/check.h"
#include "listing/model/entry.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

constexpr std::size_t kRejectionsMax = 50;

struct Seen {
    std::uint64_t records = 0;
    std::vector<std::uint64_t> rejected_lines;
    std::string subjects;  // of the first records
    bool failed = false;

    bool operator==(const Seen&) const = default;
};

class CheckingSink : public RecordSink {
  public:
    explicit CheckingSink(Seen& seen) : seen_(seen) {}

    void accept(const Record& record) override {
        const ListKind kind = kind_of(record.subject);
        const std::string text = to_string(record.subject);
        FAIRLIST_CHECK(parse_subject(kind, text).value() == record.subject);
        FAIRLIST_CHECK(!record.code.is_set() || is_listing_code(record.code));
        FAIRLIST_CHECK(record.reason.size() <= kReasonBytesMax);
        if (++seen_.records <= kRejectionsMax) {
            seen_.subjects += text + "\n";
        }
    }
    bool reject(Rejection rejection) override {
        const auto is_printable = [](char c) {
            return c >= ' ' && c <= '~';
        };
        FAIRLIST_CHECK(rejection.file == "feed" && rejection.line != 0 && !rejection.why.empty());
        FAIRLIST_CHECK(rejection.text.size() <= kExcerptBytesMax);
        FAIRLIST_CHECK(std::ranges::all_of(rejection.text, is_printable));
        FAIRLIST_CHECK(seen_.rejected_lines.empty() ||
                       seen_.rejected_lines.back() <= rejection.line);
        seen_.rejected_lines.push_back(rejection.line);
        return seen_.rejected_lines.size() <= kRejectionsMax;
    }

  private:
    Seen& seen_;
};

// The first byte chooses the format (0: told by content) and the kind of list.
Seen parse(std::string_view text, unsigned choice, std::size_t piece) {
    const std::size_t count = formats().size() + 1;
    const std::size_t number = choice % count;
    const Format* format = number == 0 ? nullptr : &formats()[number - 1];
    FormatOptions options;
    options.kind = static_cast<ListKind>(1 + choice / count % 3);
    if (format != nullptr && format->kind) {
        options.kind = *format->kind;
    }
    options.allow_host_bits = choice / count / 3 % 2 != 0;
    options.reason = "{service} {region} {country} {address}";
    options.now = Time{1'795'292'885};
    ZoneFacts facts;
    options.facts = &facts;
    std::size_t at = 0;
    Input input("feed", [&](std::span<char> out) -> Result<std::size_t> {
        const std::size_t bytes = std::min({out.size(), piece, text.size() - at});
        std::memcpy(out.data(), text.data() + at, bytes);
        at += bytes;
        return bytes;
    });
    Seen seen;
    CheckingSink sink(seen);
    seen.failed = !parse_input(input, format, options, sink);
    FAIRLIST_CHECK(facts.records.size() <= kZoneRecordsMax);
    FAIRLIST_CHECK(facts.sections.size() <= kSectionsMax);
    return seen;
}

}  // namespace
}  // namespace fairlist::importer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string text(data + 1, data + size);
    const auto whole = fairlist::importer::parse(text, data[0], SIZE_MAX);
    const auto in_pieces = fairlist::importer::parse(text, data[0], 7);
    FAIRLIST_CHECK(whole == in_pieces);
    return 0;
}
