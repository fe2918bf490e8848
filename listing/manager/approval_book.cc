#include "listing/manager/approval_book.h"

#include "listing/base/check.h"
#include "listing/manager/audit_note.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace fairlist {

using store::ApprovalRecord;
using store::ApprovalState;
using store::Table;

namespace {

std::optional<Approval> read(const store::Txn& txn, std::uint64_t id) {
    const auto bytes = txn.get(Table::Approvals, store::approval_key(id));
    if (!bytes) {
        return std::nullopt;
    }
    auto record = store::decode_approval(*bytes);
    if (!record) {
        throw store::StoreError(fmt::format("store: approvals: record {} cannot be read", id));
    }
    return Approval{id, *std::move(record)};
}

void save(store::WriteTxn& txn, const Approval& approval) {
    txn.put(Table::Approvals, store::approval_key(approval.id), store::encode(approval.record));
}

std::uint64_t last_id(const store::Txn& txn) {
    store::Cursor cursor(txn, Table::Approvals);
    return cursor.last() ? store::approval_id(cursor.key()).value_or(0) : 0;
}

bool has_lapsed(const ApprovalRecord& record, Time now) noexcept {
    return record.state == ApprovalState::Waiting && record.until <= now;
}

// Those that may still be approved: all of them were asked for within the lifetime.
std::size_t waiting(const store::Txn& txn, Time now) {
    std::size_t count = 0;
    store::Cursor cursor(txn, Table::Approvals);
    for (bool more = cursor.last(); more; more = cursor.previous()) {
        const auto record = store::decode_approval(cursor.value());
        if (!record || record->until <= now) {
            break;
        }
        count += record->state == ApprovalState::Waiting ? 1U : 0U;
    }
    return count;
}

std::string cut(std::string_view text) {
    return std::string(text.substr(0, store::kApprovalTextBytesMax));
}

AuditNote note_of(std::string_view action, const Approval& approval) {
    const ApprovalRecord& record = approval.record;
    AuditNote note{fmt::format("approval.{}", action),
                   {{"approval", fmt::format("{}", approval.id)},
                    {"action", record.action},
                    {"asked by", record.asked_by},
                    {"request", fmt::format("{} {}", record.method, record.target)},
                    {"touches", record.blast}}};
    if (!record.outcome.empty()) {
        note.details.emplace_back("outcome", record.outcome);
    }
    return note;
}

Error none(std::uint64_t id) {
    return {Errc::NotFound, fmt::format("approval {}: there is none", id)};
}

Result<void> check_open(const Approval& approval, Time now) {
    if (has_lapsed(approval.record, now)) {
        return fail(Errc::Conflict,
                    fmt::format("approval {}: its time was over at {}; ask for it again",
                                approval.id, to_string(approval.record.until)));
    }
    if (approval.record.state != ApprovalState::Waiting) {
        return fail(Errc::Conflict, fmt::format("approval {}: it is {} already", approval.id,
                                                state_word(approval.record, now)));
    }
    return {};
}

Result<void> check_sizes(const NewApproval& wanted) {
    if (wanted.body.size() > store::kApprovalBodyBytesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("a body of {} bytes: at most {} can wait for a second person",
                                wanted.body.size(), store::kApprovalBodyBytesMax));
    }
    if (wanted.target.size() > store::kApprovalTargetBytesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("a target of {} bytes: at most {} can wait for a second person",
                                wanted.target.size(), store::kApprovalTargetBytesMax));
    }
    return {};
}

}  // namespace

std::string_view state_word(const ApprovalRecord& approval, Time now) noexcept {
    switch (approval.state) {
        case ApprovalState::Waiting:
            return has_lapsed(approval, now) ? "lapsed" : "waiting";
        case ApprovalState::Approved:
            return "approved";
        case ApprovalState::Done:
            return "done";
        case ApprovalState::Failed:
            return "failed";
        case ApprovalState::Refused:
            break;
    }
    return "refused";
}

ApprovalBook::ApprovalBook(store::Environment& environment, std::function<Time()> clock)
    : environment_(environment), clock_(std::move(clock)) {}

