// resolve(): the answer to a question from one snapshot of the index. Pure: no bytes, no sockets,
// no clock.
#pragma once

#include "listing/model/address.h"
#include "server/answer/view.h"
#include "server/dns/answer.h"
#include "server/dns/query.h"

namespace fairlist::answer {

// Who asks. `cookie_valid` or TCP lifts the rate limits.
struct Client {
    Address address;
    bool over_tcp = false;
};

// Fills `answer` (reset before) for a query with a question. Never throws, never allocates.
// RFC 1034 section 4.3.2 with the rules of RFC 5782; names that exist only because something below
// them is listed are NODATA, all others that do not exist NXDOMAIN (RFC 8020).
void resolve(const dns::Query& query, const Client& client, View& view,
             dns::Answer& answer) noexcept;

}  // namespace fairlist::answer
