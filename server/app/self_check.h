// The test points of RFC 5782, asked of a zone before it is served.
#pragma once

#include "listing/base/result.h"
#include "listing/model/list.h"
#include "server/answer/view.h"
#include "zones/zone.h"

#include <span>

namespace fairlist::app {

// 127.0.0.2 and ::ffff:7f00:2 must be listed, 127.0.0.1 and ::ffff:7f00:1 must not (RFC 5782
// section 5); of names "test" must and "invalid" must not. A zone that gets this wrong lists
// everything or nothing: receivers would reject all mail, or none.
//
// `view` serves the zone without its access rules, and its batch has begun. Errors: Refused, with
// the name that was answered wrongly.
[[nodiscard]] Result<void> check_test_points(const ZoneSpec& zone, std::span<const ListSpec> lists,
                                             answer::View& view);

}  // namespace fairlist::app
