// CloudDocument: what the range documents of the clouds have in common: one JSON document of
// bounded size, and prefixes with attributes.
#pragma once

#include "importer/formats/format.h"

#include <boost/json.hpp>

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace fairlist::importer {

inline constexpr std::size_t kCloudDocumentBytesMax = 64UZ << 20U;

// Reads the input whole. Errors: OutOfRange (too large), Malformed (no JSON object).
[[nodiscard]] Result<boost::json::object> read_json_object(Input& input);

// The array, string or object member of that name; null when there is none of that type.
[[nodiscard]] const boost::json::array* array_member(const boost::json::object& object,
                                                     std::string_view key) noexcept;
[[nodiscard]] const boost::json::object* object_member(const boost::json::object& object,
                                                       std::string_view key) noexcept;
[[nodiscard]] std::string_view text_member(const boost::json::object& object,
                                           std::string_view key) noexcept;

// "not an aws document: no member "prefixes""
[[nodiscard]] std::unexpected<Error> not_a_document(const Input& input, std::string_view format,
                                                    std::string_view missing);

// Selects, fills in the reason, and hands on. Items count from 1 in the order of the document.
class CloudItems {
  public:
    CloudItems(const Input& input, const FormatOptions& options,
               std::span<const std::string_view> keys, RecordSink& sink);

    // False when the sink wants no more rejections.
    [[nodiscard]] bool add(std::string_view prefix, std::span<const Attribute> attributes);
    // An item that has no prefix where one should stand.
    [[nodiscard]] bool reject(std::string_view text, std::string_view why);

  private:
    const Input& input_;
    const FormatOptions& options_;
    RecordSink& sink_;
    bool fills_reason_;
    std::uint64_t items_ = 0;
    std::string reason_;
};

}  // namespace fairlist::importer
