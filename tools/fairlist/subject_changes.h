// Subject changes: the same step for every subject of a command line, reported together.
#pragma once

#include "tools/fairlist/json_output.h"
#include "tools/fairlist/session.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fairlist::cli {

struct ChangeResult {
    std::string change;  // "added", "changed", "unchanged", "removed"
    std::uint64_t entries = 0;
    std::string word{};  // what people read instead of `change`; empty: the same
    std::string note{};  // what they should know of it; empty: nothing
};

using ChangeStep =
    std::function<Result<ChangeResult>(Manager& manager, const ListSpec& list, const Subject&)>;

// Runs `step` for each subject of `arguments` ("-": standard input, ranges split) and prints what
// became of them; one that fails does not stop the others. Nothing is changed when standard input
// cannot be read whole.
ExitStatus change_subjects(Session& session, const std::string& list,
                           const std::vector<std::string>& arguments, const ChangeStep& step);

}  // namespace fairlist::cli
