// Entry JSON: the shapes of entries, look-ups and changes of the index, as fairlist(1) documents
// them.
#pragma once

#include "listing/manager/manager.h"
#include "server/config/config.h"
#include "server/shown/explanation.h"

#include <boost/json/object.hpp>

namespace fairlist {

// The code that the entry answers with; not set for an exemption.
[[nodiscard]] ReturnCode code_of(const EntryView& view, const config::Config& config) noexcept;

[[nodiscard]] boost::json::object entry_object(const EntryView& view, ReturnCode answered);
[[nodiscard]] boost::json::object lookup_object(const SubjectExplanation& explanation);
[[nodiscard]] boost::json::object journal_object(const JournalItem& item);

}  // namespace fairlist
