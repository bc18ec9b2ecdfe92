// The question in numbers, with every rule. Seconds, meters, and costs in one unit that makes them all whole.
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "coordinates.hpp"
#include "matrix.hpp"
#include "slots.hpp"

namespace homestretch {

using Cost = std::int64_t;

constexpr int NEVER = std::numeric_limits<int>::max() / 4;  ///< a time beyond all others; there is no way
constexpr int RELOAD = -1;  ///< among the visits of a route, where it is at its reload place
constexpr int NO_HOME = -1;  ///< of a visit that was on no route of the plan that is kept

struct Window {
    int open, close;  ///< service may begin in [open, close]
};

struct Rest {
    int duration, earliest, latest;  ///< it begins in [earliest, latest]
    bool paid;
};

struct Visit {
    std::vector<Window> windows;       ///< in order; none = at any time
    std::vector<int> deliver, collect;  ///< by dimension; on board before, and after
    std::vector<int> ride;              ///< by dimension: of its pair, on board between the two ends; empty without one
    Cost prize = 0;                    ///< what leaving it out costs (its whole pair, for the first end)
    bool required = true;              ///< (of a pair: one of its ends) else it may be left out for its prize
    int release = 0;                   ///< its route departs no sooner
    int partner = -1;                  ///< the other end of its pair
    bool first = false;                ///< it is the end of the pair that comes first
    int max_ride = NEVER;              ///< of a pair: from leaving the first end to the begin of service at the second
    int position = -1;                 ///< locked to this place of its route, from 0
    int due = NEVER;                   ///< service that begins later is late
    Cost late = 0;                     ///< cost of a second of that
    int home = NO_HOME;                ///< the type whose vehicle served it in the plan that is kept
    int rank = 0;                      ///< its place there
    int kept_start = NEVER;            ///< when its service began there; NEVER = no matter
    std::vector<int> block;            ///< visits that follow it directly, if it begins a chain of such
    int leader = -1;                   ///< the visit that begins the chain which it is in the middle, or at the end, of
    int group = -1;                    ///< at most one visit of a group is served; the first stands for all
    std::uint64_t goods = 0;           ///< kinds, a bit each
    int zone = -1;
};

/// Vehicles that differ in nothing.
struct VehicleType {
    int vehicles = 1;
    int profile = 0;
    int start = 0, end = 0;  ///< nodes
    int open = 0, close = 0;
    int loading = 0;  ///< seconds at the start, after departure
    bool begun = false;  ///< under way: it departs at `open`, neither sooner nor later
    std::vector<int> capacity;  ///< by dimension, less what rides along to the end
    Cost fixed = 0, per_meter = 0, per_second = 0;
    Cost overtime = 0;  ///< for each paid second beyond `regular`
    int regular = NEVER;
    Cost waiting = 0;  ///< for each second idle before a service
    int max_stops = NEVER, max_duration = NEVER, max_drive = NEVER;
    int stretch = NEVER;  ///< seconds at most between departure, rests on the route, and finish
    std::int64_t max_distance = std::numeric_limits<std::int64_t>::max();
    std::vector<Rest> rests;  ///< by their earliest begin; unpaid ones cost nothing
    int reload = -1;     ///< the node of the place where it may reload; -1 = nowhere
    int reloading = 0;   ///< seconds there
    int max_trips = NEVER;
    bool backhauls_last = false;
    bool lifo = false;
    std::vector<int> service;          ///< by visit
    std::vector<std::uint8_t> serves;  ///< by visit: whether it may
};

/// Visits that one vehicle must serve, those of them that are served; perhaps in their order.
struct Relation {
    std::vector<int> visits;
    bool in_order = false;
};

/// What is to be alike among routes in use.
enum class Alike { NOTHING, MINUTES, STOPS, LOAD };

/// Nodes 0 to visits - 1 are visits, the others are places where routes start and end.
struct Problem {
    int visits = 0, nodes = 0, dimensions = 0;
    bool vehicles_first = false;
    Cost moved = 0, changed = 0;  ///< against the plan that is kept: another visit before it, another vehicle
    Cost drifted = 0;             ///< and for each minute
    Cost split_zone = 0;                           ///< for each zone, each vehicle that serves it beyond the first
    Cost balance = 0;                              ///< times the largest less the smallest
    Alike alike = Alike::NOTHING;
    int alike_dimension = 0;
    int zones = 0;
    std::vector<Relation> relations;
    std::vector<std::pair<int, int>> incompatible;  ///< bits of kinds of goods
    std::vector<Visit> visit;
    std::vector<VehicleType> type;
    std::vector<Square> distance, time;  ///< by profile, over the nodes; `time` is empty where it equals `distance`
    std::vector<Slots> slots;  ///< by profile; where there are some, the squares are the least of all slots
    std::vector<Coordinates> coordinates;  ///< by profile, over the nodes; where there are some, both squares are empty
    bool slotted(int profile) const { return profile < static_cast<int>(slots.size()) && !slots[profile].empty(); }
    bool one_matrix(int profile) const { return time[profile].empty(); }
    const Square& times(int profile) const { return one_matrix(profile) ? distance[profile] : time[profile]; }

    bool has_coordinates(int profile) const {
        return profile < static_cast<int>(coordinates.size()) && !coordinates[profile].empty();
    }

    std::int32_t meters(int profile, int from, int to) const {
        return has_coordinates(profile) ? coordinates[profile].meters(from, to) : distance[profile](from, to);
    }
    std::int32_t seconds(int profile, int from, int to) const {
        return has_coordinates(profile) ? coordinates[profile].seconds(from, to) : times(profile)(from, to);
    }
};

}  // namespace homestretch
