#include "server/outbox/smtp_sender.h"

#include "server/outbox/curl_handle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist::outbox {

namespace {

constexpr std::size_t kPasswordBytesMax = 1024;

// What of a letter libcurl has not taken yet.
struct Upload {
    std::string_view rest;
};

std::size_t on_read(char* out, std::size_t, std::size_t count, void* user) {
    auto& upload = *static_cast<Upload*>(user);
    const std::size_t taken = std::min(count, upload.rest.size());
    std::memcpy(out, upload.rest.data(), taken);
    upload.rest.remove_prefix(taken);
    return taken;
}

Result<std::string> read_password(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string line;
    if (!in || !std::getline(in, line) || line.empty() || line.size() > kPasswordBytesMax) {
        return fail(Errc::NotFound,
                    fmt::format("mail.password_file {}: expected a file whose first line is the "
                                "password",
                                file.string()));
    }
    return line;
}

class SmtpSender final : public MailSender {
  public:
    explicit SmtpSender(MailAccount account) : account_(std::move(account)) {}

    Result<void> send(const Letter& letter) override {
        const CurlHandle handle = make_transfer(account_.time.count(), account_.stop);
        std::array<char, CURL_ERROR_SIZE> detail{};
        const CurlList to(curl_slist_append(nullptr, fmt::format("<{}>", letter.to).c_str()));
        Upload upload{letter.bytes};
        set_option(handle.get(), CURLOPT_ERRORBUFFER, detail.data());
        set_option(handle.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set_option(handle.get(), CURLOPT_URL, account_.server.c_str());
        set_option(handle.get(), CURLOPT_MAIL_FROM, fmt::format("<{}>", account_.from).c_str());
        set_option(handle.get(), CURLOPT_MAIL_RCPT, to.get());
        set_option(handle.get(), CURLOPT_UPLOAD, 1L);
        set_option(handle.get(), CURLOPT_READFUNCTION, on_read);
        set_option(handle.get(), CURLOPT_READDATA, static_cast<void*>(&upload));
        set_option(handle.get(), CURLOPT_INFILESIZE_LARGE,
                   static_cast<curl_off_t>(letter.bytes.size()));
        set_option(handle.get(), CURLOPT_USE_SSL,
                   static_cast<long>(account_.needs_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
        if (!account_.needs_tls) {
            // Without a demand for TLS its certificate is not asked for either (RFC 7435).
            set_option(handle.get(), CURLOPT_SSL_VERIFYPEER, 0L);
            set_option(handle.get(), CURLOPT_SSL_VERIFYHOST, 0L);
        }
        if (!account_.user.empty()) {
            const auto password = read_password(account_.password_file);
            if (!password) {
                return std::unexpected(password.error());
            }
            set_option(handle.get(), CURLOPT_USERNAME, account_.user.c_str());
            set_option(handle.get(), CURLOPT_PASSWORD, password->c_str());
        }
        return outcome(handle.get(), curl_easy_perform(handle.get()), detail.data());
    }

  private:
    // RFC 5321 section 4.2.1: 5yz is for good, all else may go well later.
    static Result<void> outcome(CURL* handle, CURLcode code, const char* detail) {
        if (code == CURLE_OK) {
            return {};
        }
        long reply = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply);
        const char* what = *detail == '\0' ? curl_easy_strerror(code) : detail;
        return fail(reply >= 500 && reply < 600 ? Errc::Refused : Errc::Io,
                    fmt::format("the mail server: {}{}", what,
                                reply == 0 ? "" : fmt::format(" (reply {})", reply)));
    }

    MailAccount account_;
};

}  // namespace

std::unique_ptr<MailSender> open_smtp(MailAccount account) {
    return std::make_unique<SmtpSender>(std::move(account));
}

}  // namespace fairlist::outbox
