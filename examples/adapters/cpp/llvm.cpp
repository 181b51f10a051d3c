// llvm::IntervalMap under the oracle: right-open keys, values that are small numbers for texts.
//
// The map cannot overwrite: `insert` wants free space (it asserts so), all other changes go through an iterator.

#include <llvm/ADT/IntervalMap.h>
#include <llvm/Config/llvm-config.h>

#include "wire.hpp"

using wire::Json, wire::Key;
// 4 in a leaf: a list of a few nodes has leaves to split, to merge and to walk over.
using Map = llvm::IntervalMap<Key, unsigned, 4, llvm::IntervalMapHalfOpenInfo<Key>>;

static Map::Allocator allocator;
static Map list(allocator);
static std::vector<std::string> texts; // a value is an index into it
static constexpr unsigned NONE = -1;

static unsigned number(const std::string &text) {
    for (unsigned i = 0; i < texts.size(); i++)
        if (texts[i] == text) return i;
    texts.push_back(text);
    return texts.size() - 1;
}

static Json piece(Map::const_iterator at) {
    return at.valid() ? wire::piece(at.start(), at.stop(), texts[at.value()]) : Json();
}

// find(key) is the first with key < stop.
static Map::iterator covering(const Json &line, const char *field) {
    const Key key = wire::key(line, field);
    const auto at = list.find(key);
    if (!at.valid() || key < at.start()) throw wire::Refusal{"Missing"};
    return at;
}

// Move both ends, never through an empty span.  Each may join a neighbour; the iterator then stands on the whole.
static void move(Map::iterator at, Key start, Key stop) {
    if (start < at.stop()) {
        if (start != at.start()) at.setStart(start);
        if (stop != at.stop()) at.setStop(stop);
    } else {
        at.setStop(stop);
        at.setStart(start);
    }
}

int main() {
    wire::Adapter made{"llvm::IntervalMap", LLVM_VERSION_STRING, {"void", "key=int64", "coalesce=equal", "merge=left", "split=copy"},
                       [](const Json &) { list.clear(); }, {}};
    auto &ops = made.ops;
    ops["insert"] = [](const Json &line) {
        const wire::Span span{line};
        if (list.overlaps(span.start, span.stop)) throw wire::Refusal{"Overlap"};
        list.insert(span.start, span.stop, number(wire::text(line, "value")));
        return nullptr;
    };
    ops["resize"] = [](const Json &line) {
        const auto at = covering(line, "at");
        const Key start = line.contains("start") ? wire::key(line, "start") : at.start();
        const Key stop = line.contains("stop") ? wire::key(line, "stop") : at.stop();
        if (!(start < stop)) throw wire::Refusal{"EmptySpan"};
        auto left = at, right = at;
        if (at != list.begin() && start < (--left).stop()) throw wire::Refusal{"Overlap"};
        if ((++right).valid() && right.start() < stop) throw wire::Refusal{"Overlap"};
        move(at, start, stop);
        return nullptr;
    };
    ops["discard"] = [](const Json &line) { covering(line, "at").erase(); return nullptr; };
    ops["replace"] = [](const Json &line) {
        covering(line, "at").setValue(number(wire::text(line, "value")));
        return nullptr;
    };
    ops["clear"] = [](const Json &) { list.clear(); return nullptr; };
    ops["dump"] = [](const Json &) {
        Json all = Json::array();
        for (auto at = list.begin(); at.valid(); ++at) all.push_back(piece(at));
        return all;
    };
    ops["at"] = [](const Json &line) -> Json {
        const Key key = wire::key(line, "key");
        return list.lookup(key, NONE) == NONE ? Json() : piece(list.find(key));
    };
    ops["first"] = [](const Json &) { return list.empty() ? Json() : piece(list.find(list.start())); };
    ops["last"] = [](const Json &) { return list.empty() ? Json() : piece(--list.end()); };
    return wire::serve(made);
}
