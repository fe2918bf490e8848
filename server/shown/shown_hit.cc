#include "server/shown/shown_hit.h"

#include "importer/mail/fault_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairlist {

namespace {

importer::Received peer_of(const Hit& hit) {
    importer::Received seen;
    seen.peer = hit.address;
    seen.helo = hit.helo;
    seen.peer_name = hit.peer_name;
    return seen;
}

}  // namespace

std::string weight_text(std::uint16_t weight) {
    const unsigned whole = weight / kHitWeightOne;
    const unsigned part = weight % kHitWeightOne;
    std::string text = part == 0 ? fmt::format("{}", whole) : fmt::format("{}.{:02}", whole, part);
    if (part != 0 && text.ends_with('0')) {
        text.pop_back();
    }
    return text;
}

ShownHit show_hit(const StoredHit& stored, bool in_full) {
    const Hit& hit = stored.hit;
    const importer::Received seen = peer_of(hit);
    ShownHit shown;
    shown.number = stored.number;
    shown.hour = hour_of(hit.time);
    shown.kind = hit.kind;
    shown.sensor = hit.sensor.substr(0, hit.sensor.find(':'));
    shown.address = hit.address ? to_string(*hit.address) : "";
    shown.ptr = importer::shown_name(seen);
    shown.helo = hit.kind == HitKind::Mail ? importer::helo_kind(seen) : "";
    shown.signer = hit.signer ? hit.signer->text() : "";
    for (const Subject& link : hit.links) {
        shown.links.push_back(to_string(link));
    }
    shown.weight = weight_text(hit.weight);
    shown.subject_hash = hit.subject_hash == 0 ? "" : fmt::format("{:016x}", hit.subject_hash);
    shown.steps = hit.steps;
    if (in_full) {
        shown.secret = {hit.time, hit.sensor, hit.helo, hit.trap, hit.mail};
    }
    return shown;
}

EvidenceSummary summarize(const Listing& listing, std::span<const StoredHit> hits) {
    EvidenceSummary summary;
    summary.hits = listing.hits;
    summary.kept = hits.size();
    for (const StoredHit& stored : hits) {
        const ShownHit shown = show_hit(stored, false);
        summary.first = summary.first.is_set() ? std::min(summary.first, shown.hour) : shown.hour;
        summary.last = std::max(summary.last, shown.hour);
        ++summary.kinds[std::string(to_string(shown.kind))];
        if (!shown.helo.empty()) {
            ++summary.helos[shown.helo];
        }
        const bool has_room =
            summary.names.size() < kSummaryNamesMax || summary.names.contains(shown.ptr);
        if (!shown.ptr.empty() && has_room) {
            ++summary.names[shown.ptr];
        }
    }
    return summary;
}

}  // namespace fairlist
