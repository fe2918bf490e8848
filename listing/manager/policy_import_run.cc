#include "listing/manager/policy_import_run.h"

#include "listing/manager/list_target.h"
#include "listing/manager/policy_check.h"
#include "listing/manager/policy_edit.h"
#include "listing/manager/provider_store.h"

#include <fmt/format.h>

#include <expected>
#include <string>
#include <utility>

namespace fairlist {

namespace {

Result<void> check_lists(const store::Txn& txn, const PolicyBookOptions& options) {
    for (const std::string* list : {&options.rules.list, &options.rules.allow_list}) {
        if (!list->empty()) {
            if (const auto target = find_list_target(txn, options.lists, *list); !target) {
                return std::unexpected(target.error());
            }
        }
    }
    return {};
}

}  // namespace

PolicyImportRun::PolicyImportRun(const store::Txn& txn, const PolicyBookOptions& options,
                                 const From& from, const MailPolicy& policy)
    : txn_(txn), options_(options), from_(from), policy_(policy), now_(options.clock()) {}

Result<PolicyImport> PolicyImportRun::look(bool force) {
    if (!find_provider(txn_, from_.slug)) {
        return std::unexpected(no_such_provider(from_.slug));
    }
    versions_ = stored_policies(txn_, from_.slug, from_.voice);
    const StoredPolicy* before = in_force_of(versions_);
    if (const auto good = check_lists(txn_, options_); !good) {
        return std::unexpected(good.error());
    }
    if (const auto good = check_policy(policy_, before, now_); !good) {
        return std::unexpected(good.error());
    }
    PolicyImport import;
    import.diff = diff(before != nullptr ? load_policy(txn_, *before) : MailPolicy{}, policy_);
    is_in_force_ = before != nullptr && import.diff.empty() && before->header.policy == bare();
    if (before != nullptr && !force) {
        import.held_why =
            policy_guard(options_.rules, before->header.ranges + before->header.exemptions,
                         policy_.ranges.size() + policy_.exemptions.size());
        import.held = !import.held_why.empty();
    }
    return import;
}

void PolicyImportRun::count(PolicyImport& import) const {
    PolicyEdit edit(txn_, options_, from_.actor);
    edit.put_lists(key(0), policy_, edit.is_fresh_now(policy_.published), import);
}

void PolicyImportRun::write(store::WriteTxn& txn, PolicyImport& import) {
    if (is_in_force_) {
        drop_held(txn);
        count(import);
        return;
    }
    if (import.held && is_held()) {
        import.version = versions_.back().key.version;
        count(import);
        return;
    }
    const StoredPolicy stored = make(versions_.empty() ? 1 : versions_.back().key.version + 1);
    store::put_policy_parts(txn, stored.key, policy_);
    PolicyEdit edit(txn, options_, from_.actor);
    if (import.held) {
        hold(txn, stored, import);
    } else {
        edit.put_in_force(stored, policy_, versions_, import);
    }
    edit.note(import.held ? "hold" : "import", from_.slug, from_.voice,
              {{"version", fmt::format("{}", import.version)},
               {"published", to_string(policy_.published)},
               {"ranges", fmt::format("{}", policy_.ranges.size())},
               {"exemptions", fmt::format("{}", policy_.exemptions.size())},
               {"refused", fmt::format("{}", import.refused_total)},
               {"held", import.held_why}});
}

store::PolicyKey PolicyImportRun::key(std::uint64_t version) const {
    return {std::string(from_.slug), from_.voice, version};
}

MailPolicy PolicyImportRun::bare() const {
    MailPolicy bare;
    bare.version = policy_.version;
    bare.provider_name = policy_.provider_name;
    bare.asns = policy_.asns;
    bare.abuse = policy_.abuse;
    bare.support = policy_.support;
    bare.published = policy_.published;
    return bare;
}

bool PolicyImportRun::is_held() const {
    const StoredPolicy* held = held_of(versions_);
    return held != nullptr && held->header.policy == bare() &&
           diff(load_policy(txn_, *held), policy_).empty();
}

StoredPolicy PolicyImportRun::make(std::uint64_t version) const {
    StoredPolicy stored{key(version), {}};
    stored.header.imported = now_;
    stored.header.ranges = policy_.ranges.size();
    stored.header.exemptions = policy_.exemptions.size();
    stored.header.actor = from_.actor.name;
    stored.header.policy = bare();
    return stored;
}

// The provider has gone back to the one in force: what waits is not what it says.
void PolicyImportRun::drop_held(store::WriteTxn& txn) const {
    if (const StoredPolicy* held = held_of(versions_)) {
        PolicyEdit edit(txn, options_, from_.actor);
        edit.note("drop", from_.slug, from_.voice,
                  {{"version", fmt::format("{}", held->key.version)}});
        retire_policies(txn, versions_, Retire::Held, now_);
    }
}

void PolicyImportRun::hold(store::WriteTxn& txn, StoredPolicy stored, PolicyImport& import) const {
    retire_policies(txn, versions_, Retire::Held, now_);
    count(import);
    stored.header.held = true;
    stored.header.held_why = import.held_why;
    stored.header.refused = import.refused_total;
    save_policy(txn, stored);
    import.version = stored.key.version;
}

}  // namespace fairlist
