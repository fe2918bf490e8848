#include "tests/unit/importer/networks/lookup_program.h"

#include <array>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace fairlist::importer {

namespace {

// "  64500 <uint32>"
std::string number_in(const std::filesystem::path& output) {
    std::ifstream file(output);
    std::string number;
    std::string type;
    file >> number >> type;
    return type == "<uint32>" && number != "0" ? number : "";
}

}  // namespace

LookupAnswer mmdblookup(const std::string& database, const std::string& address,
                        const std::string& key, const std::filesystem::path& folder) {
    const std::filesystem::path output = folder / "mmdblookup.out";
    std::array<std::string, 6> texts = {"mmdblookup", "--file", database, "--ip", address, key};
    std::array<char*, texts.size() + 1> arguments{};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        arguments[i] = texts[i].data();
    }
    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int failed =
        ::posix_spawnp(&child, "mmdblookup", &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (failed != 0 || ::waitpid(child, &status, 0) != child) {
        return {};
    }
    return {true, number_in(output)};
}

}  // namespace fairlist::importer
