#include "server/outbox/report_letter.h"

#include "listing/base/check.h"
#include "server/outbox/mime_letter.h"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

namespace fairlist::outbox {

namespace json = boost::json;

namespace {

constexpr std::string_view kXarfVersion = "4.2.0";

std::string domain_of(std::string_view mailbox) {
    const std::size_t at = mailbox.rfind('@');
    return std::string(at == std::string_view::npos ? std::string_view("localhost")
                                                    : mailbox.substr(at + 1));
}

std::string hex_of(const unsigned char* bytes, std::size_t size) {
    std::string hex;
    for (std::size_t i = 0; i < size; ++i) {
        hex += fmt::format("{:02x}", bytes[i]);
    }
    return hex;
}

// The same for the same report, so that who gets it twice can tell (RFC 9562 section 5.8).
std::string uuid_of(const ReportSite& site, const ToldListing& listing) {
    std::array<unsigned char, 16> id{};
    const std::string text =
        fmt::format("fairlist report {} {} {}", site.from, listing.report, listing.since.seconds);
    crypto_generichash(id.data(), id.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), nullptr, 0);
    id[6] = static_cast<unsigned char>((id[6] & 0x0FU) | 0x80U);
    id[8] = static_cast<unsigned char>((id[8] & 0x3FU) | 0x80U);
    const std::string hex = hex_of(id.data(), id.size());
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20));
}

std::string counts(const std::map<std::string, std::uint64_t>& of) {
    std::string text;
    for (const auto& [name, count] : of) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
    }
    return text;
}

std::string evidence_text(const ToldListing& listing) {
    std::string text = fmt::format("{} hits", listing.hits);
    if (listing.last_hit.is_set()) {
        text += fmt::format(", the first kept one in the hour from {}, the last from {}",
                            to_string(listing.first_hit), to_string(listing.last_hit));
    }
    text += fmt::format("\n  kinds: {}", counts(listing.kinds));
    if (!listing.helos.empty()) {
        text += fmt::format("\n  HELO:  {}", counts(listing.helos));
    }
    if (!listing.names.empty()) {
        text += fmt::format("\n  PTR:   {}", counts(listing.names));
    }
    return text;
}

// Text of a provider's or an operator's: it stays within its line.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return line;
}

std::string paragraph(const ToldListing& listing) {
    std::string text = fmt::format("Report {}: {} {} in the list {}", listing.report,
                                   listing.subject, listing.cause, listing.list);
    text += fmt::format("\n  since {}, {}", to_string(listing.since),
                        listing.until.is_set()
                            ? fmt::format("ends by itself at {}", to_string(listing.until))
                            : std::string("without an end of its own"));
    if (listing.cause == "noticed") {
        text += "\n  a notice: it is listed only when hits go on";
    }
    if (!listing.customer.empty()) {
        text += fmt::format("\n  assigned to {} by your policy", one_line(listing.customer));
    }
    text += fmt::format("\n  {}\n  {}\n", one_line(listing.reason), evidence_text(listing));
    return text;
}

std::string letter_text(const ReportSite& site, const ReportDraft& draft) {
    std::string text = fmt::format("To the abuse desk of {}:\n\n", one_line(draft.provider_name));
    for (const ToldListing& listing : draft.listings) {
        text += paragraph(listing) + "\n";
    }
    text +=
        "What was done tells us: answer each report as \"fixed\", \"working-on-it\" or "
        "\"not-ours\", with your\ntoken";
    text += site.url.empty()
                ? fmt::format(", or write to {}.\n", site.contact)
                : fmt::format(": POST {}/v1/provider/reports/NUMBER/answers\n", site.url);
    text +=
        "A fix that you attest is believed as far as your word has held, and ends the listing "
        "sooner.\nNobody pays for a removal, ever.\n";
    text += fmt::format("\n{}{}{}\n", site.name, site.contact.empty() ? "" : ", ", site.contact);
    return text;
}

std::string mail_date(Time time) {
    const auto seconds = static_cast<std::time_t>(time.seconds);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                       kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                       kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}

// RFC 5965 section 3: one report is about one source, so it is the first listing's.
std::string feedback_text(const ToldListing& listing) {
    return fmt::format(
        "Feedback-Type: abuse\nUser-Agent: fairlist\nVersion: 1\nSource-IP: {}\nArrival-Date: {}\n"
        "Incidents: {}\n",
        listing.address, mail_date(listing.last_hit.is_set() ? listing.last_hit : listing.since),
        listing.hits);
}

