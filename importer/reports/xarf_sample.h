// XARF sample: the reported mail inside an XARF report.
#pragma once

#include <boost/json/array.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::importer {

// How the array of samples names and encodes its content.
enum class SampleDialect : std::uint8_t {
    Samples,     // v3 of abusix/xarf: Payload, in Base64 where Base64Encoded says so
    Attachment,  // v3 of xarf/xarf-spec: Data, always in Base64
    Evidence     // v4: payload, always in Base64
};

// The values of the Received lines of the first sample that is a mail and has some, newest first. A
// sample that cannot be read is passed over: the report accuses without it as well.
[[nodiscard]] std::vector<std::string> received_in_samples(const boost::json::array& samples,
                                                           SampleDialect dialect);

}  // namespace fairlist::importer
