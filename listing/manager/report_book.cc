#include "listing/manager/report_book.h"

#include "listing/manager/audit_note.h"
#include "listing/store/bytes.h"
#include "listing/store/report_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <expected>
#include <utility>

namespace fairlist {

using store::Cursor;
using store::Table;

namespace {

constexpr store::Bytes kReportLast = "report_last";
constexpr store::Bytes kAttestLast = "attest_last";
constexpr std::string_view kSentKey = "report_sent:";
constexpr std::uint32_t kDay = 86400;

std::uint64_t next_number(store::WriteTxn& txn, store::Bytes key) {
    const auto bytes = txn.get(Table::Meta, key);
    const std::uint64_t number = (bytes ? store::ByteReader(*bytes).u64() : 0) + 1;
    store::ByteWriter out;
    out.u64(number);
    txn.put(Table::Meta, key, out.bytes());
    return number;
}

std::optional<ProviderReport> find_report(const store::Txn& txn, std::uint64_t id) {
    const auto bytes = txn.get(Table::ProviderReports, store::report_key(id));
    return bytes ? store::decode_report(id, *bytes) : std::nullopt;
}

void save(store::WriteTxn& txn, const ProviderReport& report) {
    txn.put(Table::ProviderReports, store::report_key(report.id), store::encode_report(report));
}

std::string sent_key(std::string_view provider) {
    return std::string(kSentKey) + std::string(provider);
}

// Messages that went to the provider within the last day.
std::vector<Time> sent_today(const store::Txn& txn, std::string_view provider, Time now) {
    const auto bytes = txn.get(Table::Meta, sent_key(provider));
    std::vector<Time> times = bytes ? store::decode_times(*bytes) : std::vector<Time>{};
    std::erase_if(times, [&](Time time) { return time.seconds + kDay <= now.seconds; });
    return times;
}

// The provider behind this one in the queue; nothing: there is none.
std::optional<std::string> provider_after(const store::Txn& txn,
                                          const std::optional<std::string>& before) {
    Cursor cursor(txn, Table::ReportQueue);
    bool good = false;
    if (before) {
        good = cursor.seek_at_least(store::queue_key(*before, Time{UINT32_MAX}, UINT64_MAX));
    } else {
        good = cursor.first();
    }
    const auto queued = good ? store::key_queued(cursor.key()) : std::nullopt;
    return queued ? std::optional(queued->slug) : std::nullopt;
}

Error no_report(std::uint64_t id) {
    return {Errc::NotFound, fmt::format("report {}: there is none", id)};
}

bool matches(const ReportFilter& filter, const ProviderReport& report) {
    return (!filter.provider || report.provider == *filter.provider) &&
           (!filter.state || report.state == *filter.state) &&
           (!filter.unanswered || report.answers.empty());
}

}  // namespace

void queue_report(store::WriteTxn& txn, const std::string& provider, const std::string& list,
                  std::uint64_t listing, const Subject& subject, ReportCause cause, Time now,
                  Time due) {
    ProviderReport report;
    report.id = next_number(txn, kReportLast);
    report.provider = provider;
    report.listing = listing;
    report.list = list;
    report.subject = subject;
    report.cause = cause;
    report.made = now;
    report.due = due;
    save(txn, report);
    txn.put(Table::ReportQueue, store::queue_key(provider, due, report.id), {});
    txn.put(Table::ReportListings, store::listing_report_key(listing, report.id), {});
}

void note_attest(store::WriteTxn& txn, Attest& attest) {
    attest.id = next_number(txn, kAttestLast);
    txn.put(Table::Attests, store::attest_key(attest.provider, attest.time, attest.id),
            store::encode_attest({attest.listing, attest.by, attest.text}));
}

std::vector<Attest> attests(const store::Txn& txn, std::string_view provider, Time from) {
    std::vector<Attest> found;
    const std::string head = store::attest_key(provider);
    Cursor cursor(txn, Table::Attests);
    for (bool good = cursor.seek_at_least(store::attest_key(provider, from, 0));
         good && cursor.key().starts_with(head); good = cursor.next()) {
        auto key = store::key_attest(cursor.key());
        auto record = store::decode_attest(cursor.value());
        if (key && record) {
            found.push_back({key->id, std::move(key->slug), record->listing, key->due,
                             std::move(record->by), std::move(record->text)});
        }
    }
    return found;
}

ReportBook::ReportBook(store::Environment& environment, ReportRules rules,
                       std::function<Time()> clock)
    : environment_(environment), rules_(std::move(rules)), clock_(std::move(clock)) {}

// The reports that come within the batch time of the first that is due ride along. A batch that was
// made before goes out as it was, so that who gets it twice can tell.
ReportBatch ReportBook::waiting(const store::Txn& txn, const std::string& slug, Time now) const {
    ReportBatch batch{slug, 0, {}};
    const std::string head = store::queue_key(slug);
    Cursor cursor(txn, Table::ReportQueue);
    for (bool good = cursor.seek_at_least(head);
         good && cursor.key().starts_with(head) && batch.reports.size() < rules_.batch_max;
         good = cursor.next()) {
        const auto queued = store::key_queued(cursor.key());
        const std::uint32_t ahead = batch.reports.empty() ? 0 : rules_.batch_seconds;
        if (!queued || queued->due.seconds > now.seconds + ahead) {
            break;
        }
        auto report = find_report(txn, queued->id);
        if (report && (batch.reports.empty() || report->batch == batch.number)) {
            batch.number = report->batch;
            batch.reports.push_back(std::move(*report));
        }
    }
    return batch;
}

std::optional<ReportBatch> ReportBook::next_batch() {
    const Time now = clock_();
    ReportBatch batch;
    {
        const store::ReadTxn txn(environment_);
        std::optional<std::string> slug;
        while (batch.reports.empty() && (slug = provider_after(txn, slug))) {
            if (sent_today(txn, *slug, now).size() < rules_.messages_per_day) {
                batch = waiting(txn, *slug, now);
            }
        }
    }
    if (batch.reports.empty()) {
        return std::nullopt;
    }
    if (batch.number == 0) {
        environment_.write([&](store::WriteTxn& txn) {
            batch = waiting(txn, batch.provider, now);
            batch.number = batch.reports.empty() ? 0 : batch.reports.front().id;
            for (ProviderReport& report : batch.reports) {
                report.batch = batch.number;
                save(txn, report);
            }
        });
    }
    return batch.reports.empty() ? std::nullopt : std::optional(std::move(batch));
}

void ReportBook::settle(store::WriteTxn& txn, const ReportBatch& batch, const Settle& how) {
    const Time now = clock_();
    for (const ProviderReport& told : batch.reports) {
        auto report = find_report(txn, told.id);
        if (!report || report->state != ReportState::Due) {
            continue;
        }
        txn.erase(Table::ReportQueue, store::queue_key(report->provider, report->due, report->id));
        how(*report, now);
        save(txn, *report);
        if (report->state == ReportState::Due) {
            txn.put(Table::ReportQueue, store::queue_key(report->provider, report->due, report->id),
                    {});
        }
    }
}

void ReportBook::note_sent(const ReportBatch& batch, std::string_view channel) {
    environment_.write([&](store::WriteTxn& txn) {
        settle(txn, batch, [&](ProviderReport& report, Time now) {
            report.state = ReportState::Sent;
            report.sent = now;
            report.channel = channel;
            report.error.clear();
            ++report.tries;
        });
        const Time now = clock_();
        std::vector<Time> times = sent_today(txn, batch.provider, now);
        times.push_back(now);
        txn.put(Table::Meta, sent_key(batch.provider), store::encode_times(times));
    });
}

void ReportBook::note_failed(const ReportBatch& batch, std::string_view channel,
                             std::string_view error) {
    environment_.write([&](store::WriteTxn& txn) {
        settle(txn, batch, [&](ProviderReport& report, Time now) {
            report.channel = channel;
            report.error = error;
            if (report.tries >= rules_.retry_seconds.size()) {
                report.state = ReportState::Failed;
            } else {
                report.due = Time{now.seconds + rules_.retry_seconds[report.tries]};
            }
            ++report.tries;
        });
    });
}

void ReportBook::note_nowhere(const ReportBatch& batch, std::string_view why) {
    environment_.write([&](store::WriteTxn& txn) {
        settle(txn, batch, [&](ProviderReport& report, Time) {
            report.state = ReportState::Nowhere;
            report.error = why;
        });
    });
}

Result<ProviderReport> ReportBook::answer(const Actor& actor, std::string_view provider,
                                          std::uint64_t id, AnswerKind kind,
                                          std::string_view text) {
    if (text.size() > kAnswerTextBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("answer of {} bytes: at most {} are kept",
                                                  text.size(), kAnswerTextBytesMax));
    }
    Result<ProviderReport> result = std::unexpected(no_report(id));
    environment_.write([&](store::WriteTxn& txn) {
        auto report = find_report(txn, id);
        // Of another's report not even that it is there is told.
        if (!report || (!provider.empty() && report->provider != provider)) {
            result = std::unexpected(no_report(id));
            return;
        }
        if (report->answers.size() >= kReportAnswersMax) {
            result = fail(Errc::OutOfRange, fmt::format("report {}: it has {} answers already", id,
                                                        report->answers.size()));
            return;
        }
        const Time now = clock_();
        report->answers.push_back({now, kind, actor.name, std::string(text)});
        save(txn, *report);
        if (kind == AnswerKind::Fixed) {
            Attest attest{0, report->provider, report->listing, now, actor.name, std::string(text)};
            note_attest(txn, attest);
        }
        note_audit(txn, actor, now,
                   {"report.answer",
                    {{"report", fmt::format("{}", id)},
                     {"provider", report->provider},
                     {"listing", fmt::format("{}", report->listing)},
                     {"answer", std::string(to_string(kind))},
                     {"text", std::string(text)}}});
        result = std::move(*report);
    });
    return result;
}

