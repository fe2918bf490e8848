// ProviderReport: what a provider was told of a listing in its space, and what it answered.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/subject.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class ReportCause : std::uint8_t { Listed = 1, Noticed = 2, Relisted = 3 };
enum class ReportState : std::uint8_t {
    Due = 1,     // waits for its batch
    Sent = 2,    // taken over by the mail server or the webhook
    Failed = 3,  // given up after the last try
    Nowhere = 4  // the provider has no contact
};
enum class AnswerKind : std::uint8_t { Fixed = 1, WorkingOnIt = 2, NotOurs = 3 };

[[nodiscard]] std::string_view to_string(ReportCause cause) noexcept;
[[nodiscard]] std::string_view to_string(ReportState state) noexcept;
[[nodiscard]] std::string_view to_string(AnswerKind kind) noexcept;  // "working-on-it"
[[nodiscard]] Result<AnswerKind> parse_answer_kind(std::string_view text);

inline constexpr std::size_t kAnswerTextBytesMax = 1000;
inline constexpr std::size_t kReportAnswersMax = 20;

struct ReportAnswer {
    Time time;
    AnswerKind kind = AnswerKind::WorkingOnIt;
    std::string by;    // the token's name
    std::string text;  // what was done
    friend bool operator==(const ReportAnswer&, const ReportAnswer&) = default;
};

struct ProviderReport {
    std::uint64_t id = 0;  // from 1, never given twice
    std::string provider;
    std::uint64_t listing = 0;
    std::string list;
    Subject subject;
    ReportCause cause = ReportCause::Listed;
    ReportState state = ReportState::Due;
    Time made;
    Time due;   // not sent before
    Time sent;  // the time to remedy counts from here
    std::uint32_t tries = 0;
    std::uint64_t batch = 0;  // the message it goes out in, by its first report; 0: not yet in one
    std::string channel;      // "mail", "webhook"
    std::string error;        // of the last try
    std::vector<ReportAnswer> answers;  // oldest first
    friend bool operator==(const ProviderReport&, const ProviderReport&) = default;
};

// How reports go out.
struct ReportRules {
    std::uint32_t batch_seconds = 900;    // what comes within so long goes in one message
    std::uint32_t batch_max = 100;        // reports in a message
    std::uint32_t messages_per_day = 48;  // to one provider
    std::vector<std::uint32_t> retry_seconds{300, 1800, 7200, 43200, 86400};
};

}  // namespace fairlist
