// Boost.ICL under the oracle.  The first argument chooses the container.
//
//   icl map       interval_map, joining      icl split-map   split_interval_map, never joining
//   icl set       interval_set, joining      icl split-set   split_interval_set, never joining
//   icl add       interval_map, whose += joins the values of an overlap

#include <boost/icl/interval_map.hpp>
#include <boost/icl/interval_set.hpp>
#include <boost/icl/split_interval_map.hpp>
#include <boost/icl/split_interval_set.hpp>
#include <boost/version.hpp>

#include "wire.hpp"

namespace icl = boost::icl;
using wire::Json, wire::Key;
using Span = icl::right_open_interval<Key>;

// partial_enricher stores a value that is empty, too; the default, partial_absorber, drops it.
using Map = icl::interval_map<Key, std::string, icl::partial_enricher, std::less, icl::inplace_plus, icl::inter_section, Span>;
using SplitMap = icl::split_interval_map<Key, std::string, icl::partial_enricher, std::less, icl::inplace_plus, icl::inter_section, Span>;
using Set = icl::interval_set<Key, std::less, Span>;
using SplitSet = icl::split_interval_set<Key, std::less, Span>;

template <class C> constexpr bool is_map = icl::is_interval_map<C>::value;

template <class C> Span span_of(const typename C::value_type &segment) {
    if constexpr (is_map<C>) return segment.first;
    else return segment;
}

template <class C> Json piece(const typename C::value_type &segment) {
    const Span span = span_of<C>(segment);
    if constexpr (is_map<C>) return wire::piece(span.lower(), span.upper(), segment.second);
    else return wire::piece(span.lower(), span.upper(), "a");
}

template <class C> wire::Adapter adapter(const std::string &how, std::vector<std::string> words) {
    static C list;
    wire::Adapter made{"Boost.ICL " + how, BOOST_LIB_VERSION, std::move(words), [](const Json &) { list.clear(); }, {}};
    made.words.insert(made.words.end(), {"void", "key=int64", "merge=left", "split=copy"});
    auto pieces = [](const C &some) {
        Json all = Json::array();
        for (const auto &segment : some) all.push_back(piece<C>(segment));
        return all;
    };
    made.ops["remove"] = [](const Json &line) {
        if (line.contains("start") && line.contains("stop")) wire::Span{line};
        const wire::Window window{line};
        list.erase(Span(window.start, window.stop));
        return nullptr;
    };
    made.ops["clear"] = [](const Json &) { list.clear(); return nullptr; };
    made.ops["dump"] = [pieces](const Json &) { return pieces(list); };
    made.ops["len"] = [](const Json &) { return list.iterative_size(); };
    made.ops["at"] = [](const Json &line) -> Json {
        const auto found = list.find(wire::key(line, "key"));
        return found == list.end() ? Json() : piece<C>(*found);
    };
    made.ops["overlapping"] = [](const Json &line) {
        const wire::Window window{line};
        Json all = Json::array();
        if (window.start == window.stop) return all; // `equal_range` asserts that its argument is not empty
        const auto range = list.equal_range(Span(window.start, window.stop));
        for (auto at = range.first; at != range.second; ++at) all.push_back(piece<C>(*at));
        return all;
    };
    made.ops["slice"] = [pieces](const Json &line) {
        const wire::Window window{line};
        return pieces(list & Span(window.start, window.stop));
    };
    made.ops["covers"] = [](const Json &line) {
        const wire::Window window{line};
        if constexpr (is_map<C>) {
            Set domain;
            icl::domain(domain, list);
            return icl::contains(domain, Span(window.start, window.stop));
        } else return icl::contains(list, Span(window.start, window.stop));
    };
    if constexpr (is_map<C>) {
        if (how == "add") {
            made.ops["add"] = [](const Json &line) {
                const wire::Span span{line};
                list.add({Span(span.start, span.stop), wire::text(line, "value")});
                return nullptr;
            };
        } else {
            made.ops["set"] = [](const Json &line) {
                const wire::Span span{line};
                list.set({Span(span.start, span.stop), wire::text(line, "value")});
                return nullptr;
            };
        }
    } else {
        // A split set cuts at the ends of what is added; an overwrite is what `set` of the protocol is.
        made.ops["set"] = [](const Json &line) {
            const wire::Span span{line};
            if constexpr (std::is_same_v<C, SplitSet>) list.erase(Span(span.start, span.stop));
            list.add(Span(span.start, span.stop));
            return nullptr;
        };
    }
    return made;
}

int main(int count, char **arguments) {
    const std::string how = count > 1 ? arguments[1] : "map";
    if (how == "map") return wire::serve(adapter<Map>(how, {"coalesce=equal"}));
    if (how == "add") return wire::serve(adapter<Map>(how, {"coalesce=equal", "overlap=join"}));
    if (how == "split-map") return wire::serve(adapter<SplitMap>(how, {"coalesce=never"}));
    if (how == "set") return wire::serve(adapter<Set>(how, {"coalesce=equal", "values=one"}));
    if (how == "split-set") return wire::serve(adapter<SplitSet>(how, {"coalesce=never", "values=one"}));
    std::cerr << "no container " << how << ", want map, add, split-map, set or split-set\n";
    return 2;
}
