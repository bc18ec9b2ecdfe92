// The times of one route: as early as it can be, and, finishing so, departing as late as it can.
//
// With rests a moment has a label for each set of rests that lie behind: the earliest time at which the route can be
// there with those taken. Earlier is never worse for what follows, so no more need be kept; backwards the same with the
// latest times. Both are exact for hard windows.
#pragma once

#include <array>
#include <cstdlib>
#include <vector>

#include "problem.hpp"

namespace homestretch {

constexpr int MOST_RESTS = 6, MOST_LABELS = 1 << MOST_RESTS;

/// What is driven: visits, and positions, rising, before which the vehicle is at its reload place.
struct Tour {
    std::vector<int> visits, cuts;
};

/// Rests on the route in their order: moment 2k is before the service of visit k, 2k + 1 after it.
struct Placed {
    std::array<std::int16_t, MOST_RESTS> moment{};
    std::array<std::int8_t, MOST_RESTS> rest{};
    int count = 0;
};

/// Times by stop and label, of a route with m visits. Seconds.
struct Times {
    std::vector<int> leave;   ///< (m + 1) x labels: row 0 at departure, row k + 1 behind visit k and its rests
    std::vector<int> latest;  ///< (m + 1) x labels: last arrival at visit k, row m at the end place, to be in time
    std::vector<int> kept;    ///< (m + 1) x labels: the same, to finish as early as the route does
    std::vector<int> late_leave;  ///< m + 1: when it leaves, having departed as late as it can
    std::vector<int> start;       ///< m: when service then begins
    std::vector<int> label;       ///< m + 1: the label that it then has when it leaves
    std::vector<int> ready;       ///< m + 1: where a trip begins with visit k, when its goods are there; else -1
    std::vector<int> needs;       ///< m + 1: when the goods of the trip from visit k on are there
    int depart = 0, finish = 0;
    int worked = 0;   ///< the longest between departure, rests and finish
    int unpaid = 0;   ///< seconds of unpaid rests on the way
    int waiting = 0;  ///< idle before services
    Cost late = 0;    ///< of begins after `due`, and of those that are not as in the plan that is kept
    bool cut(int k) const { return k > 0 && ready[k] >= 0; }
};

class Clock {
public:
    explicit Clock(const Problem& problem);

    /// Fills `times`; false if the route cannot be in time.
    bool run(const VehicleType& type, const Tour& tour, Times& times) const;

    /// Whether the times keep what must not be too far apart: goods that ride, work without a rest, the whole route.
    /// Where they do not, others may: then fills them.
    bool hold(const VehicleType& type, const Tour& tour, Times& times) const;

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

    /// When a way ends that begins then.
    int arrive(const VehicleType& type, int from, int to, int leave) const {
        const int time = problem_.times(type.profile)(from, to);
        if (!slotted_ || !problem_.slotted(type.profile) || time >= NEVER) return leave + time;
        return problem_.slots[type.profile].arrive(from, to, leave);
    }

    /// The last begin of a way that ends by then.
    int leave_by(const VehicleType& type, int from, int to, int arrival) const {
        const int time = problem_.times(type.profile)(from, to);
        if (!slotted_ || !problem_.slotted(type.profile) || time >= NEVER) return arrival - time;
        return problem_.slots[type.profile].leave_by(from, to, arrival);
    }

    /// Meters and seconds of a route that departs late, where they depend on the hour.
    std::pair<std::int64_t, std::int64_t> driven(const VehicleType& type, const Tour& tour, const Times& times) const;

    /// From the earliest times of leaving `from` to those of arriving at `to`.
    void drive(const VehicleType& type, int from, int to, int* row) const {
        const int time = problem_.times(type.profile)(from, to), sets = labels(type);
        for (int set = 0; set < sets; ++set)
            if (row[set] < NEVER) row[set] = slotted_ ? arrive(type, from, to, row[set]) : row[set] + time;
    }

    /// From the last times of arriving at `to` to those of leaving `from`.
    void undrive(const VehicleType& type, int from, int to, int* row) const {
        const int time = problem_.times(type.profile)(from, to), sets = labels(type);
        for (int set = 0; set < sets; ++set)
            if (row[set] > -NEVER) row[set] = slotted_ ? leave_by(type, from, to, row[set]) : row[set] - time;
    }

    /// From the earliest times of arriving at the reload place to those of leaving it with goods that are `ready`.
    static void reload(const VehicleType& type, int ready, int* row) {
        const int sets = labels(type);
        for (int set = 0; set < sets; ++set)
            if (row[set] < NEVER) row[set] = (row[set] > ready ? row[set] : ready) + type.reloading;
    }

    /// From the earliest times of arrival to those of leaving visit `v`: rests before its service and after it.
    void serve(const VehicleType& type, int v, int* row) const;

    /// From the last times of leaving visit `v` to those of arriving.
    void unserve(const VehicleType& type, int v, int* row) const;

    /// What a begin of service costs.
    Cost price(const Visit& visit, int start) const {
        Cost cost = start > visit.due ? visit.late * (start - visit.due) : 0;
        if (visit.kept_start < NEVER && problem_.drifted != 0)
            cost += problem_.drifted * (std::abs(start - visit.kept_start) / 60);
        return cost;
    }

private:
    static void rest(const VehicleType& type, int* row);
    static void unrest(const VehicleType& type, int* row);
    void trips(const Tour& tour, Times& times) const;
    int behind(const VehicleType& type, int at) const;
    void departures(const VehicleType& type, int release, int* row) const;
    void onwards(const VehicleType& type, const Tour& tour, const Times& times, int k, int* row) const;
    void backwards(const VehicleType& type, const Tour& tour, const Times& times, std::vector<int>& rows) const;
    bool run_plain(const VehicleType& type, const Tour& tour, Times& times) const;
    bool held(const VehicleType& type, const Tour& tour, const Times& times) const;
    bool depart_late(const VehicleType& type, const Tour& tour, Times& times) const;
    int advance(const VehicleType& type, const Tour& tour, const Times& times, int k, int leave) const;
    bool weighs(const VehicleType& type, const Tour& tour) const;
    Placed lazily(const VehicleType& type, const Tour& tour, const Times& times) const;
    Placed cheapest(const VehicleType& type, const Tour& tour, const Times& times) const;
    void walk(const VehicleType& type, const Tour& tour, const Placed& placed, Times& times) const;

    const Problem& problem_;
    const bool slotted_;  ///< ways depend on the hour
    const bool drifts_;   ///< an earlier begin may cost more
    bool rides_ = false;  ///< goods may ride so long and no longer
    bool held_ = false;  ///< it matters when services begin
};

}  // namespace homestretch
