#include "listing/manager/rules_text.h"
#include "server/api/body.h"
#include "server/api/route_tables.h"
#include "server/api/site_metrics.h"
#include "server/shown/entry_json.h"
#include "server/shown/json_values.h"
#include "server/shown/site_json.h"
#include "server/shown/stats_json.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace fairlist::api {

namespace {

namespace json = boost::json;
using namespace json_values;
using http::Method;
using http::Role;

Answer status(const std::string& version, Call& call) {
    const StoreStatus store = call.books.manager.status();
    const VaultStatus vault = call.stores.vault.status();
    return reply(json::object{{"version", text(version)},
                              {"format", store.format_version},
                              {"journal_head", store.journal_head},
                              {"entries", store.entries},
                              {"verdicts", store.verdicts},
                              {"file_bytes", store.file_bytes},
                              {"map_bytes", store.map_bytes},
                              {"readers", store.readers},
                              {"lists", call.config().lists.size()},
                              {"zones", call.config().zones.size()},
                              {"feeds", array_of(call.books.manager.feeds(), feed_state_object)},
                              {"mails", vault.mails},
                              {"queued", vault.queued},
                              {"parked", vault.parked},
                              {"tokens", vault.tokens}});
}

// A number that `next` of the page before said; 0: from the first.
std::expected<std::uint64_t, Fault> number_after(const PageQuery& page) {
    std::uint64_t after = 0;
    const std::string& text = page.after;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
    if (!text.empty() && (error != std::errc() || end != text.data() + text.size())) {
        return refuse(400, "bad-query", "after: expected a number");
    }
    return after;
}

Answer audit(Call& call) {
    const auto page = call.page();
    if (!page) {
        return std::unexpected(page.error());
    }
    const auto after = number_after(*page);
    if (!after) {
        return std::unexpected(after.error());
    }
    const auto records = call.books.manager.audit(*after, page->limit);
    const std::uint64_t head = call.books.manager.audit_head().number;
    Reply out = reply(json::object{{"head", head}, {"records", array_of(records, audit_object)}});
    const bool more = !records.empty() && records.back().number < head;
    call.put_next(out, more ? std::to_string(records.back().number) : "");
    return out;
}

Answer journal(Call& call) {
    const auto page = call.page();
    if (!page) {
        return std::unexpected(page.error());
    }
    const auto wanted = number_after(*page);
    if (!wanted) {
        return std::unexpected(wanted.error());
    }
    const StoreStatus store = call.books.manager.status();
    // Without `after` from the oldest that is kept.
    const std::uint64_t after =
        page->after.empty() && store.journal_tail != 0 ? store.journal_tail - 1 : *wanted;
    const auto items = call.books.manager.journal(after, page->limit);
    if (!items) {
        return refuse(400, "bad-query", items.error().message);
    }
    Reply out = reply(
        json::object{{"head", store.journal_head}, {"changes", array_of(*items, journal_object)}});
    const bool more = !items->empty() && items->back().number < store.journal_head;
    call.put_next(out, more ? std::to_string(items->back().number) : "");
    return out;
}

Answer rules(Call& call) {
    const auto rule = [](const TrapRule& one) {
        return json::object{{"rule", text(one.name)}, {"text", text(rule_text(one))}};
    };
    return reply(json::object{{"rules", array_of(call.config().rules, rule)},
                              {"on_record", text_or_null(call.books.ledger.noted_rules())}});
}

std::expected<StatsQuery, Fault> stats_query(const Call& call) {
    const std::string by = call.query_value("by");
    StatsQuery query;
    if (by == "lists") {
        query.by = FigureGroup::Lists;
    } else if (by == "reasons") {
        query.by = FigureGroup::Reasons;
    } else if (!by.empty() && by != "networks") {
        return refuse(400, "bad-query", "by: expected networks, lists or reasons");
    }
    const std::string since = call.query_value("since");
    const auto range =
        stats_range(since.empty() ? "30d" : since, call.query_value("until"), call.now);
    if (!range) {
        return refuse(400, "bad-query", range.error().message);
    }
    query.range = *range;
    const std::string field = call.query_value("field");
    const auto known = stats_field(field.empty() ? "opened" : field);
    if (!known) {
        return refuse(400, "bad-query", fmt::format("field: \"{}\": no such figure", field));
    }
    query.field = *known;
    query.list = call.query_value("list");
    if (!query.list.empty()) {
        if (const auto list = find_list(call, query.list); !list) {
            return std::unexpected(list.error());
        }
    }
    return query;
}

Answer stats(Call& call) {
    const auto page = call.page();
    auto query = stats_query(call);
    if (!query || !page) {
        return std::unexpected(query ? page.error() : query.error());
    }
    query->rows_max = page->limit;
    const store::Names names = store::read_names(store::ReadTxn(call.stores.store));
    if (!query->list.empty() && std::ranges::none_of(names.lists, [&](const auto& one) {
            return one.second == query->list;
        })) {
        return refuse(404, "not-found",
                      fmt::format("list {}: nothing has come into it yet", query->list));
    }
    return reply(stats_object(view_stats(call.books.ledger.figures(), names, *query), ""));
}

// One step of each kind, so that no request takes long: `more` says that there is another one.
Answer sweep(Call& call) {
    constexpr std::size_t kAtOnce = 1000;
    auto body = Body::parse(call.request);
    if (!body) {
        return std::unexpected(body.error());
    }
    const std::string after = body->text("after", 4096).value_or("");
    if (auto good = body->done(); !good) {
        return std::unexpected(good.error());
    }
    const ExpiryStep expired = call.books.ledger.expire(kAtOnce);
    const std::uint64_t hits = call.books.ledger.trim_hits(kAtOnce);
    const SweepStep step = call.books.manager.sweep_expired(after, kAtOnce);
    return reply(json::object{{"deleted", step.deleted},
                              {"expired", expired.expired},
                              {"lapsed", expired.lapsed},
                              {"hits", hits},
                              {"more", expired.more || !step.next.empty() || hits == kAtOnce},
                              {"next", text_or_null(step.next)}});
}

Answer metrics(const Surroundings& around, Call& call) {
    std::vector<Metric> all = site_metrics(call, around.version);
    if (around.metrics) {
        for (Metric& metric : around.metrics()) {
            all.push_back(std::move(metric));
        }
    }
    return Reply{.content_type = kMetricsType, .bytes = metrics_text(all)};
}

ApiRoute row(std::string pattern, std::string summary, std::string answers, Handle handle) {
    return {.method = Method::Get,
            .pattern = std::move(pattern),
            .roles = {Role::Operator},
            .summary = std::move(summary),
            .statuses = {200},
            .handle = std::move(handle),
            .answers = std::move(answers)};
}

}  // namespace

