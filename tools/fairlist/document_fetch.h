// DocumentFetch: one document that a verb is given by name: a file, a URL, or standard input.
#pragma once

#include "importer/fetch/source.h"
#include "listing/base/result.h"

#include <cstdint>
#include <string>

namespace fairlist::cli {

// What is asked for, and what is known of the version that we have.
struct DocumentRequest {
    std::string url;  // as importer::parse_url() takes it
    std::string etag;
    std::string last_modified;
    std::uint64_t bytes_max = 256ULL << 20U;
    bool allow_private = false;  // fetch from loopback and private addresses
};

struct Document {
    bool is_unchanged = false;  // the version that we have is the newest
    std::string name;           // for messages
    std::string text;
    std::string etag;
    std::string last_modified;
};

// Opened, as importer::open_source() does it; a download shows its progress.
[[nodiscard]] Result<importer::Source> open_document(const DocumentRequest& request);

// The whole of it, unpacked. Errors: those of open_document(); Refused (a folder), OutOfRange.
[[nodiscard]] Result<Document> fetch_document(const DocumentRequest& request);

}  // namespace fairlist::cli
