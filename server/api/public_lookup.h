// Public lookup: what everybody may know of a subject, in members and in words.
#pragma once

#include "listing/model/subject.h"
#include "server/api/call.h"

#include <boost/json/object.hpp>

namespace fairlist::api {

// No trap, no person's name, and no time closer than the hour: a sender could look the minute up in
// its logs to find the trap.
[[nodiscard]] boost::json::object public_lookup(Call& call, const Subject& subject);

}  // namespace fairlist::api
