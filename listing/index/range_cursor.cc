#include "listing/index/range_cursor.h"

#include "listing/base/check.h"

#include <algorithm>

namespace fairlist::index {

using store::Bytes;

RangeCursor::RangeCursor(const store::Txn& txn) : txn_(&txn), cursor_(txn, store::Table::Nodes) {}

void RangeCursor::renew(const store::Snapshot& snapshot) {
    txn_ = &snapshot;
    cursor_.renew(snapshot);
}

void RangeCursor::push(const NodeKey& key, Bytes bytes, const Prefix* from) {
    const auto block = RangeBlock::open(bytes);
    if (!block) {
        throw store::StoreError("store: nodes: a block is malformed");
    }
    while (frame_count_ != 0 && mask_to(key.base, frames_[frame_count_ - 1].key.depth) !=
                                    frames_[frame_count_ - 1].key.base) {
        --frame_count_;
    }
    FAIRLIST_CHECK(frame_count_ < frames_.size());
    Frame& frame = frames_[frame_count_++];
    frame.block = *block;
    frame.key = key;
    frame.at = from != nullptr ? block->lower_bound(*from) : 0;
    if (list_bits_ != kAllLists && (block->list_bits() & list_bits_) == 0) {
        frame.at = block->size();
    }
    if (frame.at < block->size()) {
        frame.front = block->prefix(frame.at, key.base);
    }
}

// The nodes that hold the prefix but start before it: the cursor has passed them.
void RangeCursor::push_path(const Prefix& prefix, unsigned root_depth) {
    unsigned depth = root_depth;
    while (depth < prefix.length) {
        const NodeKey key{mask_to(prefix.base, depth), static_cast<std::uint8_t>(depth)};
        const NodeKeyBytes key_bytes = encode_key(key);
        const auto bytes =
            txn_->get(store::Table::Nodes, Bytes(key_bytes.data(), key_bytes.size()));
        unsigned step = depth == root_depth ? kRootStep : 0;
        if (bytes) {
            push(key, *bytes, &prefix);
            step = std::max(step, frames_[frame_count_ - 1].block.child_step());
        }
        if (step == 0) {
            return;
        }
        depth += step;
    }
}

void RangeCursor::read_pending(bool found) {
    has_pending_ = found;
    if (found) {
        const auto key = decode_node_key(cursor_.key());
        if (!key) {
            throw store::StoreError("store: nodes: a key is malformed");
        }
        pending_ = *key;
    }
}

void RangeCursor::seek(const Prefix& prefix, std::uint64_t list_bits) {
    frame_count_ = 0;
    list_bits_ = list_bits;
    push_path(prefix, 0);
    if (prefix.base.is_v4()) {
        push_path(prefix, kV4RootDepth);
    }
    const NodeKeyBytes key = encode_key({prefix.base, prefix.length});
    read_pending(cursor_.seek_at_least(Bytes(key.data(), key.size())));
}

RangeCursor::Frame* RangeCursor::earliest() noexcept {
    Frame* first = nullptr;
    for (std::size_t i = 0; i < frame_count_; ++i) {
        Frame& frame = frames_[i];
        if (frame.at < frame.block.size() && (first == nullptr || frame.front < first->front)) {
            first = &frame;
        }
    }
    return first;
}

bool RangeCursor::next() {
    while (true) {
        Frame* frame = earliest();
        const bool node_first =
            has_pending_ &&
            (frame == nullptr || Prefix{pending_.base, pending_.depth} <= frame->front);
        if (node_first) {
            push(pending_, cursor_.value(), nullptr);
            read_pending(cursor_.next());
            continue;
        }
        if (frame == nullptr) {
            return false;
        }
        prefix_ = frame->front;
        mark_ = frame->block.mark(frame->at);
        if (++frame->at < frame->block.size()) {
            frame->front = frame->block.prefix(frame->at, frame->key.base);
        }
        return true;
    }
}

}  // namespace fairlist::index
