#include "tools/fairlist/digest_maker.h"

#include "listing/base/check.h"
#include "listing/model/domain.h"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <openssl/evp.h>

namespace fairlist::cli {

namespace {

constexpr std::size_t kLocalPartBytesMax = 64;  // RFC 5321 section 4.5.3.1.1
constexpr std::size_t kUrlBytesMax = 8192;
constexpr std::size_t kReadBytes = 65536;

struct EvpFree {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
struct FileClose {
    void operator()(std::FILE* file) const noexcept {
        if (file != stdin) {
            static_cast<void>(std::fclose(file));
        }
    }
};

// An incremental digest. OpenSSL fails here only for want of memory.
class Hasher {
  public:
    explicit Hasher(const EVP_MD* algorithm) : context_(EVP_MD_CTX_new()) {
        FAIRLIST_CHECK(context_ && EVP_DigestInit_ex(context_.get(), algorithm, nullptr) == 1);
    }
    void update(std::string_view bytes) {
        FAIRLIST_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    }
    [[nodiscard]] Digest finish(DigestClass kind) {
        Digest digest;
        unsigned size = 0;
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        FAIRLIST_CHECK(EVP_DigestFinal_ex(context_.get(), bytes.data(), &size) == 1 &&
                       size <= digest.bytes.size());
        std::copy_n(bytes.begin(), size, digest.bytes.begin());
        digest.kind = kind;
        digest.size = static_cast<std::uint8_t>(size);
        return digest;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, EvpFree> context_;
};

std::unexpected<Error> bad(std::string_view what, std::string_view text, std::string_view why) {
    return fail(Errc::Malformed, fmt::format("{} \"{}\": {}", what, text.substr(0, 100), why));
}

bool is_gmail(std::string_view domain) noexcept {
    return domain == "gmail.com" || domain == "googlemail.com";
}

}  // namespace

Result<std::string> canonical_email(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos) {
        return bad("e-mail address", text, "no @, expected name@example.org");
    }
    std::string local(text.substr(0, at));
    const auto is_unfit = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
    };
    if (local.size() > kLocalPartBytesMax || std::ranges::any_of(local, is_unfit)) {
        return bad("e-mail address", text, "expected at most 64 bytes without spaces before the @");
    }
    const auto domain = parse_domain(text.substr(at + 1));
    if (!domain) {
        return bad("e-mail address", text, domain.error().message);
    }
    local.erase(std::min(local.find('+'), local.size()));
    if (is_gmail(domain->text())) {
        std::erase(local, '.');
    }
    if (local.empty()) {
        return bad("e-mail address", text, "nothing before the @ or its tag");
    }
    std::ranges::transform(local, local.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    return local + "@" + (is_gmail(domain->text()) ? "gmail.com" : domain->text());
}

Result<std::string> canonical_url(std::string_view text) {
    const bool has_scheme = text.find("://") != std::string_view::npos;
    const std::string with_scheme = (has_scheme ? "" : "http://") + std::string(text);
    if (text.size() > kUrlBytesMax) {
        return bad("URL", text, "longer than 8192 bytes");
    }
    const auto parsed = boost::urls::parse_uri(with_scheme);
    if (!parsed) {
        return bad("URL", text,
                   "expected [http://]host/path, in ASCII with the rest percent-encoded");
    }
    boost::urls::url url(*parsed);
    url.normalize();
    std::string host(url.encoded_host());
    if (host.ends_with('.')) {
        host.pop_back();
    }
    if (host.empty()) {
        return bad("URL", text, "no host");
    }
    const std::string path(url.encoded_path());
    return host + (path.starts_with('/') ? "" : "/") + path;
}

Digest digest_email(std::string_view canonical) {
    Hasher hasher(EVP_sha1());
    hasher.update(canonical);
    return hasher.finish(DigestClass::Email);
}

Digest digest_url(std::string_view canonical) {
    Hasher hasher(EVP_sha256());
    hasher.update(canonical);
    return hasher.finish(DigestClass::Url);
}

Result<Digest> digest_file(const std::string& path) {
    const std::unique_ptr<std::FILE, FileClose> file(path == "-" ? stdin
                                                                 : std::fopen(path.c_str(), "rbe"));
    const auto io_error = [&] {
        return fail(Errc::Io,
                    fmt::format("\"{}\": {}", path, std::generic_category().message(errno)));
    };
    if (!file) {
        return io_error();
    }
    Hasher hasher(EVP_sha256());
    std::vector<char> buffer(kReadBytes);
    std::size_t bytes = 0;
    while ((bytes = std::fread(buffer.data(), 1, buffer.size(), file.get())) > 0) {
        hasher.update({buffer.data(), bytes});
    }
    if (std::ferror(file.get()) != 0) {
        return io_error();
    }
    return hasher.finish(DigestClass::File);
}

}  // namespace fairlist::cli
