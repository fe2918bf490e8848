// Any bytes as a mail, an mbox, a line of traps and a recipient: what is found stays within its
// limits, and one mail is the same by every way on which it can come.

#include "importer/fetch/byte_stream.h"
#include "importer/intake/delivery_head.h"
#include "importer/intake/mail_content.h"
#include "importer/intake/mbox_reader.h"
#include "importer/intake/secret_words.h"
#include "importer/intake/trap_file.h"
#include "listing/base/check.h"
#include "listing/model/trap.h"
#include "listing/store/vault_records.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace fairlist;
using namespace fairlist::importer;

class TextStream final : public ByteStream {
  public:
    explicit TextStream(const std::string& text) : text_(text) {}
    Result<std::size_t> read(std::span<char> out) override {
        const std::size_t size = std::min({out.size(), std::size_t{999}, text_.size() - at_});
        std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), size, out.begin());
        at_ += size;
        return size;
    }

  private:
    const std::string& text_;
    std::size_t at_ = 0;
};

void check_content(const std::string& mail) {
    const DeliveryHead head = read_delivery_head(mail);
    FAIRLIST_CHECK(head.bytes <= mail.size());
    FAIRLIST_CHECK(head.recipients.size() <= 2 * kDeliveryHeadersMax);
    std::string unix_mail;
    for (std::size_t i = 0; i < mail.size(); ++i) {
        if (!mail.substr(i, 2).starts_with("\r\n")) {
            unix_mail += mail[i];
        }
    }
    if (!mail.contains("\r\r")) {
        FAIRLIST_CHECK(canonical_content(mail) == canonical_content(unix_mail));
    }
    FAIRLIST_CHECK(canonical_content(mail + "\n\r\n") == canonical_content(mail + "\n"));
    if (head.bytes == 0) {
        FAIRLIST_CHECK(canonical_content("Delivered-To: a@b\n" + mail) == canonical_content(mail) ||
                       mail.starts_with(' ') || mail.starts_with('\t') || mail.empty());
    }
}

void check_mbox(const std::string& text) {
    constexpr std::size_t kBytesMax = 5000;
    TextStream stream(text);
    MboxReader reader(stream, kBytesMax);
    std::size_t bytes = 0;
    while (const auto mail = reader.next().value()) {
        FAIRLIST_CHECK(mail->bytes.size() <= kBytesMax);
        bytes += mail->bytes.size() + mail->from_line.size();
        static_cast<void>(time_of_from_line(mail->from_line));
    }
    FAIRLIST_CHECK(bytes <= text.size());
}

void check_traps(const std::string& text) {
    if (const auto address = parse_trap_address(text)) {
        FAIRLIST_CHECK(parse_trap_address(to_string(*address)).value() == *address);
        const std::vector<std::string> secrets = {to_string(*address)};
        // One of marks alone has nothing to be known by.
        const bool has_letters = std::ranges::any_of(address->domain.text(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        });
        FAIRLIST_CHECK(!has_letters || SecretWords(secrets).are_in(secrets.front()));
    }
    TextStream stream(text);
    for (const NewTrap& trap : read_trap_file(stream).value().traps) {
        FAIRLIST_CHECK(trap.weight != 0 && trap.note.size() <= kTrapNoteBytesMax);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    check_content(text);
    check_mbox(text);
    check_traps(text);
    const std::vector<std::string> secrets = {"canary@example.org"};
    static_cast<void>(SecretWords(secrets).are_in(text));
    if (const auto mail = store::decode_mail(text)) {
        FAIRLIST_CHECK(store::decode_mail(store::encode(*mail)) == *mail);
    }
    if (const auto trap = store::decode_trap(1, text)) {
        FAIRLIST_CHECK(store::encode(*trap) == text);
    }
    return 0;
}
