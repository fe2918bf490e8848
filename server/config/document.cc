#include "server/config/document.h"

#include "server/config/file_glob.h"
#include "server/config/toml_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

namespace fairlist::config {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIncludeDepthMax = 8;
constexpr std::size_t kFilesMax = 1000;
constexpr std::size_t kTextBytesMax = 16U << 20U;

std::string at(const Place& place) {
    return place.line == 0
               ? place.file->name.string()
               : fmt::format("{}:{}:{}", place.file->name.string(), place.line, place.column);
}

class Assembler {
  public:
    Assembler(Document& document, Faults& faults) : document_(document), faults_(faults) {}

    void add_root(const fs::path& name, const std::string& text) {
        add(name, identity_of(name), text, Place{});
    }

  private:
    struct Seen {
        fs::path identity;
        Place from;  // of the "include" that asked for it
        bool is_open = true;
    };

    static fs::path identity_of(const fs::path& name) {
        std::error_code error;
        const fs::path canonical = fs::weakly_canonical(name, error);
        return error ? name : canonical;
    }

    void add(const fs::path& name, const fs::path& identity, const std::string& text,
             const Place& from) {
        document_.files.push_back({name, static_cast<std::uint32_t>(document_.files.size())});
        const SourceFile& file = document_.files.back();
        if (from.file == nullptr) {
            document_.root.place = {&file, 0, 0};
        }
        const std::size_t index = seen_.size();
        seen_.push_back({identity, from.file == nullptr ? Place{&file, 0, 0} : from});
        ++depth_;
        if (auto root = parse_toml(text, file, faults_)) {
            merge(std::move(*root));
        } else {
            document_.complete = false;
        }
        --depth_;
        seen_[index].is_open = false;
    }

    void merge(Node root) {
        std::vector<Node> includes;
        for (Member& member : root.members) {
            if (member.key == "include") {
                includes = patterns_of(member);
            } else {
                merge_member(std::move(member));
            }
        }
        for (std::size_t i = 0; i < includes.size(); ++i) {
            include(includes[i], fmt::format("include[{}]", i));
        }
    }

    std::vector<Node> patterns_of(Member& member) {
        const bool good = member.value.kind == Kind::Array &&
                          std::ranges::all_of(member.value.items, [](const Node& item) {
                              return item.kind == Kind::Text;
                          });
        if (!good) {
            broken(member.value.place, "include",
                   "expected an array of file names such as [\"lists/*.toml\"]");
            return {};
        }
        return std::move(member.value.items);
    }

    void merge_member(Member member) {
        auto& members = document_.root.members;
        const auto old = std::ranges::find(members, member.key, &Member::key);
        if (old == members.end()) {
            members.push_back(std::move(member));
        } else if (old->value.kind == Kind::Array && member.value.kind == Kind::Array) {
            std::ranges::move(member.value.items, std::back_inserter(old->value.items));
        } else {
            faults_.add(member.place, member.key,
                        fmt::format("given twice: the first is at {}", at(old->place)));
        }
    }

    void include(const Node& pattern, const std::string& where) {
        if (depth_ == kIncludeDepthMax) {
            broken(pattern.place, where,
                   fmt::format("{}: more than {} levels of include", quote(pattern.text),
                               kIncludeDepthMax));
            return;
        }
        const auto files = glob_files(pattern.place.file->name.parent_path(), pattern.text);
        if (!files) {
            broken(pattern.place, where, files.error().message);
            return;
        }
        for (const fs::path& file : *files) {
            include_file(file, pattern.place, where);
        }
    }

    void include_file(const fs::path& name, const Place& from, const std::string& where) {
        const fs::path identity = identity_of(name);
        const auto seen = std::ranges::find(seen_, identity, &Seen::identity);
        if (seen != seen_.end()) {
            broken(from, where,
                   seen->is_open ? fmt::format("{}: includes itself", quote(name.string()))
                                 : fmt::format("{}: included twice: the first is at {}",
                                               quote(name.string()), at(seen->from)));
            return;
        }
        if (seen_.size() == kFilesMax) {
            broken(from, where, fmt::format("more than {} files", kFilesMax));
            return;
        }
        const auto text = read_text(name);
        if (!text) {
            broken(from, where, text.error().message);
            return;
        }
        add(name, identity, *text, from);
    }

    void broken(const Place& place, const std::string& where, std::string what) {
        document_.complete = false;
        faults_.add(place, where, std::move(what));
    }

    Document& document_;
    Faults& faults_;
    std::vector<Seen> seen_;
    std::size_t depth_ = 0;
};

}  // namespace

Result<std::string> read_text(const fs::path& file) {
    std::error_code error;
    if (fs::is_directory(file, error)) {
        return fail(Errc::Io,
                    fmt::format("{}: is a folder, expected a file", quote(file.string())));
    }
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(Errc::Io, fmt::format("{}: {}", quote(file.string()),
                                          std::generic_category().message(errno)));
    }
    std::string text;
    std::array<char, 65536> chunk{};
    while (text.size() <= kTextBytesMax && stream) {
        stream.read(chunk.data(), chunk.size());
        text.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad()) {
        return fail(Errc::Io, fmt::format("{}: cannot be read", quote(file.string())));
    }
    if (text.size() > kTextBytesMax) {
        return fail(Errc::Io, fmt::format("{}: larger than 16 MiB", quote(file.string())));
    }
    return text;
}

fs::path resolve_path(const Place& place, const fs::path& relative) {
    const fs::path folder = place.file == nullptr ? fs::path() : place.file->name.parent_path();
    return (folder / relative).lexically_normal();
}

Document read_document(const std::string& text, const fs::path& name, Faults& faults) {
    Document document;
    Assembler(document, faults).add_root(name, text);
    return document;
}

Document read_document(const fs::path& file, Faults& faults) {
    const auto text = read_text(file);
    if (text) {
        return read_document(*text, file, faults);
    }
    Document document;
    document.complete = false;
    document.files.push_back({file, 0});
    document.root.place = {&document.files.back(), 0, 0};
    faults.add(document.root.place, "", text.error().message);
    return document;
}

}  // namespace fairlist::config
