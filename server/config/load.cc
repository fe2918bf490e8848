#include "server/config/document.h"
#include "server/config/sections.h"
#include "server/config/validate.h"

#include <string>

namespace fairlist::config {

namespace {

Loaded read_tree(const std::filesystem::path& file, const Document& document, Faults& faults) {
    Loaded loaded;
    loaded.config.file = file;
    Reader reader(document.root, faults, nullptr);
    read_config(reader, loaded.config);
    reader.refuse_unknown_keys();
    // A broken file hides what it would give, so that nothing can be said to be missing.
    if (document.complete) {
        validate(loaded.config, document.root, faults);
    }
    loaded.faults = faults.in_order();
    return loaded;
}

}  // namespace

Loaded load(const std::filesystem::path& file) {
    Faults faults;
    const Document document = read_document(file, faults);
    return read_tree(file, document, faults);
}

Loaded load_text(const std::string& text, const std::filesystem::path& name) {
    Faults faults;
    const Document document = read_document(text, name, faults);
    return read_tree(name, document, faults);
}

}  // namespace fairlist::config
