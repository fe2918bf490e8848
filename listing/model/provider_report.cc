#include "listing/model/provider_report.h"

#include <fmt/format.h>

namespace fairlist {

std::string_view to_string(ReportCause cause) noexcept {
    switch (cause) {
        case ReportCause::Listed:
            return "listed";
        case ReportCause::Noticed:
            return "noticed";
        case ReportCause::Relisted:
            return "relisted";
    }
    return "?";
}

std::string_view to_string(ReportState state) noexcept {
    switch (state) {
        case ReportState::Due:
            return "due";
        case ReportState::Sent:
            return "sent";
        case ReportState::Failed:
            return "failed";
        case ReportState::Nowhere:
            return "nowhere";
    }
    return "?";
}

std::string_view to_string(AnswerKind kind) noexcept {
    switch (kind) {
        case AnswerKind::Fixed:
            return "fixed";
        case AnswerKind::WorkingOnIt:
            return "working-on-it";
        case AnswerKind::NotOurs:
            return "not-ours";
    }
    return "?";
}

Result<AnswerKind> parse_answer_kind(std::string_view text) {
    for (const AnswerKind kind :
         {AnswerKind::Fixed, AnswerKind::WorkingOnIt, AnswerKind::NotOurs}) {
        if (text == to_string(kind)) {
            return kind;
        }
    }
    return fail(Errc::Malformed,
                fmt::format("answer \"{}\": expected fixed, working-on-it or not-ours",
                            text.substr(0, 64)));
}

}  // namespace fairlist
