#include "importer/formats/rbldnsd_file.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/plain_line.h"
#include "importer/formats/record_fields.h"
#include "importer/formats/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

constexpr std::array<std::string_view, 7> kTypeNames = {"ip4set",  "ip4trie", "ip4tset", "ip6trie",
                                                        "ip6tset", "dnset",   "generic"};

// So many prefixes stay in the first-level cache.
constexpr std::size_t kPlainAtOnce = 512;

bool is_ip4_character(char c) noexcept {
    return (c >= '0' && c <= '9') || c == '.' || c == '/' || c == '-';
}

bool is_ip4(RbldnsdType type) noexcept {
    return type == RbldnsdType::Ip4Set || type == RbldnsdType::Ip4Trie ||
           type == RbldnsdType::Ip4Tset;
}

std::optional<ListKind> kind_of_type(RbldnsdType type) noexcept {
    if (type == RbldnsdType::Generic) {
        return std::nullopt;
    }
    return type == RbldnsdType::Dnset ? ListKind::Domain : ListKind::Address;
}

// Takes the subject off the front of an entry. An IPv4 subject may be followed directly by its
// value ("192.0.2.1:2:text"), the others by a blank or, if an address, by a comment.
std::string_view take_subject(RbldnsdType type, std::string_view& rest) noexcept {
    std::size_t end = 0;
    if (type == RbldnsdType::Dnset) {
        end = rest.find_first_of(" \t");
    } else if (is_ip4(type)) {
        end = static_cast<std::size_t>(std::ranges::find_if_not(rest, is_ip4_character) -
                                       rest.begin());
    } else {
        end = rest.find_first_of(" \t;#");
    }
    const std::string_view subject = rest.substr(0, end);
    rest.remove_prefix(std::min(end, rest.size()));
    return subject;
}

bool may_follow_subject(std::string_view rest) noexcept {
    return rest.empty() || is_blank(rest.front()) || rest.front() == ':' || rest.front() == ';' ||
           rest.front() == '#';
}

// "::1" is an address, while no default value begins with two colons.
bool is_default_line(std::string_view text) noexcept {
    return text.starts_with(':') && !text.starts_with("::");
}

Result<NameSubject> parse_dnset_name(std::string_view text) {
    auto name = parse_name_subject(text);
    if (name && name->name.text().find('*') != std::string::npos) {
        return fail(Errc::Malformed, fmt::format("domain \"{}\": a wildcard may only stand in "
                                                 "front, as \"*.\"",
                                                 excerpt(text)));
    }
    return name;
}

}  // namespace

std::optional<RbldnsdType> rbldnsd_type(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kTypeNames.size(); ++i) {
        if (equals_lower(name, kTypeNames[i])) {
            return static_cast<RbldnsdType>(i);
        }
    }
    return std::nullopt;
}

std::string_view to_string(RbldnsdType type) noexcept {
    return kTypeNames[static_cast<std::size_t>(type)];
}

RbldnsdFile::RbldnsdFile(const FormatOptions& options, RecordSink& sink,
                         std::optional<RbldnsdType> type)
    : options_(options),
      sink_(sink),
      facts_(options.facts == nullptr ? own_facts_ : *options.facts),
      type_(type),
      combined_(!type.has_value()) {
    if (type_) {
        facts_.sections.push_back({std::string(to_string(*type_)), {}, {}, 0, false});
    }
}

bool RbldnsdFile::is_trivial_set() const noexcept {
    return type_ == RbldnsdType::Ip4Tset || type_ == RbldnsdType::Ip6Tset;
}

Result<void> RbldnsdFile::take(std::string_view line) {
    const std::string_view text = trim(line);
    std::string_view special;
    if (text.empty()) {
        return {};
    }
    if (is_rbldnsd_special(text, special)) {
        return take_special(special);
    }
    if (text.front() == '#' || text.front() == ';' || skipping_) {
        return {};
    }
    if (!type_) {
        return fail(Errc::Malformed, "entry in front of the first $DATASET line");
    }
    if (type_ == RbldnsdType::Generic) {
        return take_generic(text);
    }
    return is_default_line(text) ? take_default(text) : take_entry(text);
}

