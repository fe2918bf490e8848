#include "importer/mail/fault_text.h"

#include "importer/formats/host_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist::importer {

namespace {

std::string subject_of(const FaultStep& step) {
    if (step.line != 0) {
        return fmt::format("Received line {}", step.line);
    }
    return step.seen.peer ? "envelope" : "trace";
}

std::string peer_text(const FaultStep& step) {
    if (!step.seen.peer) {
        return {};
    }
    const std::string name = shown_name(step.seen);
    const std::string where = name.empty() ? std::string() : fmt::format(" ({})", name);
    const std::string helo =
        step.line == 0 ? std::string() : fmt::format(", HELO is {}", helo_kind(step.seen));
    return fmt::format(": {}{}{}", to_string(*step.seen.peer), where, helo);
}

}  // namespace

std::string_view meaning_of(FaultRule rule) noexcept {
    switch (rule) {
        case FaultRule::Loopback:
            return "the server handed it to itself: passed over";
        case FaultRule::Private:
            return "inside a private network of ours: passed over";
        case FaultRule::TrustedRelay:
            return "one of trap.trusted_relays: passed over";
        case FaultRule::Fetched:
            return "fetched from a mailbox: passed over";
        case FaultRule::Handover:
            return "handed over inside a site: passed over";
        case FaultRule::Outside:
            return "the first peer outside: at fault";
        case FaultRule::Protected:
            return "the first peer outside, but protected space is never listed";
        case FaultRule::KnownGood:
            return "the first peer outside, but a known good sender is never listed";
        case FaultRule::NoAddress:
            return "names a peer without its address: nobody can be held at fault";
        case FaultRule::Unreadable:
            return "cannot be read: nobody can be held at fault";
        case FaultRule::UnknownWriter:
            return "not written by one of trap.own_hosts: nothing in this mail can be believed";
        case FaultRule::EndOfTrace:
            return "no peer outside: nobody can be held at fault";
        case FaultRule::TooManyLines:
            break;
    }
    return "more Received lines than are read: nobody can be held at fault";
}

std::string_view helo_kind(const Received& seen) {
    if (seen.helo.empty()) {
        return "not given";
    }
    const std::string_view helo = seen.helo;
    if (helo.starts_with('[') || parse_address(helo)) {
        return "an address";
    }
    const auto name = parse_host_name(helo);
    if (!name) {
        return "no host name";
    }
    if (const auto ptr = parse_host_name(seen.peer_name); ptr && ptr->name == name->name) {
        return "that name";
    }
    return name->name.text().find('.') == std::string::npos ? "a single word" : "a host name";
}

std::string shown_name(const Received& seen) {
    const auto name = parse_host_name(seen.peer_name);
    return name ? name->name.text() : std::string();
}

std::string step_text(const FaultStep& step) {
    const std::string why = step.why.empty() ? std::string() : fmt::format(" ({})", step.why);
    return fmt::format("{}{}: {}{} [{}]", subject_of(step), peer_text(step), meaning_of(step.rule),
                       why, to_string(step.rule));
}

std::string finding_text(const FaultFinding& finding) {
    if (!finding.peer) {
        return "no address may be listed";
    }
    return fmt::format("{} {}", to_string(listed_prefix(*finding.peer)),
                       finding.may_be_listed ? "may be listed" : "may not be listed");
}

}  // namespace fairlist::importer
