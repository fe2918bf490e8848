#include "importer/mail/received.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;
using testing::Not;

struct ReceivedCase {
    std::string name;
    std::string line;
    std::string peer;  // "-": none
    std::string helo;
    std::string peer_name;
    std::string by;
    std::string protocol;
    Transfer transfer = Transfer::Network;
};

void PrintTo(const ReceivedCase& c, std::ostream* out) {
    *out << c.name;
}

class ReceivedForm : public testing::TestWithParam<ReceivedCase> {};

TEST_P(ReceivedForm, IsRead) {
    const ReceivedCase& c = GetParam();
    const auto received = parse_received(c.line);
    ASSERT_TRUE(received) << received.error().message;
    EXPECT_EQ(received->peer ? to_string(*received->peer) : "-", c.peer);
    EXPECT_EQ(received->helo, c.helo);
    EXPECT_EQ(received->peer_name, c.peer_name);
    EXPECT_EQ(received->by, c.by);
    EXPECT_EQ(received->protocol, c.protocol);
    EXPECT_EQ(received->transfer, c.transfer);
}

constexpr auto kHandover = Transfer::Handover;
constexpr auto kFetched = Transfer::Fetched;

const std::vector<ReceivedCase> kPostfix = {
    {"postfix",
     "from helo.example (mail.example.com [192.0.2.1])\r\n\tby mx.example.net (Postfix) with ESMTP "
     "id 4F3\r\n\tfor <trap@example.net>; Thu, 22 Aug 2002 11:27:24 -0400 (EDT)",
     "192.0.2.1", "helo.example", "mail.example.com", "mx.example.net", "ESMTP"},
    {"postfix_without_ptr",
     "from friend (unknown [192.0.2.1]) by mx.example.net (Postfix) with SMTP id 1; x", "192.0.2.1",
     "friend", "", "mx.example.net", "SMTP"},
    {"postfix_ipv6",
     "from a.example (a.example [IPv6:2001:db8::1]) (using TLSv1.3 with cipher "
     "TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519) (No client certificate requested) "
     "by mx.example.net (Postfix) with ESMTPS id 1; x",
     "2001:db8::1", "a.example", "a.example", "mx.example.net", "ESMTPS"},
    {"postfix_literal_helo",
     "from [10.0.0.5] (dsl.example.org [192.0.2.1]) (Authenticated sender: a [198.51.100.9]) by "
     "mx.example.net (Postfix) with ESMTPSA id 1; x",
     "192.0.2.1", "[10.0.0.5]", "dsl.example.org", "mx.example.net", "ESMTPSA"},
    {"postfix_address_as_helo", "from 198.51.100.1 (unknown [192.0.2.1]) by mx.example.net; x",
     "192.0.2.1", "198.51.100.1", "", "mx.example.net", ""},
    {"postfix_by_a_user", "by mx.example.net (Postfix, from userid 1000) id 4F3; x", "-", "", "",
     "mx.example.net", "", kHandover},
    {"peer_that_calls_itself_by", "from by (unknown [192.0.2.1]) by mx.example.net with SMTP; x",
     "192.0.2.1", "by", "", "mx.example.net", "SMTP"},
    {"opensmtpd",
     "from a.example (ptr.example [192.0.2.1]); by mx.example.net (OpenSMTPD) with "
     "ESMTP id 1; Mon, 1 Jan 2024 00:00:00 +0000 (by nobody)",
     "192.0.2.1", "a.example", "ptr.example", "mx.example.net", "ESMTP"},
    {"haraka",
     "from a.example (Unknown [192.0.2.1]) by mx.example.net (Haraka/3.0.1) with ESMTP "
     "id 1.1 envelope-from <x>; x",
     "192.0.2.1", "a.example", "", "mx.example.net", "ESMTP"},
};

