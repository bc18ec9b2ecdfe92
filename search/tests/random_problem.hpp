// Small random problems for the tests of the core.
#pragma once

#include <cstdlib>
#include <utility>
#include <vector>

#include "problem.hpp"
#include "random.hpp"

namespace homestretch::testing {

inline Square random_square(Random& random, int size) {
    std::vector<std::pair<int, int>> points;
    for (int i = 0; i < size; ++i) points.emplace_back(random.below(100), random.below(100));
    Square made(size);
    for (int i = 0; i < size; ++i)
        for (int j = 0; j < size; ++j)
            made.row(i)[j] = std::abs(points[i].first - points[j].first) +
                             std::abs(points[i].second - points[j].second);
    return made;
}

inline Visit random_visit(Random& random) {
    Visit visit;
    const int open = random.below(1500);
    visit.windows.push_back({open, open + 50 + random.below(400)});
    visit.deliver = {1 + random.below(9)};
    visit.collect = {0};
    visit.prize = 100'000;
    return visit;
}

inline Problem random_problem(std::uint64_t seed, int visits, bool rich) {
    Random random(seed);
    Problem problem;
    problem.visits = visits;
    problem.nodes = visits + 1;
    problem.dimensions = 1;
    problem.distance.push_back(random_square(random, visits + 1));
    problem.time.emplace_back();
    for (int v = 0; v < visits; ++v) problem.visit.push_back(random_visit(random));
    VehicleType type;
    type.vehicles = 1 + visits / 8;
    type.start = type.end = visits;
    type.close = 2500;
    type.capacity = {40};
    type.fixed = 10;
    type.per_meter = 1;
    type.service.assign(visits, 10);
    type.serves.assign(visits, 1);
    if (rich) {
        type.per_second = 1;
        type.max_duration = 2000;
        type.rests.push_back({60, 600, 1200, false});
        for (int v = 0; v + 1 < visits; v += 5) {  // pairs
            problem.visit[v].first = true;
            problem.visit[v].partner = v + 1;
            problem.visit[v + 1].partner = v;
            problem.visit[v].ride = problem.visit[v + 1].ride = {3};
            problem.visit[v + 1].windows.clear();
        }
    }
    problem.type.push_back(type);
    if (rich) {
        type.capacity = {25};
        type.fixed = 0;
        problem.type.push_back(type);
    }
    return problem;
}

}  // namespace homestretch::testing
