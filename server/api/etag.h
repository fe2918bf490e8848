// ETag: a name of exactly these bytes, so that who has them need not get them again (RFC 9110
// section 8.8.3).
#pragma once

#include <string>
#include <string_view>

namespace fairlist::api {

// Strong, of the body's bytes: "\"2b1f...\"".
[[nodiscard]] std::string etag_of(std::string_view body);

// Whether a field If-None-Match or If-Match names the tag, or is "*". `weak`: "W/" of the field's
// tags is not looked at (If-None-Match); else such a tag never matches (section 8.8.3.2). A field
// that is no list of tags names none.
[[nodiscard]] bool names_etag(std::string_view field, std::string_view etag, bool weak) noexcept;

}  // namespace fairlist::api
