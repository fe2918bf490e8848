#include "importer/checks/party_checks.h"

#include "importer/checks/dns_lookup.h"
#include "importer/checks/generic_name.h"
#include "importer/checks/spf.h"
#include "importer/dkim/resolv_conf.h"
#include "importer/mail/public_suffixes.h"
#include "listing/model/domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kServersMax = 8;
constexpr std::size_t kNamesMax = 10;
constexpr std::size_t kShownBytesMax = 200;

std::string shown(std::string_view text) {
    std::string out;
    for (const char each : text.substr(0, kShownBytesMax)) {
        const auto c = static_cast<unsigned char>(each);
        out += c >= 0x20 && c < 0x7F ? std::string(1, each) : fmt::format("\\{:03}", c);
    }
    return out;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
    });
    return out;
}

std::size_t labels_of(std::string_view name) noexcept {
    return 1 + static_cast<std::size_t>(std::ranges::count(name, '.'));
}

Check passed(CheckKind kind, std::string seen) {
    return {kind, CheckResult::Passed, std::move(seen), {}};
}

Check failed(CheckKind kind, std::string seen, std::string remedy) {
    return {kind, CheckResult::Failed, std::move(seen), std::move(remedy)};
}

Check unknown(CheckKind kind, std::string seen) {
    return {kind, CheckResult::Unknown, std::move(seen),
            "nothing to be done by you: it is looked at again"};
}

Check not_asked(CheckKind kind, std::string seen, std::string remedy) {
    return {kind, CheckResult::NotAsked, std::move(seen), std::move(remedy)};
}

// Of the listed address: its names, and the first that leads back to it.
struct Names {
    std::vector<std::string> all;
    std::string confirmed;
    Check ptr;
    Check confirmation;
};

// One party's look-ups, one after the other, all within its time.
class PartyLook {
  public:
    PartyLook(DnsLookup& dns, const PublicSuffixes& suffixes, const PartyQuestion& question)
        : dns_(dns), suffixes_(suffixes), question_(question) {}

    PartyFindings look() {
        Names names = find_names();
        PartyFindings findings;
        const Check generic = check_generic(names);
        findings.checks = {names.ptr, names.confirmation, generic, check_helo(),
                           check_sender(names)};
        findings.ptr_name = names.confirmed;
        findings.ptr_domain = owner_of(names.confirmed);
        if (!question_.challenge_label.empty() && !names.confirmed.empty()) {
            findings.challenge_seen = find_challenge(names.confirmed);
        }
        for (Check& check : findings.checks) {
            check.seen.resize(std::min(check.seen.size(), kCheckTextBytesMax));
            check.remedy.resize(std::min(check.remedy.size(), kCheckTextBytesMax));
        }
        return findings;
    }

  private:
    [[nodiscard]] DnsType family() const noexcept {
        return question_.address.is_v4() ? DnsType::A : DnsType::Aaaa;
    }
    [[nodiscard]] bool is_among(const std::vector<std::string>& addresses) const {
        return std::ranges::any_of(addresses, [&](const std::string& text) {
            const auto address = parse_address(text);
            return address && *address == question_.address;
        });
    }

    Names find_names() {
        Names names;
        const std::string reversed = reverse_name(question_.address);
        const auto reply = dns_.ask(reversed, DnsType::Ptr);
        if (!reply) {
            names.ptr = unknown(CheckKind::Ptr, reply.error().message);
            names.confirmation =
                unknown(CheckKind::Confirmed, "the name of the address could not be looked up");
            return names;
        }
        if (reply->records.empty()) {
            names.ptr = failed(CheckKind::Ptr, fmt::format("{} has no PTR record", reversed),
                               "have your provider set the PTR record of the address to the name "
                               "of your mail server (RFC 1912 section 2.1)");
            names.confirmation =
                failed(CheckKind::Confirmed, "there is no name to be confirmed",
                       "first set the PTR record, then an address record of that name");
            return names;
        }
        names.all = reply->records;
        names.all.resize(std::min(names.all.size(), kNamesMax));
        names.ptr = passed(CheckKind::Ptr, shown(names.all.front()));
        confirm(names);
        return names;
    }

