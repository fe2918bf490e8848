// Detection: which format a file is in, by its first bytes.
#pragma once

#include "importer/formats/format.h"

#include <string_view>

namespace fairlist::importer {

// `head` is the front of the content, `name` stands in the message. A file without entries is
// taken for the plainest format of the kind. Error: NotFound, with what to do.
[[nodiscard]] Result<const Format*> detect_format(std::string_view head, std::string_view name,
                                                  ListKind kind);

}  // namespace fairlist::importer
