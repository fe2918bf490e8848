#include "tools/fairlist/intake_json.h"
#include "tools/fairlist/intake_verbs.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

namespace {

constexpr std::size_t kSlice = 1000;

std::string text_of(const VaultReport& report) {
    const VaultStatus& status = report.status;
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        text += fmt::format("{:<8}{}\n", name, value);
    };
    line("vault", printable(report.vault));
    line("format", fmt::format("{}", status.format_version));
    line("file", bytes_text(status.file_bytes));
    line("traps", fmt::format("{}, {} retired", grouped(status.traps),
                              grouped(status.traps - status.addresses)));
    line("mails", grouped(status.mails));
    line("queued", grouped(status.queued));
    line("parked", status.parked == 0
                       ? "0"
                       : grouped(status.parked) + "; \"fairlist trap retry\" tries them again");
    line("tokens", grouped(status.tokens));
    if (!report.parked) {
        return text;
    }
    Table table({{"MAIL", true}, {"TRIES", true}, {"LAST"}, {"WHY"}});
    for (const QueuedMail& mail : *report.parked) {
        table.add({fmt::format("{}", mail.number), fmt::format("{}", mail.mark.tries),
                   to_string(mail.mark.last), mail.mark.error});
    }
    return text + (table.empty() ? "" : table.text());
}

MailOutcome requeue(Vault& vault, std::uint64_t number) {
    const auto queued = vault.requeue_mail(number);
    return {number, queued ? std::nullopt : std::optional(queued.error())};
}

// Ends: every slice moves `after` forward, and what is parked meanwhile comes behind it.
std::vector<MailOutcome> requeue_parked(Vault& vault) {
    std::vector<MailOutcome> outcomes;
    std::uint64_t after = 0;
    for (auto slice = vault.parked_mails(after, kSlice); !slice.empty();
         slice = vault.parked_mails(after, kSlice)) {
        for (const QueuedMail& mail : slice) {
            outcomes.push_back(requeue(vault, mail.number));
        }
        after = slice.back().number;
    }
    return outcomes;
}

}  // namespace

ExitStatus run_trap_status(Session& session, const TrapStatusOptions& options) {
    const auto vault = session.vault_reader();
    if (!vault) {
        return session.report(vault.error());
    }
    VaultReport report{(**session.config()).trap.vault.string(), (*vault)->status(), std::nullopt};
    if (options.parked) {
        report.parked = (*vault)->parked_mails(options.after, options.limit);
    }
    if (session.json()) {
        print(vault_json(report));
        return ExitStatus::Done;
    }
    print(text_of(report));
    if (report.parked && report.parked->size() == options.limit) {
        print_error(fmt::format("fairlist: there may be more; go on with --after {}\n",
                                report.parked->back().number));
    }
    return ExitStatus::Done;
}

ExitStatus run_trap_retry(Session& session, const TrapRetryOptions& options) {
    if (options.mails.empty() && !options.all) {
        return session.report({Errc::Malformed, "no mail: expected numbers, or --all"},
                              ExitStatus::Usage);
    }
    const auto vault = session.known_vault();
    if (!vault) {
        return session.report(vault.error());
    }
    std::vector<MailOutcome> outcomes;
    if (options.all) {
        outcomes = requeue_parked(**vault);
    }
    for (const std::uint64_t number : options.mails) {
        outcomes.push_back(requeue(**vault, number));
    }
    const auto failed = static_cast<std::size_t>(
        std::ranges::count_if(outcomes, [](const auto& one) { return one.error.has_value(); }));
    if (session.json()) {
        print(mail_outcomes_json(outcomes));
        return status_of(outcomes.size() - failed, failed);
    }
    for (const MailOutcome& outcome : outcomes) {
        if (outcome.error) {
            static_cast<void>(session.report(*outcome.error));
        }
    }
    print(fmt::format("{} put into the queue again\n", counted(outcomes.size() - failed, "mail")));
    return status_of(outcomes.size() - failed, failed);
}

}  // namespace fairlist::cli
