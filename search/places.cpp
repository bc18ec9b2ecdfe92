// Where a unit could go: places ranked by what they would cost, about, in constant time.
#include <algorithm>

#include "rich_routes.hpp"

namespace homestretch {

bool RichRoutes::serves(const Route& route, const Unit& unit) const {
    const VehicleType& type = problem_.type[route.type];
    for (const auto* chain : {&unit.first, &unit.second})
        for (const int v : *chain)
            if (!type.serves[v]) return false;
    return static_cast<int>(route.tour.visits.size() + unit.first.size() + unit.second.size()) <= type.max_stops;
}

/// Whether no more is on board than fits, about where a unit's visits lie apart from each other.
bool RichRoutes::room_for(const Route& route, const Place& place, const Unit& unit) const {
    const int d = problem_.dimensions, row = place.at * d;
    const VehicleType& type = problem_.type[route.type];
    const Board& board = route.board;
    const bool there = route.times.cut(place.at);
    for (int k = 0; k < d; ++k) {
        int before = board.most_before[row + k], after = board.most_after[row + k];
        if (place.before && place.after) {
            before = after = 0;
        } else if (place.before) {
            before = there ? board.fresh[row + k] : board.held[row + k] - board.gathered[row + k];
            if (!there) after -= board.gathered[row + k];
        } else if (place.after) {
            const int later = there ? 0 : board.held[row + k] - board.gathered[row + k];
            before -= later;
            after = board.held[row + k] - later;
        }
        if (before + unit.deliver[k] > type.capacity[k] || after + unit.collect[k] > type.capacity[k]) return false;
    }
    if (place.before != place.after || there) return true;
    if (type.backhauls_last) {
        const std::uint8_t order = board.order[place.at];
        if ((unit.delivers && (order & 1)) || (unit.only_collects && (order & 2))) return false;
    }
    return problem_.incompatible.empty() ||
           !((unit.given & board.kinds_before[place.at]) | (unit.taken & board.kinds_after[place.at]));
}

/// What a chain at a place would add, about; NEVER fits or costs `limit`: then `limit`.
Cost RichRoutes::estimate(const Route& route, const Place& place, const Unit& unit, Cost limit) const {
    const VehicleType& type = problem_.type[route.type];
    const Square &distance = problem_.distance[type.profile], &time = problem_.times(type.profile);
    const int at = place.at, u = node_at(route, at - 1), x = node_at(route, at);
    const int m = static_cast<int>(route.tour.visits.size());
    const int v = unit.first.front(), w = unit.first.back();
    const bool there = type.reload >= 0 && route.times.cut(at);
    const int out = place.before ? type.reload : u, on = place.after ? type.reload : x;
    if (time(out, v) >= NEVER || time(w, on) >= NEVER) return limit;
    std::int64_t meters = static_cast<std::int64_t>(distance(out, v)) + distance(w, on);
    for (std::size_t k = 1; k < unit.first.size(); ++k) meters += distance(unit.first[k - 1], unit.first[k]);
    if (place.before) meters += distance(u, type.reload);
    if (place.after) meters += distance(type.reload, x);
    if (there) meters -= static_cast<std::int64_t>(distance(u, type.reload)) + distance(type.reload, x);
    else if (m > 0) meters -= distance(u, x);
    Cost added = type.per_meter * meters + (m == 0 ? type.fixed : 0);
    if (stable_)
        for (const int each : unit.first) {
            const int home = problem_.visit[each].home;
            if (home != NO_HOME && home != route.type) added += problem_.changed;
        }
    if (problem_.split_zone != 0) {
        const int r = static_cast<int>(&route - routes_.data());
        for (const int each : unit.first) {
            const int zone = problem_.visit[each].zone;
            if (zone >= 0 && zone_served_[zone] > 0 && zone_uses_[r * problem_.zones + zone] == 0)
                added += problem_.split_zone;
        }
    }
    if (added >= limit || route.meters + meters > type.max_distance) return limit;
    if (!room_for(route, place, unit)) return limit;
    return timed(route, place, unit, added, limit);
}

/// Seconds of ways and services of a chain on a route of its own.
int RichRoutes::working(const VehicleType& type, const Unit& unit) const {
    const Square& time = problem_.times(type.profile);
    int seconds = 0, at = type.start;
    for (const int v : unit.first) seconds += time(at, v) + type.service[v], at = v;
    return seconds + time(at, type.end);
}

/// The estimate with what it takes in time.
Cost RichRoutes::timed(const Route& route, const Place& place, const Unit& unit, Cost added, Cost limit) const {
    const VehicleType& type = problem_.type[route.type];
    const int at = place.at, sets = Clock::labels(type), m = static_cast<int>(route.tour.visits.size());
    const int u = node_at(route, at - 1), x = node_at(route, at), v = unit.first.front(), w = unit.first.back();
    const int *leave = route.times.leave.data() + at * sets, *latest = route.times.latest.data() + at * sets;
    int row[MOST_LABELS];
    std::copy(leave, leave + sets, row);
    const int needed = at < m ? route.times.needs[at] : 0;
    if (place.before) {
        clock_.drive(type, u, type.reload, row);
        Clock::reload(type, std::max(unit.release, place.after ? 0 : needed), row);
    } else if (unit.release > 0) {
        if (type.begun && unit.release > type.open && (type.reload < 0 || route.tour.cuts.empty())) return limit;
        for (int s = 0; s < sets; ++s) row[s] = std::max(row[s], unit.release);
    }
    clock_.drive(type, place.before ? type.reload : u, v, row);
    clock_.serve(type, v, row);
    Cost late = 0;
    const auto price = [&](int visit) {
        if (problem_.visit[visit].late == 0 && problem_.drifted == 0) return;
        const int begun = *std::min_element(row, row + sets) - type.service[visit];
        if (begun < NEVER / 2) late += clock_.price(problem_.visit[visit], begun);
    };
    price(v);
    for (std::size_t k = 1; k < unit.first.size(); ++k) {
        clock_.drive(type, unit.first[k - 1], unit.first[k], row);
        clock_.serve(type, unit.first[k], row);
        price(unit.first[k]);
    }
    if (place.after) {
        clock_.drive(type, w, type.reload, row);
        Clock::reload(type, needed, row);
    }
    clock_.drive(type, place.after ? type.reload : w, x, row);
    bool fits = false;
    for (int s = 0; s < sets && !fits; ++s) fits = row[s] < NEVER && row[s] <= latest[s];
    if (!fits) return limit;
    added += late;
    if (type.per_second == 0) return added;
    if (m == 0) return added + type.per_second * (working(type, unit) + type.loading);
    const int set = route.times.label[at];
    const int* kept = route.times.kept.data() + at * sets;
    int delay = NEVER;
    for (int s = 0; s < sets; ++s)
        if (row[s] < NEVER) delay = std::min(delay, row[s] - kept[s]);
    delay = std::max(0, delay);
    if (place.before || place.after || !unit.plain()) return added + type.per_second * delay;
    const Square& time = problem_.times(type.profile);
    const int last = Clock::last_begin(problem_.visit[v], kept[set] + delay - time(v, x) - type.service[v]);
    const int earlier = last <= -NEVER ? 0 : std::max(0, route.times.late_leave[at] + time(u, v) - last);
    return added + type.per_second * (delay + earlier);
}

/// Notes a place if its estimate is under `limit` and among the best.
void RichRoutes::consider(int r, const Place& place, int unit, Cost limit) {
    if (options_.size() >= most_) limit = std::min(limit, options_.back().added);
    const Cost added = estimate(routes_[r], place, units_[unit], limit);
    if (added < limit) offer({added, unit, r, place, -1});
}

/// The ways to put a chain before a position: on the trip that is there, or with reloads of its own.
void RichRoutes::consider(int r, int at, int unit, Cost limit) {
    const Route& route = routes_[r];
    const VehicleType& type = problem_.type[route.type];
    const int m = static_cast<int>(route.tour.visits.size()), trips = static_cast<int>(route.tour.cuts.size()) + 1;
    const bool there = type.reload >= 0 && route.times.cut(at);
    if (!there) consider(r, {at, false, false}, unit, limit);
    if (type.reload < 0) return;
    const int free = type.max_trips - trips + there;
    if (at > 0 && free >= 1) consider(r, {at, true, false}, unit, limit);
    if (at < m && free >= 1) consider(r, {at, false, true}, unit, limit);
    if (at > 0 && at < m && free >= 2) consider(r, {at, true, true}, unit, limit);
}

/// Every place on a route that relations and locks leave.
void RichRoutes::consider_all(int r, int unit, const Span& span, Cost limit) {
    const Unit& what = units_[unit];
    if (!serves(routes_[r], what)) return;
    if (!what.second.empty()) return consider_pair(r, unit, limit);
    if (what.position >= 0) {
        if (what.position <= size(r)) consider(r, what.position, unit, limit);
        return;
    }
    const bool quick = what.plain() && kinds_[routes_[r].type].quick;
    if (quick && problem_.dimensions > 0) {  // what departs with the vehicle, or comes back, tells of all places
        const std::vector<int>& visits = routes_[r].tour.visits;
        const Spot& last = spots_[visits.empty() ? problem_.visits + r : visits.back()];
        if (what.deliver[0] > spots_[problem_.visits + r].before || what.collect[0] > last.after) return;
    }
    for (int at = span.least; at <= std::min(span.most, size(r)); ++at) {
        if (quick) consider_quick(at > 0 ? routes_[r].tour.visits[at - 1] : problem_.visits + r, unit, limit);
        else consider(r, at, unit, limit);
    }
}

/// Keeps the option among the best, in their order.
void RichRoutes::offer(const Option& option) {
    if (blinker_ != nullptr && blinker_->hits(blink_)) return;
    if (options_.size() >= most_) options_.pop_back();
    const auto place =
        std::upper_bound(options_.begin(), options_.end(), option.added,
                         [](Cost cost, const Option& other) { return cost < other.added; });
    options_.insert(place, option);
}

void RichRoutes::consider_empty(int unit, const Span& span, Cost limit) {
    if (used_ >= most_used_ || span.none) return;
    for (const auto& list : empty_)
        if (!list.empty() && (span.route < 0 || span.route == list.back())) consider_all(list.back(), unit, {}, limit);
}

/// Places beside visits that a unit may well come right behind, or right before.
void RichRoutes::consider_near(int lead, const Candidates& near, Cost limit) {
    const Unit& unit = units_[lead];
    const bool plain = unit.plain();
    ++asked_;
    if (!unit.second.empty()) {
        for (const int end : {unit.first.front(), unit.second.front()})
            for (const Neighbors* list : {&near.behind, &near.ahead})
                for (const Near& u : list->of(end)) {
                    const int r = route_of_[u.visit];
                    if (r < 0 || tried_[r] == asked_) continue;
                    tried_[r] = asked_;
                    if (serves(routes_[r], unit)) consider_pair(r, lead, limit);
                }
        return;
    }
    for (const Near& u : near.behind.of(unit.first.front())) {
        const int r = route_of_[u.visit];
        if (r < 0) continue;
        seen_[u.visit] = asked_;
        if (plain && kinds_[spots_[u.visit].type].quick) consider_quick(u.visit, lead, limit);
        else if (serves(routes_[r], unit)) consider(r, position_[u.visit] + 1, lead, limit);
    }
    for (const Near& x : near.ahead.of(unit.first.back())) {
        const int r = route_of_[x.visit];
        if (r < 0) continue;
        const int u = before_[x.visit];
        if (u < problem_.visits && seen_[u] == asked_) continue;
        if (plain && kinds_[spots_[u].type].quick) consider_quick(u, lead, limit);
        else if (serves(routes_[r], unit)) consider(r, position_[x.visit], lead, limit);
    }
}

/// Every way to take a pair into a route: the first chain before position i, the second before what is then position j;
/// both on one trip, or on one of their own.
void RichRoutes::consider_pair(int r, int lead, Cost limit) {
    const Route& route = routes_[r];
    const VehicleType& type = problem_.type[route.type];
    const Unit& unit = units_[lead];
    const int m = static_cast<int>(route.tour.visits.size()), d = problem_.dimensions, sets = Clock::labels(type);
    const Square &distance = problem_.distance[type.profile], &time = problem_.times(type.profile);
    const int v = unit.first.front(), v_end = unit.first.back(), w = unit.second.front(), w_end = unit.second.back();
    const std::vector<int>& ride = unit.ride;
    int busy = 0;
    Cost inside = 0;
    for (const auto* chain : {&unit.first, &unit.second})
        for (std::size_t k = 0; k < chain->size(); ++k) {
            busy += type.service[(*chain)[k]];
            if (k > 0) inside += distance((*chain)[k - 1], (*chain)[k]);
        }
    int row[MOST_LABELS], end[MOST_LABELS];
    const auto through = [&](const std::vector<int>& chain, int* times) {
        clock_.serve(type, chain[0], times);
        for (std::size_t k = 1; k < chain.size(); ++k) {
            clock_.drive(type, chain[k - 1], chain[k], times);
            clock_.serve(type, chain[k], times);
        }
    };
    const auto in_time = [&](const int* times, int at) {
        const int* latest = route.times.latest.data() + at * sets;
        for (int s = 0; s < sets; ++s)
            if (times[s] < NEVER && times[s] <= latest[s]) return true;
        return false;
    };
    const auto note = [&](Cost meters, const Place& place, int partner_at) {
        Cost added = type.per_meter * (meters + inside) + (m == 0 ? type.fixed : 0);
        if (type.per_second > 0) added += type.per_second * busy;
        const Cost most = options_.size() < most_ ? limit : std::min(limit, options_.back().added);
        if (added < most && route.meters + meters + inside <= type.max_distance)
            offer({added, lead, r, place, partner_at});
    };
    const int length = static_cast<int>(unit.first.size());
    const int trips = static_cast<int>(route.tour.cuts.size()) + 1;
    for (int i = 0; i <= m; ++i) {
        const int u = node_at(route, i - 1), x = node_at(route, i);
        const bool there = type.reload >= 0 && route.times.cut(i);
        if (type.reload >= 0 && m > 0 && trips < type.max_trips && time(v_end, w) < NEVER) {
            const Cost own = static_cast<Cost>(distance(type.reload, v)) + distance(v_end, w);
            const Cost first = static_cast<Cost>(distance(u, v)) + distance(v_end, w) - distance(u, x);
            const Cost back = static_cast<Cost>(distance(w_end, type.reload)) + distance(type.reload, x);
            const Cost on = static_cast<Cost>(distance(u, type.reload)) + distance(w_end, x) - distance(u, x);
            if (i == m) note(own + on, {i, true, false}, i + length);
            else if (i == 0) note(first + back, {i, false, true}, i + length);
            else if (there) note(own + distance(w_end, type.reload), {i, true, true}, i + length);
        }
        for (const bool fresh : {false, true}) {  // on the trip that ends at i, on the one that begins there
            if (fresh && !there) continue;
            const int from = fresh ? type.reload : u;
            if (time(from, v) >= NEVER) continue;
            const int* leave = route.times.leave.data() + i * sets;
            std::copy(leave, leave + sets, row);
            if (fresh) {
                clock_.drive(type, u, type.reload, row);
                Clock::reload(type, std::max(unit.release, route.times.ready[i]), row);
            }
            clock_.drive(type, from, v, row);
            through(unit.first, row);
            int before = v_end;
            const int beyond = there && !fresh ? type.reload : x;
            const Cost gone = m == 0 ? 0 : distance(from, beyond);
            for (int j = i; j <= m; ++j) {
                const bool last = type.reload >= 0 && route.times.cut(j) && !(fresh && j == i);
                bool full = false;
                for (int k = 0; k < d; ++k) {
                    const int held = fresh && j == i ? route.board.fresh[j * d + k] : route.board.held[j * d + k];
                    full = full || held + ride[k] > type.capacity[k];
                }
                if (full) break;
                const int next = last ? type.reload : node_at(route, j);
                if (time(before, w) < NEVER && time(w_end, next) < NEVER) {
                    std::copy(row, row + sets, end);
                    clock_.drive(type, before, w, end);
                    through(unit.second, end);
                    clock_.drive(type, w_end, next, end);
                    if (last) {
                        Clock::reload(type, route.times.ready[j], end);
                        clock_.drive(type, type.reload, node_at(route, j), end);
                    }
                    if (in_time(end, j)) {
                        const Place place{i, fresh, there && !fresh};
                        const Cost first = static_cast<Cost>(distance(from, v)) - gone;
                        if (j == i) note(first + distance(v_end, w) + distance(w_end, beyond), place, i + length);
                        else
                            note(first + distance(v_end, beyond) + distance(before, w) + distance(w_end, next) -
                                     distance(before, next),
                                 place, j + length);
                    }
                }
                if (j == m || last || time(before, node_at(route, j)) >= NEVER) break;
                clock_.drive(type, before, node_at(route, j), row);
                if (!in_time(row, j)) break;
                clock_.serve(type, node_at(route, j), row);
                before = node_at(route, j);
            }
        }
    }
}

}  // namespace homestretch
