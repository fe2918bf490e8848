// RecordSink: where a format's parser sends what it reads, and what it has to reject.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/code.h"
#include "listing/model/list.h"
#include "listing/model/subject.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

// One parsed entry. Lifetime: the views last until accept() returns.
struct Record {
    Subject subject;
    bool exempt = false;
    ReturnCode code;                // not set: the feed's
    std::uint32_t ttl_seconds = 0;  // 0: the feed's
    std::string_view reason;        // template (zones/reason.h); empty: the feed's
    Time until;                     // not set: by the feed's lifetime
    Time data_end;                  // when all of the data end: nothing outlives it
};

// A line or item that was not taken.
struct Rejection {
    std::string file;
    std::uint64_t line = 0;  // from 1; for JSON documents without lines the item's number
    std::string text;        // shortened to 120 bytes, control characters escaped
    std::string why;
};

class RecordSink {
  public:
    virtual ~RecordSink() = default;

    virtual void accept(const Record& record) = 0;
    // As accept() for each of these in turn, with all else of `record`.
    virtual void accept_all(const Record& record, std::span<const Prefix> subjects) {
        Record each = record;
        for (const Prefix& subject : subjects) {
            each.subject = subject;
            accept(each);
        }
    }
    // Returns false when the limit of rejections is passed: the parser stops and fails.
    [[nodiscard]] virtual bool reject(Rejection rejection) = 0;
};

}  // namespace fairlist::importer
