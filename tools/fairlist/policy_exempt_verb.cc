#include "tools/fairlist/entry_options.h"
#include "tools/fairlist/policy_json.h"
#include "tools/fairlist/policy_verbs.h"
#include "tools/fairlist/provider_access.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

namespace {

ExitStatus report_change(Session& session, const std::string& provider, const std::string& prefix,
                         const std::string& change) {
    print(session.json() ? policy_exempt_json(provider, prefix, change)
                         : fmt::format("{:<9}  {}  {}\n", change, printable(provider), prefix));
    return ExitStatus::Done;
}

std::string exemptions_text(const std::vector<PolicyExemption>& exemptions) {
    Table table({{"PREFIX"}, {"UNTIL"}, {"CUSTOMER"}, {"REASON"}});
    for (const PolicyExemption& exemption : exemptions) {
        table.add({to_string(exemption.prefix), to_string(exemption.until), exemption.customer,
                   exemption.reason});
    }
    return table.text();
}

}  // namespace

ExitStatus run_policy_exempt(Session& session, const PolicyExemptOptions& options) {
    const auto prefix = parse_prefix(options.prefix);
    if (!prefix) {
        return session.report(prefix.error(), ExitStatus::Usage);
    }
    const auto until = end_option(options.until, options.duration, now());
    if (!until) {
        return session.report(until.error(), ExitStatus::Usage);
    }
    for (const auto& [option, text] :
         {std::pair("--reason", &options.reason), std::pair("--customer", &options.customer)}) {
        if (const auto good = check_reason_option(option, *text); !good) {
            return session.report(good.error(), ExitStatus::Usage);
        }
        if (text->size() > kPolicyTextBytesMax) {
            return session.report(
                {Errc::OutOfRange, fmt::format("{}: has {} bytes, at most {}", option, text->size(),
                                               kPolicyTextBytesMax)},
                ExitStatus::Usage);
        }
    }
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto provider = find_provider(**books, options.provider); !provider) {
        return session.report(provider.error());
    }
    const PolicyExemption exemption{*prefix, options.reason, options.customer, *until};
    if (const auto granted =
            (*books)->policies.grant_exemption(session.actor(), options.provider, exemption);
        !granted) {
        return session.report(granted.error());
    }
    return report_change(session, options.provider, to_string(*prefix), "exempted");
}

ExitStatus run_policy_unexempt(Session& session, const PolicyUnexemptOptions& options) {
    const auto prefix = parse_prefix(options.prefix);
    if (!prefix) {
        return session.report(prefix.error(), ExitStatus::Usage);
    }
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto ended =
            (*books)->policies.end_exemption(session.actor(), options.provider, *prefix);
        !ended) {
        return session.report(ended.error());
    }
    return report_change(session, options.provider, to_string(*prefix), "ended");
}

ExitStatus run_policy_exemptions(Session& session, const PolicyExemptionsOptions& options) {
    std::optional<Prefix> after;
    if (!options.after.empty()) {
        const auto parsed = parse_prefix(options.after);
        if (!parsed) {
            return session.report(parsed.error(), ExitStatus::Usage);
        }
        after = *parsed;
    }
    auto books = read_books(session);
    if (!books) {
        return session.report(books.error());
    }
    if (const auto provider = find_provider(**books, options.provider); !provider) {
        return session.report(provider.error());
    }
    const std::vector<PolicyExemption> granted =
        (*books)->policies.granted(options.provider, after, options.limit);
    const std::string next =
        granted.size() == options.limit ? to_string(granted.back().prefix) : "";
    if (session.json()) {
        print(policy_exemptions_json(options.provider, granted, next));
        return ExitStatus::Done;
    }
    print(exemptions_text(granted));
    if (!next.empty()) {
        print_error(fmt::format("fairlist: there may be more: --after {}\n", next));
    }
    return ExitStatus::Done;
}

ExitStatus run_policy_refresh(Session& session) {
    auto books = open_books(session);
    if (!books) {
        return session.report(books.error());
    }
    const std::uint64_t changed = (*books)->policies.refresh(session.actor());
    print(session.json() ? policy_refresh_json(changed)
                         : fmt::format("{} policies changed the lists\n", grouped(changed)));
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
