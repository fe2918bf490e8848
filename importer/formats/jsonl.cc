#include "importer/formats/line_loop.h"
#include "importer/formats/parsers.h"
#include "importer/formats/record_fields.h"
#include "importer/formats/words.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 8;

// Numbers and booleans are taken as their text: {"code": 2, "exempt": true}.
Result<std::string> scalar_text(const json::value& value, std::string_view key) {
    if (const json::string* text = value.if_string()) {
        return std::string(text->data(), text->size());
    }
    if (value.is_object() || value.is_array() || value.is_double()) {
        return fail(Errc::Malformed,
                    fmt::format("member \"{}\": expected a string or a whole number", key));
    }
    return value.is_null() ? std::string() : json::serialize(value);
}

class JsonLines {
  public:
    JsonLines(const FormatOptions& options, RecordSink& sink) : options_(options), sink_(sink) {}

    Result<void> take(std::string_view line) {
        const std::string_view text = trim(line);
        if (text.empty()) {
            return {};
        }
        json::monotonic_resource memory(buffer_.data(), buffer_.size());
        json::parse_options limits;
        limits.max_depth = kDepthMax;
        boost::system::error_code error;
        const json::value document = json::parse(text, error, &memory, limits);
        const json::object* object = error ? nullptr : document.if_object();
        if (object == nullptr) {
            return fail(Errc::Malformed, error ? "JSON: " + error.message()
                                               : "JSON: expected an object on the line");
        }
        return take_object(*object);
    }

  private:
    // {"type":"metadata",...} ends Spamhaus' JSON lists.
    Result<void> take_object(const json::object& object) {
        const json::value* type = object.if_contains("type");
        if (type != nullptr && type->is_string() && type->get_string() == "metadata") {
            return {};
        }
        RecordFields fields;
        std::vector<std::string> texts;
        texts.reserve(object.size());  // `fields` points into it
        for (const auto& member : object) {
            const std::string_view key(member.key().data(), member.key().size());
            const auto name = field_name(key);
            if (!name) {
                continue;
            }
            auto text = scalar_text(member.value(), key);
            if (!text) {
                return std::unexpected(text.error());
            }
            texts.push_back(std::move(*text));
            set_field(fields, *name, texts.back());
        }
        return accept_fields(fields, options_, sink_);
    }

    const FormatOptions& options_;
    RecordSink& sink_;
    std::vector<unsigned char> buffer_ = std::vector<unsigned char>(16384);
};

}  // namespace

Result<void> parse_jsonl(Input& input, const FormatOptions& options, RecordSink& sink) {
    JsonLines lines(options, sink);
    return for_each_line(input, sink, [&](std::string_view line) { return lines.take(line); });
}

}  // namespace fairlist::importer
