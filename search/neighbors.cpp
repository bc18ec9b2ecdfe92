#include "neighbors.hpp"

#include <algorithm>

namespace homestretch {

namespace {

constexpr double WAITING = 0.2;  // a second of waiting against a second of driving, as in HGS (Vidal et al. 2013)
constexpr double LEAST_PACE = 0.1;  // of cost to time, so that waiting counts also between neighbors of one place

struct Ranked {
    double rank;
    Near near;
    bool operator<(const Ranked& other) const {
        return rank < other.rank || (rank == other.rank && near.visit < other.near.visit);
    }
};

/// The cost of driving from `a` right on to `b`, with the waiting that this at least means; negative if it can't be.
double succession(const Legs& legs, int a, int b) {
    const int time = (*legs.time)(a, b), cost = (*legs.cost)(a, b);
    const long long soonest = static_cast<long long>(legs.open[a]) + legs.service[a] + time;
    if (soonest > legs.close[b]) return -1;
    const long long last = static_cast<long long>(legs.close[a]) + legs.service[a] + time;
    const double waiting = static_cast<double>(std::max(0LL, legs.open[b] - last));
    const double pace = time > 0 ? static_cast<double>(cost) / time : 1.0;
    return cost + WAITING * waiting * std::max(pace, LEAST_PACE);
}

void keep_nearest(std::vector<Ranked>& ranked, int most, int v, Neighbors& into) {
    const auto count = std::min<std::size_t>(most, ranked.size());
    if (count < ranked.size()) std::nth_element(ranked.begin(), ranked.begin() + count, ranked.end());
    std::sort(ranked.begin(), ranked.begin() + count);
    for (std::size_t k = 0; k < count; ++k) into.add(v, ranked[k].near);
}

}  // namespace

Neighbors near_by_distance(const Legs& legs, int most) {
    const int n = legs.visits;
    most = std::min(most, n);
    Neighbors made(n, most);
    std::vector<Ranked> ranked;
    ranked.reserve(n);
    for (int v = 0; v < n; ++v) {
        ranked.clear();
        const std::int32_t* from = legs.cost->row(v);
        for (int u = 0; u < n; ++u) {
            const double back = (*legs.cost)(u, v);
            ranked.push_back({u == v ? -1.0 : from[u] + back, {u, from[u]}});
        }
        keep_nearest(ranked, most, v, made);
    }
    return made;
}

Candidates near_in_time(const Legs& legs, int most, int more) {
    const int n = legs.visits;
    most = std::max(1, std::min(most, n - 1));
    more = std::min(more, n);
    Candidates made{Neighbors(n, most), Neighbors(n, most), Neighbors(n, more)};
    std::vector<Ranked> behind, ahead, beside;
    for (int v = 0; v < n; ++v) {
        behind.clear();
        ahead.clear();
        beside.assign(1, {-1.0, {v, 0}});
        for (int u = 0; u < n; ++u) {
            if (u == v) continue;
            const double after = succession(legs, u, v), before = succession(legs, v, u);
            if (after >= 0) behind.push_back({after, {u, (*legs.cost)(u, v)}});
            if (before >= 0) ahead.push_back({before, {u, (*legs.cost)(v, u)}});
            if (after < 0 && before < 0) continue;
            const double rank = after < 0 ? before : before < 0 ? after : std::min(after, before);
            beside.push_back({rank, {u, (*legs.cost)(v, u)}});
        }
        keep_nearest(behind, most, v, made.behind);
        keep_nearest(ahead, most, v, made.ahead);
        keep_nearest(beside, more, v, made.beside);
    }
    return made;
}

double typical_leg(const Legs& legs, const Neighbors& nearest) {
    double sum = 0;
    long count = 0;
    for (int v = 0; v < legs.visits; ++v)
        for (const Near& u : nearest.of(v).first(std::min<std::size_t>(11, nearest.of(v).size())))
            if (u.visit != v) sum += u.cost, ++count;
    return count == 0 ? 1.0 : std::max(1.0, legs.scale * sum / static_cast<double>(count));
}

}  // namespace homestretch
