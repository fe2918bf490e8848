#include "listing/manager/entry_query.h"

#include "listing/index/digest_index.h"
#include "listing/index/match.h"
#include "listing/index/name_index.h"
#include "listing/index/range_cursor.h"
#include "listing/index/range_index.h"
#include "listing/index/verdict_table.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace fairlist {

using store::Bytes;
using store::Table;

namespace {

// Makes views of marks.
class Viewer {
  public:
    explicit Viewer(const store::Txn& txn) : names_(store::read_names(txn)) {
        verdicts_.attach(txn);
    }

    EntryView view(Subject subject, const store::Mark& mark) {
        const auto record = verdicts_.find(mark.verdict);
        if (!record) {
            throw store::StoreError("store: verdicts: an entry names a verdict that is not there");
        }
        return {names_.list(record->list), names_.source(record->source),
                Entry{std::move(subject), store::to_verdict(*record), mark.since, mark.until}};
    }

    // A mark as the address index has it, for a name or digest.
    store::Mark mark_of(const store::ScopedMark& scoped) {
        const auto record = verdicts_.find(scoped.verdict);
        if (!record) {
            throw store::StoreError("store: verdicts: an entry names a verdict that is not there");
        }
        return {scoped.verdict, scoped.exempt, record->list,
                record->source, scoped.since,  scoped.until};
    }

  private:
    store::Names names_;
    index::VerdictTable verdicts_;
};

struct Covering {
    Subject subject;
    store::Mark mark;
    unsigned length = 0;
};

struct ListOfStore {
    const ListSpec* spec;
    ListId id;
};

std::vector<ListOfStore> lists_of_kind(const store::Txn& txn, const std::vector<ListSpec>& lists,
                                       ListKind kind) {
    std::vector<ListOfStore> found;
    for (const ListSpec& spec : lists) {
        const auto registered = store::find_list(txn, spec.name);
        if (registered && spec.kind == kind) {
            found.push_back({&spec, registered->id});
        }
    }
    return found;
}

std::vector<Covering> covering_address(const store::Txn& txn, const Prefix& prefix) {
    std::vector<Covering> found;
    index::RangeIndex index;
    index.attach(txn);
    index.covering(prefix.base, [&](const store::Mark& mark, unsigned length) {
        if (length <= prefix.length) {
            found.push_back({Prefix::of(prefix.base, length), mark, length});
        }
    });
    return found;
}

std::string_view suffix_labels(std::string_view name, unsigned labels) {
    std::size_t at = name.size();
    for (unsigned i = 0; i < labels; ++i) {
        at = name.rfind('.', at - 1);
        if (at == std::string_view::npos) {
            return name;
        }
    }
    return name.substr(at + 1);
}

std::vector<Covering> covering_name(const store::Txn& txn, Viewer& viewer,
                                    const std::vector<ListOfStore>& lists,
                                    const NameSubject& subject) {
    std::vector<Covering> found;
    index::NameIndex index(txn);
    for (const ListOfStore& list : lists) {
        index::NameKey key(list.id);
        const std::string labels = to_key(subject.name);
        for (std::size_t at = 0; at < labels.size();) {
            const std::size_t zero = labels.find('\0', at);
            static_cast<void>(key.push(std::string_view(labels).substr(at, zero - at)));
            at = zero + 1;
        }
        const auto visit = [&](const store::ScopedMark& mark, unsigned depth) {
            auto name = parse_domain(suffix_labels(subject.name.text(), depth));
            if (name) {
                found.push_back(
                    {NameSubject{std::move(*name), mark.scope}, viewer.mark_of(mark), depth});
            }
            return true;
        };
        if (subject.scope == NameScope::Below) {
            index.covering_below(key, visit);
        } else {
            index.covering(key, visit);
        }
    }
    return found;
}

std::vector<Covering> covering_digest(const store::Txn& txn, Viewer& viewer,
                                      const std::vector<ListOfStore>& lists, const Digest& asked) {
    std::vector<Covering> found;
    index::DigestIndex index(txn);
    for (const ListOfStore& list : lists) {
        for (const DigestClass kind : {DigestClass::Plain, DigestClass::Email, DigestClass::Url,
                                       DigestClass::File, DigestClass::Wallet}) {
            // Asked without a class, all of them are meant.
            if (asked.kind != DigestClass::Plain && asked.kind != kind) {
                continue;
            }
            Digest digest = asked;
            digest.kind = kind;
            for (const store::ScopedMark& mark : store::decode_marks(index.find(list.id, digest))) {
                found.push_back({digest, viewer.mark_of(mark), 0});
            }
        }
    }
    // Exemptions first, as the Chooser takes them.
    std::ranges::sort(found, {}, [](const Covering& c) { return !c.mark.exempt; });
    return found;
}

// Where a page begins: the subject and how many of its entries were given already.
struct Position {
    Subject subject = Prefix{Address{}, 0};
    ListId list{};
    std::size_t skip = 0;
    bool is_set = false;
};

std::string to_token(const Subject& subject, ListId list, std::size_t given) {
    std::string token = fmt::format("{}.{}.", static_cast<unsigned>(list), given);
    for (const char c : store::encode(subject)) {
        token += fmt::format("{:02x}", static_cast<std::uint8_t>(c));
    }
    return token;
}

Result<Position> parse_token(std::string_view token) {
    const auto bad = [&] {
        return fail(Errc::Malformed,
                    fmt::format("page token \"{}\": expected one that a page ended with", token));
    };
    Position position;
    if (token.empty()) {
        return position;
    }
    const std::size_t dot = token.find('.');
    const std::size_t second = token.find('.', dot + 1);
    if (dot == std::string_view::npos || second == std::string_view::npos) {
        return bad();
    }
    unsigned list = 0;
    const char* begin = token.data();
    if (std::from_chars(begin, begin + dot, list).ec != std::errc{} ||
        std::from_chars(begin + dot + 1, begin + second, position.skip).ec != std::errc{} ||
        list > UINT16_MAX) {
        return bad();
    }
    std::string bytes;
    for (std::size_t at = second + 1; at + 2 <= token.size(); at += 2) {
        unsigned value = 0;
        if (std::from_chars(begin + at, begin + at + 2, value, 16).ec != std::errc{}) {
            return bad();
        }
        bytes.push_back(static_cast<char>(value));
    }
    auto subject = store::decode_subject(bytes);
    if (!subject) {
        return bad();
    }
    position.subject = std::move(*subject);
    position.list = static_cast<ListId>(list);
    position.is_set = true;
    return position;
}

// Collects one page; add() says when it is full.
class Page {
  public:
    Page(Viewer& viewer, const EntryFilter& filter, std::size_t limit, Time now)
        : viewer_(viewer), filter_(filter), limit_(limit), now_(now) {}

