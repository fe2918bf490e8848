#include "listing/model/removal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fairlist {

namespace {

using enum RemovalState;

constexpr std::array<RemovalState, 10> kStates = {Proving, Checking, Waiting,  Refused, Operator,
                                                  Granted, Kept,     Relisted, Lapsed,  Moot};
constexpr std::array<ProofKind, 5> kProofs = {ProofKind::Address, ProofKind::Mail, ProofKind::Dns,
                                              ProofKind::Provider, ProofKind::Operator};

struct Step {
    RemovalState from;
    RemovalState to;
};

// An operator's word may come at any time before the end, so Granted and Refused follow each
// state that is open, and Granted also a refusal.
constexpr std::array<Step, 22> kSteps = {{
    {Proving, Checking},  {Proving, Granted},  {Proving, Refused},  {Proving, Lapsed},
    {Proving, Moot},      {Checking, Waiting}, {Checking, Granted}, {Checking, Refused},
    {Checking, Operator}, {Checking, Moot},    {Waiting, Checking}, {Waiting, Granted},
    {Waiting, Refused},   {Waiting, Operator}, {Waiting, Moot},     {Refused, Operator},
    {Refused, Granted},   {Operator, Granted}, {Operator, Refused}, {Operator, Moot},
    {Granted, Kept},      {Granted, Relisted},
}};

}  // namespace

std::string_view to_string(RemovalState state) noexcept {
    switch (state) {
        case Proving:
            return "proving";
        case Checking:
            return "checking";
        case Waiting:
            return "waiting";
        case Refused:
            return "refused";
        case Operator:
            return "operator";
        case Granted:
            return "granted";
        case Kept:
            return "kept";
        case Relisted:
            return "relisted";
        case Lapsed:
            return "lapsed";
        case Moot:
            return "moot";
    }
    return "?";
}

std::string_view to_string(ProofKind kind) noexcept {
    switch (kind) {
        case ProofKind::Address:
            return "address";
        case ProofKind::Mail:
            return "mail";
        case ProofKind::Dns:
            return "dns";
        case ProofKind::Provider:
            return "provider";
        case ProofKind::Operator:
            return "operator";
    }
    return "?";
}

std::string_view to_string(CheckKind kind) noexcept {
    switch (kind) {
        case CheckKind::Ptr:
            return "ptr";
        case CheckKind::Confirmed:
            return "confirmed";
        case CheckKind::NotGeneric:
            return "not-generic";
        case CheckKind::Helo:
            return "helo";
        case CheckKind::Spf:
            return "spf";
        case CheckKind::Policy:
            return "policy";
        case CheckKind::QuietTime:
            return "quiet-time";
        case CheckKind::EarlierRemovals:
            return "earlier-removals";
        case CheckKind::OtherLists:
            return "other-lists";
    }
    return "?";
}

std::string_view to_string(CheckResult result) noexcept {
    switch (result) {
        case CheckResult::Passed:
            return "passed";
        case CheckResult::Failed:
            return "failed";
        case CheckResult::Unknown:
            return "unknown";
        case CheckResult::NotAsked:
            return "not-asked";
    }
    return "?";
}

std::string_view to_string(RemovalMode mode) noexcept {
    switch (mode) {
        case RemovalMode::Quiet:
            return "quiet";
        case RemovalMode::Exemption:
            return "exemption";
        case RemovalMode::Person:
            return "person";
        case RemovalMode::Never:
            return "never";
    }
    return "?";
}

Result<RemovalState> parse_removal_state(std::string_view text) {
    for (const RemovalState state : kStates) {
        if (text == to_string(state)) {
            return state;
        }
    }
    return fail(Errc::Malformed,
                fmt::format("\"{}\": expected proving, checking, waiting, refused, operator, "
                            "granted, kept, relisted, lapsed or moot",
                            text.substr(0, 64)));
}

Result<ProofKind> parse_proof_kind(std::string_view text) {
    for (const ProofKind kind : kProofs) {
        if (text == to_string(kind)) {
            return kind;
        }
    }
    return fail(Errc::Malformed,
                fmt::format("\"{}\": expected address, mail, dns, provider or operator",
                            text.substr(0, 64)));
}

Result<CheckKind> parse_check_kind(std::string_view text) {
    for (const CheckKind kind : kCheckKinds) {
        if (text == to_string(kind)) {
            return kind;
        }
    }
    return fail(Errc::Malformed,
                fmt::format("\"{}\": expected ptr, confirmed, not-generic, helo, spf, policy, "
                            "quiet-time, earlier-removals or other-lists",
                            text.substr(0, 64)));
}

bool has_ended(RemovalState state) noexcept {
    return state == Refused || state >= Kept;
}

bool may_become(RemovalState from, RemovalState to) noexcept {
    return std::ranges::any_of(
        kSteps, [&](const Step& step) { return step.from == from && step.to == to; });
}

}  // namespace fairlist
