#include "tools/fairlist/digest_maker.h"

#include "listing/base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <openssl/evp.h>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace fairlist::cli {

namespace {

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

}  // namespace

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
