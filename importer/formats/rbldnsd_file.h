// RbldnsdFile: reads the lines of one data file of rbldnsd.
#pragma once

#include "importer/formats/format.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/rbldnsd_address.h"
#include "importer/formats/rbldnsd_special.h"
#include "importer/formats/rbldnsd_text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

enum class RbldnsdType : std::uint8_t {
    Ip4Set,
    Ip4Trie,
    Ip4Tset,
    Ip6Trie,
    Ip6Tset,
    Dnset,
    Generic
};

[[nodiscard]] std::optional<RbldnsdType> rbldnsd_type(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(RbldnsdType type) noexcept;

// The type of a file that is not combined, by its first entry; and whether it is combined.
struct RbldnsdGuess {
    bool combined = false;
    std::optional<RbldnsdType> type;  // none: no entry seen
};
[[nodiscard]] RbldnsdGuess guess_rbldnsd_type(std::string_view head);

class RbldnsdFile {
  public:
    // Without a type the file is combined: a $DATASET line starts each data set.
    RbldnsdFile(const FormatOptions& options, RecordSink& sink, std::optional<RbldnsdType> type);

    // Error: why the line is rejected; Errc::Refused: the file must not be used.
    [[nodiscard]] Result<void> take(std::string_view line);
    // Lines off the front of the text that take() would take one by one to the same effect.
    [[nodiscard]] LinesTaken take_plain(std::string_view text);

  private:
    [[nodiscard]] Result<void> take_special(std::string_view special);
    [[nodiscard]] Result<void> start_section(std::string_view rest);
    [[nodiscard]] bool section_is_wanted(const ZoneFacts::Section& section) const;
    [[nodiscard]] Result<void> take_default(std::string_view text);
    [[nodiscard]] Result<void> take_generic(std::string_view text);
    [[nodiscard]] Result<void> take_entry(std::string_view text);
    [[nodiscard]] Result<void> fill_verdict(std::string_view value_text, Record& record);
    [[nodiscard]] Result<void> fill_reason(std::string_view text, Record& record);
    [[nodiscard]] Result<AddressRange> parse_range(std::string_view text, bool exempt) const;
    [[nodiscard]] Result<void> accept_range(const AddressRange& range, Record& record);
    void accept(const Record& record);
    void accept_plain(const Record& record);
    void count_entries(const Record& record, std::uint64_t entries);
    [[nodiscard]] bool is_trivial_set() const noexcept;

    const FormatOptions& options_;
    RecordSink& sink_;
    ZoneFacts own_facts_;  // when the options want none
    ZoneFacts& facts_;
    std::optional<RbldnsdType> type_;  // of the section; none: before the first $DATASET
    bool combined_;
    bool skipping_ = false;
    bool default_has_text_ = false;
    ReturnCode default_code_;
    std::string default_text_;
    RbldnsdScope common_;  // what a $DATASET section starts with
    RbldnsdScope scope_;
    // The last text and its template: most entries say the same as the one before.
    bool has_last_ = false;
    bool last_is_good_ = false;  // by check_reason_text()
    std::string last_text_;
    std::string last_reason_;
    std::vector<Prefix> plain_;  // of lines that say the same; empty between the calls
};

}  // namespace fairlist::importer
