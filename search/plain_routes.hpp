// The routes of a plain problem as linked stops, with the slack that answers in constant time whether a visit fits.
//
// A change is written to a log of the stops that it touched, so that a rejected step costs what it changed and no more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "keys.hpp"
#include "neighbors.hpp"
#include "plain.hpp"
#include "random.hpp"

namespace homestretch {

template <bool Same>  // whether travel costs are travel times, so that one matrix serves for both
class PlainRoutes {
public:
    static constexpr Cost FORBIDDEN = Cost{3} << 60;  ///< above every limit, and two of them are a number still

    explicit PlainRoutes(const Plain& problem) : problem_(problem) {
        const int n = problem.visits, routes = problem.vehicles;
        stops_.resize(n + 2 * routes);
        sizes_.assign(routes, 0);
        loads_.assign(static_cast<std::size_t>(routes) * problem.dimensions, 0);
        route_stamp_.assign(routes, 0);
        empty_at_.assign(routes, -1);
        for (int v = 0; v < n; ++v) stops_[v] = {0, 0, -1, 0, 0, ABSENT, ABSENT, 0};
        for (int r = 0; r < routes; ++r) {
            const int s = start_of(r), e = end_of(r);
            stops_[s] = {s, e, r, problem.visit[problem.start()].open, 0, 0, 0, 0};
            stops_[e] = {s, e, r, 0, problem.visit[problem.end()].close, 0, 0, 0};
        }
        for (int r = routes - 1; r >= 0; --r) mark_empty(r);
    }

    int visits() const { return problem_.visits; }
    int routes() const { return problem_.vehicles; }
    int start_of(int route) const { return problem_.visits + 2 * route; }
    int end_of(int route) const { return problem_.visits + 2 * route + 1; }
    int route_of(int v) const { return stops_[v].route; }
    int next(int u) const { return stops_[u].next; }
    int prev(int u) const { return stops_[u].prev; }
    int size(int route) const { return sizes_[route]; }
    int used() const { return routes() - static_cast<int>(empty_.size()); }
    bool is_visit(int u) const { return u < problem_.visits; }
    /// With the price of what is loaded beyond capacities, while that is allowed.
    Cost cost() const { return cost_ + over_; }
    bool overloaded() const { return over_ > 0; }
    Cost prize(int v) const { return problem_.prize[v]; }
    bool required(int v) const { return problem_.required[v] != 0; }
    static constexpr bool may_fall() { return false; }
    const Keys& keys() const { return problem_.keys; }

    /// From here on routes may be loaded beyond their capacity, at this price for a whole one more. At FORBIDDEN (as at
    /// first) they may not, and none must be.
    void soften(Cost price) {
        over_price_ = price;
        over_ = 0;
        const std::size_t d = problem_.dimensions;
        for (std::size_t at = 0; at < loads_.size(); ++at) over_ += priced(loads_[at], static_cast<int>(at % d));
        over_before_ = over_;
    }

    /// No route is opened where so many are in use.
    void limit_used(int most) { most_used_ = most; }

    /// The visits of a route, in order.
    void copy(int route, std::vector<int>& into) const {
        into.clear();
        for (int u = next(start_of(route)); is_visit(u); u = next(u)) into.push_back(u);
    }

    /// Puts visits on an empty route in this order, as they are; false (and none of them) if that breaks a rule.
    bool load(int route, const std::vector<int>& visits) {
        std::vector<int> none;
        int after = start_of(route);
        for (const int v : visits) {
            const int x = stops_[after].next;
            if (crowding(v, route) > 0 || !fits(v, after, x)) {
                clear(route, none);
                return false;
            }
            insert(v, after);
            after = v;
        }
        return true;
    }

    void clear(int route, std::vector<int>& absent) {
        if (sizes_[route] > 0) remove(start_of(route), end_of(route), 0, 0, absent);
    }