LinesTaken RbldnsdFile::take_plain(std::string_view text) {
    LinesTaken taken;
    if (!type_ || !is_ip4(*type_) || skipping_) {
        return taken;
    }
    Record record;
    Prefix prefix;
    while (const std::size_t bytes = take_plain_line(text.substr(taken.bytes), prefix)) {
        const std::uint64_t addresses = std::uint64_t{1} << (128U - prefix.length);
        const bool is_good =
            addresses <= scope_.addresses_max &&
            (type_ != RbldnsdType::Ip4Tset || !text.substr(taken.bytes, bytes).contains('/')) &&
            (taken.lines != 0 || fill_verdict({}, record));
        if (!is_good) {
            break;
        }
        plain_.push_back(prefix);
        taken.bytes += bytes;
        ++taken.lines;
        if (plain_.size() == kPlainAtOnce) {
            accept_plain(record);
        }
    }
    if (!plain_.empty()) {
        accept_plain(record);
    }
    return taken;
}

Result<void> RbldnsdFile::take_special(std::string_view special) {
    std::string_view rest = special;
    if (combined_ && equals_lower(take_word(rest), "dataset")) {
        return start_section(rest);
    }
    has_last_ = false;
    RbldnsdScope& scope = type_ ? scope_ : common_;
    const auto applied = apply_rbldnsd_special(special, options_.now, scope, facts_);
    if (!type_) {
        scope_ = common_;
    }
    return applied;
}

Result<void> RbldnsdFile::start_section(std::string_view rest) {
    const std::string_view kind_and_name = take_word(rest);
    const std::size_t colon = kind_and_name.find(':');
    type_ = rbldnsd_type(kind_and_name.substr(0, colon));
    skipping_ = true;
    if (!type_) {
        return fail(Errc::Malformed,
                    fmt::format("$DATASET \"{}\": expected ip4set, ip4trie, ip4tset, ip6trie, "
                                "ip6tset, dnset or generic; the section is skipped",
                                excerpt(kind_and_name)));
    }
    if (facts_.sections.size() >= kSectionsMax) {
        return fail(Errc::OutOfRange, fmt::format("$DATASET: more than {} sections", kSectionsMax));
    }
    ZoneFacts::Section section;
    section.type = to_string(*type_);
    section.name =
        colon == std::string_view::npos ? std::string_view{} : kind_and_name.substr(colon + 1);
    section.subzones = rest;
    section.skipped = !section_is_wanted(section);
    skipping_ = section.skipped;
    facts_.sections.push_back(std::move(section));
    scope_ = common_;
    default_code_ = {};
    default_has_text_ = false;
    default_text_.clear();
    has_last_ = false;
    return {};
}

bool RbldnsdFile::section_is_wanted(const ZoneFacts::Section& section) const {
    if (const auto kind = kind_of_type(*type_); kind && *kind != options_.kind) {
        return false;
    }
    std::vector<Attribute> attributes = {{"dataset", section.name}, {"type", section.type}};
    std::string_view rest = section.subzones;
    while (!rest.empty()) {
        attributes.push_back({"subzone", take_word(rest)});
    }
    return options_.select.wants(attributes);
}

Result<void> RbldnsdFile::take_default(std::string_view text) {
    if (is_trivial_set() && scope_.has_entries) {
        return fail(Errc::Malformed,
                    "default value: in this type it concerns all entries: move it to the top");
    }
    const auto value = parse_rbldnsd_value(text, options_.foreign_codes);
    if (!value) {
        return std::unexpected(value.error());
    }
    default_code_ = value->code;
    default_has_text_ = value->has_text;
    default_text_ = value->text;
    has_last_ = false;
    return {};
}

// "www 3000 A 192.0.2.1": kept for people to read; it lists nothing.
Result<void> RbldnsdFile::take_generic(std::string_view text) {
    std::string_view rest = text;
    take_word(rest);
    std::string_view word = take_word(rest);
    if (parse_duration(word)) {
        word = take_word(rest);
    }
    if (equals_lower(word, "in")) {
        word = take_word(rest);
    }
    const bool known =
        equals_lower(word, "a") || equals_lower(word, "txt") || equals_lower(word, "mx");
    if (!known || rest.empty()) {
        return fail(Errc::Malformed, "expected \"name [ttl] A, TXT or MX value\"");
    }
    ++facts_.sections.back().entries;
    if (facts_.records.size() < kZoneRecordsMax) {
        facts_.records.emplace_back(text);
    } else {
        ++facts_.records_dropped;
    }
    return {};
}

