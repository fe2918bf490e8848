#include "importer/checks/party_checks.h"
#include "listing/model/address.h"
#include "server/config/words.h"
#include "tools/fairlist/removal_output.h"
#include "tools/fairlist/removal_verbs.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/terminal.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace fairlist::cli {

namespace {

constexpr std::size_t kResolversMax = 8;
// Of one question: a resolver that is silent must leave time for the questions behind it.
constexpr std::chrono::milliseconds kQueryTimeMax{3000};
constexpr int kQueriesAtLeast = 8;

Result<importer::PartyCheckOptions> options_of(const RemovalProbeOptions& options) {
    importer::PartyCheckOptions out;
    out.party_time = std::chrono::milliseconds(static_cast<int>(options.timeout * 1000));
    out.query_time = std::min(kQueryTimeMax, out.party_time / kQueriesAtLeast);
    if (options.resolvers.size() > kResolversMax) {
        return fail(Errc::OutOfRange, "more than 8 resolvers");
    }
    for (const std::string& text : options.resolvers) {
        const auto listener = config::parse_listener(text);
        if (!listener) {
            return std::unexpected(listener.error());
        }
        const auto address = parse_address(listener->address);
        if (!address || listener->port == 0) {
            return fail(Errc::Malformed,
                        "\"" + text + "\": expected a resolver such as 192.0.2.53:53");
        }
        out.resolvers.push_back({*address, listener->port});
    }
    return out;
}

}  // namespace

// Without a store or a configuration: those who are listed may run it.
ExitStatus run_removal_probe(Session& session, const RemovalProbeOptions& options) {
    const auto address = parse_address(options.address);
    if (!address) {
        return session.report(address.error(), ExitStatus::Usage);
    }
    auto check_options = options_of(options);
    if (!check_options) {
        return session.report(check_options.error(), ExitStatus::Usage);
    }
    const auto checks = importer::PartyChecks::open(std::move(*check_options));
    if (!checks) {
        return session.report(checks.error());
    }
    const PartyFindings findings =
        (*checks)->look({*address, options.helo, options.mail_domain,
                         options.challenge ? "_fairlist-challenge" : std::string()});
    print(session.json() ? findings_json(*address, findings) : findings_text(findings));
    const bool failed = std::ranges::any_of(
        findings.checks, [](const Check& check) { return check.result == CheckResult::Failed; });
    return failed ? ExitStatus::Failed : ExitStatus::Done;
}

}  // namespace fairlist::cli
