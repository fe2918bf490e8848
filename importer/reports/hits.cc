#include "importer/reports/hits.h"

#include "importer/formats/host_name.h"
#include "importer/formats/line_loop.h"
#include "importer/formats/words.h"
#include "importer/reports/json_fields.h"
#include "importer/reports/report_text.h"
#include "importer/reports/report_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <expected>
#include <span>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::string_view kTimeForms =
    "a time as RFC 3339 (\"2026-11-21T08:30:00Z\") or Unix seconds";

// Also as a number in a string.
std::optional<Time> parse_text_time(std::string_view text) {
    if (const auto time = parse_rfc3339(text)) {
        return time;
    }
    const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
    const auto seconds = is_number ? parse_time(text) : fail(Errc::Malformed, "");
    return seconds ? std::optional(*seconds) : std::nullopt;
}

std::optional<Time> parse_any_time(const boost::json::value& value) {
    if (const auto* text = value.if_string()) {
        return parse_text_time({text->data(), text->size()});
    }
    const double seconds = value.is_number() ? value.to_number<double>() : 0;
    const bool in_range = seconds >= 1 && seconds <= UINT32_MAX;
    return in_range ? std::optional(Time{static_cast<std::uint32_t>(seconds)}) : std::nullopt;
}

void take_time(JsonFields& fields, Time now, SensorHit& hit) {
    const boost::json::value* value = fields.any("time");
    const auto time = value == nullptr ? std::nullopt : parse_any_time(*value);
    if (!time) {
        fields.set_fault("time", kTimeForms);
    } else if (time->seconds > std::uint64_t{now.seconds} + kHitFutureSecondsMax) {
        fields.set_fault(
            "time", fmt::format("at most {} seconds after {}, and not {}", kHitFutureSecondsMax,
                                to_string(now), to_string(*time)));
    } else {
        hit.time = *time;
    }
}

void take_kind(JsonFields& fields, SensorHit& hit) {
    const auto kind = parse_hit_kind(fields.text("kind").value_or(""));
    if (!kind || *kind == HitKind::Report) {
        fields.set_fault("kind", "mail, web, ssh or other");
    } else {
        hit.kind = *kind;
    }
}

void take_trap(JsonFields& fields, SensorHit& hit) {
    const std::string_view trap = fields.text("trap").value_or("");
    const bool is_clean = std::ranges::none_of(
        trap, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; });
    if (trap.empty() || trap.size() > kTrapBytesMax || !is_clean) {
        fields.set_fault("trap", fmt::format("a name or an address of 1 to {} bytes without blanks",
                                             kTrapBytesMax));
    } else {
        hit.trap = trap;
    }
}

void take_accused(JsonFields& fields, SensorHit& hit) {
    if (const auto text = fields.text("address")) {
        if (const auto address = parse_address(*text)) {
            hit.address = *address;
        } else {
            fields.set_fault("address", "an IPv4 or IPv6 address");
        }
    }
    if (const auto text = fields.text("domain")) {
        auto name = parse_host_name(*text);
        if (name && name->scope == NameScope::Exact) {
            hit.domain = std::move(name->name);
        } else {
            fields.set_fault("domain", "a domain name");
        }
    }
    if (!hit.address && !hit.domain) {
        fields.set_fault("address", "an address, or a domain");
    }
}

void take_weight(JsonFields& fields, SensorHit& hit) {
    const double weight = fields.number("weight").value_or(1);
    const double hundredths = std::round(weight * kHitWeightOne);
    if (hundredths >= 1 && hundredths <= kHitWeightMax) {
        hit.weight = static_cast<std::uint16_t>(hundredths);
    } else {
        fields.set_fault("weight", "a number from 0.01 to 100");
    }
}

}  // namespace

Result<SensorHit> parse_hit(std::string_view line, Time now) {
    if (line.size() > kLineBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("longer than {} KiB", kLineBytesMax / 1024));
    }
    const auto object = parse_json_object(line);
    if (!object) {
        return std::unexpected(object.error());
    }
    JsonFields fields(*object);
    SensorHit hit;
    take_time(fields, now, hit);
    take_kind(fields, hit);
    take_trap(fields, hit);
    take_accused(fields, hit);
    take_weight(fields, hit);
    hit.helo = printable(fields.text("helo").value_or(""), kHitTextBytesMax);
    if (const std::optional<Error>& fault = fields.fault()) {
        return std::unexpected(*fault);
    }
    return hit;
}

std::optional<HitLine> HitReader::next() {
    Line line;
    while (status_ && input_.next_line(line)) {
        if (line.number > options_.lines_max) {
            status_ = fail(Errc::OutOfRange, fmt::format("{}: more than {} lines", input_.name(),
                                                         options_.lines_max));
            return std::nullopt;
        }
        if (const auto checked = check_line(line); !checked) {
            return HitLine{line.number, std::unexpected(checked.error())};
        }
        if (const std::string_view text = trim(line.text); !text.empty()) {
            return HitLine{line.number, parse_hit(text, options_.now)};
        }
    }
    if (status_) {
        status_ = input_.status();
    }
    return std::nullopt;
}

Input text_input(std::string name, std::string_view text) {
    return Input(std::move(name), [text](std::span<char> out) mutable -> Result<std::size_t> {
        const std::size_t bytes = std::min(out.size(), text.size());
        std::memcpy(out.data(), text.data(), bytes);
        text.remove_prefix(bytes);
        return bytes;
    });
}

}  // namespace fairlist::importer
