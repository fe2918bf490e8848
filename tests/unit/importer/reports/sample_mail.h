// Sample mails: the files beside these tests, and mails read as the importer reads them.
#pragma once

#include "importer/mail/mail_child.h"
#include "importer/mail/prescan.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace fairlist::importer {

inline std::string sample(const std::string& name) {
    const auto folder = std::filesystem::path(FAIRLIST_SOURCE_DIR) / "tests" / "unit" / "importer" /
                        "reports" / "samples";
    std::ifstream file(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline MailRecord read_whole(std::string_view mail) {
    MailChild child({FAIRLIST_MAIL, std::chrono::seconds(60)});
    return child.read(prescan(mail, {}).message).value();
}

}  // namespace fairlist::importer
