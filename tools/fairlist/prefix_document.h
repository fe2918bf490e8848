// PrefixDocument: the prefixes of a document in any format that feeds may have.
#pragma once

#include "importer/fetch/source.h"
#include "importer/formats/record_sink.h"
#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/prefix.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::cli {

struct PrefixFormat {
    std::string name;                 // empty: told by content
    std::vector<std::string> select;  // "service=EC2"
};

// "aws service=EC2 region=eu-west-1": the name, then what is selected; the name alone, or nothing.
[[nodiscard]] PrefixFormat parse_prefix_format(const std::string& text);
[[nodiscard]] std::string to_string(const PrefixFormat& format);
// Errors: NotFound (no such format), Malformed (a term).
[[nodiscard]] Result<void> check_prefix_format(const PrefixFormat& format);

struct PrefixDocument {
    std::string format;                         // the one that was read
    std::vector<Prefix> prefixes;               // sorted, none twice
    std::vector<importer::Rejection> rejected;  // the first kPrefixRejectionsShown
    std::uint64_t rejected_total = 0;
};
inline constexpr std::size_t kPrefixRejectionsShown = 20;
inline constexpr std::uint64_t kPrefixRejectionsMax = 100;
inline constexpr std::size_t kPrefixesMax = 1'000'000;

// All files of the source. Exceptions in a list ("!192.0.2.1") are left out. Errors: those of the
// formats; OutOfRange (more than kPrefixRejectionsMax rejected, or kPrefixesMax prefixes).
[[nodiscard]] Result<PrefixDocument> read_prefixes(importer::Source& source,
                                                   const PrefixFormat& format, Time now);

}  // namespace fairlist::cli
