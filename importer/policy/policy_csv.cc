#include "importer/formats/csv_row.h"
#include "importer/formats/excerpt.h"
#include "importer/formats/input.h"
#include "importer/formats/utf8_line.h"
#include "importer/formats/words.h"
#include "importer/policy/policy_fields.h"
#include "importer/policy/policy_reader.h"
#include "listing/base/suggestion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

constexpr std::string_view kKindColumn = "kind";
constexpr std::array kRows = {PolicyRow::Head, PolicyRow::Range, PolicyRow::Exemption};

bool is_column(std::string_view name) noexcept {
    return name == kKindColumn || std::ranges::any_of(kRows, [name](PolicyRow row) {
               return find_field(row, name) != nullptr;
           });
}

std::vector<std::string> all_columns() {
    std::vector<std::string> names = {std::string(kKindColumn)};
    for (const PolicyRow row : {PolicyRow::Range, PolicyRow::Exemption, PolicyRow::Head}) {
        for (const PolicyFieldRow& field : fields_of(row)) {
            if (std::ranges::find(names, field.name) == names.end()) {
                names.emplace_back(field.name);
            }
        }
    }
    return names;
}

class PolicyCsv {
  public:
    explicit PolicyCsv(PolicyCollector& out) : out_(out) {}

    void take(std::string_view line) {
        ++line_;
        const std::string_view text = trim(line);
        if (text.empty() || text.front() == '#') {
            return;
        }
        if (line.size() > kLineBytesMax) {
            return fault(1, "",
                         fmt::format("the line has {} bytes: at most {} are read", line.size(),
                                     kLineBytesMax));
        }
        if (const std::size_t good = utf8_front(line); good != line.size()) {
            return fault(good + 1, "",
                         fmt::format("byte 0x{:02X} is no UTF-8 here: save the document as UTF-8",
                                     static_cast<unsigned char>(line[good])));
        }
        if (const auto split = cells_.split(line); !split) {
            return fault(cells_.begin(cells_.size() - 1) + 1, "", split.error().message);
        }
        if (columns_.empty()) {
            return take_header();
        }
        take_row();
    }

    void finish() {
        if (columns_.empty()) {
            ++line_;
            fault(1, "", "no header row: expected one such as kind,prefix,use,direct_mail");
        }
    }

  private:
    void fault(std::size_t column, std::string where, std::string what) {
        out_.log().fault({line_, static_cast<std::uint32_t>(column)}, std::move(where),
                         std::move(what));
    }
    [[nodiscard]] Place place_of(std::size_t index) const {
        const std::size_t begin = index < cells_.size() ? cells_.begin(index) : 0;
        return {line_, static_cast<std::uint32_t>(begin + 1)};
    }

    void take_header() {
        for (std::size_t i = 0; i < cells_.size(); ++i) {
            const std::string name(cells_.field(i));
            const Place place = place_of(i);
            if (!is_column(name)) {
                const std::vector<std::string> known = all_columns();
                out_.log().warn(place, excerpt(name),
                                fmt::format("unknown column, left out{}: known are {}",
                                            did_you_mean(name, known), fmt::join(known, ", ")));
            } else if (std::ranges::find(columns_, name) != columns_.end()) {
                fault(place.column, name, "this column stands here twice");
            }
            columns_.push_back(name);
            if (name == kKindColumn && !kind_column_) {
                kind_column_ = i;
            }
        }
        if (std::ranges::find(columns_, "prefix") == columns_.end()) {
            fault(1, "prefix", "there is no such column: ranges and exemptions need one");
        }
    }

    [[nodiscard]] std::optional<PolicyRow> kind() {
        if (!kind_column_) {
            return PolicyRow::Range;
        }
        const std::string_view word = cells_.field(*kind_column_);
        const auto* const found =
            std::ranges::find_if(kRows, [word](PolicyRow row) { return to_string(row) == word; });
        if (found == kRows.end()) {
            fault(place_of(*kind_column_).column, std::string(kKindColumn),
                  fmt::format("\"{}\": expected range, exemption or policy", excerpt(word)));
            return {};
        }
        return *found;
    }

