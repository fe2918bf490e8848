#include "importer/policy/fault_log.h"

#include "importer/formats/utf8_line.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

std::string one_line(std::string text) {
    if (!is_utf8_line(text)) {
        std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
    }
    return text;
}

bool is_before(const PolicyFault& a, const PolicyFault& b) noexcept {
    return Place{a.line, a.column} < Place{b.line, b.column};
}

}  // namespace

void FaultLog::fault(Place place, std::string where, std::string what) {
    ++faults_;
    add({place.line, place.column, one_line(std::move(where)), one_line(std::move(what)), false});
}

void FaultLog::warn(Place place, std::string where, std::string what) {
    ++warnings_;
    add({place.line, place.column, one_line(std::move(where)), one_line(std::move(what)), true});
}

void FaultLog::give(PolicyReading& reading) {
    cut();
    reading.faults = std::move(log_);
    reading.faults_total = faults_;
    reading.warnings_total = warnings_;
}

void FaultLog::add(PolicyFault fault) {
    if (log_.size() == 2 * kPolicyFaultsMax) {
        cut();
    }
    log_.push_back(std::move(fault));
}

void FaultLog::cut() {
    // Those of one place stay in their order. (Clang warns of the library's stable sort.)
    std::vector<std::size_t> order(log_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [this](std::size_t a, std::size_t b) {
        return is_before(log_[a], log_[b]) || (!is_before(log_[b], log_[a]) && a < b);
    });
    std::vector<PolicyFault> sorted;
    sorted.reserve(log_.size());
    for (const std::size_t i : order) {
        sorted.push_back(std::move(log_[i]));
    }
    log_ = std::move(sorted);
    if (log_.size() > kPolicyFaultsMax) {
        log_.resize(kPolicyFaultsMax);
    }
}

}  // namespace fairlist::importer
