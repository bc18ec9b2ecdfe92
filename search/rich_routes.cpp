#include "rich_routes.hpp"

#include <algorithm>

namespace homestretch {

namespace {

constexpr std::size_t FEW = 6;     // options next to candidates that are tried in full
constexpr std::size_t MANY = 256;  // options anywhere, before a visit is said to have no place

}  // namespace

RichRoutes::RichRoutes(const Problem& problem)
    : problem_(problem),
      clock_(problem),
      route_of_(problem.visits, -1),
      position_(problem.visits, -1),
      empty_(problem.type.size()) {
    for (int t = 0; t < static_cast<int>(problem.type.size()); ++t)
        for (int k = 0; k < problem.type[t].vehicles; ++k) {
            empty_[t].push_back(static_cast<int>(routes_.size()));
            Route route;
            route.type = t;
            evaluate(route);
            routes_.push_back(route);
        }
    for (auto& list : empty_) std::reverse(list.begin(), list.end());
    stamp_.assign(routes_.size(), 0);
    tried_.assign(routes_.size(), 0);
    keys_.resize(problem.visits);
    for (int v = 0; v < problem.visits; ++v) {
        const Visit& visit = problem.visit[v];
        long long load = 0;
        for (int d = 0; d < problem.dimensions; ++d)
            load += visit.deliver[d] + visit.collect[d] + (visit.ride.empty() ? 0 : visit.ride[d]);
        const bool bound = !visit.windows.empty();
        keys_.load[v] = static_cast<int>(std::min<long long>(load, NEVER));
        keys_.far[v] = problem.type.empty() ? 0 : problem.distance[0](problem.type[0].start, v);
        keys_.narrow[v] = bound ? visit.windows.front().open - visit.windows.back().close : -NEVER;
        keys_.early[v] = bound ? -visit.windows.front().open : 0;
        keys_.late[v] = bound ? visit.windows.back().close : NEVER;
    }
}

int RichRoutes::next(int u) const {
    const bool visit = is_visit(u);
    const int r = visit ? route_of_[u] : (u - problem_.visits) / 2;
    const auto at = static_cast<std::size_t>(visit ? position_[u] + 1 : 0);
    return at < routes_[r].visits.size() ? routes_[r].visits[at] : end_of(r);
}

int RichRoutes::prev(int u) const {
    const bool visit = is_visit(u);
    const int r = visit ? route_of_[u] : (u - problem_.visits) / 2;
    const int at = (visit ? position_[u] : size(r)) - 1;
    return at >= 0 ? routes_[r].visits[at] : start_of(r);
}

void RichRoutes::begin() {
    ++epoch_;
    log_size_ = 0;
    cost_before_ = cost_;
}

void RichRoutes::keep(int route) {
    if (stamp_[route] == epoch_) return;
    stamp_[route] = epoch_;
    if (log_size_ == log_.size()) {
        log_.emplace_back();
        logged_.push_back(0);
    }
    logged_[log_size_] = route;
    std::swap(log_[log_size_++], routes_[route]);
}

/// The trial takes the place of the route.
void RichRoutes::replace(int r) {
    const bool was = !routes_[r].visits.empty(), is = !trial_.visits.empty();
    cost_ += trial_.cost - routes_[r].cost;
    for (const int v : routes_[r].visits) route_of_[v] = -1;
    keep(r);
    std::swap(routes_[r], trial_);
    const std::vector<int>& visits = routes_[r].visits;
    for (int k = 0; k < static_cast<int>(visits.size()); ++k) route_of_[visits[k]] = r, position_[visits[k]] = k;
    auto& empty = empty_[routes_[r].type];
    if (was && !is) empty.push_back(r), --used_;
    if (!was && is) empty.erase(std::find(empty.begin(), empty.end(), r)), ++used_;
}

void RichRoutes::revert() {
    for (std::size_t k = 0; k < log_size_; ++k)
        for (const int v : routes_[logged_[k]].visits) route_of_[v] = -1;
    for (std::size_t k = 0; k < log_size_; ++k) {
        const int r = logged_[k];
        const bool was = !routes_[r].visits.empty(), is = !log_[k].visits.empty();
        std::swap(routes_[r], log_[k]);
        const std::vector<int>& visits = routes_[r].visits;
        for (int i = 0; i < static_cast<int>(visits.size()); ++i) route_of_[visits[i]] = r, position_[visits[i]] = i;
        auto& empty = empty_[routes_[r].type];
        if (was && !is) empty.push_back(r), --used_;
        if (!was && is) empty.erase(std::find(empty.begin(), empty.end(), r)), ++used_;
    }
    cost_ = cost_before_;
}

int RichRoutes::node_at(const Route& route, int position) const {
    const VehicleType& type = problem_.type[route.type];
    if (position < 0) return type.start;
    return position < static_cast<int>(route.visits.size()) ? route.visits[position] : type.end;
}

bool RichRoutes::serves(const Route& route, int v) const {
    const VehicleType& type = problem_.type[route.type];
    return type.serves[v] && static_cast<int>(route.visits.size()) < type.max_stops;
}

bool RichRoutes::room_for(const Route& route, int at, int v) const {
    const int d = problem_.dimensions;
    const VehicleType& type = problem_.type[route.type];
    const Visit& visit = problem_.visit[v];
    for (int k = 0; k < d; ++k) {
        if (route.most_before[at * d + k] + visit.deliver[k] > type.capacity[k]) return false;
        if (route.most_after[at * d + k] + visit.collect[k] > type.capacity[k]) return false;
    }
    return true;
}

/// What a visit before position `at` would add, about; NEVER fits or costs `limit`: then `limit`.
Cost RichRoutes::estimate(const Route& route, int at, int v, Cost limit) const {
    const VehicleType& type = problem_.type[route.type];
    const Square &distance = problem_.distance[type.profile], &time = problem_.times(type.profile);
    const int u = node_at(route, at - 1), x = node_at(route, at);
    const bool empty = route.visits.empty();
    if (time(u, v) >= NEVER || time(v, x) >= NEVER) return limit;
    const std::int64_t meters =
        static_cast<std::int64_t>(distance(u, v)) + distance(v, x) - (empty ? 0 : distance(u, x));
    Cost added = type.per_meter * meters + (empty ? type.fixed : 0);
    if (added >= limit || route.meters + meters > type.max_distance) return limit;
    if (!room_for(route, at, v)) return limit;
    const int sets = Clock::labels(type);
    const int *leave = route.times.leave.data() + at * sets, *latest = route.times.latest.data() + at * sets;
    int row[MOST_LABELS];
    for (int s = 0; s < sets; ++s) row[s] = leave[s] >= NEVER ? NEVER : leave[s] + time(u, v);
    clock_.serve(type, v, row);
    bool fits = false;
    for (int s = 0; s < sets && !fits; ++s) fits = row[s] < NEVER && row[s] + time(v, x) <= latest[s];
    if (!fits) return limit;
    const Visit& visit = problem_.visit[v];
    const int set = route.times.label[at], service = type.service[v];
    if (visit.late > 0) {
        const int start = *std::min_element(row, row + sets) - service;
        if (start > visit.due) added += visit.late * (start - visit.due);
    }
    if (type.per_second > 0) {
        if (empty) return added + type.per_second * (time(u, v) + time(v, x) + service + type.loading);
        const int kept = route.times.kept[at * sets + set];
        int delay = NEVER;
        for (int s = 0; s < sets; ++s)
            if (row[s] < NEVER) delay = std::min(delay, row[s] + time(v, x) - route.times.kept[at * sets + s]);
        delay = std::max(0, delay);
        const int last = Clock::last_begin(visit, kept + delay - time(v, x) - service);
        const int earlier = last <= -NEVER ? 0 : std::max(0, route.times.late_leave[at] + time(u, v) - last);
        added += type.per_second * (delay + earlier);
    }
    return added;
}

/// Notes the place if its estimate is under `limit` and among the best.
void RichRoutes::consider(int r, int at, int v, Cost limit) {
    if (options_.size() >= most_) limit = std::min(limit, options_.back().added);
    const Cost added = estimate(routes_[r], at, v, limit);
    if (added >= limit) return;
    offer({added, r, at, -1});
}

/// Keeps the option among the best, in their order.
void RichRoutes::offer(const Option& option) {
    if (options_.size() >= most_) options_.pop_back();
    const auto place =
        std::upper_bound(options_.begin(), options_.end(), option.added,
                         [](Cost cost, const Option& other) { return cost < other.added; });
    options_.insert(place, option);
}

void RichRoutes::consider_empty(int v, Cost limit) {
    if (used_ >= most_used_) return;
    const int partner = problem_.visit[v].partner;
    for (const auto& list : empty_) {
        if (list.empty()) continue;
        const int r = list.back();
        if (partner >= 0) consider_pair(r, v, limit);
        else if (serves(routes_[r], v)) consider(r, 0, v, limit);
    }
}

/// Every way to take a pair into a route: the first end before position i, the second before what is then position j.
void RichRoutes::consider_pair(int r, int v, Cost limit) {
    const Route& route = routes_[r];
    const VehicleType& type = problem_.type[route.type];
    const int w = problem_.visit[v].partner, m = static_cast<int>(route.visits.size()), d = problem_.dimensions;
    if (!type.serves[v] || !type.serves[w] || m + 2 > type.max_stops) return;
    const Square &distance = problem_.distance[type.profile], &time = problem_.times(type.profile);
    const int sets = Clock::labels(type), busy = type.service[v] + type.service[w];
    const std::vector<int>& ride = problem_.visit[v].ride;
    int row[MOST_LABELS], end[MOST_LABELS];
    const auto in_time = [&](const int* times, int leg, int at) {
        const int* latest = route.times.latest.data() + at * sets;
        for (int s = 0; s < sets; ++s)
            if (times[s] < NEVER && times[s] + leg <= latest[s]) return true;
        return false;
    };
    for (int i = 0; i <= m; ++i) {
        const int u = node_at(route, i - 1);
        if (time(u, v) >= NEVER) continue;
        const int* leave = route.times.leave.data() + i * sets;
        for (int s = 0; s < sets; ++s) row[s] = leave[s] >= NEVER ? NEVER : leave[s] + time(u, v);
        clock_.serve(type, v, row);
        int before = v;
        const Cost gone = m == 0 ? 0 : distance(u, node_at(route, i));
        for (int j = i; j <= m; ++j) {
            bool full = false;
            for (int k = 0; k < d; ++k) full = full || route.held[j * d + k] + ride[k] > type.capacity[k];
            if (full) break;
            const int x = node_at(route, j);
            if (time(before, w) < NEVER && time(w, x) < NEVER) {
                for (int s = 0; s < sets; ++s) end[s] = row[s] >= NEVER ? NEVER : row[s] + time(before, w);
                clock_.serve(type, w, end);
                if (in_time(end, time(w, x), j)) {
                    const Cost meters =
                        j == i ? static_cast<Cost>(distance(u, v)) + distance(v, w) + distance(w, x) - gone
                               : static_cast<Cost>(distance(u, v)) + distance(v, node_at(route, i)) - gone +
                                     distance(before, w) + distance(w, x) - distance(before, x);
                    Cost added = type.per_meter * meters + (m == 0 ? type.fixed : 0);
                    if (type.per_second > 0) added += type.per_second * busy;
                    const Cost most = options_.size() < most_ ? limit : std::min(limit, options_.back().added);
                    if (added < most && route.meters + meters <= type.max_distance) offer({added, r, i, j + 1});
                }
            }
            if (j == m || time(before, x) >= NEVER) break;
            for (int s = 0; s < sets; ++s) row[s] = row[s] >= NEVER ? NEVER : row[s] + time(before, x);
            if (!in_time(row, 0, j)) break;
            clock_.serve(type, x, row);
            before = x;
        }
    }
}

/// Makes the trial of an option; whether it keeps all rules.
bool RichRoutes::apply(const Option& option, int v) {
    const Route& route = routes_[option.route];
    trial_.type = route.type;
    trial_.visits = route.visits;
    trial_.visits.insert(trial_.visits.begin() + option.at, v);
    if (option.partner_at >= 0)
        trial_.visits.insert(trial_.visits.begin() + option.partner_at, problem_.visit[v].partner);
    return evaluate(trial_);
}

Cost RichRoutes::take_best(int v, Cost limit) {
    for (const Option& option : options_) {
        if (!apply(option, v)) continue;
        const Cost added = trial_.cost - routes_[option.route].cost;
        if (added >= limit) continue;
        replace(option.route);
        return added;
    }
    return NOWHERE;
}

Cost RichRoutes::put(int v, const Candidates& near, Cost limit, Random& random, std::uint32_t chance, bool compete) {
    options_.clear();
    most_ = FEW;
    const int partner = problem_.visit[v].partner;
    ++asked_;
    const auto try_pair = [&](int u) {
        const int r = route_of_[u];
        if (r < 0 || tried_[r] == asked_) return;
        tried_[r] = asked_;
        if (!random.hits(chance)) consider_pair(r, v, limit);
    };
    if (partner >= 0) {
        for (const int end : {v, partner})
            for (const Neighbors* list : {&near.behind, &near.ahead})
                for (const Near& u : list->of(end)) try_pair(u.visit);
    } else if (problem_.visit[v].position >= 0) {
        const int at = problem_.visit[v].position;
        for (int r = 0; r < routes(); ++r)
            if (at <= size(r) && serves(routes_[r], v)) consider(r, at, v, limit);
        return take_best(v, limit);
    } else {
        for (const Near& u : near.behind.of(v)) {
            const int r = route_of_[u.visit];
            if (r >= 0 && serves(routes_[r], v) && !random.hits(chance)) consider(r, position_[u.visit] + 1, v, limit);
        }
        for (const Near& x : near.ahead.of(v)) {
            const int r = route_of_[x.visit];
            if (r < 0 || !serves(routes_[r], v)) continue;
            const int at = position_[x.visit];
            const bool known = std::any_of(options_.begin(), options_.end(),
                                           [&](const Option& o) { return o.route == r && o.at == at; });
            if (!known && !random.hits(chance)) consider(r, at, v, limit);
        }
    }
    if (compete) consider_empty(v, limit);
    Cost added = take_best(v, limit);
    if (added != NOWHERE) return added;
    options_.clear();
    most_ = MANY;
    for (int r = 0; r < routes(); ++r) {
        if (routes_[r].visits.empty()) continue;
        if (partner >= 0) {
            consider_pair(r, v, limit);
        } else if (serves(routes_[r], v)) {
            for (int at = 0; at <= size(r); ++at) consider(r, at, v, limit);
        }
    }
    added = take_best(v, limit);
    if (added != NOWHERE) return added;
    options_.clear();
    consider_empty(v, limit);
    return take_best(v, limit);
}

bool RichRoutes::load(int route, const std::vector<int>& visits) {
    trial_.type = routes_[route].type;
    trial_.visits = visits;
    if (!evaluate(trial_)) return false;
    replace(route);
    return true;
}

void RichRoutes::remove(int left, int right, int lead, int keep, std::vector<int>& absent) {
    const int r = is_visit(left) ? route_of_[left] : (left - problem_.visits) / 2;
    const Route& route = routes_[r];
    const int first = is_visit(left) ? position_[left] + 1 : 0, m = static_cast<int>(route.visits.size());
    const int last = is_visit(right) ? position_[right] : m;
    const auto in_string = [&](int k) {
        return k >= first && k < last && !(k - first >= lead && k - first < lead + keep);
    };
    // What is locked to a position goes along with anything before it.
    const auto chosen = [&](int k) {
        return in_string(k) || (problem_.visit[route.visits[k]].position >= 0 && k > first);
    };
    const auto goes = [&](int k) {
        const int partner = problem_.visit[route.visits[k]].partner;
        return chosen(k) || (partner >= 0 && route_of_[partner] == r && chosen(position_[partner]));
    };
    trial_.type = route.type;
    trial_.visits.clear();
    const std::size_t known = absent.size();
    for (int k = 0; k < m; ++k) {
        const int v = route.visits[k];
        if (!goes(k)) trial_.visits.push_back(v);
        else if (problem_.visit[v].partner < 0 || problem_.visit[v].first) absent.push_back(v);
    }
    if (static_cast<int>(trial_.visits.size()) == m || !evaluate(trial_)) {
        absent.resize(known);
        return;
    }
    replace(r);
}

void RichRoutes::clear(int route, std::vector<int>& absent) { remove(start_of(route), end_of(route), 0, 0, absent); }

}  // namespace homestretch