    void set_ids(std::optional<ListId> list, std::optional<SourceId> source) {
        list_ = list;
        source_ = source;
    }
    [[nodiscard]] std::optional<ListId> list() const noexcept { return list_; }
    [[nodiscard]] bool is_full() const noexcept { return !page_.next.empty(); }

    // Entries of one subject come one after the other.
    void start(const Subject& subject, ListId list, std::size_t skip) {
        subject_ = subject;
        table_list_ = list;
        given_ = 0;
        skip_ = skip;
    }
    void add(const store::Mark& mark) {
        const bool wanted = (!list_ || mark.list == *list_) &&
                            (!source_ || mark.source == *source_) &&
                            (!filter_.exemptions_only || mark.exempt) &&
                            (filter_.include_expired || mark.is_live(now_));
        if (!wanted || is_full()) {
            return;
        }
        if (given_ < skip_) {
            ++given_;
            return;
        }
        if (page_.entries.size() == limit_) {
            page_.next = to_token(subject_, table_list_, given_);
            return;
        }
        page_.entries.push_back(viewer_.view(subject_, mark));
        ++given_;
    }
    [[nodiscard]] EntryPage take() { return std::move(page_); }

  private:
    Viewer& viewer_;
    const EntryFilter& filter_;
    std::size_t limit_;
    Time now_;
    std::optional<ListId> list_;
    std::optional<SourceId> source_;
    Subject subject_ = Prefix{};
    ListId table_list_{};
    std::size_t given_ = 0;
    std::size_t skip_ = 0;
    EntryPage page_;
};

void page_addresses(const store::Txn& txn, const EntryFilter& filter, const Position& from,
                    Page& page) {
    index::RangeCursor cursor(txn);
    const Prefix start = filter.within.value_or(Prefix{Address{}, 0});
    const auto* resumed = from.is_set ? std::get_if<Prefix>(&from.subject) : nullptr;
    cursor.seek(resumed != nullptr ? *resumed : start);
    std::optional<Prefix> before;
    while (!page.is_full() && cursor.next()) {
        const Prefix& prefix = cursor.prefix();
        if (filter.within && prefix.base > filter.within->last()) {
            return;
        }
        if (filter.within && !filter.within->contains(prefix)) {
            continue;
        }
        if (before != prefix) {
            const bool resumes = resumed != nullptr && prefix == *resumed;
            page.start(prefix, ListId{}, resumes ? from.skip : 0);
            before = prefix;
        }
        page.add(cursor.mark());
    }
}

std::optional<Subject> subject_of(Table table, Bytes bare_key, NameScope scope) {
    if (table == Table::Digests) {
        const auto digest = store::digest_from_bytes(bare_key);
        return digest ? std::optional<Subject>(*digest) : std::nullopt;
    }
    auto name = domain_from_key(bare_key);
    return name ? std::optional<Subject>(NameSubject{std::move(*name), scope}) : std::nullopt;
}

std::string table_key(Table table, ListId list, const Subject& subject) {
    const std::string prefix(index::NameKey(list).bytes());
    if (table == Table::Digests) {
        return prefix + store::digest_bytes(std::get<Digest>(subject));
    }
    return prefix + to_key(std::get<NameSubject>(subject).name);
}

void page_table(const store::Txn& txn, Table table, Viewer& viewer, const Position& from,
                Page& page) {
    store::Cursor cursor(txn, table);
    const ListKind kind = table == Table::Names ? ListKind::Domain : ListKind::Hash;
    const bool resumes = from.is_set && kind_of(from.subject) == kind;
    bool found =
        resumes ? cursor.seek_at_least(table_key(table, from.list, from.subject)) : cursor.first();
    bool is_first = resumes;
    for (; found && !page.is_full(); found = cursor.next()) {
        const Bytes key = cursor.key();
        if (key.size() <= index::NameKey::kListBytes) {
            continue;
        }
        const auto list = static_cast<ListId>(static_cast<std::uint8_t>(key[0]) << 8U |
                                              static_cast<std::uint8_t>(key[1]));
        if (page.list() && *page.list() != list) {
            continue;
        }
        const Bytes bare = key.substr(index::NameKey::kListBytes);
        for (const NameScope scope :
             {NameScope::Exact, NameScope::Below, NameScope::ExactAndBelow}) {
            const auto subject = subject_of(table, bare, scope);
            if (!subject || (is_first && table == Table::Names &&
                             scope < std::get<NameSubject>(from.subject).scope)) {
                continue;
            }
            const bool here = is_first && *subject == from.subject;
            page.start(*subject, list, here ? from.skip : 0);
            for (const store::ScopedMark& mark : store::decode_marks(cursor.value())) {
                if (mark.scope == scope) {
                    page.add(viewer.mark_of(mark));
                }
            }
        }
        is_first = false;
    }
}

}  // namespace

