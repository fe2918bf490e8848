#include "importer/dkim/dkim_canon.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace fairlist::importer {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kPieceBytes = std::size_t{16} << 10U;

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

// Collects what goes to the sink, which is dear to call for a few bytes.
class Pieces {
  public:
    explicit Pieces(const CanonSink& sink) : sink_(sink) { piece_.reserve(kPieceBytes); }

    void add(std::string_view text) {
        while (!text.empty()) {
            const std::size_t taken = std::min(text.size(), kPieceBytes - piece_.size());
            piece_.append(text.substr(0, taken));
            text.remove_prefix(taken);
            if (piece_.size() == kPieceBytes) {
                flush();
            }
        }
    }
    void flush() {
        if (!piece_.empty()) {
            sink_(piece_);
            piece_.clear();
        }
    }

  private:
    const CanonSink& sink_;
    std::string piece_;
};

// Runs of blanks become one space, those at the end nothing (section 3.4.4).
void add_relaxed_line(std::string_view line, Pieces& out) {
    while (!line.empty()) {
        const auto blank = std::ranges::find_if(line, is_blank);
        const auto word = static_cast<std::size_t>(blank - line.begin());
        out.add(line.substr(0, word));
        line.remove_prefix(word);
        const auto next = std::ranges::find_if_not(line, is_blank);
        if (next == line.end()) {
            return;
        }
        if (next != line.begin()) {
            out.add(" ");
        }
        line.remove_prefix(static_cast<std::size_t>(next - line.begin()));
    }
}

bool is_empty_line(std::string_view line, DkimCanon canon) noexcept {
    return canon == DkimCanon::Simple ? line.empty() : std::ranges::all_of(line, is_blank);
}

std::string simple_field(const RawField& field) {
    std::string out;
    std::string_view rest = field.whole;
    while (const auto line = take_line(rest)) {
        if (!out.empty()) {
            out += kLineEnd;
        }
        out += *line;
    }
    return out;
}

std::string relaxed_field(const RawField& field) {
    std::string out(field.name);
    std::ranges::transform(out, out.begin(), to_lower_ascii);
    out += ':';
    const std::size_t value_begin = out.size();
    bool blank = false;
    std::string_view rest = field.value;
    while (const auto line = take_line(rest)) {
        for (const char c : *line) {
            if (is_blank(c)) {
                blank = true;
                continue;
            }
            if (blank && out.size() > value_begin) {
                out += ' ';
            }
            blank = false;
            out += c;
        }
    }
    return out;
}

}  // namespace

std::string canonical_field(const RawField& field, DkimCanon canon) {
    return canon == DkimCanon::Simple ? simple_field(field) : relaxed_field(field);
}

void canonical_body(std::string_view body, DkimCanon canon, const CanonSink& sink) {
    Pieces out(sink);
    bool any = false;
    std::size_t empty_lines = 0;  // held back: at the body's end they are dropped
    while (const auto line = take_line(body)) {
        if (is_empty_line(*line, canon)) {
            ++empty_lines;
            continue;
        }
        for (; empty_lines > 0; --empty_lines) {
            out.add(kLineEnd);
        }
        if (canon == DkimCanon::Simple) {
            out.add(*line);
        } else {
            add_relaxed_line(*line, out);
        }
        out.add(kLineEnd);
        any = true;
    }
    // Simple makes of no body one empty line (section 3.4.3), relaxed leaves it (section 3.4.4).
    if (!any && canon == DkimCanon::Simple) {
        out.add(kLineEnd);
    }
    out.flush();
}

BodyHash hash_body(std::string_view body, DkimCanon canon, std::optional<std::uint64_t> limit) {
    Sha256 hash;
    BodyHash out;
    canonical_body(body, canon, [&](std::string_view piece) {
        const std::uint64_t left = limit ? *limit - std::min(*limit, out.bytes) : piece.size();
        hash.add(piece.substr(0, std::min<std::uint64_t>(left, piece.size())));
        out.bytes += piece.size();
    });
    out.digest = hash.finish();
    return out;
}

std::vector<const RawField*> signed_fields(std::span<const RawField> fields,
                                           std::span<const std::string> names,
                                           const RawField& own) {
    std::vector<const RawField*> out;
    std::map<std::string_view, std::size_t> ends;  // by name: the fields above are still free
    for (const std::string& name : names) {
        std::size_t& end = ends.try_emplace(name, fields.size()).first->second;
        bool found = false;
        while (end > 0 && !found) {
            --end;
            found = &fields[end] != &own && same_name(fields[end].name, name);
        }
        if (found) {
            out.push_back(&fields[end]);
        }
    }
    return out;
}

}  // namespace fairlist::importer
