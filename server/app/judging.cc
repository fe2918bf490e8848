#include "server/app/judging.h"

#include "server/roles/dkim_keys.h"
#include "server/roles/mail_rules.h"
#include "server/roles/networks.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <expected>
#include <filesystem>
#include <utility>
#include <vector>

namespace fairlist::app {

using namespace importer;

namespace {

// Each has a reading process, and one that waits for a resolver holds nobody else up.
constexpr unsigned kJudges = 2;
const Actor kActor{.name = "rule:traps"};

MailWorkerOptions worker_options() {
    MailWorkerOptions options;
    options.actor = kActor;
    options.warn = [](const std::string& what) {
        spdlog::warn("trap: {}", what);
    };
    return options;
}

}  // namespace

struct Judging::Parts {
    PublicSuffixes suffixes;
    MailRules rules;
    LedgerOptions options;
    std::filesystem::path reader;
    std::vector<std::unique_ptr<DkimKeys>> keys;
};

Result<void> Judging::rehearse(const config::Config& config) {
    if (const auto suffixes = PublicSuffixes::open(); !suffixes) {
        return std::unexpected(suffixes.error());
    }
    if (const auto reader = find_mail_reader(); !reader) {
        return std::unexpected(reader.error());
    }
    if (const auto options = ledger_options_with_networks(config); !options) {
        return std::unexpected(options.error());
    }
    const auto keys = open_dkim_keys(config);
    return keys ? Result<void>() : std::unexpected(keys.error());
}

Result<std::unique_ptr<Judging>> Judging::make(const config::Config& config,
                                               store::Environment& store, Vault& vault) {
    auto suffixes = PublicSuffixes::open();
    if (!suffixes) {
        return std::unexpected(suffixes.error());
    }
    const auto reader = find_mail_reader();
    if (!reader) {
        return std::unexpected(reader.error());
    }
    auto options = ledger_options_with_networks(config);
    if (!options) {
        return std::unexpected(options.error());
    }
    Parts parts{std::move(*suffixes), mail_rules(config), std::move(*options), *reader, {}};
    for (unsigned i = 0; i < kJudges; ++i) {
        auto keys = open_dkim_keys(config);
        if (!keys) {
            return std::unexpected(keys.error());
        }
        parts.keys.push_back(std::move(*keys));
    }
    return std::unique_ptr<Judging>(new Judging(std::move(parts), store, vault));
}

namespace {

std::vector<std::unique_ptr<MailJudge>> make_judges(const MailRules& rules,
                                                    const PublicSuffixes& suffixes,
                                                    const std::filesystem::path& reader,
                                                    std::vector<std::unique_ptr<DkimKeys>> keys) {
    std::vector<std::unique_ptr<MailJudge>> judges;
    for (auto& of_one : keys) {
        judges.push_back(std::make_unique<LocalMailJudge>(
            rules, suffixes, MailChildOptions{.program = reader}, std::move(of_one)));
    }
    return judges;
}

}  // namespace

Judging::Judging(Parts parts, store::Environment& store, Vault& vault)
    : suffixes_(std::move(parts.suffixes)),
      rules_(std::move(parts.rules)),
      options_(std::move(parts.options)),
      ledger_(store, options_),
      sink_(ledger_),
      worker_(vault, sink_, MailHits(vault, suffixes_, {rules_}),
              make_judges(rules_, suffixes_, parts.reader, std::move(parts.keys)),
              worker_options()),
      sensor_ledger_(store, options_),
      sensor_hits_(vault, suffixes_, rules_),
      report_reader_({.program = parts.reader}) {}

Judging::~Judging() {
    stop();
}

// A full disk must not keep the daemon from answering, nor from starting when it has room again.
void Judging::note_rules() {
    try {
        if (ledger_.note_rules({.name = "rule:configuration"})) {
            spdlog::info("trap: {} rules in force, put on record", options_.rules.size());
        }
    } catch (const std::exception& error) {
        spdlog::error("trap: {} rules in force, but not on record: {}", options_.rules.size(),
                      error.what());
    }
}

void Judging::start() {
    note_rules();
    worker_.start();
}

void Judging::stop() {
    worker_.stop();
}

void Judging::wake() {
    worker_.wake();
}

std::string Judging::counters() const {
    const MailWorkerCounters& counters = worker_.counters();
    return fmt::format("{} mails judged, {} hits, {} known, {} failed, {} parked",
                       counters.judged.load(), counters.hits.load(), counters.duplicates.load(),
                       counters.failures.load(), counters.parked.load());
}

}  // namespace fairlist::app