json::object party(const ReportSite& site) {
    const std::string& contact = site.contact.empty() ? site.from : site.contact;
    return {{"org", site.name}, {"contact", contact}, {"domain", domain_of(contact)}};
}

json::object xarf_of(const ReportSite& site, const ReportDraft& draft, const ToldListing& listing) {
    const std::string evidence = evidence_text(listing);
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(evidence.data()),
                       evidence.size());
    std::string payload(sodium_base64_ENCODED_LEN(evidence.size(), sodium_base64_VARIANT_ORIGINAL),
                        '\0');
    sodium_bin2base64(payload.data(), payload.size(),
                      reinterpret_cast<const unsigned char*>(evidence.data()), evidence.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    payload.resize(payload.size() - 1);  // the final zero
    json::object report{{"xarf_version", kXarfVersion},
                        {"report_id", uuid_of(site, listing)},
                        {"timestamp", to_string(draft.now)},
                        {"reporter", party(site)},
                        {"sender", party(site)},
                        {"source_identifier", listing.address},
                        {"category", "reputation"},
                        {"type", "blocklist"},
                        {"evidence_source", "spamtrap"},
                        {"threat_type", "spam_source"},
                        {"first_reported", to_string(listing.since)}};
    report["evidence"] =
        json::array{{{"content_type", "text/plain"},
                     {"description", "Hits in words: no trap is named, times are to the hour"},
                     {"payload", payload},
                     {"hash", "sha256:" + hex_of(digest.data(), digest.size())}}};
    report["tags"] = json::array{"list:" + listing.list, "cause:" + listing.cause};
    return report;
}

json::object numbers(const std::map<std::string, std::uint64_t>& of) {
    json::object out;
    for (const auto& [name, count] : of) {
        out[name] = count;
    }
    return out;
}

json::value time_value(Time time) {
    return time.is_set() ? json::value(to_string(time)) : json::value(nullptr);
}

}  // namespace

std::string xarf_json(const ReportSite& site, const ReportDraft& draft,
                      const ToldListing& listing) {
    return json::serialize(xarf_of(site, draft, listing));
}

std::string report_json(const ReportSite& site, const ReportDraft& draft) {
    json::array reports;
    for (const ToldListing& listing : draft.listings) {
        reports.push_back({{"report", listing.report},
                           {"cause", listing.cause},
                           {"list", listing.list},
                           {"subject", listing.subject},
                           {"reason", listing.reason},
                           {"since", time_value(listing.since)},
                           {"until", time_value(listing.until)},
                           {"hits", listing.hits},
                           {"last_hit", time_value(listing.last_hit)},
                           {"kinds", numbers(listing.kinds)},
                           {"customer", listing.customer},
                           {"xarf", xarf_of(site, draft, listing)}});
    }
    return json::serialize(json::object{{"provider", draft.provider},
                                        {"batch", draft.batch},
                                        {"sent", to_string(draft.now)},
                                        {"reports", reports}});
}

Result<Letter> write_report(const ReportSite& site, const ReportDraft& draft) {
    FAIRLIST_CHECK(!draft.listings.empty());
    const ToldListing& first = draft.listings.front();
    LetterDraft letter;
    letter.from_name = site.name;
    letter.from = site.from;
    letter.to = draft.to;
    letter.subject =
        draft.listings.size() == 1
            ? fmt::format("Abuse report: {} {} in {}", first.subject, first.cause, first.list)
            : fmt::format("Abuse report: {} listings in your space", draft.listings.size());
    // The same letter, sent again after a crash, is the same message.
    letter.message_id = fmt::format("report-{}.{}@{}", draft.batch,
                                    uuid_of(site, first).substr(0, 8), domain_of(site.from));
    letter.date = draft.now;
    letter.text = letter_text(site, draft);
    letter.report_type = "feedback-report";
    letter.parts.push_back({"message/feedback-report", {}, feedback_text(first)});
    for (const ToldListing& listing : draft.listings) {
        letter.parts.push_back({"application/json", fmt::format("xarf-{}.json", listing.report),
                                xarf_json(site, draft, listing)});
    }
    return write_letter(letter);
}

}  // namespace fairlist::outbox