const std::vector<ReceivedCase> kSendmail = {
    {"sendmail",
     "from a.example (ptr.example [192.0.2.1]) by mx.example.net (8.11.6/8.11.6) with "
     "ESMTP id g7M for <t@x>; x",
     "192.0.2.1", "a.example", "ptr.example", "mx.example.net", "ESMTP"},
    {"sendmail_may_be_forged",
     "from mail1.example (host66.example\n    [192.0.2.66] (may be forged)) by mx.example.net "
     "(8.11.6/8.11.6)\n    with ESMTP id 1; x",
     "192.0.2.66", "mail1.example", "host66.example", "mx.example.net", "ESMTP"},
    {"sendmail_ident", "from x (IDENT:squid@[192.0.2.1]) by mx.example.net with SMTP id 1; x",
     "192.0.2.1", "x", "", "mx.example.net", "SMTP"},
    {"sendmail_ident_and_name", "from x (root@a.example [192.0.2.1]) by mx.example.net; x",
     "192.0.2.1", "x", "a.example", "mx.example.net", ""},
    {"sendmail_ident_that_lies",
     "from x (IDENT:[198.51.100.1] @a.example [192.0.2.1]) by mx.example.net; x", "192.0.2.1", "x",
     "a.example", "mx.example.net", ""},
    {"sendmail_without_ptr", "from xent.com ([192.0.2.1]) by mx.example.net; x", "192.0.2.1",
     "xent.com", "", "mx.example.net", ""},
    {"sendmail_ipv6", "from a.example ([IPv6:2001:db8:0:1::2]) by mx.example.net; x",
     "2001:db8:0:1::2", "a.example", "", "mx.example.net", ""},
    {"sendmail_by_a_user", "(from root@localhost) by mx.example.net (8.12.2/8.12.2/Submit) id 1; x",
     "-", "", "", "mx.example.net", "", kHandover},
};

const std::vector<ReceivedCase> kExim = {
    {"exim",
     "from ptr.example ([192.0.2.1] helo=claimed.example) by mx.example.net with esmtp "
     "(Exim 3.31-VA-mm2 #1 (Debian)) id 17h-1; Thu",
     "192.0.2.1", "claimed.example", "ptr.example", "mx.example.net", "esmtp"},
    {"exim_without_ptr",
     "from [192.0.2.1] (helo=claimed.example) by mx.example.net with smtp "
     "(Exim 4.96) (envelope-from <a@b>) id 1; x",
     "192.0.2.1", "claimed.example", "", "mx.example.net", "smtp"},
    {"exim_port",
     "from [192.0.2.1] (port=35524 helo=[198.51.100.9]) by mx.example.net with esmtps "
     "(TLS1.3) tls TLS_AES_256 (Exim 4.96) id 1; x",
     "192.0.2.1", "[198.51.100.9]", "", "mx.example.net", "esmtps tls TLS_AES_256"},
    {"exim_port_beside", "from ptr.example ([192.0.2.1]:4711 helo=x ident=y) by mx.example.net; x",
     "192.0.2.1", "x", "ptr.example", "mx.example.net", ""},
    {"exim_ipv6", "from ptr.example ([2001:db8::25]:25 helo=x) by mx.example.net with esmtps; x",
     "2001:db8::25", "x", "ptr.example", "mx.example.net", "esmtps"},
    {"exim_helo_is_the_name", "from a.example ([192.0.2.1]) by mx.example.net with esmtp; x",
     "192.0.2.1", "a.example", "", "mx.example.net", "esmtp"},
    {"exim_helo_that_lies", "from [192.0.2.1] (helo=x ident=z [198.51.100.1]) by mx.example.net; x",
     "192.0.2.1", "x", "", "mx.example.net", ""},
    {"exim_local", "from root by mx.example.net with local (Exim 4.96) id 1; x", "-", "root", "",
     "mx.example.net", "local", kHandover},
    {"ecelerity",
     "from [10.1.1.1] ([192.0.2.1:49494] helo=x) by mta.example (envelope-from <a@b>) "
     "(ecelerity 3.6) with ESMTP id 1; x",
     "192.0.2.1", "x", "", "mta.example", "ESMTP"},
};

