#include "tools/fairlist/report_reader.h"

#include "importer/intake/packed_mail.h"
#include "importer/mail/prescan.h"
#include "importer/reports/report_mail.h"
#include "importer/reports/xarf.h"

#include <fmt/format.h>

#include <expected>
#include <string_view>
#include <utility>

namespace fairlist::cli {

using namespace importer;

namespace {

// A mail begins with a field's name (RFC 5322 section 3.6), JSON of ours with a brace.
bool is_json(std::string_view text) noexcept {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

ReportReader::ReportReader(std::string name, ByteStream& source, MailChild& child)
    : name_(std::move(name)), mails_(source, kMailBytesMax), child_(child) {}

Result<AbuseReport> ReportReader::parse(const MboxMail& mail) {
    if (mail.too_large) {
        return fail(Errc::OutOfRange, fmt::format("larger than {} bytes", kMailBytesMax));
    }
    if (is_json(mail.bytes)) {
        return parse_xarf(mail.bytes);
    }
    const auto record = child_.read(prescan(mail.bytes, PrescanLimits{}).message);
    if (!record) {
        return std::unexpected(record.error());
    }
    auto report = report_of(*record);
    if (!report) {
        return fail(Errc::Malformed,
                    "no abuse report: expected a mail with ARF (RFC 5965) or XARF, or XARF alone");
    }
    return std::move(*report);
}

Result<std::optional<ReadReport>> ReportReader::next() {
    auto mail = mails_.next();
    if (!mail) {
        return std::unexpected(mail.error());
    }
    if (!*mail) {
        return std::nullopt;
    }
    ++number_;
    const bool in_mbox = number_ > 1 || !(*mail)->from_line.empty();
    auto report = parse(**mail);
    if (!report && report.error().code == Errc::Io) {
        return std::unexpected(report.error());
    }
    return ReadReport{in_mbox ? fmt::format("{}: mail {}", name_, number_) : name_,
                      std::move((*mail)->bytes), std::move(report)};
}

}  // namespace fairlist::cli