Result<Approval> ApprovalBook::ask(const Actor& actor, const NewApproval& wanted) {
    if (const auto good = check_sizes(wanted); !good) {
        return std::unexpected(good.error());
    }
    const Time time = clock_();
    Result<Approval> result{};
    environment_.write([&](store::WriteTxn& txn) {
        if (waiting(txn, time) >= kWaitingMax) {
            result = fail(Errc::OutOfRange,
                          fmt::format("{} requests wait for a second person already", kWaitingMax));
            return;
        }
        Approval approval;
        approval.id = last_id(txn) + 1;
        ApprovalRecord& record = approval.record;
        record.made = time;
        record.until = {time.seconds + kLifetimeSeconds};
        record.asked_by = cut(wanted.asked_by);
        record.action = cut(wanted.action);
        record.method = cut(wanted.method);
        record.target = wanted.target;
        record.body = wanted.body;
        record.blast = cut(wanted.blast);
        record.why = cut(actor.why);
        save(txn, approval);
        note_audit(txn, actor, time, note_of("ask", approval));
        result = std::move(approval);
    });
    return result;
}

Result<Approval> ApprovalBook::decide(const Actor& actor, std::uint64_t id,
                                      const std::function<Result<void>(Approval&)>& step,
                                      std::string_view action) {
    Result<Approval> result{};
    environment_.write([&](store::WriteTxn& txn) {
        auto approval = read(txn, id);
        if (!approval) {
            result = std::unexpected(none(id));
            return;
        }
        if (const auto good = step(*approval); !good) {
            result = std::unexpected(good.error());
            return;
        }
        save(txn, *approval);
        note_audit(txn, actor, clock_(), note_of(action, *approval));
        result = *std::move(approval);
    });
    return result;
}

Result<Approval> ApprovalBook::approve(const Actor& actor, std::string_view person,
                                       std::uint64_t id) {
    const auto step = [&](Approval& approval) -> Result<void> {
        ApprovalRecord& record = approval.record;
        if (record.asked_by == person) {
            return fail(
                Errc::Refused,
                fmt::format("approval {}: {} asked for it; it takes a second person", id, person));
        }
        if (record.state != ApprovalState::Approved) {
            if (auto open = check_open(approval, clock_()); !open) {
                return open;
            }
        }
        record.state = ApprovalState::Approved;
        record.decided_by = cut(person);
        record.decided = clock_();
        return {};
    };
    return decide(actor, id, step, "approve");
}

Result<Approval> ApprovalBook::refuse(const Actor& actor, std::string_view person, std::uint64_t id,
                                      std::string_view why) {
    const auto step = [&](Approval& approval) -> Result<void> {
        if (auto open = check_open(approval, clock_()); !open) {
            return open;
        }
        approval.record.state = ApprovalState::Refused;
        approval.record.decided_by = cut(person);
        approval.record.decided = clock_();
        approval.record.outcome = cut(why);
        return {};
    };
    return decide(actor, id, step, "refuse");
}

Approval ApprovalBook::settle(const Actor& actor, std::uint64_t id, bool done,
                              std::string_view outcome) {
    const auto step = [&](Approval& approval) -> Result<void> {
        approval.record.state = done ? ApprovalState::Done : ApprovalState::Failed;
        approval.record.outcome = cut(outcome);
        return {};
    };
    auto settled = decide(actor, id, step, done ? "done" : "fail");
    FAIRLIST_CHECK(settled.has_value());
    return *std::move(settled);
}

std::optional<Approval> ApprovalBook::find(std::uint64_t id) {
    return read(store::ReadTxn(environment_), id);
}

Result<ApprovalPage> ApprovalBook::page(bool waiting_only, std::string_view after,
                                        std::size_t limit) {
    std::uint64_t before = UINT64_MAX;
    const auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), before);
    if (!after.empty() && (error != std::errc() || end != after.data() + after.size())) {
        return fail(Errc::Malformed, "after: expected what \"next\" said");
    }
    const Time time = clock_();
    ApprovalPage page;
    const store::ReadTxn txn(environment_);
    store::Cursor cursor(txn, Table::Approvals);
    // The key itself or one behind it: the one before is wanted.
    bool more =
        cursor.seek_at_least(store::approval_key(before)) ? cursor.previous() : cursor.last();
    for (; more; more = cursor.previous()) {
        const auto id = store::approval_id(cursor.key());
        const auto approval = id ? read(txn, *id) : std::nullopt;
        if (!approval || (waiting_only && (approval->record.state != ApprovalState::Waiting ||
                                           has_lapsed(approval->record, time)))) {
            continue;
        }
        if (page.approvals.size() == limit) {
            page.next = fmt::format("{}", page.approvals.back().id);
            break;
        }
        page.approvals.push_back(*approval);
    }
    return page;
}

}  // namespace fairlist
