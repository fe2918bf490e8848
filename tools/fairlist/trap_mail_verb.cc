#include "importer/fetch/descriptor.h"
#include "importer/intake/mail_delivery.h"
#include "importer/intake/mail_files.h"
#include "listing/store/map_fault.h"
#include "tools/fairlist/intake_json.h"
#include "tools/fairlist/intake_verbs.h"
#include "tools/fairlist/progress_meter.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <expected>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

using namespace importer;

Result<IncomingMail> read_mail(const TrapDeliverOptions& options) {
    auto envelope = pipe_envelope(options.peer, options.helo, options.peer_name, options.sender);
    if (!envelope) {
        return fail_in("--peer", envelope.error());
    }
    DescriptorStream input(Descriptor(::dup(STDIN_FILENO)), "stdin");
    auto bytes = read_bounded(input);
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    return IncomingMail{std::move(*envelope), options.recipients, std::move(*bytes)};
}

DeliveryResult deliver(Session& session, const TrapDeliverOptions& options) {
    const auto vault = session.known_vault();
    if (!vault) {
        static_cast<void>(session.report(vault.error(), ExitStatus::TryAgain));
        return {};
    }
    const auto mail = read_mail(options);
    if (mail) {
        return deliver_one(**vault, *mail);
    }
    // A mail that is too large stays so; whatever else is wrong is not the mail's fault.
    return {mail.error().code == Errc::OutOfRange ? DeliveryExit::BadData
                                                  : DeliveryExit::TemporaryFailure,
            0, 0, mail.error().message};
}

DeliveryResult deliver_guarded(Session& session, const TrapDeliverOptions& options) {
    try {
        return deliver(session, options);
    } catch (const std::exception& broken) {
        return {DeliveryExit::TemporaryFailure, 0, 0, broken.what()};
    }
}

std::string text_of(const MailFilesResult& result) {
    const MailFilesReport& report = *result.report;
    std::string text = fmt::format("{}: {}: {} stored, {} known already", printable(result.path),
                                   counted(report.mails, "mail"), grouped(report.stored),
                                   grouped(report.duplicates));
    const auto more = [&](std::uint64_t count, const char* what) {
        if (count != 0) {
            text += fmt::format(", {} {}", grouped(count), what);
        }
    };
    more(report.without_trap, "without a trap");
    more(report.too_large, "too large");
    more(report.removed, report.removed == 1 ? "file removed" : "files removed");
    return text + "\n";
}

void print_result(Session& session, const MailFilesResult& result) {
    if (!result.report) {
        static_cast<void>(session.report(result.report.error()));
        return;
    }
    for (const std::string& fault : result.report->faults) {
        print_error(printable("fairlist: " + fault) + "\n");
    }
    if (result.report->more_faults != 0) {
        print_error(fmt::format("fairlist: {} more are not shown\n",
                                counted(result.report->more_faults, "fault")));
    }
    print(text_of(result));
}

ExitStatus status_of(const MailFilesResult& result) noexcept {
    if (!result.report) {
        return ExitStatus::Failed;
    }
    const MailFilesReport& report = *result.report;
    return cli::status_of(report.stored + report.duplicates,
                          report.without_trap + report.too_large + report.faults.size());
}

ExitStatus status_of(const std::vector<MailFilesResult>& results) noexcept {
    std::size_t done = 0;
    std::size_t failed = 0;
    for (const MailFilesResult& result : results) {
        const ExitStatus status = status_of(result);
        done += status == ExitStatus::Failed ? 0U : 1U;
        failed += status == ExitStatus::Done ? 0U : 1U;
    }
    return cli::status_of(done, failed);
}

}  // namespace

// Without --json a mail that was stored is no word worth: servers log, and some send, what is
// printed.
ExitStatus run_trap_deliver(Session& session, const TrapDeliverOptions& options) {
    store::explain_map_faults("fairlist", static_cast<int>(ExitStatus::TryAgain));
    const DeliveryResult result = deliver_guarded(session, options);
    if (session.json()) {
        print(delivery_json(result));
    } else if (!result.message.empty()) {
        print_error(printable("fairlist: " + result.message) + "\n");
    }
    return static_cast<ExitStatus>(result.exit);
}

ExitStatus run_trap_import_mail(Session& session, const MailImportOptions& options) {
    const auto vault = session.known_vault();
    if (!vault) {
        return session.report(vault.error());
    }
    std::vector<MailFilesResult> results;
    for (const std::string& path : options.paths) {
        ProgressMeter meter(error_is_terminal(), std::chrono::steady_clock::now, print_error);
        MailFilesOptions wanted;
        wanted.trap = options.trap;
        wanted.remove = options.remove;
        wanted.progress = [&](const MailFilesReport& report) {
            meter.update(path, report.mails, 0);
        };
        results.push_back({path, take_mail_files(**vault, path, wanted)});
        if (!session.json()) {
            print_result(session, results.back());
        }
    }
    if (session.json()) {
        print(mail_files_json(results));
    }
    return status_of(results);
}

}  // namespace fairlist::cli