    /// Puts an absent visit where it costs least: next to a candidate, else anywhere, else on a route of its own, with
    /// which it may `compete` from the first. The added cost, or NOWHERE where it would be `limit` or more. A good
    /// place is passed over with `chance` in 2^32.
    Cost put(int v, const Candidates& near, Cost limit, Random& random, std::uint32_t chance, bool compete) {
        Place place = cheapest(v, near, limit, random, chance, compete);
        if (place.after < 0) {
            if ((required(v) && limit >= prize(v)) || random.below(SELDOM) == 0) place = anywhere(v, limit);
            else try_empty(v, place);
        }
        if (place.after < 0) return NOWHERE;
        insert(v, place.after);
        return place.added;
    }

    /// From here on, changes can be taken back.
    void begin() {
        ++epoch_;
        log_.clear();
        route_log_.clear();
        cost_before_ = cost_;
        over_before_ = over_;
    }

    /// Takes back every change since `begin`.
    void revert() {
        for (const auto& [node, stop] : log_) {
            const std::uint32_t stamp = stops_[node].stamp;
            stops_[node] = stop;
            stops_[node].stamp = stamp;
        }
        const int d = problem_.dimensions;
        for (std::size_t i = 0; i < route_log_.size(); ++i) {
            const int r = route_log_[i].route;
            sizes_[r] = route_log_[i].size;
            for (int k = 0; k < d; ++k) loads_[static_cast<std::size_t>(r) * d + k] = load_log_[i * d + k];
            if (sizes_[r] == 0) mark_empty(r); else mark_used(r);
        }
        cost_ = cost_before_;
        over_ = over_before_;
    }

    /// Takes the visits between two stops of one route out of it, `keep` of them excepted: those that come after the
    /// first `lead` ones. The removed are added to `removed`.
    void remove(int left, int right, int lead, int keep, std::vector<int>& removed) {
        const int r = stops_[left].route;
        touch_route(r);
        touch(left);
        int last = left, number = 0;
        for (int v = stops_[left].next; v != right;) {
            touch(v);
            const int following = stops_[v].next;
            cost_ -= stops_[v].in;
            if (number >= lead && number < lead + keep) {
                join(last, v);
                last = v;
            } else {
                stops_[v].route = -1;
                stops_[v].in = stops_[v].out = ABSENT;
                --sizes_[r];
                add_load(r, v, -1);
                removed.push_back(v);
            }
            ++number;
            v = following;
        }
        touch(right);
        cost_ -= stops_[right].in;
        join(last, right);
        if (sizes_[r] == 0) {
            cost_ -= problem_.fixed + stops_[right].in;
            stops_[left].out = stops_[right].in = 0;
            mark_empty(r);
        }
        forward(stops_[left].next, right);
        backward(stops_[right].prev, left);
    }

protected:
    /// Where a visit could go: behind the stop `after`, at `added` cost; nowhere if `after` is negative.
    struct Place {
        Cost added;
        int after;
    };

    Place cheapest(int v, const Candidates& near, Cost limit, Random& random, std::uint32_t chance,
                   bool compete) const {
        Place best{limit, -1};
        const std::int32_t* to_v = problem_.to(v);
        const std::int32_t* from_v = problem_.cost.row(v);
        for (const Near& u : near.behind.of(v)) {
            const Stop& stop = stops_[u.visit];
            const Cost added = static_cast<Cost>(u.cost) + from_v[at(stop.next)] - stop.out;
            if (added < best.added && !random.hits(chance)) consider(v, u.visit, stop.next, added, best);
        }
        for (const Near& x : near.ahead.of(v)) {
            const Stop& stop = stops_[x.visit];
            const Cost added = static_cast<Cost>(to_v[at(stop.prev)]) + x.cost - stop.in;
            if (added < best.added && !random.hits(chance)) consider(v, stop.prev, x.visit, added, best);
        }
        if (compete) try_empty(v, best);
        return best;
    }

    /// The cheapest place of all in the routes that are in use.
    Place anywhere(int v, Cost limit) const {
        Place best{limit, -1};
        const std::int32_t* to_v = problem_.to(v);
        const std::int32_t* from_v = problem_.cost.row(v);
        for (int r = 0; r < routes(); ++r) {
            if (sizes_[r] == 0) continue;
            const Cost crowded = crowding(v, r);
            if (crowded >= best.added) continue;
            for (int u = start_of(r), last = end_of(r); u != last; u = stops_[u].next) {
                const int x = stops_[u].next;
                const Cost added = crowded + to_v[at(u)] + from_v[at(x)] - stops_[u].out;
                if (added < best.added && fits(v, u, x)) best = {added, u};
            }
        }
        if (best.after < 0) try_empty(v, best);
        return best;
    }