    void confirm(Names& names) {
        bool is_unsure = false;
        for (const std::string& name : names.all) {
            const auto reply = dns_.ask(name, family());
            is_unsure = is_unsure || !reply;
            if (reply && is_among(reply->records)) {
                names.confirmed = lowered(name);
                names.confirmation =
                    passed(CheckKind::Confirmed, fmt::format("{} has the address {}", shown(name),
                                                             to_string(question_.address)));
                return;
            }
        }
        const std::string first = shown(names.all.front());
        names.confirmation =
            is_unsure ? unknown(CheckKind::Confirmed,
                                fmt::format("the addresses of {} could not be looked up", first))
                      : failed(CheckKind::Confirmed,
                               fmt::format("{} does not have the address {}", first,
                                           to_string(question_.address)),
                               fmt::format("give {} an {} record of {}", first, to_string(family()),
                                           to_string(question_.address)));
    }

    // The domain that the name is registered in; empty: none.
    [[nodiscard]] std::string owner_of(const std::string& name) const {
        const auto parsed = parse_domain(name);
        const auto owner = parsed ? suffixes_.registrable(*parsed) : std::nullopt;
        return owner ? owner->text() : std::string();
    }

    // How many labels at the end of the name are its owner's domain.
    [[nodiscard]] std::size_t owner_labels(const std::string& name) const {
        const std::string owner = owner_of(name);
        return !owner.empty() ? labels_of(owner) : std::min<std::size_t>(labels_of(name), 2);
    }

    Check check_generic(const Names& names) const {
        if (names.ptr.result == CheckResult::Unknown) {
            return unknown(CheckKind::NotGeneric, "the name of the address could not be looked up");
        }
        if (names.all.empty()) {
            return failed(CheckKind::NotGeneric, "there is no name",
                          "set a PTR record with a name of your own");
        }
        const std::string name =
            names.confirmed.empty() ? lowered(names.all.front()) : names.confirmed;
        const std::string why = generic_reason(name, question_.address, owner_labels(name));
        return why.empty() ? passed(CheckKind::NotGeneric, shown(name))
                           : failed(CheckKind::NotGeneric, fmt::format("{}: {}", shown(name), why),
                                    "have your provider set a PTR record with a name of your own, "
                                    "such as mail.example.net");
    }

    Check check_helo() {
        if (question_.helo.empty()) {
            return not_asked(CheckKind::Helo, "no HELO name was given",
                             "give the name that your server says in HELO to have it looked at");
        }
        const auto reply = dns_.ask(question_.helo, family());
        const std::string name = shown(question_.helo);
        if (!reply && reply.error().code != Errc::Malformed) {
            return unknown(CheckKind::Helo, reply.error().message);
        }
        if (!reply || reply->records.empty()) {
            return failed(CheckKind::Helo,
                          fmt::format("{} has no {} record", name, to_string(family())),
                          "have your server say a name in HELO that has an address (RFC 5321 "
                          "section 4.1.1.1)");
        }
        if (!is_among(reply->records)) {
            return failed(
                CheckKind::Helo,
                fmt::format("{} has another address: {}", name, shown(reply->records.front())),
                fmt::format("have your server say a name in HELO that has the address {}",
                            to_string(question_.address)));
        }
        return passed(CheckKind::Helo, fmt::format("{} has the address", name));
    }