const std::vector<ReceivedCase> kQmail = {
    {"qmail", "from unknown (HELO claimed.example) (192.0.2.1)\n  by mx.example.net with SMTP; x",
     "192.0.2.1", "claimed.example", "", "mx.example.net", "SMTP"},
    {"qmail_ptr", "from ptr.example (HELO claimed.example) (ident@192.0.2.1) by mx.example.net; x",
     "192.0.2.1", "claimed.example", "ptr.example", "mx.example.net", ""},
    {"qmail_login_of_yahoo",
     "from ptr.example (HELO claimed) (somebody@192.0.2.1 with login) by smtp.example.net with "
     "SMTP; x",
     "192.0.2.1", "claimed", "ptr.example", "smtp.example.net", "SMTP"},
    {"qmail_other_words_than_login",
     "from ptr.example (HELO claimed) (somebody@192.0.2.1 with haste) by smtp.example.net with "
     "SMTP; x",
     "-", "claimed", "ptr.example", "smtp.example.net", "SMTP"},
    {"qmail_helo_is_the_name", "from ptr.example (192.0.2.1) by 0 with SMTP; 1 Jan", "192.0.2.1",
     "ptr.example", "", "0", "SMTP"},
    {"qmail_ipv6", "from unknown (HELO x) (2001:db8::9) by mx.example.net with ESMTPS; x",
     "2001:db8::9", "x", "", "mx.example.net", "ESMTPS"},
    {"qmail_local", "(qmail 16858 invoked by uid 0); 11 Sep 2002 08:33:28 -0000", "-", "", "", "",
     "", kHandover},
    {"qmail_network", "(qmail 16858 invoked from network); 11 Sep 2002 08:33:28 -0000", "-", "", "",
     "", "", kHandover},
    {"yahoo", "from 127.0.0.1  (EHLO mail.example) (192.0.2.1)\n  by mta1.example with SMTP; x",
     "192.0.2.1", "mail.example", "", "mta1.example", "SMTP"},
    {"yahoo_nnfmp", "from [192.0.2.1] by n32.example with NNFMP; 22 Aug 2002", "192.0.2.1",
     "[192.0.2.1]", "", "n32.example", "NNFMP"},
    {"communigate",
     "from [192.0.2.1] (account u@x HELO [198.51.100.9]) by mx.example.net "
     "(CommuniGate Pro SMTP 6.2) with ESMTPSA id 1; x",
     "192.0.2.1", "[198.51.100.9]", "", "mx.example.net", "ESMTPSA"},
    {"xmail",
     "from a.example (192.0.2.1:51234) by mx.example.net with [XMail 1.27 ESMTP Server] "
     "id <S1> for <t@x> from <a@b>; x",
     "192.0.2.1", "a.example", "", "mx.example.net", "[XMail 1.27 ESMTP Server]"},
    {"courier",
     "from a.example (ptr.example [::ffff:192.0.2.1]) (AUTH: LOGIN u) by mx.example.net "
     "with esmtp; x",
     "192.0.2.1", "a.example", "ptr.example", "mx.example.net", "esmtp"},
};

const std::vector<ReceivedCase> kOthers = {
    {"exchange",
     "from A.example (192.0.2.1) by B.example (10.0.0.2) with Microsoft SMTP Server "
     "(version=TLS1_2, cipher=X) id 15.20.1; x",
     "192.0.2.1", "A.example", "", "B.example", "Microsoft SMTP Server"},
    {"exchange_ipv6",
     "from A.example (2603:10a6:20b:1::17) by B.example (2603:10a6::1) with "
     "Microsoft SMTP Server id 15.20; x",
     "2603:10a6:20b:1::17", "A.example", "", "B.example", "Microsoft SMTP Server"},
    {"exchange_zone", "from A.example ([fe80::1%12]) by A.example ([fe80::1%12]) with mapi id 1; x",
     "fe80::1", "A.example", "", "A.example", "mapi"},
    {"exchange_pickup", "from mail pickup service by a.example with Microsoft\n\tSMTPSVC; Tue", "-",
     "mail", "", "a.example", "Microsoft SMTPSVC", kHandover},
    {"exchange_smtpsvc", "from yu ([192.0.2.1]) by a.example with Microsoft SMTPSVC(5.0.2195); x",
     "192.0.2.1", "yu", "", "a.example", "Microsoft SMTPSVC"},
    {"gmail",
     "from m.example (m.example. [192.0.2.1]) by mx.google.com with ESMTPS id a1si1 for "
     "<t@x> (version=TLS1_3 cipher=X bits=256/256); x",
     "192.0.2.1", "m.example", "m.example", "mx.google.com", "ESMTPS"},
    {"gmail_inside", "by 2002:a05:6504:1491:b0:2a with SMTP id d17csp1; Thu, 22 Aug 2024", "-", "",
     "", "2002:a05:6504:1491:b0:2a", "SMTP", kHandover},
    {"gmail_web", "by 10.114.66.2 with HTTP; Thu", "-", "", "", "10.114.66.2", "HTTP", kHandover},
    {"fetchmail", "from mail.example [192.0.2.1] by localhost with POP3 (fetchmail-5.9.0) for t; x",
     "192.0.2.1", "mail.example", "", "localhost", "POP3", kFetched},
    {"fetchmail_imap", "from x [127.0.0.1] by localhost with IMAP (fetchmail-5.9.0); x",
     "127.0.0.1", "x", "", "localhost", "IMAP", kFetched},
    {"dovecot", "from mx.example.net by mx.example.net with LMTP id k1 (envelope-from <a@b>); x",
     "-", "mx.example.net", "", "mx.example.net", "LMTP", kHandover},
    {"webmail", "from 192.0.2.1 (SquirrelMail authenticated user u) by web.example with HTTP; x",
     "192.0.2.1", "192.0.2.1", "", "web.example", "HTTP"},
    {"bracket_beside_the_name", "from unknown[192.0.2.1](helo) by mx.example.net with SMTP; x",
     "192.0.2.1", "unknown[192.0.2.1]", "", "mx.example.net", "SMTP"},
    {"claimed_only", "from 192.0.2.1 by mx.example.net with SMTP id 1; x", "-", "192.0.2.1", "",
     "mx.example.net", "SMTP"},
    {"name_only", "from a.example by mx.example.net (MDaemon PRO v10) with ESMTP id 1; x", "-",
     "a.example", "", "mx.example.net", "ESMTP"},
    {"in_lower_and_upper_case",
     "FROM a.example (P.example [192.0.2.1]) BY mx.example.net WITH "
     "SMTP; x",
     "192.0.2.1", "a.example", "P.example", "mx.example.net", "SMTP"},
    {"no_address_in_brackets", "from a.example (ptr.example [999.0.2.1]) by mx.example.net; x", "-",
     "a.example", "", "mx.example.net", ""},
    {"bytes_that_are_no_text", std::string("from a\x01\xC3\xA4 (p\x7F [192.0.2.1]) by m; x"),
     "192.0.2.1", "a", "p?", "m", ""},
    {"escaped_bracket", "from a (p\\) [192.0.2.1]) by mx.example.net; x", "192.0.2.1", "a", "p\\)",
     "mx.example.net", ""},
    {"a_date_with_words", "from a ([192.0.2.1]) by m with SMTP; by x with y id z", "192.0.2.1", "a",
     "", "m", "SMTP"},
    {"empty", "", "-", "", "", "", "", kHandover},
};