std::optional<ProviderReport> ReportBook::find(std::uint64_t id) {
    return find_report(store::ReadTxn(environment_), id);
}

std::vector<ProviderReport> ReportBook::of_listing(std::uint64_t listing) {
    std::vector<ProviderReport> found;
    const store::ReadTxn txn(environment_);
    const std::string head = store::listing_report_key(listing);
    Cursor cursor(txn, Table::ReportListings);
    for (bool good = cursor.seek_at_least(head); good && cursor.key().starts_with(head);
         good = cursor.next()) {
        const auto id = store::key_report(cursor.key().substr(head.size()));
        if (auto report = id ? find_report(txn, *id) : std::nullopt) {
            found.push_back(std::move(*report));
        }
    }
    return found;
}

Result<ReportPage> ReportBook::page(const ReportFilter& filter, std::string_view after,
                                    std::size_t limit) {
    std::uint64_t below = UINT64_MAX;
    if (!after.empty()) {
        const auto read = std::from_chars(after.data(), after.data() + after.size(), below);
        if (read.ec != std::errc{} || read.ptr != after.data() + after.size()) {
            return fail(Errc::Malformed, fmt::format("after \"{}\": expected what a page gave as "
                                                     "\"next\"",
                                                     after.substr(0, 64)));
        }
    }
    ReportPage page;
    const store::ReadTxn txn(environment_);
    Cursor cursor(txn, Table::ProviderReports);
    const bool is_behind = cursor.seek_at_least(store::report_key(below));
    for (bool good = is_behind ? cursor.previous() : cursor.last(); good;
         good = cursor.previous()) {
        const auto id = store::key_report(cursor.key());
        auto report = id ? store::decode_report(*id, cursor.value()) : std::nullopt;
        if (!report || !matches(filter, *report)) {
            continue;
        }
        if (page.reports.size() == limit) {
            page.next = fmt::format("{}", page.reports.back().id);
            break;
        }
        page.reports.push_back(std::move(*report));
    }
    return page;
}

}  // namespace fairlist
