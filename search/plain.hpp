// The plain problem: equal vehicles from one place, one window a visit, loads that are all delivered, a cost for each
// leg. What needs more is a rich problem (rich.hpp). The plain one pays for nothing that it does not use.
#pragma once

#include <cstdint>
#include <vector>

#include "keys.hpp"
#include "problem.hpp"

namespace homestretch {

struct PlainVisit {
    int open = 0, close = 0;  ///< service may begin in [open, close]
    int service = 0;
    int load = 0;  ///< of the first dimension
};

/// Nodes 0 to visits - 1 are visits, node `visits` is where routes start, the next one is where they end.
struct Plain {
    int visits = 0;
    int vehicles = 0;
    int dimensions = 1;
    std::vector<int> capacity;      ///< by dimension
    std::vector<PlainVisit> visit;  ///< with the start's and the end's windows last
    std::vector<int> more_loads;    ///< visit by visit, of all dimensions but the first
    std::vector<char> required;
    std::vector<Cost> prize;        ///< what leaving a visit out costs; a required one costs more than any route
    Cost fixed = 0;                 ///< of each route
    int max_stops = 0;              ///< 0 = any number
    bool timeless = false;          ///< no route can be late, whatever it serves: nobody asks for the time
    std::vector<int> name;  ///< the visits of the problem that these are
    Keys keys;
    Square cost, time;              ///< over the nodes; `time` is empty where it equals `cost`
    Square cost_back, time_back;    ///< transposed: a row is where legs lead to; empty where that makes no difference

    /// Makes the plain problem of one that is plain; false (and nothing) if it needs more than this knows.
    static bool from(const Problem& problem, Plain& plain);

    int start() const { return visits; }
    int end() const { return visits + 1; }
    bool same() const { return time.empty(); }

    /// Costs, and times, of the legs that lead to a visit.
    const std::int32_t* to(int v) const { return (cost_back.empty() ? cost : cost_back).row(v); }
    const std::int32_t* time_to(int v) const { return (time_back.empty() ? time : time_back).row(v); }

    /// Makes the transposed matrices, after the others are filled.
    void finish() {
        if (!cost.symmetric()) cost_back = cost.transposed();
        if (!time.symmetric()) time_back = time.transposed();
    }
};

}  // namespace homestretch
