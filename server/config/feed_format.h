// Feed format: what the configuration has to know of an importer's format. The importer's own table
// (importer/formats/format.h) is out of reach from here; a test compares the two.
#pragma once

#include "listing/model/list.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace fairlist::config {

struct FeedFormat {
    std::string_view name;
    std::optional<ListKind> kind;                  // the only kind of list it can fill; none: any
    std::span<const std::string_view> attributes;  // what "select" and the reason may name
};

[[nodiscard]] std::span<const FeedFormat> feed_formats() noexcept;

// Null when there is none of this name.
[[nodiscard]] const FeedFormat* find_feed_format(std::string_view name) noexcept;

// Those of the format; those of all formats when it is null.
[[nodiscard]] std::vector<std::string_view> attributes_of(const FeedFormat* format);

}  // namespace fairlist::config