    /// What so much load costs beyond the capacity of a dimension.
    Cost priced(int load, int k) const {
        const int over = load - problem_.capacity[k];
        if (over <= 0) return 0;
        if (over_price_ == FORBIDDEN) return FORBIDDEN;
        return 1 + static_cast<Cost>(static_cast<double>(over_price_) * over / std::max(1, problem_.capacity[k]));
    }

    /// What the load of a visit adds to the price of a route; FORBIDDEN where it must not be there.
    Cost crowding(int v, int route) const {
        const Plain& p = problem_;
        if (p.max_stops > 0 && sizes_[route] >= p.max_stops) return FORBIDDEN;
        const std::size_t d = p.dimensions;
        Cost sum = crowded(loads_[route * d], p.visit[v].load, 0);
        for (std::size_t k = 1; k < d; ++k)
            sum = std::min(FORBIDDEN, sum + crowded(loads_[route * d + k], p.more_loads[v * (d - 1) + k - 1], k));
        return sum;
    }

    Cost crowded(int load, int more, int k) const {
        if (load + more <= problem_.capacity[k]) return 0;
        return over_price_ == FORBIDDEN ? FORBIDDEN : priced(load + more, k) - priced(load, k);
    }

    void insert(int v, int u) {
        const int r = stops_[u].route, x = stops_[u].next;
        touch_route(r);
        touch(u);
        touch(v);
        touch(x);
        if (sizes_[r] == 0) {
            mark_used(r);
            cost_ += problem_.fixed;
        }
        ++sizes_[r];
        add_load(r, v, 1);
        cost_ -= stops_[u].out;
        stops_[u].next = v;
        stops_[x].prev = v;
        Stop& made = stops_[v];
        made.prev = u;
        made.next = x;
        made.route = r;
        stops_[u].out = made.in = problem_.cost(at(u), v);
        stops_[x].in = made.out = problem_.cost(v, at(x));
        cost_ += static_cast<Cost>(made.in) + made.out;
        forward(v, v);
        backward(v, v);
    }

    static constexpr int SELDOM = 16;  // so often a visit that must not cost much is looked for a place in all routes
    static constexpr int ABSENT = -(1 << 30);  // cost of legs at a visit on no route: a place beside it is never cheap

    struct Stop {
        int prev, next, route;
        int leave;    ///< the earliest end of service
        int latest;   ///< the latest arrival with which the rest of the route is in time
        int in, out;  ///< cost of the legs that lead here and away; 0 at the ends of an empty route
        std::uint32_t stamp;
    };
    struct Logged {
        int node;
        Stop stop;
    };
    struct LoggedRoute {
        int route, size;
    };

    int time_between(int from, int to) const {
        if constexpr (Same) return problem_.cost(from, to);
        else return problem_.time(from, to);
    }

    /// The node of a stop in the matrices: routes share one start and one end.
    int at(int u) const { return u < problem_.visits ? u : problem_.visits + ((u - problem_.visits) & 1); }

    /// Asked last of all: whether the place is on a route at all, has room, and is in time. Then it is the best.
    void consider(int v, int u, int x, Cost added, Place& best) const {
        const int r = stops_[u].route;
        if (r < 0 || stops_[x].route != r) return;
        added += crowding(v, r);
        if (added < best.added && fits(v, u, x)) best = {added, u};
    }

    bool fits(int v, int u, int x) const {
        if (problem_.timeless) return true;
        const PlainVisit& visit = problem_.visit[v];
        const std::int32_t* to_v = Same ? problem_.to(v) : problem_.time_to(v);
        const std::int32_t* from_v = Same ? problem_.cost.row(v) : problem_.time.row(v);
        const int arrive = stops_[u].leave + to_v[at(u)];
        if (arrive > visit.close) return false;
        return std::max(arrive, visit.open) + visit.service + from_v[at(x)] <= stops_[x].latest;
    }

