#include "importer/intake/sensor_hits.h"

#include "importer/intake/hit_parts.h"
#include "importer/intake/hit_steps.h"
#include "importer/reports/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace fairlist::importer {

namespace {

constexpr std::size_t kOriginBytesMax = 64;

std::string sensor_of(std::string_view kind, const SensorOrigin& origin) {
    return fmt::format("{}:{}", kind, printable(origin.name, kOriginBytesMax));
}

std::uint16_t product(std::uint16_t a, std::uint16_t b) noexcept {
    const std::uint32_t weight = std::uint32_t{a} * b / kHitWeightOne;
    return static_cast<std::uint16_t>(
        std::clamp<std::uint32_t>(weight, 1, std::numeric_limits<std::uint16_t>::max()));
}

// One spelling of a trap's name.
std::string canonical(std::string_view trap) {
    const auto address = parse_trap_address(trap);
    return address ? to_string(*address) : std::string(trap);
}

std::vector<std::string> secrets_of(std::string_view name, const std::optional<Trap>& trap) {
    // A name that is no address is kept out as if it were a local part.
    std::vector<std::string> secrets = {name.contains('@') ? canonical(name)
                                                           : std::string(name) + "@"};
    if (trap) {
        secrets.push_back(trap->address);
    }
    return secrets;
}

bool accuses(const Hit& hit) noexcept {
    return hit.address || !hit.links.empty();
}

std::string refusal_of(const Hit& hit) {
    return hit.steps.empty() ? "accuses nobody" : hit.steps.back();
}

}  // namespace

std::optional<Trap> SensorHits::find(std::string_view trap) const {
    std::uint32_t number = 0;
    const char* const end = trap.data() + trap.size();
    const auto read = std::from_chars(trap.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end) {
        auto found = vault_.trap(number);
        return found && found->state == TrapState::Active ? found : std::nullopt;
    }
    return vault_.find_trap(trap);
}

Result<Hit> SensorHits::of(const SensorHit& seen, const SensorOrigin& origin) const {
    const std::string name = canonical(seen.trap);
    const auto trap = find(seen.trap);
    const SecretWords secrets(secrets_of(seen.trap, trap));
    Hit hit;
    hit.time = seen.time;
    hit.kind = seen.kind;
    hit.sensor = sensor_of("hits", origin);
    hit.weight = trap ? product(seen.weight, trap->weight) : seen.weight;
    hit.trap = trap ? trap->number : 0;
    hit.helo = harmless(seen.helo, secrets);
    HitSteps steps(secrets);
    steps.add(fmt::format("seen by the sensor {} ({})", hit.sensor, to_string(hit.kind)));
    if (seen.address) {
        const FaultFinding fault = walk_to_fault({}, seen.address, rules_.fault);
        hit.address = fault.may_be_listed ? fault.peer : std::nullopt;
        steps.add_fault(fault);
    }
    if (seen.domain) {
        const std::vector<std::string> hosts = {seen.domain->text()};
        const auto links = shown_links(judge_links(hosts, {}, link_rules(rules_), suffixes_),
                                       secrets, {}, suffixes_);
        hit.links = subjects_of(links);
        steps.add_links(links);
    }
    hit.steps = std::move(steps).take();
    hit.key = vault_.hash("sensor hit")
                  .add_number(hit.time.seconds)
                  .add_number(static_cast<std::uint64_t>(hit.kind))
                  .add_part(hit.trap != 0 ? std::to_string(hit.trap) : name)
                  .add_part(hit.sensor)
                  .add_part(seen.address ? to_string(*seen.address) : "")
                  .add_part(seen.domain ? seen.domain->text() : "")
                  .finish();
    if (!trap) {
        hit.sensor += fmt::format(
            "/{:016x}",
            store::short_hash(vault_.hash("sensor trap").add_part(hit.sensor).add(name).finish()));
    }
    if (!accuses(hit)) {
        return fail(Errc::Refused, refusal_of(hit));
    }
    return hit;
}

Result<Hit> SensorHits::of(const AbuseReport& report, std::string_view bytes,
                           const SensorOrigin& origin) const {
    const SecretWords none({});
    Hit hit = reports_.of_report(report, none);
    hit.sensor = sensor_of("report", origin);
    hit.time = origin.received;
    hit.weight = std::max<std::uint16_t>(origin.weight, kHitWeightLeast);
    hit.key = vault_.hash("report").add_part(hit.sensor).add(bytes).finish();
    if (!accuses(hit)) {
        return fail(Errc::Refused,
                    report.why_no_source.empty() ? refusal_of(hit) : report.why_no_source);
    }
    return hit;
}

}  // namespace fairlist::importer
