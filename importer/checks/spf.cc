#include "importer/checks/spf.h"

#include "importer/checks/spf_macro.h"
#include "importer/checks/spf_record.h"
#include "listing/model/prefix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <expected>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

std::string shown(std::string_view text) {
    std::string out(text.substr(0, 200));
    std::ranges::replace_if(out, [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return out;
}

SpfResult result_of(SpfQualifier qualifier) noexcept {
    switch (qualifier) {
        case SpfQualifier::Pass:
            return SpfResult::Pass;
        case SpfQualifier::Fail:
            return SpfResult::Fail;
        case SpfQualifier::SoftFail:
            return SpfResult::SoftFail;
        case SpfQualifier::Neutral:
            break;
    }
    return SpfResult::Neutral;
}

bool equals_nocase(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// The name itself or one below it.
bool is_below(std::string_view name, std::string_view domain) noexcept {
    if (name.size() <= domain.size()) {
        return equals_nocase(name, domain);
    }
    return name[name.size() - domain.size() - 1] == '.' &&
           equals_nocase(name.substr(name.size() - domain.size()), domain);
}

class Evaluation {
  public:
    Evaluation(DnsLookup& dns, const SpfQuestion& question) : dns_(dns), question_(question) {}

    SpfAnswer check(const std::string& domain) {
        auto record = find_record(domain);
        if (!record) {
            return record.error();
        }
        const auto parsed = parse_spf(*record);
        if (!parsed) {
            return {SpfResult::PermError,
                    fmt::format("record of {}: {}", shown(domain), parsed.error().message)};
        }
        for (const SpfDirective& directive : parsed->directives) {
            const auto hit = matches(directive, domain);
            if (!hit) {
                return hit.error();
            }
            if (*hit) {
                return {result_of(directive.qualifier), shown(*record)};
            }
        }
        return parsed->redirect ? redirected(*parsed->redirect, domain)
                                : SpfAnswer{SpfResult::Neutral, shown(*record)};
    }

  private:
    template <typename T>
    using Step = std::expected<T, SpfAnswer>;

    static std::unexpected<SpfAnswer> stop(SpfResult result, std::string why) {
        return std::unexpected(SpfAnswer{result, std::move(why)});
    }

    Step<std::string> find_record(const std::string& domain) {
        if (domain.empty() || domain.size() > kSpfNameBytesMax ||
            domain.find('.') == std::string::npos) {
            return stop(SpfResult::None,
                        fmt::format("{}: no name that could have a record", shown(domain)));
        }
        const auto reply = dns_.ask(domain, DnsType::Txt);
        if (!reply) {
            return reply.error().code == Errc::Malformed
                       ? stop(SpfResult::None, fmt::format("{}: no domain name", shown(domain)))
                       : stop(SpfResult::TempError, reply.error().message);
        }
        std::vector<std::string> found;
        std::ranges::copy_if(reply->records, std::back_inserter(found),
                             [](const std::string& text) { return is_spf(text); });
        if (found.empty()) {
            return stop(SpfResult::None, fmt::format("{} has no SPF record", shown(domain)));
        }
        if (found.size() > 1) {
            return stop(SpfResult::PermError,
                        fmt::format("{} has {} SPF records, one is allowed (RFC 7208 section 4.5)",
                                    shown(domain), found.size()));
        }
        return std::move(found.front());
    }

    Step<void> count_lookup() {
        if (++lookups_ > kSpfLookupsMax) {
            return stop(SpfResult::PermError,
                        fmt::format("more than {} terms ask the DNS (RFC 7208 section 4.6.4)",
                                    kSpfLookupsMax));
        }
        return {};
    }

    Step<DnsReply> ask(const std::string& name, DnsType type) {
        auto reply = dns_.ask(name, type);
        if (!reply && reply.error().code != Errc::Malformed) {
            return stop(SpfResult::TempError, reply.error().message);
        }
        DnsReply told = reply ? std::move(*reply) : DnsReply{ReplyKind::Missing, {}, 0};
        if (told.records.empty() && ++void_ > kSpfVoidMax) {
            return stop(SpfResult::PermError,
                        fmt::format("more than {} questions had no answer (RFC 7208 section "
                                    "4.6.4)",
                                    kSpfVoidMax));
        }
        return told;
    }

    [[nodiscard]] bool is_inside(const Address& base, const SpfDirective& directive) const {
        if (base.is_v4() != question_.address.is_v4()) {
            return false;
        }
        const unsigned length =
            base.is_v4() ? directive.v4_length + Prefix::kV4Offset : directive.v6_length;
        return mask_to(base, length) == mask_to(question_.address, length);
    }

    // Whether one of the name's addresses is in the network around the address.
    Step<bool> has_address(const std::string& name, const SpfDirective& directive) {
        const auto reply = ask(name, question_.address.is_v4() ? DnsType::A : DnsType::Aaaa);
        if (!reply) {
            return std::unexpected(reply.error());
        }
        return std::ranges::any_of(reply->records, [&](const std::string& text) {
            const auto address = parse_address(text);
            return address && is_inside(*address, directive);
        });
    }

    Step<bool> matches(const SpfDirective& directive, const std::string& domain) {
        switch (directive.mechanism) {
            case SpfMechanism::All:
                return true;
            case SpfMechanism::Ip4:
            case SpfMechanism::Ip6: {
                const auto base = parse_address(directive.domain);
                return base && is_inside(*base, directive);
            }
            default:
                break;
        }
        if (const auto counted = count_lookup(); !counted) {
            return std::unexpected(counted.error());
        }
        auto name = directive.domain.empty() ? Step<std::string>(domain)
                                             : expanded(directive.domain, domain);
        if (!name) {
            return std::unexpected(name.error());
        }
        switch (directive.mechanism) {
            case SpfMechanism::A:
                return has_address(*name, directive);
            case SpfMechanism::Mx:
                return has_exchange(*name, directive);
            case SpfMechanism::Ptr:
                return has_name(*name);
            case SpfMechanism::Exists:
                return exists(*name);
            default:
                return included(*name);
        }
    }

    Step<bool> has_exchange(const std::string& name, const SpfDirective& directive) {
        const auto reply = ask(name, DnsType::Mx);
        if (!reply) {
            return std::unexpected(reply.error());
        }
        if (reply->records.size() > kSpfNamesMax) {
            return stop(SpfResult::PermError,
                        fmt::format("{} has more than {} mail exchanges (RFC 7208 section 4.6.4)",
                                    shown(name), kSpfNamesMax));
        }
        for (const std::string& exchange : reply->records) {
            auto has = has_address(exchange, directive);
            if (!has || *has) {
                return has;
            }
        }
        return false;
    }

    // Section 5.5: the names of the address that lead back to it. Errors mean no match. Asked once
    // only: a record may name them hundreds of times.
    const std::vector<std::string>& validated_names() {
        if (!names_) {
            names_ = find_names();
        }
        return *names_;
    }

    std::vector<std::string> find_names() {
        std::vector<std::string> names;
        const auto reply = dns_.ask(reverse_name(question_.address), DnsType::Ptr);
        if (!reply) {
            return names;
        }
        const SpfDirective exact;
        for (std::size_t i = 0; i < reply->records.size() && i < kSpfNamesMax; ++i) {
            const auto back =
                dns_.ask(reply->records[i], question_.address.is_v4() ? DnsType::A : DnsType::Aaaa);
            const bool leads_back =
                back && std::ranges::any_of(back->records, [&](const std::string& text) {
                    const auto address = parse_address(text);
                    return address && is_inside(*address, exact);
                });
            if (leads_back) {
                names.push_back(reply->records[i]);
            }
        }
        return names;
    }

    Step<bool> has_name(const std::string& domain) {
        return std::ranges::any_of(validated_names(),
                                   [&](const std::string& name) { return is_below(name, domain); });
    }

    // Always by A, whatever family the address is of (section 5.7).
    Step<bool> exists(const std::string& name) {
        const auto reply = ask(name, DnsType::A);
        if (!reply) {
            return std::unexpected(reply.error());
        }
        return !reply->records.empty();
    }

    // Section 5.2.
    Step<bool> included(const std::string& name) {
        const SpfAnswer inner = check(name);
        switch (inner.result) {
            case SpfResult::Pass:
                return true;
            case SpfResult::Fail:
            case SpfResult::SoftFail:
            case SpfResult::Neutral:
                return false;
            case SpfResult::TempError:
                return std::unexpected(inner);
            case SpfResult::None:
            case SpfResult::PermError:
                break;
        }
        return stop(SpfResult::PermError, fmt::format("include:{}: {}", shown(name), inner.why));
    }

    // Section 6.1.
    SpfAnswer redirected(const std::string& spec, const std::string& domain) {
        if (const auto counted = count_lookup(); !counted) {
            return counted.error();
        }
        const auto name = expanded(spec, domain);
        if (!name) {
            return name.error();
        }
        SpfAnswer answer = check(*name);
        if (answer.result == SpfResult::None) {
            answer.result = SpfResult::PermError;
        }
        return answer;
    }

    std::string value_of(char letter, const std::string& domain) {
        switch (letter) {
            case 's':
                return as_name(question_.local_part + "@" + question_.domain);
            case 'l':
                return as_name(question_.local_part);
            case 'o':
                return as_name(question_.domain);
            case 'd':
                return domain;
            case 'i':
                return dotted(question_.address);
            case 'h':
                return as_name(question_.helo);
            case 'v':
                return question_.address.is_v4() ? "in-addr" : "ip6";
            case 'p':
                return best_name(domain);
            default:
                return "unknown";  // c, r and t stand in "exp" only
        }
    }

    // Section 7.3: the domain itself, else a name below it, else any.
    std::string best_name(const std::string& domain) {
        std::string best = "unknown";
        int rank = 0;
        for (const std::string& name : validated_names()) {
            const int of_name = equals_nocase(name, domain) ? 3 : is_below(name, domain) ? 2 : 1;
            if (of_name > rank) {
                rank = of_name;
                best = name;
            }
        }
        return best;
    }

    Step<std::string> expanded(std::string_view text, const std::string& domain) {
        auto name = expand_spf(text, [&](char letter) { return value_of(letter, domain); });
        return name ? Step<std::string>(std::move(*name))
                    : stop(SpfResult::PermError, name.error().message);
    }

    DnsLookup& dns_;
    const SpfQuestion& question_;
    unsigned lookups_ = 0;
    unsigned void_ = 0;
    std::optional<std::vector<std::string>> names_;
};

}  // namespace

std::string_view to_string(SpfResult result) noexcept {
    switch (result) {
        case SpfResult::None:
            return "none";
        case SpfResult::Neutral:
            return "neutral";
        case SpfResult::Pass:
            return "pass";
        case SpfResult::Fail:
            return "fail";
        case SpfResult::SoftFail:
            return "softfail";
        case SpfResult::TempError:
            return "temperror";
        case SpfResult::PermError:
            return "permerror";
    }
    return "?";
}

// The depth of includes and redirects is bounded by the look-ups that they count.
SpfAnswer check_spf(DnsLookup& dns, const SpfQuestion& question) {
    return Evaluation(dns, question).check(as_name(question.domain));
}

}  // namespace fairlist::importer