const auto kName = [](const auto& info) {
    return info.param.name;
};
INSTANTIATE_TEST_SUITE_P(Postfix, ReceivedForm, testing::ValuesIn(kPostfix), kName);
INSTANTIATE_TEST_SUITE_P(Sendmail, ReceivedForm, testing::ValuesIn(kSendmail), kName);
INSTANTIATE_TEST_SUITE_P(Exim, ReceivedForm, testing::ValuesIn(kExim), kName);
INSTANTIATE_TEST_SUITE_P(Qmail, ReceivedForm, testing::ValuesIn(kQmail), kName);
INSTANTIATE_TEST_SUITE_P(Others, ReceivedForm, testing::ValuesIn(kOthers), kName);

TEST(Received, RefusesWhatIsTooLongTooDeepOrUnclosed) {
    const std::string from = "from trap@example.net (";
    const std::vector<std::string> lines = {
        std::string(kReceivedBytesMax + 1, 'a'),
        from + std::string(kCommentDepthMax, '(') + std::string(kCommentDepthMax + 1, ')'),
        from + "[192.0.2.1] by mx.example.net; x",
    };
    for (const std::string& line : lines) {
        const auto received = parse_received(line);
        ASSERT_FALSE(received);
        EXPECT_THAT(received.error().message, Not(HasSubstr("trap")));
    }
}

TEST(Received, KnowsTheRecipientsDomain) {
    const auto domain = [](const std::string& clause) {
        return parse_received("from a ([192.0.2.1]) by m with SMTP id 1 " + clause)
            .value()
            .recipient_domain;
    };
    EXPECT_EQ(domain("for <trap@example.net>; x"), "example.net");
    EXPECT_EQ(domain("for trap@example.net (x); x"), "example.net");
    EXPECT_EQ(domain("for <trap>; x"), "");
    EXPECT_EQ(domain("; for <trap@example.net>"), "");
    EXPECT_EQ(domain("for"), "");
}

TEST(Received, CutsLongTexts) {
    const auto received =
        parse_received("from " + std::string(9000, 'h') + " ([192.0.2.1]) by x with " +
                       std::string(5000, 'p') + " q");
    ASSERT_TRUE(received);
    EXPECT_EQ(received->helo.size(), kReceivedTextBytesMax);
    EXPECT_EQ(received->protocol.size(), kReceivedTextBytesMax);
    EXPECT_EQ(to_string(received->peer.value()), "192.0.2.1");
}

}  // namespace
}  // namespace fairlist::importer
