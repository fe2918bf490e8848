#include "importer/dkim/dkim_signature.h"

#include "importer/dkim/tag_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>
#include <utility>

namespace fairlist::importer {

namespace {

using Fault = std::unexpected<DkimFault>;

constexpr std::size_t kNameBytesMax = 253;
constexpr std::size_t kTimeDigitsMax = 12;    // section 3.5, t= and x=
constexpr std::size_t kLengthDigitsMax = 19;  // longer bodies do not fit into the machine
constexpr std::string_view kKeyFolder = "._domainkey.";

Fault malformed(std::string detail) {
    return Fault(DkimFault{DkimRule::Malformed, std::move(detail)});
}

Fault unsupported(std::string detail) {
    return Fault(DkimFault{DkimRule::Unsupported, std::move(detail)});
}

// Letters, digits, "-" and "_", so that nothing in a name means something to a resolver.
std::optional<DomainName> parse_signing_name(std::string_view text) {
    const auto name = parse_domain(text);
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    if (!name || text.ends_with('.') || !std::ranges::all_of(name->text(), plain)) {
        return {};
    }
    return *name;
}

std::optional<DomainName> parse_signing_domain(std::string_view text) {
    auto name = parse_signing_name(text);
    // The grammar of d= wants a dot: no top-level domain signs.
    return name && name->text().find('.') != std::string::npos ? name : std::nullopt;
}

std::expected<DkimAlgorithm, DkimFault> parse_algorithm(std::string_view text) {
    if (text == "rsa-sha256") {
        return DkimAlgorithm::RsaSha256;
    }
    if (text == "ed25519-sha256") {
        return DkimAlgorithm::Ed25519Sha256;
    }
    if (text == "rsa-sha1") {
        return unsupported("rsa-sha1 proves nothing any more (RFC 8301 section 3.1)");
    }
    return unsupported("a= is neither rsa-sha256 nor ed25519-sha256");
}

std::optional<DkimCanon> parse_canon(std::string_view text) noexcept {
    if (text == "simple") {
        return DkimCanon::Simple;
    }
    return text == "relaxed" ? std::optional(DkimCanon::Relaxed) : std::nullopt;
}

bool below_or_same(const DomainName& name, const DomainName& top) {
    return name == top || name.text().ends_with("." + top.text());
}

// Reads the tags one after the other into a signature; the first fault ends it.
class SignatureReader {
  public:
    SignatureReader(std::string_view value, const TagList& tags) : value_(value), tags_(tags) {}

    std::expected<DkimSignature, DkimFault> read() {
        if (auto complete = check_required(); !complete) {
            return Fault(std::move(complete.error()));
        }
        const auto algorithm = parse_algorithm(*tags_.value("a"));
        if (!algorithm) {
            return Fault(algorithm.error());
        }
        const auto domain = parse_signing_domain(*tags_.value("d"));
        if (!domain) {
            return malformed("d= is no domain");
        }
        DkimSignature out(*algorithm, *domain);
        using Step = std::expected<void, DkimFault> (SignatureReader::*)(DkimSignature&) const;
        for (const Step step : {&SignatureReader::read_canon, &SignatureReader::read_selector,
                                &SignatureReader::read_identity, &SignatureReader::read_names,
                                &SignatureReader::read_hashes, &SignatureReader::read_numbers}) {
            if (auto done = (this->*step)(out); !done) {
                return Fault(std::move(done.error()));
            }
        }
        return out;
    }

  private:
    [[nodiscard]] std::expected<void, DkimFault> check_required() const {
        for (const std::string_view name : {"v", "a", "b", "bh", "d", "h", "s"}) {
            if (tags_.find(name) == nullptr) {
                return malformed(fmt::format("{}= is missing", name));
            }
        }
        if (*tags_.value("v") != "1") {
            return unsupported("v= is not 1");
        }
        const auto methods = split_at_colons(tags_.value("q").value_or("dns/txt"));
        if (std::ranges::find(methods, "dns/txt") == methods.end()) {
            return unsupported("q= does not offer dns/txt");
        }
        return {};
    }

    [[nodiscard]] std::expected<void, DkimFault> read_canon(DkimSignature& out) const {
        const std::string_view text = tags_.value("c").value_or("simple");
        const std::size_t slash = text.find('/');
        const auto header = parse_canon(text.substr(0, slash));
        const auto body = slash == std::string_view::npos ? std::optional(DkimCanon::Simple)
                                                          : parse_canon(text.substr(slash + 1));
        if (!header || !body) {
            return unsupported("c= is neither simple nor relaxed");
        }
        out.header_canon = *header;
        out.body_canon = *body;
        return {};
    }

