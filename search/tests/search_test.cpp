// Whole searches on random problems: every visit at most once, no load too heavy, nothing late, the cost as it is said.
#include <algorithm>
#include <vector>

#include "check.hpp"
#include "random_problem.hpp"
#include "plain.hpp"
#include "search.hpp"

using namespace homestretch;
using homestretch::testing::random_problem;

namespace {

/// How many visits are on routes; fails where one comes twice or a pair is torn.
int served(const Problem& problem, const Answer& answer) {
    std::vector<int> route_of(problem.visits, -1);
    int count = 0, number = 0;
    for (const auto& [type, visits] : answer.routes) {
        int held = 0;
        for (const int v : visits) {
            CHECK(route_of[v] < 0);
            route_of[v] = number;
            held += problem.visit[v].deliver[0];
            ++count;
        }
        CHECK(held <= problem.type[type].capacity[0]);
        ++number;
    }
    for (int v = 0; v < problem.visits; ++v)
        if (problem.visit[v].partner >= 0) CHECK(route_of[v] == route_of[problem.visit[v].partner]);
    return count;
}

/// The cost of a plain answer, from nothing but its visits; fails where it is late.
Cost plain_cost(const Problem& problem, const Answer& answer) {
    const VehicleType& type = problem.type[0];
    const Square& distance = problem.distance[0];
    Cost cost = 0;
    int count = 0;
    for (const auto& [kind, visits] : answer.routes) {
        int now = type.open, at = type.start;
        cost += type.fixed;
        for (const int v : visits) {
            const Window window = problem.visit[v].windows[0];
            now = std::max(now + distance(at, v), window.open);
            CHECK(now <= window.close);
            now += type.service[v];
            cost += distance(at, v);
            at = v;
            ++count;
        }
        CHECK(now + distance(at, type.end) <= type.close);
        cost += distance(at, type.end);
    }
    return cost + (problem.visits - count) * 100'000;
}

}  // namespace

TEST(a_plain_search_keeps_windows_and_loads_and_says_its_cost) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const Problem problem = random_problem(seed, 5 + static_cast<int>(seed) * 4, false);
        const auto search = Search::over(problem, Tuning(), seed);
        CHECK(search->plain());
        search->begin({});
        const Cost first = search->best_cost();
        search->cool(1500, 0.0, 1.0);
        const Answer answer = search->best();
        CHECK(answer.cost <= first);
        CHECK(served(problem, answer) > 0);
        CHECK(plain_cost(problem, answer) == answer.cost);
        search->restore();
        CHECK(search->best_cost() == answer.cost);
    }
}

TEST(no_plan_that_a_search_gives_is_overloaded) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Problem problem = random_problem(seed, 40, false);
        int load = 0;
        for (const Visit& visit : problem.visit) load += visit.deliver[0];
        problem.type[0].vehicles = 6;
        problem.type[0].capacity[0] = load / 6 + 1;
        const auto search = Search::over(problem, Tuning(), seed);
        search->begin({});
        for (int stretch = 0; stretch < 20; ++stretch) {
            search->cool(70, 0.05 * stretch, 0.05 * (stretch + 1));
            served(problem, search->best());
            served(problem, search->present());
        }
        CHECK(plain_cost(problem, search->best()) == search->best_cost());
    }
}

TEST(a_rich_search_keeps_pairs_together_and_improves) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const Problem problem = random_problem(seed, 6 + static_cast<int>(seed) * 3, true);
        const auto search = Search::over(problem, Tuning(), seed);
        CHECK(!search->plain());
        search->begin({});
        const Cost first = search->best_cost();
        search->cool(600, 0.0, 1.0);
        CHECK(search->best_cost() <= first);
        CHECK(served(problem, search->best()) > 0);
    }
}

TEST(fewer_routes_are_looked_for_and_kept) {
    for (const bool rich : {false, true}) {
        Problem problem = random_problem(3, 24, rich);
        problem.vehicles_first = true;
        problem.type[0].vehicles = 24;
        const auto search = Search::over(problem, Tuning(), 1);
        search->begin({});
        const int before = search->best_used(), missing = search->best().missing;
        for (int round = 0; round < 5; ++round) search->fewer(100);
        search->settle();
        const int after = search->best_used();
        search->cool(500, 0.0, 1.0);
        CHECK(after <= before);
        CHECK(search->best_used() <= after);
        CHECK(search->best().missing <= missing);
    }
}

TEST(a_search_begins_with_the_routes_that_it_is_given) {
    const Problem problem = random_problem(5, 20, false);
    const auto first = Search::over(problem, Tuning(), 1);
    first->begin({});
    first->cool(1500, 0.0, 1.0);
    const auto second = Search::over(problem, Tuning(), 2);
    second->begin(first->best().routes);
    CHECK(second->best_cost() <= first->best_cost());
}

TEST(a_search_begins_again_from_other_routes) {
    for (const bool rich : {false, true}) {
        const Problem problem = random_problem(7, 30, rich);
        const auto other = Search::over(problem, Tuning(), 2), search = Search::over(problem, Tuning(), 1);
        other->begin({});
        other->cool(300, 0.0, 1.0);
        search->begin({});
        search->cool(150, 0.0, 0.3);
        search->begin(other->best().routes);
        CHECK(search->best_cost() <= other->best_cost());
        search->cool(150, 0.3, 1.0);
        CHECK(served(problem, search->best()) > 0);
    }
}

TEST(the_same_seed_gives_the_same_answer) {
    for (const bool rich : {false, true}) {
        const Problem problem = random_problem(9, 30, rich);
        std::vector<Answer> answers;
        for (int turn = 0; turn < 2; ++turn) {
            const auto search = Search::over(problem, Tuning(), 4);
            search->begin({});
            search->cool(400, 0.0, 1.0);
            answers.push_back(search->best());
        }
        CHECK(answers[0].routes == answers[1].routes);
    }
}
