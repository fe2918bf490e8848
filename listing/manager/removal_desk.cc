#include "listing/manager/removal_desk.h"

#include "listing/manager/ledger_query.h"
#include "listing/manager/removal_impl.h"
#include "listing/manager/report_book.h"
#include "listing/store/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace fairlist {

using store::RemovalRecord;
using store::Table;

namespace {

// A name of the requester's is looked up at once; then so often until the proof lapses.
constexpr std::size_t kOpenLookedAt = 16;

bool is_open(RemovalState state) {
    return !has_ended(state) && state != RemovalState::Granted;
}

Error refused(std::string text) {
    return {Errc::Refused, std::move(text)};
}

bool is_word(std::string_view text, std::size_t bytes_max) {
    return text.size() <= bytes_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// Printable, of people: UTF-8 may be in it.
bool is_text(std::string_view text, std::size_t bytes_max) {
    return text.size() <= bytes_max && std::ranges::all_of(text, [](char c) {
               return static_cast<unsigned char>(c) >= ' ' || c == '\n';
           });
}

// Whose DNS is looked at: the address that was asked for, else the first of what is listed.
Address party_of(const NewRemoval& wanted, const RemovalTarget& target) {
    const auto* asked = std::get_if<Prefix>(&wanted.subject);
    const auto* listed = std::get_if<Prefix>(&target.subject);
    if (asked != nullptr && asked->length == 128) {
        return asked->base;
    }
    return listed == nullptr ? Address{} : listed->base;
}

std::optional<KnownRemoval> open_request(const store::Txn& txn, const RemovalTarget& target) {
    for (const KnownRemoval& known : removals_of(txn, target.list, target.subject, kOpenLookedAt)) {
        if (is_open(known.mark.state)) {
            return known;
        }
    }
    return std::nullopt;
}

// The provider's word, in the same transaction: its standing counts whether it held.
void note_word(RemovalJudge& judge, const RemovalRecord& record, const Actor& actor) {
    const Removal& removal = record.removal;
    if (!removal.attested || removal.listing == 0) {
        return;
    }
    Attest attest;
    attest.provider = removal.provider;
    attest.listing = removal.listing;
    attest.time = judge.ledger().now();
    attest.by = actor.name;
    attest.text = removal.statement;
    note_attest(judge.ledger().txn(), attest);
}

}  // namespace

std::unexpected<Error> RemovalDesk::Impl::none(std::uint64_t id) {
    return fail(Errc::NotFound, fmt::format("removal {}: there is none", id));
}

std::unexpected<Error> RemovalDesk::Impl::unknown_key() {
    return fail(Errc::NotFound, "no request has this key");
}

std::unexpected<Error> RemovalDesk::Impl::wrong_state(const Removal& removal,
                                                      std::string_view wanted) {
    return fail(
        Errc::Conflict,
        fmt::format("removal of {} from \"{}\": it is {}, so it cannot be {}",
                    to_string(removal.subject), removal.list, to_string(removal.state), wanted));
}

RemovalDesk::RemovalDesk(store::Environment& store, store::Environment& vault,
                         RemovalDeskOptions options)
    : impl_(std::make_unique<Impl>(store, vault, std::move(options))) {}

RemovalDesk::~RemovalDesk() = default;

Result<void> RemovalDesk::Impl::check_words(const NewRemoval& wanted) const {
    if (!is_word(wanted.helo, kRemovalNameBytesMax)) {
        return fail(Errc::Malformed, "helo: expected the name that the server gives in HELO");
    }
    if (!wanted.mail_domain.empty() && !parse_domain(wanted.mail_domain)) {
        return fail(Errc::Malformed, "mail domain: expected a domain name");
    }
    if (!is_text(wanted.statement, kRemovalTextBytesMax)) {
        return fail(Errc::OutOfRange, fmt::format("statement: expected text of at most {} bytes",
                                                  kRemovalTextBytesMax));
    }
    const bool is_box = wanted.mailbox == "postmaster" || wanted.mailbox == "abuse";
    if (wanted.proof == ProofKind::Mail && !is_box) {
        return fail(Errc::Malformed, "mailbox: expected postmaster or abuse");
    }
    return {};
}

Result<void> RemovalDesk::Impl::check_proof(const NewRemoval& wanted, const RemovalTarget& target,
                                            const Ground& known) const {
    const auto* prefix = std::get_if<Prefix>(&target.subject);
    const std::string subject = to_string(target.subject);
    if (target.rule.mode == RemovalMode::Never) {
        return std::unexpected(refused(fmt::format(
            "{} is listed in \"{}\" by the source \"{}\", which alone may end it: ask there",
            to_string(target.listed), target.list_name, target.source)));
    }
    switch (wanted.proof) {
        case ProofKind::Operator:
            return {};
        case ProofKind::Provider:
            if (prefix == nullptr || wanted.provider.empty() ||
                known.holder_of(*prefix) != wanted.provider) {
                return std::unexpected(refused(
                    fmt::format("{} is not held by \"{}\": only its holder may speak for it",
                                subject, wanted.provider)));
            }
            return {};
        case ProofKind::Mail:
            if (std::holds_alternative<NameSubject>(target.subject)) {
                return {};
            }
            break;
        default:
            break;
    }
    if (!is_one_party(target.subject)) {
        return std::unexpected(refused(
            fmt::format("{} is listed as a whole in \"{}\": one address does not speak for it, its "
                        "provider does{}",
                        subject, target.list_name,
                        prefix == nullptr ? ", or the domain's postmaster by mail" : "")));
    }
    if (wanted.proof == ProofKind::Address &&
        (wanted.peer == Address{} || !prefix->contains(wanted.peer))) {
        return std::unexpected(
            refused(fmt::format("the request does not come from {}: ask from there, or prove it by "
                                "mail or DNS, or let its provider ask",
                                subject)));
    }
    return {};
}

std::uint64_t RemovalDesk::Impl::last_number() {
    const store::ReadTxn txn(store);
    store::Cursor cursor(txn, Table::Removals);
    return cursor.last() ? store::key_number(cursor.key()).value_or(0) : 0;
}

Result<OpenedRemoval> RemovalDesk::Impl::open_one(const Actor& actor, const NewRemoval& wanted,
                                                  const RemovalTarget& target) {
    const auto told = [&](const KnownRemoval& known) {
        return Error{
            Errc::Conflict,
            fmt::format("a request to remove {} from \"{}\" is open already: it is {}",
                        to_string(target.subject), target.list_name, to_string(known.mark.state))};
    };
    if (const auto known = open_request(store::ReadTxn(store), target)) {
        return wanted.attested ? attest_open(actor, known->id, wanted.statement)
                               : std::unexpected(told(*known));
    }
    const Address party = party_of(wanted, target);
    const auto issued = proof.issue({wanted.peer, party, actor.name, wanted.mailbox},
                                    target.subject, last_number());
    if (!issued) {
        return std::unexpected(issued.error());
    }
    const bool is_domain = std::holds_alternative<NameSubject>(target.subject);
    Result<void> code;
    if (wanted.proof == ProofKind::Mail && is_domain) {
        code = proof.make_code(issued->id, std::get<NameSubject>(target.subject).name.text(),
                               Time{now().seconds + options.proof_seconds});
        if (!code) {
            return std::unexpected(code.error());
        }
    }
    Result<OpenedRemoval> result = OpenedRemoval{};
    write(actor, [&](RemovalJudge& judge) {
        if (const auto known = open_request(judge.ledger().txn(), target)) {
            result = std::unexpected(told(*known));
            return;
        }
        RemovalRecord record;
        record.list = target.list;
        Removal& removal = record.removal;
        removal.id = issued->id;
        removal.listing = target.listing;
        removal.list = target.list_name;
        removal.subject = target.subject;
        removal.proof = wanted.proof;
        removal.attested = wanted.attested && wanted.proof == ProofKind::Provider;
        removal.helo = wanted.helo;
        removal.mail_domain = wanted.mail_domain;
        removal.statement = wanted.statement;
        const bool proves = wanted.proof == ProofKind::Mail || wanted.proof == ProofKind::Dns;
        removal.state = proves ? RemovalState::Proving : RemovalState::Checking;
        removal.until = proves ? Time{now().seconds + options.proof_seconds} : Time{};
        record.mailing = wanted.proof == ProofKind::Mail && is_domain;
        record.look = record.mailing ? Time{} : now();
        judge.place(record);
        judge.book().add(record, "");
        note_word(judge, record, actor);
        if (!proves) {
            removal.made = judge.ledger().now();
            judge.decide_early(record);
        }
        result = OpenedRemoval{removal, issued->key,
                               wanted.proof == ProofKind::Dns ? proof.challenge(removal.id) : ""};
    });
    return result;
}

// The holder's word comes to a request that somebody else has made already.
Result<OpenedRemoval> RemovalDesk::Impl::attest_open(const Actor& actor, std::uint64_t id,
                                                     const std::string& text) {
    const auto attested =
        edit(actor, id, [&](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
            Removal& removal = record.removal;
            const bool waits = removal.state == RemovalState::Proving ||
                               removal.state == RemovalState::Checking ||
                               removal.state == RemovalState::Waiting;
            if (!waits || removal.attested) {
                return wrong_state(removal, "attested again");
            }
            removal.attested = true;
            removal.proof = ProofKind::Provider;
            removal.statement = text;
            record.look = judge.ledger().now();
            if (removal.state == RemovalState::Checking) {
                judge.book().save(record);
            } else {
                judge.book().move(record, RemovalState::Checking, "its holder attests a fix");
            }
            note_word(judge, record, actor);
            judge.decide_early(record);
            return {};
        });
    if (!attested) {
        return std::unexpected(attested.error());
    }
    return OpenedRemoval{*attested, "", ""};
}

Result<std::vector<OpenedRemoval>> RemovalDesk::open(const Actor& actor, const NewRemoval& wanted) {
    if (const auto good = impl_->check_words(wanted); !good) {
        return std::unexpected(good.error());
    }
    Result<std::vector<RemovalTarget>> targets;
    std::shared_ptr<const Ground> known;
    {
        const store::ReadTxn txn(impl_->store);
        targets =
            find_removal_targets(txn, impl_->options, wanted.list, wanted.subject, impl_->now());
        known = impl_->ground.current(txn, impl_->now());
    }
    if (!targets) {
        return std::unexpected(targets.error());
    }
    std::vector<OpenedRemoval> opened;
    std::optional<Error> first;
    for (const RemovalTarget& target : *targets) {
        const auto fits = impl_->check_proof(wanted, target, *known);
        auto one = fits ? impl_->open_one(actor, wanted, target)
                        : Result<OpenedRemoval>(std::unexpected(fits.error()));
        if (one) {
            opened.push_back(std::move(*one));
        } else if (!first) {
            first = one.error();
        } else {
            first->message += "; " + one.error().message;
        }
    }
    if (opened.empty()) {
        return std::unexpected(*first);
    }
    return opened;
}

Result<Removal> RemovalDesk::grant(const Actor& actor, std::uint64_t id, std::string_view why,
                                   std::string_view provider) {
    return impl_->edit(actor, id, [&](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
        Removal& removal = record.removal;
        if (!provider.empty() && removal.provider != provider) {
            return Impl::none(id);  // another's is not told from one that is not there
        }
        const bool exempts =
            removal.listing == 0 ||
            removal_rule(impl_->options, removal.list).mode == RemovalMode::Exemption;
        if (!provider.empty() && !exempts) {
            return fail(Errc::Refused,
                        "of a listing by hits a provider attests that it is fixed; "
                        "only an operator grants it outright");
        }
        if (!may_become(removal.state, RemovalState::Granted)) {
            return Impl::wrong_state(removal, "granted");
        }
        if (removal.state == RemovalState::Refused &&
            !is_still_listed(judge.ledger().txn(), impl_->options, removal, judge.ledger().now())) {
            return fail(Errc::Conflict, fmt::format("removal {}: {} is not listed any more", id,
                                                    to_string(removal.subject)));
        }
        if (removal.state != RemovalState::Refused && judge.end_if_moot(record)) {
            return {};
        }
        judge.grant(record,
                    fmt::format("granted by {}{}{}",
                                provider.empty() ? "an operator" : "who holds the address",
                                why.empty() ? "" : ": ", why.substr(0, kCheckTextBytesMax)));
        return {};
    });
}

Result<Removal> RemovalDesk::refuse(const Actor& actor, std::uint64_t id, std::string_view why,
                                    std::string_view provider) {
    return impl_->edit(actor, id, [&](RemovalJudge& judge, RemovalRecord& record) -> Result<void> {
        Removal& removal = record.removal;
        if (!provider.empty() && removal.provider != provider) {
            return Impl::none(id);
        }
        if (why.empty()) {
            return fail(Errc::Malformed, "a refusal needs its reason: who asked is told it");
        }
        if (!may_become(removal.state, RemovalState::Refused)) {
            return Impl::wrong_state(removal, "refused");
        }
        removal.outcome = fmt::format("refused by {}: {}",
                                      provider.empty() ? "an operator" : "who holds the address",
                                      why.substr(0, kCheckTextBytesMax));
        removal.until = {};
        judge.book().move(record, RemovalState::Refused, removal.outcome);
        return {};
    });
}

RemovalDesk::Attested RemovalDesk::Impl::attest_one(const Actor& actor, std::string_view provider,
                                                    const Listing& listing, std::string_view text) {
    Attested attested{listing.id, listing.subject, listing.list, fail(Errc::NotFound, "")};
    NewRemoval wanted;
    wanted.list = listing.list;
    wanted.subject = listing.subject;
    wanted.proof = ProofKind::Provider;
    wanted.provider = provider;
    wanted.statement = text;
    wanted.attested = true;
    RemovalTarget target;
    Result<void> fits = fail(Errc::NotFound, "not listed any more");
    {
        const store::ReadTxn txn(store);
        const auto found = find_removal_targets(txn, options, listing.list, listing.subject, now());
        if (found && found->front().listing == listing.id) {
            target = found->front();
            fits = check_proof(wanted, target, *ground.current(txn, now()));
        }
    }
    if (!fits) {
        attested.result = std::unexpected(fits.error());
        return attested;
    }
    auto opened = open_one(actor, wanted, target);
    if (opened) {
        attested.result = std::move(opened->removal);
    } else {
        attested.result = std::unexpected(opened.error());
    }
    return attested;
}

}  // namespace fairlist
