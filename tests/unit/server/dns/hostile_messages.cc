#include "tests/unit/server/dns/hostile_messages.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fairlist::dns::test {
namespace {

constexpr ParseResult kDrop{.outcome = ParseOutcome::Drop};
constexpr ParseResult kAnswer{.outcome = ParseOutcome::Answerable};
constexpr ParseResult kFormErr{.outcome = ParseOutcome::Respond, .rcode = Rcode::FormErr};
constexpr ParseResult kNotImp{.outcome = ParseOutcome::Respond, .rcode = Rcode::NotImp};
constexpr ParseResult kNotAuth{.outcome = ParseOutcome::Respond, .rcode = Rcode::NotAuth};
constexpr ParseResult kRefused{.outcome = ParseOutcome::Respond, .rcode = Rcode::Refused};
constexpr ParseResult kBadVers{.outcome = ParseOutcome::Respond, .rcode = Rcode::BadVers};
constexpr ParseResult kEmpty{.outcome = ParseOutcome::Respond, .rcode = Rcode::NoError};

constexpr std::uint16_t kOptionNsid = 3;
constexpr std::uint16_t kOptionEcs = 8;
constexpr std::uint16_t kOptionCookie = 10;
constexpr std::uint16_t kOptionKeepalive = 11;
constexpr std::uint16_t kOptionPadding = 12;
constexpr std::uint16_t kSig = 24;

using Rows = std::vector<HostileMessage>;

std::uint16_t opcode(unsigned number) {
    return static_cast<std::uint16_t>(number << 11U);
}

Bytes query(std::uint16_t flags) {
    return join({header({.flags = flags}), question(kTestName)});
}

Bytes header_and_question(const HeaderFields& fields) {
    return join({header(fields), question(kTestName)});
}

Bytes typed(std::uint16_t type) {
    return join({header(), question(kTestName, type)});
}

Bytes classed(std::uint16_t klass) {
    return join({header(), question(kTestName, type::kA, klass)});
}

Bytes raw_name(const Bytes& wire_name) {
    return join({header(), wire_name, u16(type::kA), u16(klass::kIn)});
}

Bytes cookie(std::size_t size) {
    return option(kOptionCookie, repeat(0x5A, size));
}

// Three labels of 63, and a last one that fills up to `size` with the root label.
Bytes long_name(std::size_t size) {
    Bytes bytes;
    for (std::size_t left = size - 1; left > 0;) {
        const std::size_t label = std::min<std::size_t>(63, left - 1);
        bytes.push_back(static_cast<std::uint8_t>(label));
        bytes.insert(bytes.end(), label, 'x');
        left -= label + 1;
    }
    bytes.push_back(0);
    return bytes;
}

Bytes short_labels(std::size_t count) {
    Bytes bytes;
    for (std::size_t i = 0; i < count; ++i) {
        bytes.insert(bytes.end(), {1, 'x'});
    }
    bytes.push_back(0);
    return bytes;
}

Bytes signed_query(const Bytes& tsig_record) {
    return join({header({.additionals = 1}), question(kTestName), tsig_record});
}

Bytes tsig_with(const RecordFields& fields) {
    return signed_query(record(fields));
}

void add_headers(Rows& rows) {
    rows.insert(
        rows.end(),
        {
            {"empty_datagram", {}, kDrop},
            {"one_byte", {0x12}, kDrop},
            {"short_header", repeat(0, 11), kDrop},
            {"no_question", header({.questions = 0}), kFormErr, Echo::HeaderOnly},
            {"no_question_opt", join({header({.questions = 0, .additionals = 1}), opt()}), kFormErr,
             Echo::HeaderOnly, true},
            {"no_question_cookie",
             join({header({.questions = 0, .additionals = 1}), opt(cookie(8))}), kEmpty,
             Echo::HeaderOnly, true},
            {"header_only", header(), kFormErr, Echo::HeaderOnly},
            {"question_without_type", join({header(), name(kTestName)}), kFormErr,
             Echo::HeaderOnly},
            {"question_cut_in_class", join({header(), name(kTestName), u16(1), {0}}), kFormErr,
             Echo::HeaderOnly},
            {"two_questions",
             join({header({.questions = 2}), question(kTestName), question(kTestName)}), kFormErr,
             Echo::HeaderOnly},
            {"questions_65535", join({header({.questions = 65535}), question(kTestName)}), kFormErr,
             Echo::HeaderOnly},
            {"answer_in_query", join({header({.answers = 1}), question(kTestName), a_record()}),
             kFormErr},
            {"authority_in_query",
             join({header({.authorities = 1}), question(kTestName), a_record()}), kFormErr},
            {"answer_missing", header_and_question({.answers = 1}), kFormErr},
            {"authority_missing", header_and_question({.authorities = 1}), kFormErr},
            {"additional_missing", header_and_question({.additionals = 1}), kFormErr},
            {"additional_a", join({header({.additionals = 1}), question(kTestName), a_record()}),
             kAnswer},
            {"trailing_bytes", join({header(), question(kTestName), repeat(0xFF, 5)}), kFormErr},
            {"response", query(0x8000), kDrop},
            {"notify_response", query(static_cast<std::uint16_t>(0x8000U | opcode(4))), kDrop},
        });
}

void add_flags(Rows& rows) {
    rows.insert(
        rows.end(),
        {
            {"opcode_1_iquery", query(opcode(1)), kNotImp, Echo::HeaderOnly},
            {"opcode_2_status", query(opcode(2)), kNotImp, Echo::HeaderOnly},
            {"opcode_3_unassigned", query(opcode(3)), kNotImp, Echo::HeaderOnly},
            {"opcode_4_notify", join({header({.flags = opcode(4)}), question("bl.example", 6)}),
             kNotAuth},
            {"opcode_5_update", query(opcode(5)), kNotImp, Echo::HeaderOnly},
            {"opcode_6_dso", header({.flags = opcode(6), .questions = 0}), kNotImp,
             Echo::HeaderOnly},
            {"opcode_15", query(opcode(15)), kNotImp, Echo::HeaderOnly},
            {"opcode_15_header_only", header({.flags = opcode(15)}), kNotImp, Echo::HeaderOnly},
            {"flag_tc", query(0x0200), kAnswer},
            {"flag_aa", query(0x0400), kAnswer},
            {"flag_rd", query(0x0100), kAnswer},
            {"flag_ra", query(0x0080), kAnswer},
            {"flag_z", query(0x0040), kAnswer},
            {"flag_ad", query(0x0020), kAnswer},
            {"flag_cd", query(0x0010), kAnswer},
            {"rcode_in_query", query(0x0005), kAnswer},
        });
}

void add_names(Rows& rows) {
    const Bytes loop = join({{1, 'a'}, {0xC0, 12}});
    rows.insert(
        rows.end(),
        {
            {"label_length_64", raw_name(join({{0x40}, repeat('x', 64), {0}})), kFormErr,
             Echo::HeaderOnly},
            {"label_length_128", raw_name(join({{0x80}, repeat('x', 128), {0}})), kFormErr,
             Echo::HeaderOnly},
            {"pointer_to_itself", raw_name({0xC0, 0x0C}), kFormErr, Echo::HeaderOnly},
            {"pointer_forward", raw_name({0xC0, 0xFF}), kFormErr, Echo::HeaderOnly},
            {"pointer_to_header", raw_name({0xC0, 0x00}), kFormErr, Echo::HeaderOnly},
            {"pointer_loop", raw_name(loop), kFormErr, Echo::HeaderOnly},
            {"name_255", raw_name(long_name(255)), kAnswer},
            {"name_256", raw_name(long_name(256)), kFormErr, Echo::HeaderOnly},
            {"labels_127", raw_name(short_labels(127)), kAnswer},
            {"labels_128", raw_name(short_labels(128)), kFormErr, Echo::HeaderOnly},
            {"label_overruns_message", join({header(), {63, 'x', 'y'}}), kFormErr,
             Echo::HeaderOnly},
            {"mixed_case", join({header(), question("2.0.0.127.bL.ExAmPlE")}), kAnswer},
            {"binary_label", raw_name(join({{3, 0x00, '.', 0xFF}, name("bl.example")})), kAnswer},
            {"root_name", join({header(), question("", type::kNs)}), kAnswer},
        });
}

void add_types(Rows& rows) {
    rows.insert(rows.end(), {
                                {"type_0", typed(0), kAnswer},
                                {"type_any", typed(type::kAny), kAnswer},
                                {"type_rrsig", typed(46), kAnswer},
                                {"type_65280", typed(65280), kAnswer},
                                {"type_65535", typed(65535), kAnswer},
                                {"type_opt", typed(type::kOpt), kFormErr},
                                {"type_tkey", typed(type::kTkey), kNotImp},
                                {"type_tsig", typed(type::kTsig), kFormErr},
                                {"type_mailb", typed(type::kMailb), kNotImp},
                                {"type_maila", typed(type::kMaila), kNotImp},
                                {"type_axfr_udp", typed(type::kAxfr), kNotImp},
                                {"type_ixfr_udp", typed(type::kIxfr), kRefused},
                                {"class_0", classed(0), kAnswer},
                                {"class_chaos", classed(klass::kChaos), kAnswer},
                                {"class_hesiod", classed(4), kAnswer},
                                {"class_none", classed(klass::kNone), kAnswer},
                                {"class_any", classed(klass::kAny), kAnswer},
                                {"class_1000", classed(1000), kAnswer},
                            });
}

Bytes ixfr_with(const Bytes& authority, std::uint16_t count) {
    return join({header({.authorities = count}), question("bl.example", type::kIxfr), authority});
}

Bytes soa_record() {
    return record(
        {.owner = {0xC0, 0x0C}, .type = type::kSoa, .rdata = join({{0}, {0}, repeat(0, 20)})});
}

void add_transfers(Rows& rows) {
    const Bytes opt_as_answer = join({header({.answers = 1}), question(kTestName), opt()});
    rows.insert(
        rows.end(),
        {
            {"ixfr_with_soa", ixfr_with(soa_record(), 1), kRefused},
            {"ixfr_with_two_soa", ixfr_with(join({soa_record(), soa_record()}), 2), kFormErr},
            {"ixfr_with_a", ixfr_with(a_record(), 1), kFormErr},
            {"notify_with_soa",
             join({header({.flags = opcode(4), .answers = 1}), question("bl.example", type::kSoa),
                   soa_record()}),
             kNotAuth},
            {"notify_without_question", header({.flags = opcode(4), .questions = 0}), kFormErr,
             Echo::HeaderOnly},
            {"notify_with_opt_answer",
             join({header({.flags = opcode(4), .answers = 1}), question("bl.example", type::kSoa),
                   opt()}),
             kFormErr},
            {"opt_in_answer", opt_as_answer, kFormErr},
            {"axfr_tcp", typed(type::kAxfr), kRefused, Echo::Question, false, Transport::Tcp},
            {"short_header_tcp", repeat(0, 11), kDrop, Echo::Question, false, Transport::Tcp},
            {"response_tcp", query(0x8000), kDrop, Echo::Question, false, Transport::Tcp},
            {"no_question_tcp", header({.questions = 0}), kFormErr, Echo::HeaderOnly, false,
             Transport::Tcp},
            {"http_text",
             Bytes{'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/', '1', '.', '1'}, kNotImp,
             Echo::HeaderOnly, false, Transport::Tcp},
        });
}

void add_edns(Rows& rows) {
    constexpr std::uint32_t kVersion1 = 0x0001'0000;
    constexpr std::uint32_t kVersion255 = 0x00FF'0000;
    const Bytes unknown = option(100, repeat(0x11, 4));
    const Bytes not_root = record({.owner = name("a"), .type = type::kOpt, .klass = 1232});
    Bytes overrun = opt();
    overrun[overrun.size() - 1] = 20;
    const Bytes two_with_a =
        join({header({.additionals = 2}), question(kTestName), opt(), a_record()});
    rows.insert(
        rows.end(),
        {
            {"edns_plain", edns_query(opt()), kAnswer, Echo::Question, true},
            {"edns_version_1", edns_query(opt({}, 1232, kVersion1)), kBadVers, Echo::Question,
             true},
            {"edns_version_255", edns_query(opt({}, 1232, kVersion255)), kBadVers, Echo::Question,
             true},
            {"edns_version_1_option", edns_query(opt(unknown, 1232, kVersion1)), kBadVers,
             Echo::Question, true},
            {"edns_version_1_other_options", edns_query(opt(repeat(0, 3), 1232, kVersion1)),
             kBadVers, Echo::Question, true},
            {"edns_unknown_option", edns_query(opt(unknown)), kAnswer, Echo::Question, true},
            {"edns_z_flag", edns_query(opt({}, 1232, 0x0040)), kAnswer, Echo::Question, true},
            {"edns_do", edns_query(opt({}, 1232, 0x8000)), kAnswer, Echo::Question, true},
            {"edns_size_0", edns_query(opt({}, 0)), kAnswer, Echo::Question, true},
            {"edns_size_511", edns_query(opt({}, 511)), kAnswer, Echo::Question, true},
            {"edns_size_65535", edns_query(opt({}, 65535)), kAnswer, Echo::Question, true},
            {"two_opts", join({header({.additionals = 2}), question(kTestName), opt(), opt()}),
             kFormErr, Echo::Question, true},
            {"opt_owner_not_root", edns_query(not_root), kFormErr, Echo::Question, true},
            {"opt_data_overruns", edns_query(overrun), kFormErr, Echo::Question, true},
            {"option_overruns", edns_query(opt(from_hex("000300090000"))), kFormErr, Echo::Question,
             true},
            {"opt_data_3_bytes", edns_query(opt(repeat(0, 3))), kFormErr, Echo::Question, true},
            {"edns_extended_rcode", edns_query(opt({}, 1232, 0x0100'0000)), kAnswer, Echo::Question,
             true},
            {"opt_then_a", two_with_a, kAnswer, Echo::Question, true},
        });
}

void add_options(Rows& rows) {
    const auto with = [&rows](std::string row, const Bytes& options, ParseResult expected) {
        rows.push_back({std::move(row), edns_query(opt(options)), expected, Echo::Question, true});
    };
    with("cookie_client", cookie(8), kAnswer);
    with("cookie_0", cookie(0), kFormErr);
    with("cookie_7", cookie(7), kFormErr);
    with("cookie_9", cookie(9), kFormErr);
    with("cookie_15", cookie(15), kFormErr);
    with("cookie_16", cookie(16), kAnswer);
    with("cookie_24_unknown", cookie(24), kAnswer);
    with("cookie_40", cookie(40), kAnswer);
    with("cookie_41", cookie(41), kFormErr);
    with("cookie_twice", join({cookie(8), cookie(24)}), kAnswer);
    with("cookie_second_malformed", join({cookie(8), cookie(3)}), kAnswer);
    with("nsid", option(kOptionNsid, {}), kAnswer);
    with("ecs_family_9", option(kOptionEcs, from_hex("00091800c00002")), kAnswer);
    with("ecs_bits_beyond_mask", option(kOptionEcs, from_hex("00010800ffffffff")), kAnswer);
    with("keepalive_udp", option(kOptionKeepalive, {}), kAnswer);
    with("padding", option(kOptionPadding, repeat(0, 100)), kAnswer);
    Bytes many;
    for (std::size_t i = 0; i <= kEdnsOptionsMax; ++i) {
        many = join({many, option(100, {})});
    }
    with("options_without_end", many, kFormErr);
    rows.push_back({"keepalive_tcp", edns_query(opt(option(kOptionKeepalive, {}))), kAnswer,
                    Echo::Question, true, Transport::Tcp});
}

void add_tsig(Rows& rows) {
    const Bytes rdata = tsig_rdata();
    const RecordFields good{.owner = name("key.example"),
                            .type = type::kTsig,
                            .klass = klass::kAny,
                            .ttl = 0,
                            .rdata = rdata};
    const auto with = [&](std::string row, auto change, ParseResult expected) {
        RecordFields fields = good;
        change(fields);
        rows.push_back({std::move(row), tsig_with(fields), expected});
    };
    with("tsig_unknown_key", [](RecordFields&) {}, kNotAuth);
    with(
        "tsig_unknown_algorithm",
        [](RecordFields& fields) { fields.rdata = tsig_rdata("hmac-none.example"); }, kNotAuth);
    with("tsig_no_data", [](RecordFields& fields) { fields.rdata.clear(); }, kFormErr);
    with("tsig_class_in", [](RecordFields& fields) { fields.klass = klass::kIn; }, kFormErr);
    with("tsig_ttl_1", [](RecordFields& fields) { fields.ttl = 1; }, kFormErr);
    with("tsig_data_one_short", [](RecordFields& fields) { fields.rdata.pop_back(); }, kFormErr);
    with("tsig_data_one_long", [](RecordFields& fields) { fields.rdata.push_back(0); }, kFormErr);
    with(
        "tsig_algorithm_pointer",
        [&](RecordFields& fields) {
            fields.rdata = join({{0xC0, 0x0C}, Bytes(rdata.begin() + 13, rdata.end())});
        },
        kFormErr);
    with(
        "tsig_key_pointer",
        [](RecordFields& fields) { fields.owner = {3, 'k', 'e', 'y', 0xC0, 12}; }, kNotAuth);
    with(
        "tsig_key_pointer_into_label", [](RecordFields& fields) { fields.owner = {0xC0, 13}; },
        kFormErr);
    with(
        "tsig_key_pointer_to_header", [](RecordFields& fields) { fields.owner = {0xC0, 2}; },
        kFormErr);
}

void add_additionals(Rows& rows) {
    const Bytes sig0 =
        record({.owner = name(""), .type = kSig, .klass = klass::kAny, .rdata = repeat(0, 30)});
    Bytes many = join({header({.additionals = kExtraRecordsMax + 1}), question(kTestName)});
    for (std::size_t i = 0; i <= kExtraRecordsMax; ++i) {
        many = join({many, a_record()});
    }
    rows.insert(
        rows.end(),
        {
            {"tsig_not_last",
             join({header({.additionals = 2}), question(kTestName), tsig(), opt()}), kFormErr},
            {"tsig_twice", join({header({.additionals = 2}), question(kTestName), tsig(), tsig()}),
             kFormErr},
            {"tsig_after_opt",
             join({header({.additionals = 2}), question(kTestName), opt(), tsig()}), kNotAuth,
             Echo::Question, true},
            {"sig0", signed_query(sig0), kAnswer},
            {"additionals_without_end", many, kFormErr},
            {"additional_owner_points_forward",
             signed_query(record({.owner = {0xC0, 0xFF}, .rdata = {192, 0, 2, 1}})), kFormErr},
            {"additional_owner_label_128",
             signed_query(record({.owner = {0x80, 0x00}, .rdata = {192, 0, 2, 1}})), kFormErr},
            {"additional_owner_256", signed_query(record({.owner = long_name(256)})), kFormErr},
        });
}

// A key name that fits by itself, and not with the end that its pointer gives it.
void add_long_key(Rows& rows) {
    const std::string label(63, 'k');
    const Bytes owner = join({{63}, Bytes(label.begin(), label.end()), {0xC0, 12}});
    const Bytes record_bytes = record({.owner = owner,
                                       .type = type::kTsig,
                                       .klass = klass::kAny,
                                       .ttl = 0,
                                       .rdata = tsig_rdata()});
    for (const std::size_t size : {std::size_t{191}, std::size_t{192}}) {
        const Bytes message = join({header({.additionals = 1}), long_name(size), u16(type::kA),
                                    u16(klass::kIn), record_bytes});
        rows.push_back({"tsig_key_pointer_" + std::to_string(size + 64), message,
                        size + 64 <= kNameBytesMax ? kNotAuth : kFormErr});
    }
}

Rows all_rows() {
    Rows rows;
    add_headers(rows);
    add_flags(rows);
    add_names(rows);
    add_types(rows);
    add_transfers(rows);
    add_edns(rows);
    add_options(rows);
    add_tsig(rows);
    add_long_key(rows);
    add_additionals(rows);
    return rows;
}

}  // namespace

const std::vector<HostileMessage>& hostile_messages() {
    static const Rows kRows = all_rows();
    return kRows;
}

}  // namespace fairlist::dns::test
