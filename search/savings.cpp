#include "savings.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

namespace homestretch {

namespace {

/// Points halved again and again at the median of their widest axis.
class Tree {
public:
    Tree(const Coordinates& at, int points) : at_(at), order_(points) {
        std::iota(order_.begin(), order_.end(), 0);
        axes_.assign(points, 0);
        build(0, points);
    }

    std::vector<int> nearest(int point, int most) const {
        Found found;
        look(0, static_cast<int>(order_.size()), point, most, found);
        std::vector<int> made;
        for (; !found.empty(); found.pop()) made.push_back(found.top().second);
        return made;
    }

private:
    using Found = std::priority_queue<std::pair<double, int>>;  // farthest on top

    void build(int begin, int end) {
        if (end - begin < 2) return;
        int widest = 0;
        double width = -1;
        for (int k = 0; k < at_.axes(); ++k) {
            double least = at_.axis(order_[begin], k), most = least;
            for (int i = begin; i < end; ++i) {
                least = std::min(least, at_.axis(order_[i], k));
                most = std::max(most, at_.axis(order_[i], k));
            }
            if (most - least > width) width = most - least, widest = k;
        }
        const int middle = begin + (end - begin) / 2;
        axes_[middle] = widest;
        std::nth_element(order_.begin() + begin, order_.begin() + middle, order_.begin() + end,
                         [&](int a, int b) { return at_.axis(a, widest) < at_.axis(b, widest); });
        build(begin, middle);
        build(middle + 1, end);
    }

    void look(int begin, int end, int point, int most, Found& found) const {
        if (begin >= end) return;
        const int middle = begin + (end - begin) / 2, there = order_[middle], k = axes_[middle];
        if (there != point) {
            double apart = 0;
            for (int axis = 0; axis < at_.axes(); ++axis) {
                const double step = at_.axis(there, axis) - at_.axis(point, axis);
                apart += step * step;
            }
            found.emplace(apart, there);
            if (static_cast<int>(found.size()) > most) found.pop();
        }
        const double side = at_.axis(point, k) - at_.axis(there, k);
        if (side <= 0) look(begin, middle, point, most, found);
        else look(middle + 1, end, point, most, found);
        if (static_cast<int>(found.size()) == most && side * side > found.top().first) return;
        if (side <= 0) look(middle + 1, end, point, most, found);
        else look(begin, middle, point, most, found);
    }

    const Coordinates& at_;
    std::vector<int> order_;
    std::vector<int> axes_;  ///< of the node in the middle of its part
};

struct Saving {
    std::int64_t meters;
    int from, to;
};

class Joining {
public:
    Joining(const Problem& problem, int type)
        : problem_(problem), type_(problem.type[type]), routes_(problem.visits), route_of_(problem.visits) {
        for (int v = 0; v < problem.visits; ++v) {
            const Visit& visit = problem.visit[v];
            bound_ = bound_ || !visit.windows.empty();
            route_of_[v] = v;
            if (simple(v)) routes_[v] = {{v}, visit.deliver, visit.collect};
        }
    }

    bool simple(int v) const {
        const Visit& visit = problem_.visit[v];
        return type_.serves[v] && visit.partner < 0 && visit.leader < 0 && visit.block.empty() && visit.group < 0 &&
               visit.position < 0 && visit.home == NO_HOME;
    }

    /// Joins the routes that end in `from` and begin with `to`; where nothing has a window, turned round if need be.
    void join(int from, int to) {
        const int a = route_of_[from], b = route_of_[to];
        if (a == b || !fits(a, b)) return;
        std::vector<int>&one = routes_[a].visits, &other = routes_[b].visits;
        if (!bound_) {
            if (one.back() != from && one.front() == from) std::reverse(one.begin(), one.end());
            if (other.front() != to && other.back() == to) std::reverse(other.begin(), other.end());
        }
        if (one.back() != from || other.front() != to || (bound_ && !in_time(one, other))) return;
        for (const int v : other) route_of_[v] = a;
        one.insert(one.end(), other.begin(), other.end());
        for (int d = 0; d < problem_.dimensions; ++d) {
            routes_[a].deliver[d] += routes_[b].deliver[d];
            routes_[a].collect[d] += routes_[b].collect[d];
        }
        routes_[b] = {};
    }

