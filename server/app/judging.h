// Judging: from the mails in the vault to listings, by the rules in force; made anew when these
// change.
#pragma once

#include "importer/intake/hit_sink.h"
#include "importer/intake/mail_worker.h"
#include "importer/intake/sensor_hits.h"
#include "importer/mail/mail_child.h"
#include "importer/mail/public_suffixes.h"
#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "listing/manager/vault.h"
#include "listing/store/environment.h"
#include "server/config/config.h"

#include <memory>
#include <string>

namespace fairlist::app {

class Judging {
  public:
    // Errors: NotFound (the reading program, the public suffix list, a resolver), Malformed and Io
    // (the table of networks). Lifetime: of store and vault.
    [[nodiscard]] static Result<std::unique_ptr<Judging>> make(const config::Config& config,
                                                               store::Environment& store,
                                                               Vault& vault);
    // What make() would say, without store and vault.
    [[nodiscard]] static Result<void> rehearse(const config::Config& config);
    // As stop().
    ~Judging();
    Judging(const Judging&) = delete;
    Judging& operator=(const Judging&) = delete;

    // Puts the rules on record, and begins to judge mails.
    void start();
    void stop();
    // There may be new mails. Thread: any.
    void wake();

    [[nodiscard]] const LedgerOptions& ledger_options() const noexcept { return options_; }
    [[nodiscard]] std::string counters() const;

    // For what sensors tell: each takes one at a time.
    [[nodiscard]] const importer::SensorHits& sensor_hits() const noexcept { return sensor_hits_; }
    [[nodiscard]] Ledger& sensor_ledger() noexcept { return sensor_ledger_; }
    [[nodiscard]] importer::MailChild& report_reader() noexcept { return report_reader_; }

  private:
    struct Parts;
    Judging(Parts parts, store::Environment& store, Vault& vault);
    void note_rules();

    importer::PublicSuffixes suffixes_;
    importer::MailRules rules_;
    LedgerOptions options_;
    Ledger ledger_;
    importer::LedgerSink sink_;
    importer::MailWorker worker_;
    Ledger sensor_ledger_;
    importer::SensorHits sensor_hits_;
    importer::MailChild report_reader_;
};

}  // namespace fairlist::app
