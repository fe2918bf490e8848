// PlainWords: a subject's listings for who is listed: what, since when, why, on whose word, until
// when, and what ends it.
#pragma once

#include "listing/manager/ground.h"
#include "listing/model/subject.h"
#include "server/config/config.h"
#include "server/shown/explanation.h"

#include <string>
#include <vector>

namespace fairlist {

// On whose word the entry stands, without the name of a person: "the feed drop", "the mail policy
// of isp (Example ISP), published 2026-11-01T00:00:00Z".
[[nodiscard]] std::string whose_word(const ExplainedEntry& explained, const config::Config& config,
                                     const Ground& ground);
// When and by what it ends.
[[nodiscard]] std::string what_ends(const ExplainedEntry& explained, const config::Config& config,
                                    const Ground& ground);
// What its provider says of the range, in its own words: use, direct mail, port 25, text, smarthost
// and contact.
[[nodiscard]] std::vector<std::string> policy_words(const PolicyQuote& quote);

// A paragraph for each entry that answers, then who holds the address and what he says of it.
// Empty: nothing is listed and nobody is known to hold it.
[[nodiscard]] std::vector<std::string> plain_words(const SubjectExplanation& explained,
                                                   const config::Config& config,
                                                   const Ground& ground);

}  // namespace fairlist
