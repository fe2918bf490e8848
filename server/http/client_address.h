// Client address: who asks, when a proxy stands in between.
#pragma once

#include "listing/model/address.h"
#include "server/http/http_message.h"
#include "server/http/http_settings.h"

#include <cstddef>

namespace fairlist::http {

// The peer, unless it is trusted: then whom it names last in its field, and if that one is trusted
// too, whom that one names, and so on. What stands before the first that is not trusted was written
// by strangers and counts for nothing. At something that is no address the walk ends with the last
// one that was: an address proves something, so none is guessed.
[[nodiscard]] Address client_of(const Request& request, const Address& peer,
                                const TrustedProxies& proxies);

inline constexpr std::size_t kProxiesMax = 16;  // that the walk passes

}  // namespace fairlist::http
