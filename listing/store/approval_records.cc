#include "listing/store/approval_records.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"

#include <array>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kVersion = 1;

bool is_known(ApprovalState state) noexcept {
    return state >= ApprovalState::Waiting && state <= ApprovalState::Refused;
}

void check(const ApprovalRecord& approval) {
    FAIRLIST_CHECK(is_known(approval.state));
    const std::array texts = {&approval.asked_by, &approval.action, &approval.method,
                              &approval.blast,    &approval.why,    &approval.decided_by,
                              &approval.outcome};
    for (const std::string* text : texts) {
        FAIRLIST_CHECK(text->size() <= kApprovalTextBytesMax);
    }
    FAIRLIST_CHECK(approval.target.size() <= kApprovalTargetBytesMax);
    FAIRLIST_CHECK(approval.body.size() <= kApprovalBodyBytesMax);
}

}  // namespace

std::string encode(const ApprovalRecord& approval) {
    check(approval);
    ByteWriter out;
    out.u8(kVersion);
    out.u8(static_cast<std::uint8_t>(approval.state));
    out.u32(approval.made.seconds);
    out.u32(approval.until.seconds);
    out.u32(approval.decided.seconds);
    out.text(approval.asked_by);
    out.text(approval.action);
    out.text(approval.method);
    out.text(approval.target);
    out.u32(static_cast<std::uint32_t>(approval.body.size()));
    out.bytes(approval.body);
    out.text(approval.blast);
    out.text(approval.why);
    out.text(approval.decided_by);
    out.text(approval.outcome);
    return out.bytes();
}

std::optional<ApprovalRecord> decode_approval(Bytes bytes) {
    ByteReader in(bytes);
    const std::uint8_t version = in.u8();
    ApprovalRecord approval;
    approval.state = static_cast<ApprovalState>(in.u8());
    approval.made = {in.u32()};
    approval.until = {in.u32()};
    approval.decided = {in.u32()};
    approval.asked_by = in.text();
    approval.action = in.text();
    approval.method = in.text();
    approval.target = in.text();
    approval.body = in.bytes(in.u32());
    approval.blast = in.text();
    approval.why = in.text();
    approval.decided_by = in.text();
    approval.outcome = in.text();
    if (!in.ok() || !in.at_end() || version != kVersion || !is_known(approval.state)) {
        return std::nullopt;
    }
    return approval;
}

// Big endian, so that byte order is the order of numbers.
std::string approval_key(std::uint64_t id) {
    std::string key;
    for (unsigned shift = 64; shift != 0; shift -= 8) {
        key.push_back(static_cast<char>(id >> (shift - 8)));
    }
    return key;
}

std::optional<std::uint64_t> approval_id(Bytes key) noexcept {
    if (key.size() != 8) {
        return std::nullopt;
    }
    std::uint64_t id = 0;
    for (const char byte : key) {
        id = id << 8U | static_cast<std::uint8_t>(byte);
    }
    return id;
}

}  // namespace fairlist::store
