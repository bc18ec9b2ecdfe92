// Pieces of problems hold what they took, whatever way they travel; coordinates say the same as a matrix.
#include <algorithm>
#include <numeric>
#include <set>
#include <stdexcept>

#include "check.hpp"
#include "packed.hpp"
#include "piece.hpp"
#include "random_problem.hpp"
#include "search.hpp"

using namespace homestretch;
using homestretch::testing::random_problem;

namespace {

Coordinates on_a_line(int places, Measure meters, Measure seconds) {
    std::vector<double> at;
    for (int i = 0; i < places; ++i) at.insert(at.end(), {1.5 * i, 0.0});
    return Coordinates(2, std::move(at), meters, seconds);
}

bool throws(const Problem& whole, const std::vector<int>& visits, const std::vector<int>& vehicles) {
    try {
        piece_of(whole, visits, vehicles);
    } catch (const std::invalid_argument&) {
        return true;
    }
    return false;
}

}  // namespace

TEST(a_piece_has_the_numbers_of_what_it_took) {
    const Problem whole = random_problem(3, 20, true);
    const std::vector<int> visits = {11, 10, 3, 17};  // 10 and 11 are a pair
    const Problem piece = piece_of(whole, visits, {0, 2});
    CHECK(piece.visits == 4 && piece.nodes == 5);
    CHECK(piece.type.size() == 1 && piece.type[0].vehicles == 2 && piece.type[0].capacity[0] == 25);
    CHECK(piece.visit[0].partner == 1 && piece.visit[1].partner == 0);
    CHECK(piece.visit[2].partner < 0 && piece.visit[2].windows[0].open == whole.visit[3].windows[0].open);
    for (int i = 0; i < 4; ++i) {
        CHECK(piece.distance[0](i, 2) == whole.distance[0](visits[i], 3));
        CHECK(piece.distance[0](piece.type[0].start, i) == whole.distance[0](whole.type[1].start, visits[i]));
    }
    CHECK(throws(whole, {10, 3}, {1, 1}));
}

TEST(a_plan_costs_what_its_pieces_cost_together) {
    for (const bool rich : {false, true}) {
        const Problem whole = random_problem(7, 30, rich);
        const auto search = Search::over(whole, Tuning(), 1);
        search->begin({});
        search->cool(300, 0.0, 1.0);
        const Answer plan = search->best();
        std::vector<char> on(30, 0);
        Cost sum = 0;
        for (const auto& [type, visits] : plan.routes) {
            std::vector<int> vehicles(whole.type.size(), 0), numbers(visits.size());
            vehicles[type] = 1;
            std::iota(numbers.begin(), numbers.end(), 0);
            for (const int v : visits) on[v] = 1;
            const Problem piece = piece_of(whole, visits, vehicles);
            sum += Search::over(piece, Tuning(), 1)->worth({{0, numbers}}).first;
        }
        for (int v = 0; v < 30; ++v)
            if (!on[v] && (whole.visit[v].partner < 0 || whole.visit[v].first)) sum += whole.visit[v].prize;
        CHECK(sum == plan.cost);
    }
}

TEST(every_item_is_in_one_of_pieces_of_about_equal_size) {
    const Problem whole = random_problem(5, 120, false);
    std::vector<std::vector<int>> items;
    for (int v = 0; v < 120; v += 4) items.push_back({v, v + 1, v + 2, v + 3});
    std::set<std::vector<int>> ways;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const std::vector<int> piece = divided(whole, items, 5, Random(seed));
        for (int k = 0; k < 5; ++k) {
            const auto held = 4 * std::count(piece.begin(), piece.end(), k);
            CHECK(held >= 16 && held <= 32);
        }
        ways.insert(piece);
    }
    CHECK(ways.size() == 10);
    CHECK(divided(whole, items, 5, Random(3)) == divided(whole, items, 5, Random(3)));
}

TEST(what_is_near_is_cut_out_together) {
    Problem whole = random_problem(1, 40, false);
    whole.distance = {Square()};
    whole.coordinates = {on_a_line(41, {100.0, Rounding::nearest}, {})};
    std::vector<std::vector<int>> items;
    for (int v = 0; v < 40; ++v) items.push_back({v});
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const std::vector<int> piece = divided(whole, items, 2, Random(seed));
        int changes = 0;
        for (int v = 1; v < 40; ++v) changes += piece[v] != piece[v - 1];
        CHECK(changes <= 3);
    }
}

TEST(coordinates_give_whole_meters_and_seconds) {
    Problem whole = random_problem(2, 10, false);
    whole.distance = {Square()};
    whole.coordinates = {on_a_line(11, {1.0, Rounding::nearest}, {10.0, Rounding::up})};
    const Problem piece = piece_of(whole, {4, 7}, {1});
    CHECK(piece.distance[0](0, 1) == 5 && piece.time[0](0, 1) == 45);  // 4.5, a half goes up
    CHECK(piece.distance[0](0, piece.type[0].start) == 9);
    const Coordinates down = on_a_line(3, {1.0, Rounding::down}, {1.0, Rounding::down});
    CHECK(down.meters(0, 1) == 1 && down.meters(1, 1) == 0 && down.same());
    const Coordinates globe(3, {1, 0, 0, 0, 1, 0}, {6371008.0, Rounding::nearest}, {});
    CHECK(globe.meters(0, 1) == 10007556);  // a quarter of the way around
}

TEST(a_packed_problem_is_the_same_when_unpacked) {
    Problem whole = random_problem(4, 12, true);
    whole.coordinates = {on_a_line(13, {2.0, Rounding::down}, {})};
    const std::string bytes = packed(whole);
    const Problem again = unpacked(bytes);
    CHECK(packed(again) == bytes);
    CHECK(again.distance[0] == whole.distance[0] && again.type[1].rests.size() == 1);
    CHECK(again.visit[5].ride == whole.visit[5].ride && again.coordinates[0].meters(0, 3) == 9);
    int refused = 0;
    for (const std::string& wrong : {bytes.substr(0, bytes.size() / 2), bytes + "x", std::string("homestretch")})
        try {
            unpacked(wrong);
        } catch (const std::invalid_argument&) {
            ++refused;
        }
    CHECK(refused == 3);
}

TEST(a_signal_counts_steps_and_ends_a_search) {
    const Problem problem = random_problem(6, 30, false);
    const auto search = Search::over(problem, Tuning(), 1);
    search->begin({});
    Signal signal;
    search->cool(250, 0.0, 1.0, &signal);
    CHECK(signal.steps() == 250);
    signal.stop();
    search->cool(1000, 0.0, 1.0, &signal);
    CHECK(!search->fewer(1000, &signal));
    CHECK(signal.steps() == 250);
}
