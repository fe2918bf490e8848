#include "importer/intake/mail_files.h"

#include "importer/fetch/decoder.h"
#include "importer/fetch/descriptor.h"
#include "importer/intake/delivery_head.h"
#include "importer/intake/mbox_reader.h"
#include "importer/intake/prepared_mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace fairlist::importer {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatchMails = 256;
constexpr std::size_t kBatchBytes = std::size_t{16} << 20U;
// Of an mbox that was packed: ten years of a busy trap.
constexpr std::uint64_t kFileBytesMax = std::uint64_t{1} << 40U;

Time modified(const Descriptor& file) noexcept {
    struct stat status{};
    const bool known = ::fstat(file.get(), &status) == 0 && status.st_mtim.tv_sec > 0 &&
                       status.st_mtim.tv_sec <= std::int64_t{UINT32_MAX};
    return known ? Time{static_cast<std::uint32_t>(status.st_mtim.tv_sec)} : Time{};
}

class Taking {
  public:
    Taking(Vault& vault, const MailFilesOptions& options) : vault_(vault), options_(options) {}

    // A file of a Maildir holds one mail whatever it begins with.
    Result<void> take_file(const fs::path& path, bool in_maildir);
    void take_maildir(const fs::path& path);
    MailFilesReport finish() && {
        commit();
        return std::move(report_);
    }
    void note_fault(std::string fault) {
        if (report_.faults.size() < kFileFaultsMax) {
            report_.faults.push_back(std::move(fault));
        } else {
            ++report_.more_faults;
        }
    }

  private:
    void add(MboxMail&& mail, Time time, std::string_view sensor);
    [[nodiscard]] PreparedMail place(const DeliveryHead& head) const;
    void commit();
    void remove_files();

    Vault& vault_;
    const MailFilesOptions& options_;
    MailFilesReport report_;
    std::vector<store::VaultMail> batch_;
    std::size_t batch_bytes_ = 0;
    std::vector<fs::path> done_;  // whose mails are in the batch
};

PreparedMail Taking::place(const DeliveryHead& head) const {
    PreparedMail prepared = place_recipients(vault_, head.recipients);
    auto& recipients = prepared.mail.recipients;
    if (!options_.trap) {
        // The first that is a trap: the others are the same delivery, told in other words.
        recipients.resize(std::min<std::size_t>(recipients.size(), 1));
        return prepared;
    }
    recipients.clear();
    store::MailRecipient recipient{*options_.trap, {}};
    for (const std::string& text : head.recipients) {
        const auto address = parse_trap_address(text);
        if (address && recipient.addresses.size() < kDeliveryHeadersMax) {
            recipient.addresses.push_back(to_string(*address));
        }
    }
    recipients.push_back(std::move(recipient));
    return prepared;
}

void Taking::add(MboxMail&& mail, Time time, std::string_view sensor) {
    ++report_.mails;
    if (mail.too_large) {
        ++report_.too_large;
        return;
    }
    const DeliveryHead head = read_delivery_head(mail.bytes);
    PreparedMail prepared = place(head);
    if (prepared.mail.recipients.empty()) {
        ++report_.without_trap;
        return;
    }
    const Time written = time_of_from_line(mail.from_line).value_or(time);
    MailOrigin origin;
    origin.sensor = sensor;
    origin.received = std::min(written, vault_.time());
    origin.envelope.sender = head.sender;
    pack_into(prepared.mail, vault_, mail.bytes, origin);
    batch_bytes_ += prepared.mail.packed.size();
    batch_.push_back(std::move(prepared.mail));
    if (batch_.size() >= kBatchMails || batch_bytes_ >= kBatchBytes) {
        commit();
    }
}

void Taking::commit() {
    if (!batch_.empty()) {
        for (const auto& receipts : vault_.store_mails(batch_)) {
            const bool fresh = !receipts.front().duplicate;
            ++(fresh ? report_.stored : report_.duplicates);
        }
    }
    batch_.clear();
    batch_bytes_ = 0;
    remove_files();
    options_.progress(report_);
}

void Taking::remove_files() {
    for (const fs::path& path : std::exchange(done_, {})) {
        std::error_code error;
        if (fs::remove(path, error)) {
            ++report_.removed;
        } else {
            note_fault(fmt::format("remove {}: {}", path.string(), error.message()));
        }
    }
}

Result<void> Taking::take_file(const fs::path& path, bool in_maildir) {
    auto file = in_maildir ? open_to_read_no_link(path) : open_to_read(path);
    if (!file) {
        return std::unexpected(std::move(file.error()));
    }
    const Time time = modified(*file);
    auto source = decode(std::make_unique<DescriptorStream>(std::move(*file), path.string()),
                         path.string(), {kFileBytesMax, kDecodeRatioMax});
    MboxReader reader(*source, options_.mail_bytes_max, in_maildir);
    const std::uint64_t before = report_.too_large + report_.without_trap;
    bool is_mbox = false;
    auto mail = reader.next();
    for (; mail && mail->has_value(); mail = reader.next()) {
        MboxMail& found = mail->value();
        is_mbox = is_mbox || !found.from_line.empty();
        add(std::move(found), time, in_maildir ? "maildir" : is_mbox ? "mbox" : "file");
    }
    if (!mail) {
        return std::unexpected(std::move(mail.error()));
    }
    const bool all_taken = before == report_.too_large + report_.without_trap;
    if (options_.remove && all_taken && !is_mbox) {
        done_.push_back(path);
    }
    return {};
}

void Taking::take_maildir(const fs::path& path) {
    std::vector<fs::path> files;
    for (const char* const folder : {"cur", "new"}) {
        std::error_code error;
        for (fs::directory_iterator at(path / folder, error), end; !error && at != end;
             at.increment(error)) {
            const std::string name = at->path().filename().string();
            if (!name.starts_with('.') && files.size() < kMaildirMailsMax) {
                files.push_back(at->path());
            }
        }
        if (error) {
            note_fault(fmt::format("read {}: {}", (path / folder).string(), error.message()));
        }
    }
    // Names begin with the time of the delivery.
    std::ranges::sort(files, {}, [](const fs::path& file) { return file.filename().string(); });
    for (const fs::path& file : files) {
        if (const auto taken = take_file(file, true); !taken) {
            note_fault(taken.error().message);
        }
    }
}

}  // namespace

Result<MailFilesReport> take_mail_files(Vault& vault, const fs::path& path,
                                        const MailFilesOptions& options) {
    if (options.trap) {
        const auto trap = vault.trap(*options.trap);
        if (!trap || trap->state != TrapState::Active) {
            return fail(Errc::NotFound, fmt::format("trap {}: there is no active one of this "
                                                    "number",
                                                    *options.trap));
        }
    }
    Taking taking(vault, options);
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        if (const auto taken = taking.take_file(path, false); !taken) {
            return std::unexpected(taken.error());
        }
        return std::move(taking).finish();
    }
    if (!fs::is_directory(path / "new", error) || !fs::is_directory(path / "cur", error)) {
        return fail(Errc::Refused,
                    fmt::format("{}: no Maildir: expected folders \"new\" and \"cur\" in it",
                                path.string()));
    }
    taking.take_maildir(path);
    return std::move(taking).finish();
}

}  // namespace fairlist::importer
