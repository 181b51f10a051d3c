// The dialogue with the oracle, shared by the adapters in C++: JSON lines in, JSON lines out.
#pragma once

#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp> // Debian: nlohmann-json3-dev

namespace wire {

using Json = nlohmann::json;
using Key = long; // adapters claim key=int64

struct Refusal { // a right answer: the name of an error of the protocol
    const char *name;
};

struct Adapter {
    std::string name, version;
    std::vector<std::string> words; // capabilities beside the names of the operations
    std::function<void(const Json &header)> reset;
    std::map<std::string, std::function<Json(const Json &line)>> ops;
};

inline Key key(const Json &line, const char *field) { return std::stol(line.at(field).get<std::string>()); }

inline std::string text(const Json &line, const char *field) { return line.at(field).get<std::string>(); }

// The ends of a write: an empty span is an error of the protocol, whatever the library says of it.
struct Span {
    Key start, stop;
    explicit Span(const Json &line) : start(key(line, "start")), stop(key(line, "stop")) {
        if (!(start < stop)) throw Refusal{"EmptySpan"};
    }
};

// The ends of a window; an end that is left out is the end of the key type.
struct Window {
    Key start = std::numeric_limits<Key>::min(), stop = std::numeric_limits<Key>::max();
    explicit Window(const Json &line) {
        if (line.contains("start")) start = key(line, "start");
        if (line.contains("stop")) stop = key(line, "stop");
        if (stop < start) throw Refusal{"EmptySpan"};
    }
};

inline Json piece(Key start, Key stop, const std::string &value) {
    return {std::to_string(start), std::to_string(stop), value};
}

inline Json answer(const Adapter &adapter, const Json &line) {
    if (!line.contains("op")) {
        adapter.reset(line);
        return {{"ok", nullptr}};
    }
    const auto op = line.at("op").get<std::string>();
    if (op == "stop") return {{"ok", nullptr}};
    if (op == "start") {
        auto words = adapter.words;
        for (const auto &entry : adapter.ops) words.push_back(entry.first);
        return {{"ok", {{"name", adapter.name}, {"version", adapter.version}, {"capabilities", words}}}};
    }
    const auto found = adapter.ops.find(op);
    if (found == adapter.ops.end()) return {{"skip", "no " + op}};
    try {
        return {{"ok", found->second(line)}};
    } catch (const Refusal &refusal) {
        return {{"err", refusal.name}};
    }
}

inline int serve(const Adapter &adapter) {
    std::ios::sync_with_stdio(false);
    for (std::string raw; std::getline(std::cin, raw);) {
        const auto line = Json::parse(raw);
        std::cout << answer(adapter, line) << '\n';
        if (std::cin.rdbuf()->in_avail() <= 0) std::cout.flush();
        if (line.value("op", "") == "stop") break;
    }
    return 0;
}

} // namespace wire