Result<AddressRange> RbldnsdFile::parse_range(std::string_view text, bool exempt) const {
    switch (*type_) {
        case RbldnsdType::Ip4Set:
            return parse_rbldnsd_ip4(text, Ip4Syntax::Set, options_.allow_host_bits);
        case RbldnsdType::Ip4Trie:
            return parse_rbldnsd_ip4(text, Ip4Syntax::Trie, options_.allow_host_bits);
        case RbldnsdType::Ip4Tset:
            return parse_rbldnsd_ip4(text, Ip4Syntax::Tset, options_.allow_host_bits);
        case RbldnsdType::Ip6Tset:
            return parse_rbldnsd_ip6tset(text, exempt);
        default:
            return parse_rbldnsd_ip6(text, options_.allow_host_bits);
    }
}

Result<void> RbldnsdFile::take_entry(std::string_view text) {
    Record record;
    record.exempt = text.front() == '!';
    if (record.exempt && type_ == RbldnsdType::Ip4Tset) {
        return fail(Errc::Malformed, "an ip4tset has no exclusions");
    }
    std::string_view rest = record.exempt ? trim_left(text.substr(1)) : text;
    const std::string_view subject = take_subject(*type_, rest);
    if (!may_follow_subject(rest)) {
        return fail(Errc::Malformed, fmt::format("\"{}\": expected a blank, \":\" or a comment "
                                                 "behind the address",
                                                 excerpt(text)));
    }
    if (type_ == RbldnsdType::Dnset) {
        auto name = parse_dnset_name(subject);
        if (!name) {
            return std::unexpected(name.error());
        }
        record.subject = std::move(*name);
        if (const auto filled = fill_verdict(rest, record); !filled) {
            return filled;
        }
        accept(record);
        return {};
    }
    const auto range = parse_range(subject, record.exempt);
    if (!range) {
        return std::unexpected(range.error());
    }
    if (const auto filled = fill_verdict(rest, record); !filled) {
        return filled;
    }
    return accept_range(*range, record);
}

// The value of an exclusion is ignored, and so are those in a trivial set.
Result<void> RbldnsdFile::fill_verdict(std::string_view value_text, Record& record) {
    record.ttl_seconds = scope_.ttl_seconds;
    record.data_end = scope_.data_end;
    if (record.exempt) {
        return {};
    }
    record.code = default_code_;
    std::string_view text = default_has_text_ ? std::string_view(default_text_) : "";
    value_text = trim_left(value_text);
    const bool is_comment = value_text.starts_with('#') || value_text.starts_with(';');
    if (!value_text.empty() && !is_comment && !is_trivial_set()) {
        const auto value = parse_rbldnsd_value(value_text, options_.foreign_codes);
        if (!value) {
            return std::unexpected(value.error());
        }
        record.code = value->has_code ? value->code : default_code_;
        text = value->has_text ? value->text : text;
    }
    return fill_reason(text, record);
}

Result<void> RbldnsdFile::fill_reason(std::string_view text, Record& record) {
    if (!has_last_ || last_text_ != text) {
        const std::string_view placeholder =
            type_ == RbldnsdType::Dnset ? "{subject}" : "{address}";
        last_reason_ = rbldnsd_reason(text, scope_.variables, placeholder, scope_.unresolved);
        last_text_ = text;
        has_last_ = true;
        last_is_good_ = check_reason_text(last_reason_).has_value();
    }
    if (!last_is_good_) {
        return check_reason_text(last_reason_);
    }
    record.reason = last_reason_;
    return {};
}

Result<void> RbldnsdFile::accept_range(const AddressRange& range, Record& record) {
    if (is_ip4(*type_)) {
        const std::uint64_t addresses = range.last.low - range.first.low + 1;
        if (addresses > scope_.addresses_max) {
            return fail(Errc::OutOfRange, fmt::format("{} addresses: $MAXRANGE4 allows {}",
                                                      addresses, scope_.addresses_max));
        }
    }
    if (range.is_prefix) {
        record.subject = Prefix::of(range.first, range.length);
        accept(record);
        return {};
    }
    for (const Prefix& prefix : split_range(range.first, range.last)) {
        record.subject = prefix;
        accept(record);
    }
    return {};
}

void RbldnsdFile::accept(const Record& record) {
    count_entries(record, 1);
    sink_.accept(record);
}

void RbldnsdFile::accept_plain(const Record& record) {
    count_entries(record, plain_.size());
    sink_.accept_all(record, plain_);
    plain_.clear();
}

void RbldnsdFile::count_entries(const Record& record, std::uint64_t entries) {
    scope_.has_entries = true;
    if (record.data_end.is_set() &&
        (!facts_.data_end.is_set() || record.data_end < facts_.data_end)) {
        facts_.data_end = record.data_end;
    }
    facts_.sections.back().entries += entries;
}

}  // namespace fairlist::importer
