// Approval JSON: what waits for a second person, as the API gives it.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/approval_book.h"

#include <boost/json/object.hpp>

namespace fairlist::api {

[[nodiscard]] boost::json::object approval_object(const Approval& approval, Time now);

}  // namespace fairlist::api
