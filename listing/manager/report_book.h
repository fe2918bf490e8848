// ReportBook: what providers are told of listings in their space, what they answer, and which
// fixes they attest.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/actor.h"
#include "listing/model/provider_report.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

struct ReportFilter {
    std::optional<std::string> provider;
    std::optional<ReportState> state;
    bool unanswered = false;
};

struct ReportPage {
    std::vector<ProviderReport> reports;  // newest first
    std::string next;                     // opaque; empty: no more
};

// Reports of one provider that go out in one message. Who sends it again after a crash sends the
// same reports under the same number.
struct ReportBatch {
    std::string provider;
    std::uint64_t number = 0;
    std::vector<ProviderReport> reports;
};

// Thread: one. Throws store::StoreError.
class ReportBook {
  public:
    ReportBook(store::Environment& environment, ReportRules rules,
               std::function<Time()> clock = now);

    // The next batch that may go now, by batch time and rate; none: nothing is due. What is in it
    // is on disk when it returns, and stays until one of the three below settles it.
    [[nodiscard]] std::optional<ReportBatch> next_batch();
    // What became of a batch. A failed one is tried again, at last given up. `channel` "mail",
    // "webhook".
    void note_sent(const ReportBatch& batch, std::string_view channel);
    void note_failed(const ReportBatch& batch, std::string_view channel, std::string_view error);
    // There is no way to the provider.
    void note_nowhere(const ReportBatch& batch, std::string_view why);

    // `provider`: whose token answers; empty: an operator's. Fixed is an attested fix, on record.
    // Errors: NotFound (also of another's report), OutOfRange (text, too many answers).
    [[nodiscard]] Result<ProviderReport> answer(const Actor& actor, std::string_view provider,
                                                std::uint64_t id, AnswerKind kind,
                                                std::string_view text);
    [[nodiscard]] std::optional<ProviderReport> find(std::uint64_t id);
    // Oldest first.
    [[nodiscard]] std::vector<ProviderReport> of_listing(std::uint64_t listing);
    [[nodiscard]] Result<ReportPage> page(const ReportFilter& filter, std::string_view after,
                                          std::size_t limit);

  private:
    // What becomes of each report of the batch that is still due.
    using Settle = std::function<void(ProviderReport& report, Time now)>;
    void settle(store::WriteTxn& txn, const ReportBatch& batch, const Settle& how);
    // Empty: none of it is due.
    [[nodiscard]] ReportBatch waiting(const store::Txn& txn, const std::string& slug,
                                      Time now) const;

    store::Environment& environment_;
    ReportRules rules_;
    std::function<Time()> clock_;
};

// A provider's word that something is fixed, and whether it held. On disk in `attests`.
struct Attest {
    std::uint64_t id = 0;
    std::string provider;
    std::uint64_t listing = 0;
    Time time;
    std::string by;
    std::string text;
};
void note_attest(store::WriteTxn& txn, Attest& attest);
// Of the provider, at or after `from`, oldest first.
[[nodiscard]] std::vector<Attest> attests(const store::Txn& txn, std::string_view provider,
                                          Time from);

// A report for a listing that was just opened or noticed, in the same transaction; due after the
// batch time, a notice at once.
void queue_report(store::WriteTxn& txn, const std::string& provider, const std::string& list,
                  std::uint64_t listing, const Subject& subject, ReportCause cause, Time now,
                  Time due);

}  // namespace fairlist