std::vector<EntryView> lookup_entries(const store::Txn& txn, const std::vector<ListSpec>& lists,
                                      const Subject& subject, Time now) {
    Viewer viewer(txn);
    const std::vector<ListOfStore> of_kind = lists_of_kind(txn, lists, kind_of(subject));
    std::vector<Covering> found;
    if (const auto* prefix = std::get_if<Prefix>(&subject)) {
        found = covering_address(txn, *prefix);
    } else if (const auto* name = std::get_if<NameSubject>(&subject)) {
        found = covering_name(txn, viewer, of_kind, *name);
    } else {
        found = covering_digest(txn, viewer, of_kind, std::get<Digest>(subject));
    }
    std::vector<EntryView> views;
    std::vector<store::Mark> answering;
    // A zone holds few lists, a store up to a thousand: choose them some at a time.
    for (std::size_t first = 0; first < of_kind.size(); first += kListsPerZoneMax) {
        index::ListSelection selection;
        for (std::size_t i = first; i < std::min(of_kind.size(), first + kListsPerZoneMax); ++i) {
            selection.add(of_kind[i].id, of_kind[i].spec->match);
        }
        const auto* prefix = std::get_if<Prefix>(&subject);
        index::Chooser chooser(selection, now, prefix != nullptr && prefix->is_v4());
        for (const Covering& covering : found) {
            chooser.offer(covering.mark, covering.length);
        }
        for (const index::Chosen& chosen : chooser.finish()) {
            answering.push_back(chosen.mark);
        }
    }
    for (const Covering& covering : found) {
        EntryView view = viewer.view(covering.subject, covering.mark);
        const auto at = std::ranges::find(answering, covering.mark);
        view.answers = at != answering.end();
        if (view.answers) {
            answering.erase(at);
        }
        views.push_back(std::move(view));
    }
    return views;
}

Result<EntryPage> page_entries(const store::Txn& txn, const EntryFilter& filter,
                               std::string_view after, std::size_t limit, Time now) {
    auto from = parse_token(after);
    if (!from) {
        return std::unexpected(from.error());
    }
    std::optional<ListId> list;
    std::optional<ListKind> kind;
    if (filter.list) {
        const auto registered = store::find_list(txn, *filter.list);
        if (!registered) {
            return fail(Errc::NotFound, fmt::format("list \"{}\": not in the store", *filter.list));
        }
        list = registered->id;
        kind = registered->kind;
    }
    std::optional<SourceId> source;
    if (filter.source) {
        source = store::find_source(txn, *filter.source);
        if (!source) {
            return fail(Errc::NotFound,
                        fmt::format("source \"{}\": not in the store", *filter.source));
        }
    }
    if (filter.within) {
        kind = ListKind::Address;
    }
    Viewer viewer(txn);
    Page page(viewer, filter, limit, now);
    page.set_ids(list, source);
    const ListKind resumed = from->is_set ? kind_of(from->subject) : ListKind::Address;
    const auto wants = [&](ListKind table) {
        return (!kind || *kind == table) && table >= resumed;
    };
    if (wants(ListKind::Address)) {
        page_addresses(txn, filter, *from, page);
    }
    if (wants(ListKind::Domain) && !page.is_full()) {
        page_table(txn, Table::Names, viewer, *from, page);
    }
    if (wants(ListKind::Hash) && !page.is_full()) {
        page_table(txn, Table::Digests, viewer, *from, page);
    }
    return page.take();
}

std::string at_start_of_subject(std::string_view token) {
    const auto position = parse_token(token);
    return position && position->is_set ? to_token(position->subject, position->list, 0)
                                        : std::string(token);
}

}  // namespace fairlist
