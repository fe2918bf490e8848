#include "importer/reports/xarf_sample.h"

#include "importer/formats/words.h"
#include "importer/reports/json_fields.h"
#include "importer/reports/report_text.h"

#include <sodium.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace fairlist::importer {

namespace {

// Of version 4 (xarf-core.json, "evidence").
constexpr std::size_t kSamplesMax = 50;

struct SampleKeys {
    std::string_view type;
    std::string_view content;
};

SampleKeys keys_of(SampleDialect dialect) noexcept {
    switch (dialect) {
        case SampleDialect::Samples:
            return {"ContentType", "Payload"};
        case SampleDialect::Attachment:
            return {"ContentType", "Data"};
        case SampleDialect::Evidence:
            break;
    }
    return {"content_type", "payload"};
}

bool is_mail(std::string_view type) {
    constexpr auto kMailTypes = std::to_array<std::string_view>(
        {"message/rfc822", "application/rfc822", "text/rfc822-headers", "text/email"});
    const std::string_view plain = trim(type.substr(0, type.find(';')));
    for (const std::string_view known : kMailTypes) {
        if (equals_lower(plain, known)) {
            return true;
        }
    }
    return false;
}

// Empty: no Base64.
std::string from_base64(std::string_view text) {
    std::string out(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const int failed =
        sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                          text.size(), " \t\r\n", &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
    out.resize(failed == 0 ? size : 0);
    return out;
}

std::vector<std::string> received_in(const boost::json::object& sample, SampleDialect dialect) {
    const SampleKeys keys = keys_of(dialect);
    JsonFields fields(sample);
    const std::string_view content = fields.text(keys.content).value_or("");
    if (!is_mail(fields.text(keys.type).value_or(""))) {
        return {};
    }
    const bool is_encoded =
        dialect != SampleDialect::Samples || fields.flag("Base64Encoded").value_or(false);
    return received_of(is_encoded ? from_base64(content) : std::string(content));
}

}  // namespace

std::vector<std::string> received_in_samples(const boost::json::array& samples,
                                             SampleDialect dialect) {
    std::size_t looked = 0;
    for (const boost::json::value& sample : samples) {
        if (++looked > kSamplesMax) {
            break;
        }
        const boost::json::object* object = sample.if_object();
        auto received =
            object == nullptr ? std::vector<std::string>() : received_in(*object, dialect);
        if (!received.empty()) {
            return received;
        }
    }
    return {};
}

}  // namespace fairlist::importer
