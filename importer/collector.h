// Collector: takes the records of a feed, refuses what may not be listed, keeps the rest.
#pragma once

#include "importer/feed_spec.h"
#include "importer/formats/record_sink.h"
#include "importer/import_report.h"
#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/manager.h"
#include "listing/model/code.h"
#include "listing/model/list.h"
#include "listing/model/protected_space.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace fairlist::importer {

// What holds for all entries of a run.
struct CollectorRules {
    ListKind kind = ListKind::Address;
    ReturnCode code;
    Time now;
    const ProtectedSpace* protected_space = nullptr;
};

class Collector : public RecordSink {
  public:
    // Counts go to `report`.
    Collector(const FeedSpec& feed, const CollectorRules& rules, ImportReport& report);

    void accept(const Record& record) override;
    void accept_all(const Record& record, std::span<const Prefix> subjects) override;
    [[nodiscard]] bool reject(Rejection rejection) override;

    // Error when more lines were rejected than the feed allows, with the first of them, or when
    // the entries say more different things than an import can hold.
    [[nodiscard]] Result<void> status() const;
    [[nodiscard]] ImportSet& entries() noexcept { return entries_; }

  private:
    struct Saying {  // what the entry adds to the list
        ReturnCode code;
        std::uint32_t ttl_seconds = 0;
        std::string_view reason;
    };
    [[nodiscard]] Saying saying_of(const Record& record) const noexcept;
    void refuse(const Subject& subject, std::string_view why);
    // Empty when the entry may be listed.
    [[nodiscard]] std::string_view refusal(const Record& record) const;
    [[nodiscard]] std::string_view prefix_refusal(const Prefix& prefix) const noexcept;
    [[nodiscard]] std::string_view width_refusal(const Prefix& prefix) const noexcept;
    [[nodiscard]] Time end_of(const Record& record) const noexcept;
    [[nodiscard]] bool is_full() noexcept;

    const FeedSpec& feed_;
    CollectorRules rules_;
    ImportReport& report_;
    ImportSet entries_;
    Time lifetime_end_;  // not set: entries stay
    bool overflowed_ = false;
};

}  // namespace fairlist::importer
