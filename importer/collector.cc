#include "importer/collector.h"

#include "listing/manager/import_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace fairlist::importer {

namespace {

// How many rejected lines an error message shows.
constexpr std::size_t kRejectionsShown = 3;

Time later(Time time, std::uint32_t seconds) noexcept {
    const std::uint32_t room = std::numeric_limits<std::uint32_t>::max() - time.seconds;
    return Time{time.seconds + std::min(seconds, room)};
}

}  // namespace

Collector::Collector(const FeedSpec& feed, const CollectorRules& rules, ImportReport& report)
    : feed_(feed), rules_(rules), report_(report) {
    if (feed.lifetime_seconds != 0) {
        lifetime_end_ = later(rules.now, feed.lifetime_seconds);
    }
}

std::string_view Collector::width_refusal(const Prefix& prefix) const noexcept {
    const unsigned widest = prefix.is_v4() ? feed_.widest_v4 : feed_.widest_v6;
    return prefix.written_length() < widest ? "wider than the feed may list" : "";
}

// An exemption takes out of the list: it may be as wide as it likes, and cover any space.
std::string_view Collector::refusal(const Record& record) const {
    if (kind_of(record.subject) != rules_.kind) {
        return "of another kind than the list";
    }
    if (record.exempt) {
        return {};
    }
    if (const auto* name = std::get_if<NameSubject>(&record.subject)) {
        return ProtectedSpace::refusal(*name);
    }
    const auto* prefix = std::get_if<Prefix>(&record.subject);
    if (prefix == nullptr) {
        return {};
    }
    return prefix_refusal(*prefix);
}

std::string_view Collector::prefix_refusal(const Prefix& prefix) const noexcept {
    const std::string_view why = width_refusal(prefix);
    return why.empty() ? rules_.protected_space->refusal(prefix) : why;
}

void Collector::refuse(const Subject& subject, std::string_view why) {
    if (report_.refused++ < kRefusalsKept) {
        report_.refusals.push_back({to_string(subject), std::string(why)});
    }
}

Collector::Saying Collector::saying_of(const Record& record) const noexcept {
    return {
        record.code.is_set() || record.exempt ? record.code : rules_.code,
        record.ttl_seconds == 0 ? feed_.ttl_seconds : record.ttl_seconds,
        record.reason.empty() && !record.exempt ? std::string_view(feed_.reason) : record.reason};
}

Time Collector::end_of(const Record& record) const noexcept {
    const Time own = record.until.is_set() ? record.until : lifetime_end_;
    const bool data_end_first =
        record.data_end.is_set() && (!own.is_set() || record.data_end < own);
    return data_end_first ? record.data_end : own;
}

bool Collector::is_full() noexcept {
    return entries_.impl().sayings.size() + 1 >= 1UZ << ImportSet::Impl::kSayingBits;
}

void Collector::accept(const Record& record) {
    ++report_.records;
    const std::string_view why = refusal(record);
    if (!why.empty()) {
        refuse(record.subject, why);
        return;
    }
    const Time until = end_of(record);
    if (until.is_set() && until <= rules_.now) {
        ++report_.expired;
        return;
    }
    overflowed_ = overflowed_ || is_full();
    if (overflowed_) {
        return;
    }
    const auto [code, ttl, reason] = saying_of(record);
    if (const auto* prefix = std::get_if<Prefix>(&record.subject)) {
        entries_.add(*prefix, record.exempt, code, ttl, reason, until);
    } else {
        entries_.add({record.subject, record.exempt, code, ttl, std::string(reason), until});
    }
}

// accept(), with what all of them share done once.
void Collector::accept_all(const Record& record, std::span<const Prefix> subjects) {
    if (rules_.kind != ListKind::Address || record.exempt) {
        RecordSink::accept_all(record, subjects);
        return;
    }
    report_.records += subjects.size();
    const Time until = end_of(record);
    const bool has_ended = until.is_set() && until <= rules_.now;
    std::optional<std::uint32_t> saying;
    for (const Prefix& prefix : subjects) {
        if (const std::string_view why = prefix_refusal(prefix); !why.empty()) {
            refuse(prefix, why);
            continue;
        }
        if (has_ended) {
            ++report_.expired;
            continue;
        }
        overflowed_ = overflowed_ || is_full();
        if (overflowed_) {
            continue;
        }
        if (!saying) {
            const auto [code, ttl, reason] = saying_of(record);
            saying = entries_.saying(false, code, ttl, reason, until);
        }
        entries_.add(prefix, *saying);
    }
}

bool Collector::reject(Rejection rejection) {
    if (report_.rejected++ < kRejectionsKept) {
        report_.rejections.push_back(std::move(rejection));
    }
    return report_.rejected <= feed_.max_errors;
}

Result<void> Collector::status() const {
    if (overflowed_) {
        return fail(Errc::OutOfRange, "more different codes and reasons than one import can hold");
    }
    if (report_.rejected <= feed_.max_errors) {
        return {};
    }
    std::string message = fmt::format("more than {} lines rejected (max_errors)", feed_.max_errors);
    for (std::size_t i = 0; i < std::min(kRejectionsShown, report_.rejections.size()); ++i) {
        const Rejection& one = report_.rejections[i];
        message += fmt::format("; {}: line {}: {}: \"{}\"", one.file, one.line, one.why, one.text);
    }
    return fail(Errc::Malformed, std::move(message));
}

}  // namespace fairlist::importer
