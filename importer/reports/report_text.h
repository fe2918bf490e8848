// Report text: pieces of a report's text, made fit to keep.
#pragma once

#include "importer/reports/report.h"
#include "listing/base/result.h"
#include "listing/base/time.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// At most `bytes_max` bytes; all but printable ASCII as "?".
[[nodiscard]] std::string printable(std::string_view text, std::size_t bytes_max);

// The canonical name; empty: `text` is none, or an address.
[[nodiscard]] std::string domain_text(std::string_view text);

// Adds the name to the report's, once. What is no name, and what is too much, is passed over.
void add_domain(std::string_view text, AbuseReport& report);

// Sets the source, or why there is none. `key`: where it stands, for the message.
void set_source(std::string_view text, std::string_view key, AbuseReport& report);

// The values of the Received lines of a message, newest first.
[[nodiscard]] std::vector<std::string> received_of(std::string_view message);

}  // namespace fairlist::importer
