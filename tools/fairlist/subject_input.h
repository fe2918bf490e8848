// Subject input: subjects as a person gives them: arguments, ranges, lines of standard input.
#pragma once

#include "listing/base/result.h"
#include "listing/model/list.h"
#include "listing/model/subject.h"
#include "server/shown/subject_guess.h"

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

// More belong into a file for `fairlist import`: here each subject is a transaction of its own.
inline constexpr std::size_t kSubjectLinesMax = 10000;

// What was written, and where: "stdin:3", or nothing for an argument.
struct SubjectText {
    std::string text;
    std::string where;
};

// The arguments, with "-" replaced by the lines of `in`; empty lines and what follows # are left
// out. Errors: OutOfRange past kSubjectLinesMax lines, for which `for_many` is the verb, Malformed
// for a line longer than a subject.
[[nodiscard]] Result<std::vector<SubjectText>> gather_subjects(
    const std::vector<std::string>& arguments, std::istream& in,
    std::string_view for_many = "fairlist import");

// One subject, or the prefixes of a range "192.0.2.1-192.0.2.77".
[[nodiscard]] Result<std::vector<Subject>> expand_subject(ListKind kind, std::string_view text);

}  // namespace fairlist::cli
