#include "importer/dkim/sha256.h"

#include "listing/base/check.h"

#include <openssl/evp.h>

namespace fairlist::importer {

void Sha256::Free::operator()(EVP_MD_CTX* context) const noexcept {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    FAIRLIST_CHECK(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
    FAIRLIST_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Digest256 Sha256::finish() {
    Digest256 digest{};
    unsigned int size = 0;
    FAIRLIST_CHECK(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1 &&
                   size == digest.size());
    return digest;
}

}  // namespace fairlist::importer
