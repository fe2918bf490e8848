// Explanation text: what is known of a subject in plain words.
#pragma once

#include "server/shown/explanation.h"

#include <string>

namespace fairlist::cli {

[[nodiscard]] std::string explanation_text(const SubjectExplanation& explanation);

}  // namespace fairlist::cli
