// Mail child: reads mails in a process of its own, which hostile mail may crash and hold up.
#pragma once

#include "importer/fetch/descriptor.h"
#include "importer/mail/mail_record.h"
#include "listing/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <sys/types.h>

namespace fairlist::importer {

struct MailChildOptions {
    std::filesystem::path program;             // fairlist-mail
    std::chrono::milliseconds timeout{10000};  // of one mail
};

// fairlist-mail beside this program, or below ../libexec/fairlist. Errors: NotFound.
[[nodiscard]] Result<std::filesystem::path> find_mail_reader();

// Thread: one. The process is started when it is first needed, and again after it has died.
class MailChild {
  public:
    explicit MailChild(MailChildOptions options);
    ~MailChild();
    MailChild(const MailChild&) = delete;
    MailChild& operator=(const MailChild&) = delete;

    // `message`: as prescan() leaves it. A process that dies or hangs is replaced, and the mail
    // tried once more: a limit may have been used up by those before it. Errors: Malformed (it
    // failed again: this mail cannot be read; the next can), Io (no process can be started).
    [[nodiscard]] Result<MailRecord> read(std::string_view message);

    // 0: none runs.
    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] std::uint64_t starts() const noexcept { return starts_; }

  private:
    [[nodiscard]] Result<void> start();
    void stop() noexcept;
    [[nodiscard]] Result<MailRecord> exchange(std::string_view message);

    MailChildOptions options_;
    Descriptor socket_;
    pid_t pid_ = 0;
    std::uint64_t starts_ = 0;
    std::uint64_t read_since_start_ = 0;
};

}  // namespace fairlist::importer
