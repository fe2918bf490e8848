#include "importer/reports/report_time.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

struct TimeRow {
    std::string text;
    std::string_view expected;
};

std::string shown(const std::optional<Time>& time) {
    return time ? to_string(*time) : "none";
}

TEST(MailDate, IsReadAsMailsWriteIt) {
    const std::vector<TimeRow> rows = {
        // RFC 5322 section 3.3 and appendix A.
        {"Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T15:55:06Z"},
        {"21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z"},
        {"Tue, 1 Jul 2003 10:52:37 +0200", "2003-07-01T08:52:37Z"},
        {"Thu, 13 Feb 1969 23:32:54 -0330", "none"},
        {"Thu, 29 Apr 2009 00:00:00 -0000 (EST)", "2009-04-29T00:00:00Z"},
        {"Mon, 29 Apr 2013 23:45:50 PST", "2013-04-30T07:45:50Z"},
        {"Mon, 29 Apr 2013 23:45:50 EDT", "2013-04-30T03:45:50Z"},
        {"Fri, 31 Dec 2106 00:00:00 +0000", "none"},
        {"Fri, 32 Dec 2021 00:00:00 +0000", "none"},
        {"(only a comment)", "none"},
        {"", "none"},
        {"yesterday", "none"},
        {"Fri, 21 Nov 1997 09:55:06 -0600" + std::string(1000, ' '), "none"},
    };
    for (const TimeRow& row : rows) {
        EXPECT_EQ(shown(parse_mail_date(row.text)), row.expected) << row.text;
    }
}

TEST(Rfc3339, IsReadWithAnyOffset) {
    const std::vector<TimeRow> rows = {
        // RFC 3339 section 5.8.
        {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50Z"},
        {"1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"},
        {"1990-12-31T23:59:60Z", "none"},
        {"1937-01-01T12:00:27.87+00:20", "none"},
        {"2026-11-21t08:30:00z", "2026-11-21T08:30:00Z"},
        {"2026-11-21 08:30:00.123456789+01:30", "2026-11-21T07:00:00Z"},
        {"2026-11-21T08:30:00", "none"},
        {"2026-11-21T08:30:00.Z", "none"},
        {"2026-11-21T08:30:00+0100", "none"},
        {"2026-11-21T08:30:00+24:00", "none"},
        {"2026-11-21T08:30:00+01:60", "none"},
        {"2026-11-21T08:30:00+-1:00", "none"},
        {"2026-02-30T08:30:00Z", "none"},
        {"2026-11-21", "none"},
        {"1970-01-01T00:00:00Z", "none"},
        {"1970-01-01T00:00:01+00:01", "none"},
        {"2026-11-21T08:30:00." + std::string(1000, '1') + "Z", "none"},
        {"", "none"},
    };
    for (const TimeRow& row : rows) {
        EXPECT_EQ(shown(parse_rfc3339(row.text)), row.expected) << row.text;
    }
}

}  // namespace
}  // namespace fairlist::importer
