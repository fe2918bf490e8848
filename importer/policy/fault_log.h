// FaultLog: what is wrong with a document, the first of it by place, and how much there is in all.
#pragma once

#include "importer/policy/policy_document.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::importer {

// Memory: at most 2 * kPolicyFaultsMax of them.
class FaultLog {
  public:
    // Bytes that would not make one line of UTF-8 are replaced in both texts.
    void fault(Place place, std::string where, std::string what);
    void warn(Place place, std::string where, std::string what);

    [[nodiscard]] std::uint64_t faults() const noexcept { return faults_; }
    // What was logged goes into the reading, in the order of the places.
    void give(PolicyReading& reading);

  private:
    void add(PolicyFault fault);
    void cut();

    std::vector<PolicyFault> log_;
    std::uint64_t faults_ = 0;
    std::uint64_t warnings_ = 0;
};

}  // namespace fairlist::importer
