// Report reader: the abuse reports of a file, told by content: XARF, an ARF mail, or an mbox.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "importer/intake/mbox_reader.h"
#include "importer/mail/mail_child.h"
#include "importer/reports/report.h"
#include "listing/base/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace fairlist::cli {

struct ReadReport {
    std::string where;  // "reports.mbox: mail 3", or the file's name
    std::string bytes;  // the report as it came
    Result<importer::AbuseReport> report;
};

// Lifetime: the parts must outlive it. Memory: one report.
class ReportReader {
  public:
    ReportReader(std::string name, importer::ByteStream& source, importer::MailChild& child);

    // Not set: there are no more. Errors: of the source; Io (no mail can be read at all). What is
    // wrong with one report stands in it, and quotes nothing of it.
    [[nodiscard]] Result<std::optional<ReadReport>> next();

  private:
    [[nodiscard]] Result<importer::AbuseReport> parse(const importer::MboxMail& mail);

    std::string name_;
    importer::MboxReader mails_;
    importer::MailChild& child_;
    std::uint64_t number_ = 0;
};

}  // namespace fairlist::cli
