#include "server/api/body.h"
#include "server/api/route_tables.h"
#include "server/shown/json_values.h"
#include "server/shown/report_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using http::Method;
using http::Role;

std::expected<std::optional<ReportState>, Fault> state_of(const std::string& word) {
    constexpr std::array kStates = {ReportState::Due, ReportState::Sent, ReportState::Failed,
                                    ReportState::Nowhere};
    const auto* const found =
        std::ranges::find_if(kStates, [&](ReportState state) { return to_string(state) == word; });
    if (found != kStates.end()) {
        return *found;
    }
    if (word.empty()) {
        return std::nullopt;
    }
    return refuse(400, "bad-query", "state: expected due, sent, failed or nowhere");
}

Answer page_of(Call& call, std::optional<std::string> provider) {
    ReportFilter filter;
    const auto page = call.page();
    const auto state = state_of(call.query_value("state"));
    const auto unanswered = call.query_flag("unanswered");
    if (!page || !state || !unanswered) {
        return std::unexpected(!page ? page.error() : !state ? state.error() : unanswered.error());
    }
    filter.provider = std::move(provider);
    filter.state = *state;
    filter.unanswered = *unanswered;
    const auto found = call.books.reports.page(filter, page->after, page->limit);
    if (!found) {
        return refuse(400, "bad-query", found.error().message);
    }
    Reply out =
        reply(json::object{{"reports", json_values::array_of(found->reports, report_object)}});
    call.put_next(out, found->next);
    return out;
}

Answer list(Call& call) {
    const std::string provider = call.query_value("provider");
    if (!provider.empty() && !call.books.providers.find(provider)) {
        return refuse(404, "not-found", fmt::format("provider \"{}\": there is none", provider));
    }
    return page_of(call, provider.empty() ? std::nullopt : std::optional(provider));
}

Answer own(Call& call) {
    auto slug = call.provider();
    return slug ? page_of(call, *std::move(slug)) : std::unexpected(slug.error());
}

// A report of another's is none: nobody learns by numbers how many there are.
std::expected<ProviderReport, Fault> find(Call& call, const std::string& provider) {
    const auto id = call.path_number("id");
    if (!id) {
        return std::unexpected(id.error());
    }
    auto report = call.books.reports.find(*id);
    if (!report || (!provider.empty() && report->provider != provider)) {
        return refuse(404, "not-found", fmt::format("report {}: there is none", *id));
    }
    return *std::move(report);
}

Answer show(Call& call) {
    const auto report = find(call, "");
    return report ? Answer(reply(report_object(*report))) : std::unexpected(report.error());
}

Answer show_own(Call& call) {
    const auto slug = call.provider();
    if (!slug) {
        return std::unexpected(slug.error());
    }
    const auto report = find(call, *slug);
    return report ? Answer(reply(report_object(*report))) : std::unexpected(report.error());
}

Answer answer_as(Call& call, const std::string& provider) {
    const auto report = find(call, provider);
    auto body = Body::parse(call.request);
    if (!report || !body) {
        return std::unexpected(report ? body.error() : report.error());
    }
    const std::string word = body->need_text("kind", 32);
    const std::string text = body->need_text("text", kAnswerTextBytesMax);
    const AnswerKind kind =
        word.empty() ? AnswerKind::WorkingOnIt : body->take("kind", parse_answer_kind(word));
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    const auto answered = call.books.reports.answer(call.actor(), provider, report->id, kind, text);
    if (!answered) {
        return refuse(answered.error());
    }
    return created(report_object(*answered),
                   provider.empty() ? fmt::format("/v1/reports/{}", report->id)
                                    : fmt::format("/v1/provider/reports/{}", report->id));
}

Answer answer_own(Call& call) {
    const auto slug = call.provider();
    return slug ? answer_as(call, *slug) : std::unexpected(slug.error());
}

ApiRoute row(std::string pattern, Role role, std::string summary, std::string answers,
             Handle handle) {
    return {.method = Method::Get,
            .pattern = std::move(pattern),
            .roles = {role},
            .summary = std::move(summary),
            .statuses = {200, 404},
            .handle = std::move(handle),
            .answers = std::move(answers)};
}

ApiRoute answering(std::string pattern, Role role, std::string state, Handle handle) {
    return {.method = Method::Post,
            .pattern = std::move(pattern),
            .roles = {role},
            .summary = "Says what was done about it: fixed, working-on-it or not-ours",
            .statuses = {201, 404},
            .handle = std::move(handle),
            .answers = "Report",
            .takes = "ReportAnswer",
            .body_bytes_max = kSmallBody,
            .state = std::move(state)};
}

}  // namespace

std::vector<ApiRoute> report_routes() {
    const std::vector<QueryKey> kKeys = {{"state", "due, sent, failed or nowhere"},
                                         {"unanswered", "true: only those without an answer"}};
    ApiRoute all = row("/v1/reports", Role::Operator, "What providers were told", "Reports", list);
    all.query = paged({{"provider", "only of this one"}, kKeys[0], kKeys[1]});
    ApiRoute mine =
        row("/v1/provider/reports", Role::Provider, "What one was told oneself", "Reports", own);
    mine.query = paged(kKeys);
    mine.statuses = {200};
    return {
        all,
        row("/v1/reports/{id}", Role::Operator, "One report with its answers", "Report", show),
        answering("/v1/reports/{id}/answers", Role::Operator, "/v1/reports/{id}",
                  [](Call& call) { return answer_as(call, ""); }),
        mine,
        row("/v1/provider/reports/{id}", Role::Provider, "One report with its answers", "Report",
            show_own),
        answering("/v1/provider/reports/{id}/answers", Role::Provider, "/v1/provider/reports/{id}",
                  answer_own),
    };
}

}  // namespace fairlist::api
