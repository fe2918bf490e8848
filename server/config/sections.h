// Sections: one function for each table of the configuration, from a Reader into its struct.
#pragma once

#include "listing/model/ttl.h"
#include "server/config/config.h"
#include "server/config/reader.h"

#include <cstddef>

namespace fairlist::config {

void read_store(Reader& in, Store& out);
void read_server(Reader& in, Server& out);
void read_xdp(Reader& in, Xdp& out);
void read_limits(Reader& in, Limits& out);
void read_list(Reader& in, ListSpec& out);
void read_zone(Reader& in, ZoneSpec& out);
void read_feed(Reader& in, Feed& out);
void read_trap(Reader& in, Trap& out);

// The tables without a struct of their own, and all of the above.
void read_config(Reader& in, Config& out);

inline constexpr std::size_t kTextBytesMax = 255;  // one string of a TXT record

}  // namespace fairlist::config