    [[nodiscard]] std::expected<void, DkimFault> read_selector(DkimSignature& out) const {
        const auto selector = parse_signing_name(*tags_.value("s"));
        if (!selector) {
            return malformed("s= is no name");
        }
        out.selector = selector->text();
        if (key_record_name(out).size() > kNameBytesMax) {
            return malformed("s= and d= make a name longer than DNS has");
        }
        return {};
    }

    [[nodiscard]] std::expected<void, DkimFault> read_identity(DkimSignature& out) const {
        const auto text = tags_.value("i");
        if (!text) {
            return {};
        }
        const std::string identity = without_folding_space(*text);
        const std::size_t at = identity.rfind('@');
        const auto domain = at == std::string::npos
                                ? std::nullopt
                                : parse_signing_name(std::string_view(identity).substr(at + 1));
        if (!domain) {
            return malformed("i= names no domain");
        }
        if (!below_or_same(*domain, out.domain)) {
            return malformed("i= is neither d= nor below it");
        }
        out.identity_below = *domain != out.domain;
        return {};
    }

    [[nodiscard]] std::expected<void, DkimFault> read_names(DkimSignature& out) const {
        for (const std::string_view name : split_at_colons(*tags_.value("h"))) {
            if (name.empty() ||
                !std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; })) {
                return malformed("h= holds something that is no header name");
            }
            if (out.names.size() == kSignedNamesMax) {
                return malformed("h= holds more than 256 names");
            }
            std::ranges::transform(name, std::back_inserter(out.names.emplace_back()),
                                   to_lower_ascii);
        }
        if (std::ranges::find(out.names, "from") == out.names.end()) {
            return malformed("h= does not hold From");
        }
        return {};
    }

    [[nodiscard]] std::expected<void, DkimFault> read_hashes(DkimSignature& out) const {
        auto hash = decode_base64(*tags_.value("bh"), kSha256Bytes);
        if (!hash || hash->size() != kSha256Bytes) {
            return malformed("bh= is no SHA-256 in base64");
        }
        const Tag& tag = *tags_.find("b");
        auto signature = decode_base64(tag.value, kSignatureBytesMax);
        if (!signature || signature->empty()) {
            return malformed("b= is no signature in base64");
        }
        out.body_hash = std::move(*hash);
        out.signature = std::move(*signature);
        out.b_begin = static_cast<std::size_t>(tag.whole.data() - value_.data());
        out.b_bytes = tag.whole.size();
        return {};
    }

    [[nodiscard]] std::expected<void, DkimFault> read_numbers(DkimSignature& out) const {
        if (!read_number("l", kLengthDigitsMax, out.body_bytes) ||
            !read_number("t", kTimeDigitsMax, out.signed_at) ||
            !read_number("x", kTimeDigitsMax, out.expires)) {
            return malformed("l=, t= or x= is no number, or too large");
        }
        if (out.signed_at && out.expires && *out.expires <= *out.signed_at) {
            return malformed("x= is not after t=");
        }
        return {};
    }

    [[nodiscard]] bool read_number(std::string_view name, std::size_t digits_max,
                                   std::optional<std::uint64_t>& out) const {
        const auto text = tags_.value(name);
        if (!text) {
            return true;
        }
        std::uint64_t number = 0;
        const char* end = text->data() + text->size();
        const auto parsed = std::from_chars(text->data(), end, number);
        if (parsed.ec != std::errc() || parsed.ptr != end || text->size() > digits_max) {
            return false;
        }
        out = number;
        return true;
    }

    std::string_view value_;
    const TagList& tags_;
};

}  // namespace

std::expected<DkimSignature, DkimFault> parse_dkim_signature(std::string_view value) {
    const auto tags = parse_tag_list(value);
    if (!tags) {
        return malformed(tags.error().message);
    }
    return SignatureReader(value, *tags).read();
}

std::optional<DomainName> claimed_domain(std::string_view value) {
    const auto tags = parse_tag_list(value);
    const auto text = tags ? tags->value("d") : std::nullopt;
    return text ? parse_signing_domain(*text) : std::nullopt;
}

std::string key_record_name(const DkimSignature& signature) {
    return fmt::format("{}{}{}", signature.selector, kKeyFolder, signature.domain.text());
}

std::string canonical_own_field(const RawField& field, const DkimSignature& signature) {
    std::string whole(field.whole);
    const std::size_t value_begin = field.whole.size() - field.value.size();
    whole.erase(value_begin + signature.b_begin, signature.b_bytes);
    const std::string_view emptied = whole;
    return canonical_field({field.name, emptied, emptied.substr(value_begin)},
                           signature.header_canon);
}

}  // namespace fairlist::importer
