// Places on routes without rests and reloads: the same as `estimate`, from what lies side by side in memory.
#include <algorithm>

#include "rich_routes.hpp"

namespace homestretch {

RichRoutes::Kind RichRoutes::kind_of(const VehicleType& type) const {
    Kind made;
    made.quick = type.rests.empty() && type.reload < 0 && !problem_.slotted(type.profile) &&
                 problem_.incompatible.empty() && problem_.split_zone == 0;
    made.all = std::all_of(type.serves.begin(), type.serves.end(), [](std::uint8_t may) { return may != 0; });
    made.per_meter = type.per_meter;
    made.per_second = type.per_second;
    made.fixed = type.fixed;
    const auto or_else = [](const Square& one, const Square& other) { return one.empty() ? &other : &one; };
    made.distance = &problem_.distance[type.profile];
    made.distance_back = or_else(distance_back_[type.profile], *made.distance);
    made.time = &problem_.times(type.profile);
    const bool one = problem_.one_matrix(type.profile);
    made.time_back = one ? made.distance_back : or_else(time_back_[type.profile], *made.time);
    return made;
}

/// Puts down what places on a route depend on.
void RichRoutes::note_spots(int r) {
    const Route& route = routes_[r];
    const VehicleType& type = problem_.type[route.type];
    const Square& distance = problem_.distance[type.profile];
    const int m = static_cast<int>(route.tour.visits.size()), d = problem_.dimensions;
    const int farther = static_cast<int>(std::min<std::int64_t>(NEVER, type.max_distance - route.meters));
    int at = type.start;
    for (int k = 0; k <= m; ++k) {
        Spot& spot = spots_[k == 0 ? problem_.visits + r : at];
        const int next = k < m ? route.tour.visits[k] : type.end;
        spot.route = r;
        spot.next = next;
        spot.node = at;
        spot.at = k;
        spot.free = type.max_stops - m;
        spot.leave = route.times.leave[k];
        spot.latest = route.times.latest[k];
        spot.kept = route.times.kept[k];
        spot.late_leave = route.times.late_leave[k];
        if (d > 0) {
            spot.before = type.capacity[0] - route.board.most_before[k * d];
            spot.after = type.capacity[0] - route.board.most_after[k * d];
        }
        spot.gap = m == 0 ? 0 : distance(at, next);
        spot.farther = farther;
        if (type.backhauls_last) spot.order = route.board.order[k];
        spot.empty = m == 0;
        at = next;
    }
}

/// Notes the place behind a stop (or a start) if its estimate is under `limit` and among the best.
void RichRoutes::consider_quick(int at, int lead, Cost limit) {
    const Spot& spot = spots_[at];
    const Kind& kind = kinds_[spot.type];
    const Visit& visit = problem_.visit[lead];
    if (spot.free < 1 || (!kind.all && !problem_.type[spot.type].serves[lead])) return;
    if (problem_.dimensions > 0 && (visit.deliver[0] > spot.before || visit.collect[0] > spot.after)) return;
    if (options_.size() >= most_) limit = std::min(limit, options_.back().added);
    const int u = spot.node, x = spot.next;
    const std::int64_t meters =
        static_cast<std::int64_t>((*kind.distance_back)(lead, u)) + (*kind.distance)(lead, x) - spot.gap;
    Cost added = kind.per_meter * meters + (spot.empty ? kind.fixed : 0);
    if (stable_ && visit.home != NO_HOME && visit.home != spot.type) added += problem_.changed;
    if (added >= limit || meters > spot.farther) return;
    const int there = (*kind.time_back)(lead, u), on = (*kind.time)(lead, x);
    const int service = problem_.type[spot.type].service[lead];
    if (there >= NEVER || on >= NEVER || spot.leave >= NEVER) return;
    const int start = Clock::begin(visit, (spot.leave > visit.release ? spot.leave : visit.release) + there);
    const int leave = start + service;
    if (start >= NEVER || leave + on > spot.latest) return;
    const VehicleType& type = problem_.type[spot.type];
    if (type.backhauls_last) {
        const Unit& unit = units_[lead];
        if ((unit.delivers && (spot.order & 1)) || (unit.only_collects && (spot.order & 2))) return;
    }
    const Place place{spot.at, false, false};
    if (problem_.dimensions > 1 && !room_for(routes_[spot.route], place, units_[lead])) return;
    if (type.begun && visit.release > type.open) return;
    if (visit.late > 0 || problem_.drifted != 0) added += clock_.price(visit, start);
    if (kind.per_second > 0) {
        if (spot.empty) {
            added += kind.per_second * (there + on + service + type.loading);
        } else {
            const int delay = leave + on > spot.kept ? leave + on - spot.kept : 0;
            const int last = Clock::last_begin(visit, spot.kept + delay - on - service);
            const int earlier = last <= -NEVER ? 0 : std::max(0, spot.late_leave + there - last);
            added += kind.per_second * (delay + earlier);
        }
    }
    if (added < limit) offer({added, lead, spot.route, place, -1});
}

}  // namespace homestretch
