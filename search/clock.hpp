// The times of one route: as early as it can be, and, finishing so, departing as late as it can.
//
// With rests a moment has a label for each set of rests that lie behind: the earliest time at which the route can be
// there with those taken. Earlier is never worse for what follows, so no more need be kept; backwards the same with the
// latest times. Both are exact for hard windows.
#pragma once

#include <vector>

#include "problem.hpp"

namespace homestretch {

constexpr int MOST_RESTS = 6, MOST_LABELS = 1 << MOST_RESTS;

/// Times by stop and label, of a route with m visits. Seconds.
struct Times {
    std::vector<int> leave;   ///< (m + 1) x labels: row 0 at departure, row k + 1 behind visit k and its rests
    std::vector<int> latest;  ///< (m + 1) x labels: last arrival at visit k, row m at the end place, to be in time
    std::vector<int> kept;    ///< (m + 1) x labels: the same, to finish as early as the route does
    std::vector<int> late_leave;  ///< m + 1: when it leaves, having departed as late as it can
    std::vector<int> start;       ///< m: when service then begins
    std::vector<int> label;       ///< m + 1: the label that it then has when it leaves
    int depart = 0, finish = 0;
    int unpaid = 0;   ///< seconds of unpaid rests on the way
    int waiting = 0;  ///< idle before services
    Cost late = 0;    ///< of begins after `due`
};

class Clock {
public:
    explicit Clock(const Problem& problem) : problem_(problem) {}

    /// Fills `times`; false if the route cannot be in time.
    bool run(const VehicleType& type, const std::vector<int>& visits, Times& times) const;

    static int labels(const VehicleType& type) { return 1 << type.rests.size(); }

    /// When service can begin that could begin at `at`; NEVER if it can't.
    static int begin(const Visit& visit, int at) {
        if (visit.windows.empty()) return at;
        for (const Window& window : visit.windows)
            if (at <= window.close) return at > window.open ? at : window.open;
        return NEVER;
    }

    /// The last begin of a service that is not after `at`; -NEVER if there is none.
    static int last_begin(const Visit& visit, int at) {
        if (visit.windows.empty()) return at;
        for (auto window = visit.windows.rbegin(); window != visit.windows.rend(); ++window)
            if (at >= window->open) return at < window->close ? at : window->close;
        return -NEVER;
    }

    /// From the earliest times of arrival to those of leaving visit `v`: rests before its service and after it.
    void serve(const VehicleType& type, int v, int* row) const;

    /// From the last times of leaving visit `v` to those of arriving.
    void unserve(const VehicleType& type, int v, int* row) const;

private:
    static void rest(const VehicleType& type, int* row);
    static void unrest(const VehicleType& type, int* row);
    void departures(const VehicleType& type, int release, int* row) const;
    void backwards(const VehicleType& type, const std::vector<int>& visits, std::vector<int>& rows) const;
    bool depart_late(const VehicleType& type, const std::vector<int>& visits, int release, Times& times) const;
    void walk(const VehicleType& type, const std::vector<int>& visits, Times& times) const;

    const Problem& problem_;
};

}  // namespace homestretch
