// Lookup: one question put to the lists of one kind.
#pragma once

#include "server/answer/findings.h"
#include "server/answer/reversed_name.h"
#include "server/answer/view.h"
#include "server/answer/zone_table.h"

namespace fairlist::answer {

void look_up_address(const ReversedName& reversed, const Zone& zone, View& view, Findings& out);

// `count` labels of the name are left of the zone.
void look_up_name(const dns::QueryName& name, std::size_t count, const Zone& zone, View& view,
                  Findings& out);
void look_up_digest(const dns::QueryName& name, std::size_t count, const Zone& zone, View& view,
                    Findings& out);

}  // namespace fairlist::answer
