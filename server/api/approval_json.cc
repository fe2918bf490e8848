#include "server/api/approval_json.h"

#include "server/shown/json_values.h"

namespace fairlist::api {

using namespace json_values;

boost::json::object approval_object(const Approval& approval, Time now) {
    const store::ApprovalRecord& record = approval.record;
    return {{"approval", approval.id},
            {"state", text(state_word(record, now))},
            {"action", text(record.action)},
            {"asked_by", text(record.asked_by)},
            {"made", time(record.made)},
            {"until", time(record.until)},
            {"method", text(record.method)},
            {"target", text(record.target)},
            {"body", text_or_null(record.body)},
            {"touches", text(record.blast)},
            {"decided_by", text_or_null(record.decided_by)},
            {"decided", time(record.decided)},
            {"outcome", text_or_null(record.outcome)}};
}

}  // namespace fairlist::api
