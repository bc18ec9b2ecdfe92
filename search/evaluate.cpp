// Whether a route keeps every rule, and what it costs: in full, from its visits alone.
#include <algorithm>

#include "rich_routes.hpp"

namespace homestretch {

/// Fills what is derived from the route's visits; false if a rule is broken.
bool RichRoutes::evaluate(Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    const int m = static_cast<int>(route.visits.size());
    const Square &distance = problem_.distance[type.profile], &time = problem_.times(type.profile);
    if (m > type.max_stops) return false;
    std::int64_t meters = 0, drive = 0;
    for (int k = 0; k <= m && m > 0; ++k) {
        const int u = node_at(route, k - 1), x = node_at(route, k);
        if (time(u, x) >= NEVER) return false;
        meters += distance(u, x);
        drive += time(u, x);
    }
    route.meters = meters;
    route.drive = static_cast<int>(std::min<std::int64_t>(drive, NEVER));
    if (meters > type.max_distance || drive > type.max_drive) return false;
    for (int k = 0; k < m; ++k) {
        const int v = route.visits[k], position = problem_.visit[v].position;
        if (!type.serves[v] || (position >= 0 && position != k)) return false;
    }
    if (!weigh(route) || !stacked(route)) return false;
    if (!clock_.run(type, route.visits, route.times)) {
        route.cost = 0;
        return m == 0;
    }
    if (m > 0 && route.times.finish - route.times.depart > type.max_duration) return false;
    for (int k = 0; k < m; ++k) {
        const Visit& visit = problem_.visit[route.visits[k]];
        if (visit.first && visit.max_ride < NEVER) {
            const auto end = std::find(route.visits.begin() + k, route.visits.end(), visit.partner);
            if (end == route.visits.end()) return false;
            if (route.times.start[end - route.visits.begin()] - route.times.late_leave[k + 1] > visit.max_ride)
                return false;
        }
    }
    route.cost = m == 0 ? 0 : type.fixed + type.per_meter * meters + timed_cost(route);
    return true;
}

Cost RichRoutes::timed_cost(const Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    const int paid = route.times.finish - route.times.depart - route.times.unpaid;
    const Cost overtime = type.overtime > 0 ? type.overtime * std::max(0, paid - type.regular) : 0;
    return type.per_second * paid + overtime + type.waiting * route.times.waiting + route.times.late;
}

/// Fills what is on board; false if it is too much somewhere.
bool RichRoutes::weigh(Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    const int m = static_cast<int>(route.visits.size()), d = problem_.dimensions;
    for (auto* rows : {&route.held, &route.most_before, &route.most_after}) rows->assign((m + 1) * d, 0);
    for (int k = 0; k < d; ++k) {
        int held = 0, most = 0;
        for (const int v : route.visits) held += problem_.visit[v].deliver[k];
        for (int i = 0; i <= m; ++i) {
            if (i > 0) {
                const Visit& visit = problem_.visit[route.visits[i - 1]];
                held += visit.collect[k] - visit.deliver[k];
                if (!visit.ride.empty()) held += visit.first ? visit.ride[k] : -visit.ride[k];
            }
            if (held > type.capacity[k]) return false;
            most = std::max(most, held);
            route.held[i * d + k] = held;
            route.most_before[i * d + k] = most;
        }
        for (int i = m; i >= 0; --i)
            route.most_after[i * d + k] =
                std::max(route.held[i * d + k], i < m ? route.most_after[(i + 1) * d + k] : 0);
    }
    return true;
}

/// The order of loading: deliveries before what is only collected, and what was loaded last is unloaded first.
bool RichRoutes::stacked(const Route& route) const {
    const VehicleType& type = problem_.type[route.type];
    if (!type.backhauls_last && !type.lifo) return true;
    const auto any = [](const std::vector<int>& loads) {
        return std::any_of(loads.begin(), loads.end(), [](int load) { return load > 0; });
    };
    bool collected = false;
    std::vector<int> stack;  // what was taken up on the way: first ends of pairs, and NEVER for what stays to the end
    for (const int v : route.visits) {
        const Visit& visit = problem_.visit[v];
        const bool delivers = any(visit.deliver), collects = any(visit.collect);
        if (type.backhauls_last && delivers && collected) return false;
        collected = collected || (collects && !delivers);
        if (!type.lifo) continue;
        if (visit.partner >= 0 && !visit.first) {
            if (stack.empty() || stack.back() != visit.partner) return false;
            stack.pop_back();
        }
        if (delivers && !stack.empty()) return false;
        if (collects) stack.push_back(NEVER);
        if (visit.partner >= 0 && visit.first) stack.push_back(v);
    }
    return true;
}

}  // namespace homestretch
