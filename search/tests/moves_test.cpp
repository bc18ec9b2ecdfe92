// Exchanges of tails and directions on random plain problems: whatever is done, the routes keep the rules, say their
// cost, and can go back.
#include <algorithm>
#include <array>
#include <vector>

#include "check.hpp"
#include "plain_moves.hpp"
#include "random.hpp"

using namespace homestretch;

namespace {

constexpr int VISITS = 24;
constexpr Cost ANY = 1'000'000;

Plain random_plain(Random& random, bool symmetric) {
    Plain made;
    made.visits = VISITS;
    made.vehicles = 6;
    made.dimensions = 2;
    made.capacity = {40, 30};
    made.fixed = 25;
    made.max_stops = 9;
    made.cost = Square(VISITS + 2);
    for (int i = 0; i < VISITS + 2; ++i)
        for (int j = 0; j < VISITS + 2; ++j)
            made.cost.row(i)[j] = i == j ? 0 : symmetric && j < i ? made.cost(j, i) : 60 + random.below(60);
    for (int v = 0; v < VISITS; ++v) {
        const int open = random.below(500);
        made.visit.push_back({open, open + 300 + random.below(900), 5, 1 + random.below(9)});
        made.more_loads.push_back(random.below(7));
        made.required.push_back(1);
        made.prize.push_back(ANY);
        made.name.push_back(v);
    }
    made.visit.push_back({0, 2500, 0, 0});
    made.visit.push_back({0, 2500, 0, 0});
    made.keys.resize(VISITS);
    made.finish();
    return made;
}

using Plan = std::vector<std::vector<int>>;

Plan plan_of(const PlainMoves<true>& routes) {
    Plan plan(routes.routes());
    for (int r = 0; r < routes.routes(); ++r) routes.copy(r, plan[r]);
    return plan;
}

constexpr Cost STRICT = PlainMoves<true>::FORBIDDEN;

/// What the load beyond a capacity costs.
Cost overload_of(int load, int capacity, Cost price) {
    if (load <= capacity) return 0;
    CHECK(price != STRICT);
    return 1 + static_cast<Cost>(static_cast<double>(price) * (load - capacity) / capacity);
}

/// What a plan costs, from nothing but its visits; fails where it breaks a rule. At a `price` for a whole capacity more
/// loads may be over it.
Cost cost_of(const Plain& plain, const Plan& plan, Cost price) {
    Cost cost = 0;
    for (const auto& visits : plan) {
        if (visits.empty()) continue;
        int now = 0, at = plain.start();
        std::array<int, 2> load{};
        cost += plain.fixed;
        for (const int v : visits) {
            now = std::max(now + plain.cost(at, v), plain.visit[v].open);
            CHECK(now <= plain.visit[v].close);
            now += plain.visit[v].service;
            cost += plain.cost(at, v);
            load[0] += plain.visit[v].load;
            load[1] += plain.more_loads[v];
            at = v;
        }
        cost += plain.cost(at, plain.end());
        CHECK(now + plain.cost(at, plain.end()) <= 2500);
        for (int k = 0; k < 2; ++k) cost += overload_of(load[k], plain.capacity[k], price);
        CHECK(static_cast<int>(visits.size()) <= plain.max_stops);
    }
    return cost;
}

void place_all(PlainMoves<true>& routes, Random& random) {
    Candidates none{Neighbors(VISITS, 1), Neighbors(VISITS, 1), Neighbors(VISITS, 1)};
    for (int v = 0; v < VISITS; ++v) routes.put(v, none, ANY, random, 0, random.below(3) == 0);
}

/// Of so many tries, how many changed something; each is taken back now and then. How many had an overload is counted.
int wander(const Plain& plain, Random& random, int tries, Cost price, int& overloads) {
    PlainMoves<true> routes(plain);
    place_all(routes, random);
    routes.soften(price);
    int done = 0;
    for (int k = 0; k < tries; ++k) {
        const Plan before = plan_of(routes);
        const Cost cost = routes.cost();
        const Cost limit = random.below(2) == 0 ? ANY : 1 + random.below(40);
        routes.begin();
        if (!routes.follow(random.below(VISITS), random.below(VISITS), limit)) {
            CHECK(plan_of(routes) == before);
            continue;
        }
        ++done;
        CHECK(plan_of(routes) != before);
        CHECK(routes.cost() < cost + limit);
        CHECK(routes.cost() == cost_of(plain, plan_of(routes), price));
        overloads += routes.overloaded();
        if (random.below(4) > 0) continue;
        routes.revert();
        CHECK(plan_of(routes) == before);
        CHECK(routes.cost() == cost);
    }
    return done;
}

}  // namespace

TEST(exchanges_keep_every_rule_and_can_be_taken_back) {
    int done = 0, overloads = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Random random(seed);
        const Plain plain = random_plain(random, seed % 2 == 0);
        done += wander(plain, random, 600, STRICT, overloads);
    }
    CHECK(done > 1000);
    CHECK(overloads == 0);
}

TEST(loads_beyond_a_capacity_cost_their_price_and_can_be_taken_back) {
    int done = 0, overloads = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Random random(seed);
        const Plain plain = random_plain(random, seed % 2 == 0);
        done += wander(plain, random, 600, 300, overloads);
    }
    CHECK(done > 1000);
    CHECK(overloads > 300);
}

TEST(a_visit_goes_into_a_full_route_where_that_costs_less_than_another_one) {
    Random random(3);
    Plain plain = random_plain(random, true);
    Candidates none{Neighbors(VISITS, 1), Neighbors(VISITS, 1), Neighbors(VISITS, 1)};
    for (const bool may : {false, true}) {
        PlainMoves<true> routes(plain);
        place_all(routes, random);
        routes.soften(may ? 1 : STRICT);
        std::vector<int> removed;
        for (int r = 0; r < routes.routes() / 2; ++r) routes.clear(r, removed);
        routes.limit_used(routes.used());
        const Cost before = routes.cost();
        Cost added = 0;
        for (const int v : removed) {
            const Cost more = routes.put(v, none, ANY, random, 0, false);
            if (more != NOWHERE) added += more;
        }
        CHECK(routes.overloaded() == may);
        CHECK(routes.cost() == before + added);
        CHECK(routes.cost() == cost_of(plain, plan_of(routes), may ? 1 : STRICT));
    }
}

TEST(an_exchange_puts_the_one_visit_right_behind_the_other) {
    Random random(7);
    const Plain plain = random_plain(random, true);
    PlainMoves<true> routes(plain);
    place_all(routes, random);
    int done = 0;
    for (int k = 0; k < 2000; ++k) {
        const int u = random.below(VISITS), v = random.below(VISITS);
        if (u == v || !routes.follow(u, v, ANY)) continue;
        ++done;
        CHECK(routes.next(u) == v || routes.next(v) == u);
    }
    CHECK(done > 100);
}
