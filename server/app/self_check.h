// The test points of RFC 5782, asked of a zone before it is served.
#pragma once

#include "listing/base/result.h"
#include "server/answer/view.h"
#include "server/answer/zone_table.h"

namespace fairlist::app {

// 127.0.0.2 and ::ffff:7f00:2 must be listed, 127.0.0.1 and ::ffff:7f00:1 must not (RFC 5782
// section 5), neither by answer nor by an entry; of names "test" must and "invalid" must not. A
// zone that gets this wrong lists everything or nothing: receivers would reject all mail, or none.
//
// `zone` is one of the view's table, without access rules, and the view's batch has begun. Errors:
// Refused, with what is wrong; Io.
[[nodiscard]] Result<void> check_test_points(const answer::Zone& zone, answer::View& view);

}  // namespace fairlist::app