std::vector<ApiRoute> site_routes(const Surroundings& around) {
    std::vector<ApiRoute> rows = {
        row("/v1/status", "The store, the vault and the feeds in figures", "Status",
            [version = around.version](Call& call) { return status(version, call); }),
        row("/v1/audit", "Who changed what, from where and why, oldest first", "Audit", audit),
        row("/v1/journal", "Every change of the index, oldest first", "Journal", journal),
        row("/v1/rules", "The trap rules in force", "Rules", rules),
        row("/v1/stats", "Who has how much of what is listed", "Stats", stats),
        row("/v1/metrics", "Counters for Prometheus", "",
            [around](Call& call) { return metrics(around, call); }),
        {.method = Method::Post,
         .pattern = "/v1/sweep",
         .roles = {Role::Operator},
         .summary = "Ends what has ended, a step at a time",
         .statuses = {200},
         .handle = sweep,
         .answers = "Sweep",
         .takes = "SweepStep",
         .body_bytes_max = kSmallBody},
    };
    rows[1].query = paged();
    rows[2].query = paged();
    rows[4].statuses.push_back(404);
    rows[4].query = {{"by", "networks, lists or reasons"},
                     {"field", "opened, listed, hits and so on, as the command line has them"},
                     {"since", "whole days such as 30d, or a date"},
                     {"until", "a date; today when it is not given"},
                     {"list", "this list alone"},
                     {"limit", "how many rows at most, 1 to 1000"}};
    rows[5].roles = {Role::Machine, Role::Operator};
    rows[5].content_types = {kMetricsType};
    return rows;
}

}  // namespace fairlist::api
