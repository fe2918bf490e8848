// The compiled XDP program, as an ELF file in memory. Made from redirect.bpf.c by the build.
#pragma once

#include <cstddef>

namespace fairlist::net::xdp {

extern const unsigned char kRedirectObject[];
extern const std::size_t kRedirectObjectBytes;

}  // namespace fairlist::net::xdp