    /// The longest routes, one a vehicle.
    std::vector<std::vector<int>> take() {
        std::vector<std::vector<int>> made;
        for (Route& route : routes_)
            if (!route.visits.empty()) made.push_back(std::move(route.visits));
        std::stable_sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
        if (static_cast<int>(made.size()) > type_.vehicles) made.resize(type_.vehicles);
        return made;
    }

private:
    struct Route {
        std::vector<int> visits, deliver, collect;
    };

    bool fits(int a, int b) const {
        const Route &one = routes_[a], &other = routes_[b];
        if (one.visits.empty() || other.visits.empty()) return false;
        if (static_cast<long>(one.visits.size() + other.visits.size()) > type_.max_stops) return false;
        for (int d = 0; d < problem_.dimensions; ++d)
            if (one.deliver[d] + other.deliver[d] > type_.capacity[d] ||
                one.collect[d] + other.collect[d] > type_.capacity[d])
                return false;
        return true;
    }

    bool in_time(const std::vector<int>& one, const std::vector<int>& other) const {
        std::int64_t now = static_cast<std::int64_t>(type_.open) + type_.loading;
        int at = type_.start;
        for (const auto* part : {&one, &other})
            for (const int v : *part) {
                now += problem_.seconds(type_.profile, at, v);
                const std::vector<Window>& windows = problem_.visit[v].windows;
                const auto next = std::find_if(windows.begin(), windows.end(),
                                               [&](const Window& window) { return now <= window.close; });
                if (!windows.empty() && next == windows.end()) return false;
                if (!windows.empty()) now = std::max<std::int64_t>(now, next->open);
                now += type_.service[v];
                at = v;
            }
        return now + problem_.seconds(type_.profile, at, type_.end) <= type_.close;
    }

    const Problem& problem_;
    const VehicleType& type_;
    std::vector<Route> routes_;  ///< by the visit that began it
    std::vector<int> route_of_;
    bool bound_ = false;
};

}  // namespace

std::vector<std::vector<int>> nearest_of(const Problem& problem, int most) {
    const int n = problem.visits, profile = problem.type.front().profile;
    std::vector<std::vector<int>> made(n);
    if (problem.has_coordinates(profile)) {
        const Tree tree(problem.coordinates[profile], n);
        for (int v = 0; v < n; ++v) made[v] = tree.nearest(v, most);
        return made;
    }
    std::vector<int> others(n);
    for (int v = 0; v < n; ++v) {
        std::iota(others.begin(), others.end(), 0);
        std::swap(others[v], others.back());
        const auto count = std::min(most, n - 1);
        const std::int32_t* from = problem.distance[profile].row(v);
        std::nth_element(others.begin(), others.begin() + count, others.end() - 1,
                         [&](int a, int b) { return from[a] < from[b]; });
        made[v].assign(others.begin(), others.begin() + count);
    }
    return made;
}

std::pair<int, std::vector<std::vector<int>>> saved(const Problem& problem, int neighbors) {
    const auto most = std::max_element(problem.type.begin(), problem.type.end(), [](const auto& a, const auto& b) {
        return a.vehicles < b.vehicles;
    });
    const VehicleType& type = *most;
    const int number = static_cast<int>(most - problem.type.begin());
    Joining joining(problem, number);
    std::vector<Saving> savings;
    {
        const std::vector<std::vector<int>> nearest = nearest_of(problem, neighbors);
        for (int v = 0; v < problem.visits; ++v) {
            if (!joining.simple(v)) continue;
            const std::int64_t home = problem.meters(type.profile, v, type.end);
            for (const int u : nearest[v]) {
                if (!joining.simple(u)) continue;
                const std::int64_t apart = problem.meters(type.profile, v, u);
                const std::int64_t meters = home + problem.meters(type.profile, type.start, u) - apart;
                if (meters > 0 && apart < NEVER) savings.push_back({meters, v, u});
            }
        }
    }
    std::sort(savings.begin(), savings.end(), [](const Saving& a, const Saving& b) {
        return a.meters != b.meters ? a.meters > b.meters : a.from != b.from ? a.from < b.from : a.to < b.to;
    });
    for (const Saving& saving : savings) joining.join(saving.from, saving.to);
    return {number, joining.take()};
}

}  // namespace homestretch
