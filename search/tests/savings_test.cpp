// The first plan of a large problem: the right neighbors, and routes that keep loads and windows.
#include <algorithm>
#include <set>

#include "check.hpp"
#include "random_problem.hpp"
#include "savings.hpp"

using namespace homestretch;
using homestretch::testing::random_problem;

namespace {

/// A random problem in the plane, or around the earth.
Problem scattered(std::uint64_t seed, int visits, int axes) {
    Problem problem = random_problem(seed, visits, false);
    Random random(seed + 100);
    std::vector<double> at;
    for (int i = 0; i < (visits + 1) * axes; ++i) at.push_back(random.unit());
    problem.coordinates = {Coordinates(axes, std::move(at), {1000.0, Rounding::nearest}, {1000.0, Rounding::nearest})};
    problem.distance = {Square()};
    problem.type[0].vehicles = visits;
    problem.type[0].close = 100'000;
    return problem;
}

}  // namespace

TEST(the_nearest_are_found_without_looking_at_all) {
    for (const int axes : {2, 3}) {
        const Problem problem = scattered(1, 300, axes);
        const std::vector<std::vector<int>> near = nearest_of(problem, 12);
        for (int v = 0; v < 300; ++v) {
            std::vector<int> legs, found;
            for (int u = 0; u < 300; ++u)
                if (u != v) legs.push_back(problem.meters(0, v, u));
            std::sort(legs.begin(), legs.end());
            for (const int u : near[v]) found.push_back(problem.meters(0, v, u));
            std::sort(found.begin(), found.end());
            legs.resize(12);
            CHECK(found == legs);
            CHECK(std::set<int>(near[v].begin(), near[v].end()).size() == 12);
        }
    }
}

TEST(joined_routes_keep_loads_windows_and_save_meters) {
    for (const bool bound : {false, true}) {
        Problem problem = scattered(2, 200, 2);
        if (!bound)
            for (Visit& visit : problem.visit) visit.windows.clear();
        const auto [type, routes] = saved(problem, 30);
        std::set<int> seen;
        std::int64_t meters = 0, apart = 0;
        for (const std::vector<int>& visits : routes) {
            int load = 0, now = problem.type[0].open, at = 200;
            for (const int v : visits) {
                CHECK(seen.insert(v).second);
                load += problem.visit[v].deliver[0];
                meters += problem.meters(0, at, v);
                apart += 2 * problem.meters(0, 200, v);
                now += problem.seconds(0, at, v);
                if (bound && visits.size() > 1) {
                    CHECK(now <= problem.visit[v].windows[0].close);
                    now = std::max(now, problem.visit[v].windows[0].open);
                }
                now += problem.type[0].service[v];
                at = v;
            }
            meters += problem.meters(0, at, 200);
            CHECK(load <= problem.type[0].capacity[0]);
        }
        CHECK(type == 0 && seen.size() == 200);
        CHECK(meters < apart / 2);
    }
}

TEST(no_more_routes_are_made_than_there_are_vehicles) {
    Problem problem = scattered(3, 100, 2);
    problem.type[0].vehicles = 3;
    problem.visit[5].group = 0;
    const auto [type, routes] = saved(problem, 20);
    CHECK(routes.size() == 3);
    for (const std::vector<int>& visits : routes) CHECK(std::find(visits.begin(), visits.end(), 5) == visits.end());
}
