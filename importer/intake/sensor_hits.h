// Sensor hits: what sensors and reporters told, as hits of the ledger.
#pragma once

#include "importer/intake/mail_hit.h"
#include "importer/mail/public_suffixes.h"
#include "importer/reports/hits.h"
#include "importer/reports/report.h"
#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/manager/vault.h"
#include "listing/model/hit.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace fairlist::importer {

// Where a hit came from. `name` is the token's or the file's that the operator gave, shown as
// "hits:NAME" and "report:NAME".
struct SensorOrigin {
    std::string_view name;
    Time received;
    std::uint16_t weight = kHitWeightOne;  // of a report
};

// Lifetime: the parts must outlive it. Thread: any number.
class SensorHits {
  public:
    SensorHits(const Vault& vault, const PublicSuffixes& suffixes, const MailRules& rules)
        : vault_(vault), suffixes_(suffixes), rules_(rules), reports_(vault, suffixes, {rules}) {}

    // The trap is looked up by number or address; its weight multiplies the hit's. One that the
    // vault does not know stays a secret of the sensor: a keyed hash of its name behind the
    // sensor's ("hits:web1/9f86d081884c7d65") tells it from others. The same hit told twice has the
    // same key: time, kind, trap, sensor and whom it accuses make it itself. Errors: Refused (it
    // accuses nobody who may be listed), with the reason and without the trap.
    [[nodiscard]] Result<Hit> of(const SensorHit& seen, const SensorOrigin& origin) const;

    // `bytes`: the report as it came, which makes it itself. Errors: Refused, as above.
    [[nodiscard]] Result<Hit> of(const AbuseReport& report, std::string_view bytes,
                                 const SensorOrigin& origin) const;

  private:
    [[nodiscard]] std::optional<Trap> find(std::string_view trap) const;

    const Vault& vault_;
    const PublicSuffixes& suffixes_;
    const MailRules& rules_;
    MailHits reports_;
};

}  // namespace fairlist::importer