    void try_empty(int v, Place& best) const {
        if (empty_.empty() || used() >= most_used_) return;
        const int r = empty_.back(), s = start_of(r);
        const Cost added = static_cast<Cost>(problem_.cost(problem_.start(), v)) + problem_.cost(v, problem_.end()) +
                           problem_.fixed;
        if (added < best.added && crowding(v, r) == 0 && fits(v, s, s + 1)) best = {added, s};
    }

    void join(int a, int b) {
        stops_[a].next = b;
        stops_[b].prev = a;
        stops_[a].out = stops_[b].in = problem_.cost(at(a), at(b));
        cost_ += stops_[b].in;
    }

    void add_load(int r, int v, int sign) {
        const std::size_t d = problem_.dimensions;
        load(r * d, sign * problem_.visit[v].load, 0);
        for (std::size_t k = 1; k < d; ++k) load(r * d + k, sign * problem_.more_loads[v * (d - 1) + k - 1], k);
    }

    /// Adds to a load of dimension `k`, and to the price of what is too much.
    void load(std::size_t at, int more, int k) {
        over_ -= priced(loads_[at], k);
        loads_[at] += more;
        over_ += priced(loads_[at], k);
    }

    /// Earliest times from `v` on, at least as far as `until`, then while they change.
    void forward(int v, int until) {
        if (problem_.timeless) return;
        bool passed = false;
        int leave = stops_[stops_[v].prev].leave, from = at(stops_[v].prev);
        for (; is_visit(v); v = stops_[v].next) {
            passed = passed || v == until;
            const PlainVisit& visit = problem_.visit[v];
            leave = std::max(leave + time_between(from, v), visit.open) + visit.service;
            if (leave == stops_[v].leave && passed && v != until) return;
            touch(v);
            stops_[v].leave = leave;
            from = v;
        }
    }

    /// Latest times from `v` back, at least as far as `until`, then while they change.
    void backward(int v, int until) {
        if (problem_.timeless) return;
        bool passed = false;
        int latest = stops_[stops_[v].next].latest, to = at(stops_[v].next);
        for (; is_visit(v); v = stops_[v].prev) {
            passed = passed || v == until;
            const PlainVisit& visit = problem_.visit[v];
            latest = std::min(latest - time_between(v, to) - visit.service, visit.close);
            if (latest == stops_[v].latest && passed && v != until) return;
            touch(v);
            stops_[v].latest = latest;
            to = v;
        }
    }

    void touch(int node) {
        Stop& stop = stops_[node];
        if (stop.stamp == epoch_) return;
        log_.push_back({node, stop});
        stop.stamp = epoch_;
    }

    void touch_route(int r) {
        if (route_stamp_[r] == epoch_) return;
        route_stamp_[r] = epoch_;
        const std::size_t d = problem_.dimensions;
        load_log_.resize(route_log_.size() * d);
        for (std::size_t k = 0; k < d; ++k) load_log_.push_back(loads_[r * d + k]);
        route_log_.push_back({r, sizes_[r]});
    }

    void mark_empty(int r) {
        if (empty_at_[r] >= 0) return;
        empty_at_[r] = static_cast<int>(empty_.size());
        empty_.push_back(r);
    }

    void mark_used(int r) {
        const int at = empty_at_[r];
        if (at < 0) return;
        empty_[at] = empty_.back();
        empty_at_[empty_[at]] = at;
        empty_.pop_back();
        empty_at_[r] = -1;
    }

    const Plain& problem_;
    std::vector<Stop> stops_;
    std::vector<int> sizes_;
    std::vector<int> loads_;  ///< route by route, dimension by dimension
    std::vector<int> empty_;  ///< routes without visits, in no order
    std::vector<int> empty_at_;
    std::vector<std::uint32_t> route_stamp_;
    std::vector<Logged> log_;
    std::vector<LoggedRoute> route_log_;
    std::vector<int> load_log_;
    std::uint32_t epoch_ = 0;
    int most_used_ = std::numeric_limits<int>::max();
    Cost cost_ = 0, cost_before_ = 0;
    Cost over_ = 0, over_before_ = 0;  ///< the price of what is loaded beyond capacities
    Cost over_price_ = FORBIDDEN;
};

}  // namespace homestretch
