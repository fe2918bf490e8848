// Any bytes as a mail policy: faults have places in order, and what is read without any comes back
// from what we write of it.

#include "importer/formats/utf8_line.h"
#include "importer/policy/policy_document.h"
#include "listing/base/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

void check(std::string_view text) {
    const PolicyReading reading = read_policy(text, Time{1'795'292'885});
    const auto place = [](const PolicyFault& fault) {
        return std::pair(fault.line, fault.column);
    };
    FAIRLIST_CHECK(std::ranges::is_sorted(reading.faults, {}, place));
    FAIRLIST_CHECK(reading.faults.size() <= kPolicyFaultsMax);
    FAIRLIST_CHECK(reading.faults.size() <= reading.faults_total + reading.warnings_total);
    for (const PolicyFault& fault : reading.faults) {
        FAIRLIST_CHECK(fault.line > 0 && fault.column > 0);
        FAIRLIST_CHECK(is_utf8_line(to_string(fault, "f")));
    }
    FAIRLIST_CHECK(std::ranges::is_sorted(reading.policy.ranges, {}, &PolicyRange::prefix));
    FAIRLIST_CHECK(std::ranges::is_sorted(reading.policy.exemptions, {}, &PolicyExemption::prefix));
    if (reading.faults_total == 0 && !reading.policy.provider_name.empty()) {
        FAIRLIST_CHECK(read_policy(to_json(reading.policy)).policy == reading.policy);
        FAIRLIST_CHECK(read_policy(to_csv(reading.policy)).policy == reading.policy);
    }
}

}  // namespace
}  // namespace fairlist::importer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<char> text(data, data + size);
    fairlist::importer::check(std::string_view(text.data(), text.size()));
    return 0;
}
