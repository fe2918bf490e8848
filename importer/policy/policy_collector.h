// PolicyCollector: the policy that comes of a document, row by row, and its faults.
#pragma once

#include "importer/policy/fault_log.h"
#include "importer/policy/policy_document.h"
#include "listing/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

class PolicyCollector {
  public:
    // `now`: what dates are held against; not set: the document's own date.
    PolicyCollector(bool is_csv, Time now) : is_csv_(is_csv), now_(now) {}

    FaultLog& log() noexcept { return log_; }
    MailPolicy& head() noexcept { return policy_; }
    // The place of the document's date.
    void set_published_place(Place place) noexcept { published_place_ = place; }

    // `number`: the row's, from 0. Beyond the limit they are counted as one fault.
    void add(PolicyRange range, Place place, std::uint32_t number);
    void add(PolicyExemption exemption, Place place, std::uint32_t number);

    // What can be seen only when all is there: prefixes that stand twice, exemptions outside of
    // every range, dates. Nothing may be added afterwards.
    [[nodiscard]] PolicyReading finish();

  private:
    struct Origin {
        Place place;  // of the prefix
        std::uint32_t number = 0;
    };

    [[nodiscard]] std::string where(std::string_view list, const Origin& origin,
                                    std::string_view field) const;
    template <typename Row>
    void put(std::vector<Row>& rows, std::vector<Origin>& origins, Row row, Origin origin,
             std::string_view list, std::size_t limit);
    template <typename Row>
    void sort(std::vector<Row>& rows, std::vector<Origin>& origins, std::string_view list);
    void check_exemptions();
    void check_dates();

    bool is_csv_;
    Time now_;
    FaultLog log_;
    MailPolicy policy_;
    Place published_place_;
    std::vector<Origin> range_origins_;  // as long as the policy's ranges, in the same order
    std::vector<Origin> exemption_origins_;
};

}  // namespace fairlist::importer
