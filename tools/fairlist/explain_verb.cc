#include "importer/fetch/descriptor.h"
#include "importer/mail/fault_text.h"
#include "importer/mail/mail_judgement.h"
#include "server/roles/mail_rules.h"
#include "tools/fairlist/json_output.h"
#include "tools/fairlist/ledger_verbs.h"
#include "tools/fairlist/listing_reference.h"
#include "tools/fairlist/session.h"
#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"
#include "tools/fairlist/verbs.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

using namespace importer;

constexpr std::size_t kInputBytesMax = std::size_t{256} << 20U;

Result<std::string> read_input(const std::string& path) {
    auto file =
        path == "-" ? Result<Descriptor>(Descriptor(::dup(STDIN_FILENO))) : open_to_read(path);
    if (!file) {
        return std::unexpected(file.error());
    }
    DescriptorStream stream(std::move(*file), path);
    std::string text;
    std::array<char, 65536> chunk{};
    while (true) {
        const auto got = stream.read(chunk);
        if (!got) {
            return std::unexpected(got.error());
        }
        if (*got == 0) {
            return text;
        }
        text.append(chunk.data(), *got);
        if (text.size() > kInputBytesMax) {
            return fail(Errc::OutOfRange,
                        fmt::format("{}: larger than {} bytes", path, kInputBytesMax));
        }
    }
}

// Of the configuration, if there is one: a mail can be explained without.
Result<MailRules> rules_of(Session& session) {
    if (session.globals().config_file.empty() && !find_config("")) {
        return MailRules{};
    }
    const auto config = session.config();
    if (!config) {
        return std::unexpected(config.error());
    }
    return mail_rules(**config);
}

Result<std::optional<Address>> peer_of(const ExplainOptions& options) {
    if (options.peer.empty()) {
        return std::optional<Address>();
    }
    const auto peer = parse_address(options.peer);
    if (!peer) {
        return fail_in("--peer", peer.error());
    }
    return std::optional(*peer);
}

Result<std::vector<NumberedJudgement>> judge_all(const std::string& text,
                                                 const ExplainOptions& options,
                                                 const MailRules& rules) {
    const auto peer = peer_of(options);
    const auto suffixes = PublicSuffixes::open();
    const auto program = find_mail_reader();
    for (const Error* error :
         {peer ? nullptr : &peer.error(), suffixes ? nullptr : &suffixes.error(),
          program ? nullptr : &program.error()}) {
        if (error != nullptr) {
            return std::unexpected(*error);
        }
    }
    const std::vector<std::string_view> mails = split_mbox(text);
    if (options.message && *options.message > mails.size()) {
        return fail(Errc::NotFound, fmt::format("--message {}: there are {}", *options.message,
                                                counted(mails.size(), "message")));
    }
    MailChild child({*program});
    std::vector<NumberedJudgement> judgements;
    for (std::size_t i = 0; i < mails.size(); ++i) {
        if (options.message && *options.message != i + 1) {
            continue;
        }
        auto judgement = judge_mail(mails[i], *peer, rules, *suffixes, child);
        if (!judgement) {
            return std::unexpected(judgement.error());
        }
        judgements.push_back({i + 1, std::move(*judgement)});
    }
    return judgements;
}

std::string text_of(const NumberedJudgement& numbered) {
    const MailJudgement& judgement = numbered.judgement;
    std::string text = fmt::format("message {}: {}\n", numbered.number,
                                   paint(Colour::Bold, finding_text(judgement.fault)));
    for (const FaultStep& step : judgement.fault.steps) {
        text += fmt::format("  {}\n", step_text(step));
    }
    if (judgement.fault.unused_lines != 0) {
        text += fmt::format("  {} below: not used, the sender can have forged them\n",
                            counted(judgement.fault.unused_lines, "Received line"));
    }
    for (const std::string& cut : judgement.cuts) {
        text += fmt::format("  {}\n", cut);
    }
    if (judgement.unreadable) {
        return text + fmt::format("  links unknown: {}\n", judgement.unreadable->message);
    }
    text += fmt::format("  {}, {}, {} of text\n", counted(judgement.record.parts, "part"),
                        counted(judgement.record.attachments, "attachment"),
                        bytes_text(judgement.record.text_bytes));
    for (const LinkFinding& link : judgement.links) {
        const std::string subject = subject_text(link);
        text +=
            fmt::format("  link to {} ({}): {} [{}]\n", subject.empty() ? "a host" : subject,
                        counted(link.hosts, "host"), meaning_of(link.rule), to_string(link.rule));
    }
    if (judgement.record.more_hosts) {
        text +=
            fmt::format("  links to more than {} hosts: the others are not read\n", kLinkHostsMax);
    }
    return text;
}

}  // namespace

ExitStatus run_explain(Session& session, const ExplainOptions& options) {
    const std::string& path = options.file.empty() ? options.input : options.file;
    if (path.empty()) {
        return session.report(
            {Errc::Malformed, "nothing to explain: expected a file, or the number of a listing"},
            ExitStatus::Usage);
    }
    if (options.file.empty()) {
        const auto listing = parse_listing_number(path);
        if (!listing || *listing) {
            return explain_listing(session, path);
        }
    }
    const auto rules = rules_of(session);
    if (!rules) {
        return session.report(rules.error());
    }
    const auto text = read_input(path);
    if (!text) {
        return session.report(text.error());
    }
    const auto judgements = judge_all(*text, options, *rules);
    if (!judgements) {
        return session.report(judgements.error());
    }
    if (session.json()) {
        print(judgements_json(*judgements));
        return ExitStatus::Done;
    }
    for (const NumberedJudgement& judgement : *judgements) {
        print(text_of(judgement));
    }
    return ExitStatus::Done;
}

}  // namespace fairlist::cli
