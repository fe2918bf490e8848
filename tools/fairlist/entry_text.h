// Entry text: entries as lines for people, CSV and plain subjects.
#pragma once

#include "listing/manager/manager.h"
#include "server/config/config.h"
#include "server/shown/entry_json.h"

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

// Aligned columns; the list's code and reason stand in where the entry has none.
[[nodiscard]] std::string entries_table(const std::vector<EntryView>& entries,
                                        const config::Config& config);

// RFC 4180 without the title row; `fairlist import --format csv` reads it again. Own values only:
// an empty code or reason is the list's.
[[nodiscard]] std::string entries_csv(const std::vector<EntryView>& entries);
inline constexpr std::string_view kCsvTitles =
    "list,source,subject,exempt,code,ttl,since,expires,reason\n";

// One subject a line, without exemptions, which plain lists of subjects cannot express.
[[nodiscard]] std::string entries_plain(const std::vector<EntryView>& entries);

// One field of CSV, quoted where RFC 4180 section 2 or an outer blank asks for it. Control
// characters are \xNN as everywhere (see printable()), so that a field never leaves its line: an
// import takes no field with a line end.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace fairlist::cli
