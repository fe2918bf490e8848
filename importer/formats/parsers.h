// Parsers: the parse functions of the formats, as formats() lists them.
#pragma once

#include "importer/formats/format.h"

#include <array>
#include <string_view>

namespace fairlist::importer {

// rbldnsd's data files, see rbldnsd_file.h for the types.
Result<void> parse_rbldnsd(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_rbldnsd_ip4set(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_rbldnsd_ip4trie(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_rbldnsd_ip4tset(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_rbldnsd_ip6trie(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_rbldnsd_ip6tset(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_rbldnsd_dnset(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_rbldnsd_generic(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_rbldnsd_combined(Input& input, const FormatOptions& options, RecordSink& sink);

// One address, range or prefix a line.
Result<void> parse_cidr(Input& input, const FormatOptions& options, RecordSink& sink);

// Subject, code, reason, expires in columns or members.
Result<void> parse_csv(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_jsonl(Input& input, const FormatOptions& options, RecordSink& sink);

// The range documents that the clouds publish.
Result<void> parse_aws(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_gcp(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_azure(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_oracle(Input& input, const FormatOptions& options, RecordSink& sink);

// RFC 8805.
Result<void> parse_geofeed(Input& input, const FormatOptions& options, RecordSink& sink);

// One name a line, and files in the manner of hosts(5).
Result<void> parse_domains(Input& input, const FormatOptions& options, RecordSink& sink);
Result<void> parse_hosts(Input& input, const FormatOptions& options, RecordSink& sink);

inline constexpr std::array<std::string_view, 3> kRbldnsdAttributes = {"dataset", "type",
                                                                       "subzone"};
inline constexpr std::array<std::string_view, 3> kAwsAttributes = {"service", "region",
                                                                   "network_border_group"};
inline constexpr std::array<std::string_view, 3> kGcpAttributes = {"service", "scope", "region"};
inline constexpr std::array<std::string_view, 4> kAzureAttributes = {"tag", "service", "region",
                                                                     "platform"};
inline constexpr std::array<std::string_view, 3> kOracleAttributes = {"region", "tag", "service"};
inline constexpr std::array<std::string_view, 3> kGeofeedAttributes = {"country", "region", "city"};

}  // namespace fairlist::importer
