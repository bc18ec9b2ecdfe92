// Whether a route keeps every rule, and what it costs: in full, from its visits alone.
#include <algorithm>

#include "rich_routes.hpp"

namespace homestretch {

/// Fills what is derived from the route's visits; false if a rule is broken.
bool RichRoutes::evaluate(Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    const std::vector<int>& visits = route.tour.visits;
    const int m = static_cast<int>(visits.size());
    const int reloads = static_cast<int>(route.tour.cuts.size());
    if (m > type.max_stops || reloads >= type.max_trips || !measured(route)) return false;
    for (int k = 0; k < m; ++k) {
        const int v = visits[k], position = problem_.visit[v].position;
        if (!type.serves[v] || (position >= 0 && position != k)) return false;
    }
    if (!weigh(route) || !stacked(route) || !ordered(route) || !mixed(route) || !related(route)) return false;
    if (!clock_.run(type, route.tour, route.times)) {
        route.cost = 0;
        return m == 0;
    }
    if (m > 0 && !clock_.hold(type, route.tour, route.times)) return false;
    if (m > 0 && problem_.slotted(type.profile)) {
        const auto [meters, drive] = clock_.driven(type, route.tour, route.times);
        if (meters > type.max_distance || drive > type.max_drive) return false;
        route.meters = meters;
    }
    route.cost = m == 0 ? 0 : type.fixed + type.per_meter * route.meters + timed_cost(route) + change_cost(route);
    if (problem_.alike == Alike::LOAD) {
        route.load = 0;
        for (const int v : visits)
            route.load += problem_.visit[v].deliver[problem_.alike_dimension] +
                          problem_.visit[v].collect[problem_.alike_dimension];
    }
    return true;
}

/// Fills how far and how long it is; false if there is no way, or it is too much.
bool RichRoutes::measured(Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    const Square &distance = problem_.distance[type.profile], &time = problem_.times(type.profile);
    const std::vector<int>& visits = route.tour.visits;
    std::int64_t meters = 0, drive = 0;
    bool way = true;
    int at = type.start;
    const auto go = [&](int to) {
        const int seconds = time(at, to);
        way = way && seconds < NEVER;
        meters += distance(at, to);
        drive += seconds;
        at = to;
    };
    auto cut = route.tour.cuts.begin();
    for (int k = 0; k < static_cast<int>(visits.size()); ++k) {
        if (cut != route.tour.cuts.end() && *cut == k) go(type.reload), ++cut;
        go(visits[k]);
    }
    if (!visits.empty()) go(type.end);
    route.meters = meters;
    route.drive = static_cast<int>(std::min<std::int64_t>(drive, NEVER));
    return way && meters <= type.max_distance && drive <= type.max_drive;
}

Cost RichRoutes::timed_cost(const Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    const int paid = route.times.finish - route.times.depart - route.times.unpaid;
    const Cost overtime = type.overtime > 0 ? type.overtime * std::max(0, paid - type.regular) : 0;
    return type.per_second * paid + overtime + type.waiting * route.times.waiting + route.times.late;
}

/// What the route changes against the plan that is kept, but for when: that is among its times.
Cost RichRoutes::change_cost(const Route& route) const {
    if (!stable_) return 0;
    Cost cost = 0;
    int last = -1;
    bool in_order = true;
    const auto at_home = [&](int v) { return problem_.visit[v].home == route.type; };
    for (const int v : route.tour.visits) {
        const Visit& visit = problem_.visit[v];
        if (visit.home == NO_HOME) continue;
        if (!at_home(v)) cost += problem_.changed;
        else in_order = in_order && visit.rank > last, last = visit.rank;
    }
    if (in_order || problem_.moved == 0) return cost;
    last = -1;
    for (const int v : route.tour.visits) {
        if (!at_home(v)) continue;
        int before = -1;  // who came right before it, of those that are here
        for (const int u : route.tour.visits)
            if (at_home(u) && problem_.visit[u].rank < problem_.visit[v].rank)
                before = std::max(before, problem_.visit[u].rank);
        if (before != last) cost += problem_.moved;
        last = problem_.visit[v].rank;
    }
    return cost;
}

/// Fills what is on board; false if it is too much somewhere.
bool RichRoutes::weigh(Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    const std::vector<int>&visits = route.tour.visits, &cuts = route.tour.cuts;
    const int m = static_cast<int>(visits.size()), d = problem_.dimensions;
    Board& board = route.board;
    for (auto* rows : {&board.held, &board.most_before, &board.most_after, &board.gathered}) rows->resize((m + 1) * d);
    if (!cuts.empty()) board.fresh.assign((m + 1) * d, 0);
    for (int k = 0; k < d; ++k) {
        int from = 0;
        for (std::size_t trip = 0; trip <= cuts.size(); ++trip) {
            const int until = trip < cuts.size() ? cuts[trip] : m;
            int held = 0, gathered = 0;
            for (int i = from; i < until; ++i) held += problem_.visit[visits[i]].deliver[k];
            if (held > type.capacity[k]) return false;
            if (from == 0) board.held[k] = board.most_before[k] = held, board.gathered[k] = 0;
            else board.fresh[from * d + k] = held;
            int most = held;
            const int set_off = held;
            for (int i = from; i < until; ++i) {
                const Visit& visit = problem_.visit[visits[i]];
                held += visit.collect[k] - visit.deliver[k];
                gathered += visit.collect[k];
                if (!visit.ride.empty()) held += visit.first ? visit.ride[k] : -visit.ride[k];
                if (held > type.capacity[k]) return false;
                most = std::max(most, held);
                board.held[(i + 1) * d + k] = held;
                board.most_before[(i + 1) * d + k] = most;
                board.gathered[(i + 1) * d + k] = gathered;
            }
            most = held;
            for (int i = until; i > from; --i) {
                most = std::max(most, board.held[i * d + k]);
                if (i < until || until == m) board.most_after[i * d + k] = most;
            }
            board.most_after[from * d + k] = std::max(most, set_off);
            from = until;
        }
    }
    return true;
}

/// Deliveries before what is only collected, trip by trip; fills what `room_for` asks of that.
bool RichRoutes::ordered(Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    if (!type.backhauls_last) return true;
    const std::vector<int>& visits = route.tour.visits;
    const int m = static_cast<int>(visits.size());
    route.board.order.assign(m + 1, 0);
    auto cut = route.tour.cuts.begin();
    std::uint8_t state = 0;
    for (int i = 0; i < m; ++i) {
        if (cut != route.tour.cuts.end() && *cut == i) state = 0, ++cut;
        const Unit& unit = units_[visits[i]];
        bool delivers = unit.delivers, only_collects = unit.only_collects;
        if (!unit.plain()) {
            const Visit& visit = problem_.visit[visits[i]];
            const auto some = [](int load) { return load > 0; };
            delivers = std::any_of(visit.deliver.begin(), visit.deliver.end(), some);
            only_collects = !delivers && std::any_of(visit.collect.begin(), visit.collect.end(), some);
        }
        if (delivers && state) return false;
        if (only_collects) state = 1;
        route.board.order[i + 1] |= state;
        if (delivers) route.board.order[i] |= 2;
    }
    auto back = route.tour.cuts.rbegin();
    for (int i = m - 1; i >= 0; --i) {
        const bool ends = back != route.tour.cuts.rend() && *back == i + 1;
        if (ends) ++back;
        else route.board.order[i] |= route.board.order[i + 1] & 2;
    }
    return true;
}

/// The order of loading: what was loaded last is unloaded first.
bool RichRoutes::stacked(const Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    if (!type.lifo) return true;
    const auto any = [](const std::vector<int>& loads) {
        return std::any_of(loads.begin(), loads.end(), [](int load) { return load > 0; });
    };
    std::vector<int> stack;  // what was taken up on the way: first ends of pairs, and NEVER for what stays to the end
    auto cut = route.tour.cuts.begin();
    for (int k = 0; k < static_cast<int>(route.tour.visits.size()); ++k) {
        if (cut != route.tour.cuts.end() && *cut == k) stack.clear(), ++cut;
        const int v = route.tour.visits[k];
        const Visit& visit = problem_.visit[v];
        if (visit.partner >= 0 && !visit.first) {
            if (stack.empty() || stack.back() != visit.partner) return false;
            stack.pop_back();
        }
        if (any(visit.deliver) && !stack.empty()) return false;
        if (any(visit.collect)) stack.push_back(NEVER);
        if (visit.partner >= 0 && visit.first) stack.push_back(v);
    }
    return true;
}

/// Goods that must not meet: kinds on board at each stop; fills what `room_for` asks of that.
bool RichRoutes::mixed(Route& route) const {
    if (problem_.incompatible.empty()) return true;
    const std::vector<int>&visits = route.tour.visits, &cuts = route.tour.cuts;
    const int m = static_cast<int>(visits.size());
    const auto some = [](const std::vector<int>& loads) {
        return std::any_of(loads.begin(), loads.end(), [](int load) { return load > 0; });
    };
    std::vector<std::uint64_t>&before = route.board.kinds_before, &after = route.board.kinds_after;
    before.assign(m + 1, 0);
    after.assign(m + 1, 0);
    int from = 0;
    for (std::size_t trip = 0; trip <= cuts.size(); ++trip) {
        const int until = trip < cuts.size() ? cuts[trip] : m;
        // after[i]: on board at stop i; later all from there on. before[i + 1]: all up to stop i.
        for (int i = from; i < until; ++i) {
            const Visit& visit = problem_.visit[visits[i]];
            if (visit.goods == 0) continue;
            int since = until, last = -1;
            if (some(visit.deliver)) since = from, last = i;
            if (some(visit.collect)) since = std::min(since, i), last = until - 1;
            if (visit.partner >= 0 && visit.first) {
                const auto end = std::find(visits.begin() + i, visits.begin() + until, visit.partner);
                since = std::min(since, i);
                last = std::max(last, static_cast<int>(end - visits.begin()) - (end == visits.begin() + until));
            }
            for (int k = since; k <= last; ++k) after[k] |= visit.goods;
        }
        std::uint64_t all = 0;
        for (int i = from; i < until; ++i) {
            for (const auto& [one, other] : problem_.incompatible)
                if ((after[i] >> one & 1) && (after[i] >> other & 1)) return false;
            if (i == from && from == 0) before[0] = after[0];
            all |= after[i];
            before[i + 1] = all;
        }
        const std::uint64_t at_end = until > from ? after[until - 1] : 0;
        for (int i = until - 1; i > from; --i) after[i - 1] |= after[i];
        if (until == m) after[m] = at_end;
        from = until;
    }
    return true;
}

/// What must come in an order does; pairs are whole and on one trip, chains unbroken.
bool RichRoutes::related(const Route& route) const {
    const std::vector<int>&visits = route.tour.visits, &cuts = route.tour.cuts;
    if (problem_.relations.empty() && cuts.empty() && !chained_) return true;
    const int m = static_cast<int>(visits.size());
    const auto place = [&](int v) {
        return static_cast<int>(std::find(visits.begin(), visits.end(), v) - visits.begin());
    };
    const auto trip = [&](int k) { return std::upper_bound(cuts.begin(), cuts.end(), k); };
    for (int k = 0; k < m; ++k) {
        const Visit& visit = problem_.visit[visits[k]];
        for (std::size_t i = 0; i < visit.block.size(); ++i) {
            const int at = k + 1 + static_cast<int>(i);
            if (at >= m || visits[at] != visit.block[i] || trip(at) != trip(k)) return false;
        }
        if (visit.partner >= 0 && visit.first) {
            const int end = place(visit.partner);
            if (end >= m || end < k || trip(end) != trip(k)) return false;
        }
        for (const int number : relations_of_[visits[k]]) {
            const Relation& relation = problem_.relations[number];
            if (!relation.in_order) continue;
            bool passed = false;
            for (const int u : relation.visits) {
                if (u == visits[k]) passed = true;
                else if (const int at = place(u); at < m && (passed ? at < k : at > k)) return false;
            }
        }
    }
    return true;
}

}  // namespace homestretch
