// LMTP dialogue: a whole session without sockets, its input cut into pieces as the caller likes.
#pragma once

#include "importer/lmtp/lmtp_session.h"
#include "listing/base/check.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::test {

// What the sink of a dialogue says, by how the recipient begins.
inline importer::Acceptance acceptance_of(std::string_view recipient) {
    if (recipient.starts_with("no")) {
        return importer::Acceptance::Unknown;
    }
    return recipient.starts_with("temp") ? importer::Acceptance::TemporaryFailure
                                         : importer::Acceptance::Known;
}

inline importer::Delivery delivery_of(std::string_view recipient) {
    if (recipient.starts_with("dup")) {
        return importer::Delivery::Duplicate;
    }
    if (recipient.starts_with("later")) {
        return importer::Delivery::TemporaryFailure;
    }
    return recipient.starts_with("refused") ? importer::Delivery::Refused
                                            : importer::Delivery::Stored;
}

inline std::vector<importer::Delivery> deliveries_of(const std::vector<std::string>& recipients) {
    std::vector<importer::Delivery> out;
    std::ranges::transform(recipients, std::back_inserter(out), delivery_of);
    return out;
}

class LmtpDialogue {
  public:
    explicit LmtpDialogue(const importer::LmtpSessionOptions& options) : session_(options) {}

    // The replies to these bytes.
    std::string say(std::string_view bytes) {
        while (!closed_ && step(bytes)) {
        }
        std::string replies = session_.take_replies();
        transcript_ += replies;
        return replies;
    }

    // All of them, in pieces of sizes that `next_piece` gives.
    void say_in_pieces(std::string_view bytes, const std::function<std::size_t()>& next_piece) {
        while (!bytes.empty()) {
            const std::string piece(bytes.substr(0, next_piece()));
            bytes.remove_prefix(piece.size());
            say(piece);
        }
    }

    [[nodiscard]] bool closed() const noexcept { return closed_; }
    // Of all of it, with the greeting.
    [[nodiscard]] const std::string& transcript() const noexcept { return transcript_; }
    [[nodiscard]] const std::vector<importer::IncomingMail>& mails() const noexcept {
        return mails_;
    }

  private:
    // False: the input is used up.
    bool step(std::string_view& bytes) {
        switch (session_.advance(bytes)) {
            case importer::LmtpEvent::NeedsInput:
                FAIRLIST_CHECK(bytes.empty());
                return false;
            case importer::LmtpEvent::CheckRecipient:
                session_.recipient_checked(acceptance_of(session_.recipient()));
                return true;
            case importer::LmtpEvent::MailComplete:
                mails_.push_back(session_.take_mail());
                session_.delivered(deliveries_of(mails_.back().recipients));
                return true;
            case importer::LmtpEvent::Closed:
                closed_ = true;
                return false;
        }
        return false;
    }

    importer::LmtpSession session_;
    bool closed_ = false;
    std::string transcript_;
    std::vector<importer::IncomingMail> mails_;
};

}  // namespace fairlist::test