    void take_row() {
        const std::uint32_t number = rows_++;
        if (cells_.size() > columns_.size()) {
            fault(place_of(columns_.size()).column, "",
                  fmt::format("{} fields, but {} columns: quote a text that holds commas",
                              cells_.size(), columns_.size()));
            return;
        }
        const auto row = kind();
        if (!row) {
            return;
        }
        if (*row == PolicyRow::Head) {
            take_head();
        } else if (*row == PolicyRow::Range) {
            PolicyRange range;
            if (fill(*row, range)) {
                if (std::string odd = oddity(range); !odd.empty()) {
                    out_.log().warn(place_of(0), "", std::move(odd));
                }
                out_.add(std::move(range), prefix_, number);
            }
        } else if (PolicyExemption exemption; fill(*row, exemption)) {
            out_.add(std::move(exemption), prefix_, number);
        }
    }

    void take_head() {
        if (std::exchange(has_head_, true)) {
            fault(1, std::string(kKindColumn), "a second row of the kind policy: there is one");
            return;
        }
        static_cast<void>(fill(PolicyRow::Head, out_.head()));
    }

    [[nodiscard]] Result<void> take_asns(std::string_view text) {
        while (!text.empty()) {
            if (const auto added = add_asn(out_.head(), take_word(text)); !added) {
                return added;
            }
        }
        return {};
    }

    template <typename Row>
    [[nodiscard]] Result<void> set(Row& row, PolicyField field, std::string_view text) {
        return set_field(row, field, text);
    }
    [[nodiscard]] Result<void> set(MailPolicy& head, PolicyField field, std::string_view text) {
        switch (field) {
            case PolicyField::MailPolicy:
                return check_version(text);
            case PolicyField::Asn:
                return take_asns(text);
            default:
                return set_field(head, field, text);
        }
    }

    // Whether there was a good prefix.
    template <typename Row>
    [[nodiscard]] bool fill(PolicyRow kind, Row& row) {
        std::uint32_t seen = 0;
        bool has_prefix = false;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string_view text = cells_.field(i);
            const std::string& name = columns_[i];
            if (text.empty() || i == kind_column_ || !is_column(name)) {
                continue;
            }
            const PolicyFieldRow* field = find_field(kind, name);
            if (field == nullptr) {
                out_.log().warn(place_of(i), name,
                                fmt::format("\"{}\" is left out: the kind {} has no such field",
                                            excerpt(text), to_string(kind)));
                continue;
            }
            seen |= 1U << static_cast<unsigned>(field->field);
            if (field->field == PolicyField::Published) {
                out_.set_published_place(place_of(i));
            }
            if (const auto good = set(row, field->field, text); !good) {
                fault(place_of(i).column, name, good.error().message);
            } else if (field->field == PolicyField::Prefix) {
                has_prefix = true;
                prefix_ = place_of(i);
            }
        }
        for (const PolicyFieldRow& field : fields_of(kind)) {
            if (field.is_required && (seen & 1U << static_cast<unsigned>(field.field)) == 0) {
                fault(1, std::string(field.name),
                      fmt::format("is empty: the kind {} needs it", to_string(kind)));
            }
        }
        return has_prefix;
    }

    PolicyCollector& out_;
    CsvRow cells_;
    std::vector<std::string> columns_;  // empty: the header is to come
    std::optional<std::size_t> kind_column_;
    std::uint32_t line_ = 0;
    std::uint32_t rows_ = 0;
    bool has_head_ = false;
    Place prefix_;  // of the row that was read last
};

}  // namespace

void read_policy_csv(std::string_view text, PolicyCollector& out) {
    PolicyCsv csv(out);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        csv.take(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    csv.finish();
}

bool has_policy_columns(std::string_view line) {
    CsvRow cells;
    const auto split = cells.split(trim(line));
    return split && std::ranges::any_of(cells.fields(),
                                        [](const std::string& name) { return is_column(name); });
}

}  // namespace fairlist::importer