    Check check_sender(const Names& names) {
        std::string domain = question_.mail_domain;
        if (domain.empty()) {
            domain = question_.helo.empty() ? names.confirmed : question_.helo;
        }
        if (domain.empty()) {
            return not_asked(CheckKind::Spf, "no domain was given",
                             "give a domain that you send mail of to have its SPF looked at");
        }
        // RFC 7208 section 4.3: without a local part it is "postmaster".
        const std::size_t at = domain.rfind('@');
        const std::string local = at == std::string::npos ? "" : domain.substr(0, at);
        domain.erase(0, at == std::string::npos ? 0 : at + 1);
        const SpfAnswer answer = check_spf(
            dns_,
            {question_.address, domain, local.empty() ? "postmaster" : local, question_.helo});
        const std::string seen =
            fmt::format("{}: {}: {}", shown(domain), to_string(answer.result), answer.why);
        switch (answer.result) {
            case SpfResult::Pass:
                return passed(CheckKind::Spf, seen);
            case SpfResult::TempError:
                return unknown(CheckKind::Spf, seen);
            case SpfResult::None:
            case SpfResult::Neutral:
                return not_asked(CheckKind::Spf, seen,
                                 fmt::format("publish an SPF record of {} that permits {}",
                                             shown(domain), to_string(question_.address)));
            case SpfResult::PermError:
                return failed(CheckKind::Spf, seen,
                              fmt::format("mend the SPF record of {} (RFC 7208)", shown(domain)));
            case SpfResult::Fail:
            case SpfResult::SoftFail:
                break;
        }
        return failed(CheckKind::Spf, seen,
                      fmt::format("add {}:{} to the SPF record of {}",
                                  question_.address.is_v4() ? "ip4" : "ip6",
                                  to_string(question_.address), shown(domain)));
    }

    // At the label below the name itself, and below the domain that it is registered in.
    std::string find_challenge(const std::string& name) {
        std::vector<std::string> places = {name};
        if (const std::string owner = owner_of(name); !owner.empty() && owner != name) {
            places.push_back(owner);
        }
        std::string texts;
        for (const std::string& place : places) {
            const auto reply = dns_.ask(question_.challenge_label + "." + place, DnsType::Txt);
            if (!reply) {
                continue;
            }
            for (std::size_t i = 0; i < reply->records.size() && i < kNamesMax; ++i) {
                texts += (texts.empty() ? "" : " ") + shown(reply->records[i]);
            }
        }
        return texts;
    }

    DnsLookup& dns_;
    const PublicSuffixes& suffixes_;
    const PartyQuestion& question_;
};

class ResolverChecks final : public PartyChecks {
  public:
    ResolverChecks(std::vector<DnsServer> servers, PublicSuffixes suffixes,
                   const PartyCheckOptions& options)
        : servers_(std::move(servers)),
          suffixes_(std::move(suffixes)),
          query_time_(options.query_time),
          party_time_(options.party_time),
          stop_(options.stop) {}

    PartyFindings look(const PartyQuestion& question) override {
        ResolverLookup dns(servers_, query_time_, std::chrono::steady_clock::now() + party_time_,
                           stop_);
        return look_at_party(dns, suffixes_, question);
    }

  private:
    std::vector<DnsServer> servers_;
    PublicSuffixes suffixes_;
    std::chrono::milliseconds query_time_;
    std::chrono::milliseconds party_time_;
    std::stop_token stop_;
};

}  // namespace

PartyFindings look_at_party(DnsLookup& dns, const PublicSuffixes& suffixes,
                            const PartyQuestion& question) {
    return PartyLook(dns, suffixes, question).look();
}

Result<std::unique_ptr<PartyChecks>> PartyChecks::open(PartyCheckOptions options) {
    std::vector<DnsServer> servers;
    for (const PartyCheckOptions::Server& server : options.resolvers) {
        servers.push_back({server.address, server.port});
    }
    if (servers.empty()) {
        auto found = read_resolv_conf("/etc/resolv.conf", kServersMax);
        if (!found) {
            return std::unexpected(found.error());
        }
        servers = std::move(*found);
    }
    auto suffixes = PublicSuffixes::open();
    if (!suffixes) {
        return std::unexpected(suffixes.error());
    }
    return std::make_unique<ResolverChecks>(std::move(servers), std::move(*suffixes), options);
}

}  // namespace fairlist::importer
