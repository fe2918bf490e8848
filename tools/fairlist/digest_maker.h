// Digest maker: the digests that receivers ask hash lists for.
#pragma once

#include "listing/base/result.h"
#include "listing/model/digest.h"

#include <string>
#include <string_view>

namespace fairlist::cli {

// Of a canonical address: SHA-1. Of a canonical URL: SHA-256.
[[nodiscard]] Digest digest_email(std::string_view canonical);
[[nodiscard]] Digest digest_url(std::string_view canonical);

// SHA-256 of what the file holds; "-" is standard input. Errors: Io.
[[nodiscard]] Result<Digest> digest_file(const std::string& path);

}  // namespace fairlist::cli
