#include "neighbors.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace homestretch {

namespace {

constexpr double WAITING = 0.2;  // a second of waiting against a second of driving, as in HGS (Vidal et al. 2013)
constexpr double LEAST_PACE = 0.1;  // of cost to time, so that waiting counts also between neighbors of one place

/// A rank (not negative) over the number of a visit, as one integer that sorts quickly; the visit itself comes first.
using Ranked = std::uint64_t;

Ranked ranked(double rank, int visit) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(rank));  // these order as the numbers do
    return (static_cast<Ranked>(bits) + 1) << 32 | static_cast<std::uint32_t>(visit);
}

Ranked itself(int visit) { return static_cast<std::uint32_t>(visit); }

/// Where legs lead from one visit to all others, or from all others to it.
struct Row {
    const std::int32_t *cost, *time;
};

/// The cost of driving a leg right on from `a` to `b`, with the waiting that this at least means; negative if it can't
/// be.
double succession(const Legs& legs, int a, int b, int cost, int time) {
    const long long soonest = static_cast<long long>(legs.open[a]) + legs.service[a] + time;
    if (soonest > legs.close[b]) return -1;
    const long long last = static_cast<long long>(legs.close[a]) + legs.service[a] + time;
    const long long waiting = legs.open[b] - last;
    if (waiting <= 0) return cost;
    const double pace = time > 0 ? static_cast<double>(cost) / time : 1.0;
    return cost + WAITING * static_cast<double>(waiting) * std::max(pace, LEAST_PACE);
}

/// Lists the `most` first of them; `cost` are those of the legs that are theirs.
void keep_nearest(std::vector<Ranked>& all, int most, int v, const std::int32_t* cost, Neighbors& into) {
    const auto count = std::min<std::size_t>(most, all.size());
    if (count < all.size()) std::nth_element(all.begin(), all.begin() + count, all.end());
    std::sort(all.begin(), all.begin() + count);
    for (std::size_t k = 0; k < count; ++k) {
        const auto u = static_cast<int>(all[k] & 0xffffffffU);
        into.add(v, {u, u == v ? 0 : cost[u]});
    }
}

}  // namespace

Neighbors near_by_distance(const Legs& legs, int most) {
    const int n = legs.visits;
    most = std::min(most, n);
    Neighbors made(n, most);
    std::vector<Ranked> all(n);
    for (int v = 0; v < n; ++v) {
        const std::int32_t *from = legs.cost->row(v), *to = legs.cost_back->row(v);
        for (int u = 0; u < n; ++u) all[u] = u == v ? itself(v) : ranked(static_cast<double>(from[u]) + to[u], u);
        keep_nearest(all, most, v, from, made);
        all.resize(n);
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
        const Row from{legs.cost->row(v), legs.time->row(v)}, to{legs.cost_back->row(v), legs.time_back->row(v)};
        behind.clear();
        ahead.clear();
        beside.assign(1, itself(v));
        for (int u = 0; u < n; ++u) {
            if (u == v) continue;
            const double after = succession(legs, u, v, to.cost[u], to.time[u]);
            const double before = succession(legs, v, u, from.cost[u], from.time[u]);
            if (after >= 0) behind.push_back(ranked(after, u));
            if (before >= 0) ahead.push_back(ranked(before, u));
            if (after < 0 && before < 0) continue;
            beside.push_back(ranked(after < 0 ? before : before < 0 ? after : std::min(after, before), u));
        }
        keep_nearest(behind, most, v, to.cost, made.behind);
        keep_nearest(ahead, most, v, from.cost, made.ahead);
        keep_nearest(beside, more, v, from.cost, made.beside);
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
