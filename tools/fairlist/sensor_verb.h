// Sensor verb: what the verbs have in common that take in hits and reports of sensors.
#pragma once

#include "importer/intake/sensor_hits.h"
#include "importer/mail/mail_judgement.h"
#include "importer/mail/public_suffixes.h"
#include "listing/base/result.h"
#include "listing/manager/ledger.h"
#include "listing/manager/vault.h"
#include "tools/fairlist/exit_status.h"
#include "tools/fairlist/hit_import.h"

#include <memory>
#include <string>
#include <string_view>

namespace fairlist::cli {

class Session;

// The parts behind an import, opened in order.
struct SensorParts {
    importer::PublicSuffixes suffixes;
    importer::MailRules rules;
    Ledger* ledger = nullptr;
    Vault* vault = nullptr;
    Time received;

    [[nodiscard]] importer::SensorHits hits() const { return {*vault, suffixes, rules}; }
};

// --sensor: as a list's name. Errors: Malformed.
[[nodiscard]] Result<void> check_sensor(const std::string& sensor);

// Errors: NotFound (the public suffix list), or the session's.
[[nodiscard]] Result<SensorParts> open_sensor_parts(Session& session);

[[nodiscard]] Actor sensor_actor(const Session& session);

// `noun`: "hit" or "report".
ExitStatus report_hit_import(Session& session, const std::string& sensor,
                             const HitImportTotals& totals, std::string_view noun);

}  // namespace fairlist::cli
