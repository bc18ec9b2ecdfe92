#include "plain.hpp"

#include <algorithm>
#include <numeric>

namespace homestretch {

namespace {

constexpr std::int64_t MOST_COST = 1 << 28;  // of a leg, so that sums of a few stay within 32 bits

bool all_zero(const std::vector<int>& loads) {
    return std::all_of(loads.begin(), loads.end(), [](int load) { return load == 0; });
}

bool plain_visit(const Visit& visit, const VehicleType& type, int v) {
    return visit.windows.size() <= 1 && all_zero(visit.collect) && visit.release <= type.open && visit.partner < 0 &&
           visit.position < 0 && visit.group < 0 && visit.late == 0 && type.serves[v];
}

bool plain_type(const VehicleType& type) {
    return type.per_second == 0 && type.overtime == 0 && type.waiting == 0 && type.rests.empty() &&
           type.max_distance == std::numeric_limits<std::int64_t>::max() && type.max_duration >= NEVER &&
           type.max_drive >= NEVER && type.stretch >= NEVER && type.reload < 0 && !type.begun &&
           !type.backhauls_last && !type.lifo;
}

/// Whether routes have more to do with each other, or with a plan that is kept.
bool bound(const Problem& problem) {
    return problem.slotted(problem.type[0].profile) || problem.moved != 0 || problem.changed != 0 ||
           problem.drifted != 0 || problem.split_zone != 0 ||
           problem.balance != 0 || !problem.relations.empty() || !problem.incompatible.empty();
}

bool plain(const Problem& problem) {
    if (problem.type.size() != 1 || !plain_type(problem.type[0]) || bound(problem)) return false;
    const VehicleType& type = problem.type[0];
    for (int v = 0; v < problem.visits; ++v)
        if (!plain_visit(problem.visit[v], type, v)) return false;
    const Square& distance = problem.distance[type.profile];
    for (int i = 0; i < problem.nodes; ++i)
        for (int j = 0; j < problem.nodes; ++j)
            if (distance(i, j) * type.per_meter >= MOST_COST && distance(i, j) < NEVER) return false;
    return true;
}

/// Visits in a chain from each to its nearest that is left, so that what is near on the map is near in memory.
std::vector<int> chained(const Problem& problem) {
    const VehicleType& type = problem.type[0];
    const Square& distance = problem.distance[type.profile];
    std::vector<int> left(problem.visits), chain;
    std::iota(left.begin(), left.end(), 0);
    int at = type.start;
    while (!left.empty()) {
        const std::int32_t* row = distance.row(at);
        const auto next = std::min_element(left.begin(), left.end(), [&](int a, int b) { return row[a] < row[b]; });
        chain.push_back(at = *next);
        *next = left.back();
        left.pop_back();
    }
    return chain;
}

Square picked(const Square& from, const std::vector<int>& nodes, Cost factor) {
    Square made(static_cast<int>(nodes.size()));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const std::int32_t* row = from.row(nodes[i]);
        for (std::size_t j = 0; j < nodes.size(); ++j)
            made.row(static_cast<int>(i))[j] =
                row[nodes[j]] >= NEVER ? NEVER : static_cast<std::int32_t>(row[nodes[j]] * factor);
    }
    return made;
}

/// Whether even one route through all visits, by the longest leg each time, would be in time.
bool never_late(const Problem& problem) {
    const VehicleType& type = problem.type[0];
    std::int64_t busy = static_cast<std::int64_t>(type.open) + type.loading, longest = 0;
    for (int v = 0; v < problem.visits; ++v) {
        if (!problem.visit[v].windows.empty()) return false;
        busy += type.service[v];
    }
    const Square& time = problem.times(type.profile);
    for (int i = 0; i < problem.nodes; ++i)
        longest = std::max<std::int64_t>(longest, *std::max_element(time.row(i), time.row(i) + problem.nodes));
    return busy + (problem.visits + 1) * longest <= type.close;
}

}  // namespace

bool Plain::from(const Problem& problem, Plain& made) {
    if (!plain(problem)) return false;
    const VehicleType& type = problem.type[0];
    const int n = problem.visits, d = std::max(1, problem.dimensions);
    made.visits = n;
    made.vehicles = type.vehicles;
    made.dimensions = d;
    made.capacity = problem.dimensions > 0 ? type.capacity : std::vector<int>{0};
    made.fixed = type.fixed;
    made.max_stops = type.max_stops >= NEVER ? 0 : std::max(1, type.max_stops);
    made.timeless = never_late(problem);
    made.name = chained(problem);
    std::vector<int> nodes = made.name;
    nodes.push_back(type.start);
    nodes.push_back(type.end);
    made.keys.resize(n);
    for (int i = 0; i < n; ++i) {
        const Visit& visit = problem.visit[made.name[i]];
        const bool bound = !visit.windows.empty();
        const int load = problem.dimensions > 0 ? visit.deliver[0] : 0;
        made.visit.push_back({bound ? visit.windows[0].open : type.open, bound ? visit.windows[0].close : NEVER,
                              type.service[made.name[i]], load});
        for (int k = 1; k < d; ++k) made.more_loads.push_back(visit.deliver[k]);
        made.prize.push_back(visit.prize);
        made.required.push_back(visit.required);
        made.keys.load[i] = std::accumulate(visit.deliver.begin(), visit.deliver.end(), 0);
        made.keys.far[i] = problem.distance[type.profile](type.start, made.name[i]);
        made.keys.narrow[i] = made.visit[i].open - made.visit[i].close;
        made.keys.early[i] = -made.visit[i].open;
        made.keys.late[i] = made.visit[i].close;
    }
    made.visit.push_back({type.open + type.loading, type.close, 0, 0});
    made.visit.push_back({type.open, type.close, 0, 0});
    made.cost = picked(problem.distance[type.profile], nodes, type.per_meter);
    if (!problem.one_matrix(type.profile) || type.per_meter != 1)
        made.time = picked(problem.times(type.profile), nodes, 1);
    made.finish();
    return true;
}

}  // namespace homestretch
