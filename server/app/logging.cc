#include "server/app/logging.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace fairlist::app {

namespace {

using OuterSink = spdlog::sinks::dist_sink_mt;

// Workers log through this one while what is behind it changes.
const std::shared_ptr<OuterSink>& outer_sink() {
    static const auto sink = std::make_shared<OuterSink>();
    return sink;
}

// A file that is open in this program is not to stay open in the one that replaces it.
void close_on_exec(const spdlog::filename_t&, std::FILE* file) {
    fcntl(fileno(file), F_SETFD, FD_CLOEXEC);
}

void log_to(const spdlog::sink_ptr& sink) {
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%eZ %l: %v", spdlog::pattern_time_type::utc));
    outer_sink()->set_sinks({sink});
}

}  // namespace

void start_logging() {
    log_to(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    auto logger = std::make_shared<spdlog::logger>("fairlistd", outer_sink());
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

Result<void> configure_logging(const config::Config& config) {
    spdlog::set_level(spdlog::level::from_str(config.log_level));
    if (config.log_file.empty()) {
        log_to(std::make_shared<spdlog::sinks::stderr_sink_mt>());
        return {};
    }
    // spdlog would make the folder, also one that only a slip of the keyboard names.
    const std::filesystem::path folder = std::filesystem::path(config.log_file).parent_path();
    std::error_code ignored;
    if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
        return fail(Errc::NotFound, fmt::format("log.file \"{}\": there is no folder {}",
                                                config.log_file, folder.string()));
    }
    try {
        spdlog::file_event_handlers handlers;
        handlers.after_open = close_on_exec;
        log_to(
            std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.log_file, false, handlers));
    } catch (const spdlog::spdlog_ex& error) {
        return fail(Errc::Io, fmt::format("log.file \"{}\": {}", config.log_file, error.what()));
    }
    return {};
}

}  // namespace fairlist::app
