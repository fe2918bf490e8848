#include "listing/manager/rules_text.h"

#include "listing/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fairlist {

namespace {

constexpr std::array<std::string_view, 3> kTargets = {"address", "signer", "links"};

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

void add_missing(std::string_view name, const std::vector<std::string_view>& lines,
                 const std::vector<std::string_view>& others, AuditNote& note) {
    for (const std::string_view line : lines) {
        if (std::ranges::find(others, line) == others.end()) {
            note.details.emplace_back(name, line);
        }
    }
}

}  // namespace

std::string rule_text(const TrapRule& rule) {
    std::string text = fmt::format("{}: list {}, target {}, {} hits of {} traps in {}", rule.name,
                                   rule.list, kTargets[static_cast<std::size_t>(rule.target)],
                                   rule.hits, rule.traps, format_duration(rule.window_seconds));
    if (!rule.kinds.empty()) {
        text += ", kinds";
        for (const HitKind kind : rule.kinds) {
            text += fmt::format(" {}", to_string(kind));
        }
    }
    text += ", lifetimes";
    for (const std::uint32_t lifetime : rule.lifetimes_seconds) {
        text += " " + format_duration(lifetime);
    }
    text += ", reset " + format_duration(rule.reset_seconds);
    if (rule.notice_seconds != 0) {
        text += ", notice " + format_duration(rule.notice_seconds);
    }
    if (rule.escalate_count != 0) {
        text += fmt::format(", {} widen to the border, without an assignment /{} and /{}",
                            rule.escalate_count, rule.border_v4, rule.border_v6);
    }
    if (rule.code.is_set()) {
        text += ", code " + to_string(rule.code);
    }
    if (rule.ttl_seconds != 0) {
        text += fmt::format(", TTL {}", rule.ttl_seconds);
    }
    if (!rule.reason.empty()) {
        text += ", reason " + rule.reason;
    }
    return text;
}

std::string rules_text(const std::vector<TrapRule>& rules) {
    std::string text;
    for (const TrapRule& rule : rules) {
        text += rule_text(rule) + "\n";
    }
    return text;
}

std::optional<AuditNote> rules_note(std::string_view before, std::string_view after) {
    if (before == after) {
        return std::nullopt;
    }
    AuditNote note{"rules.change", {}};
    const auto was = lines_of(before);
    const auto is = lines_of(after);
    add_missing("before", was, is, note);
    add_missing("after", is, was, note);
    if (note.details.empty()) {
        note.details.emplace_back("order", "the same rules, in another order");
    }
    return note;
}

}  // namespace fairlist
