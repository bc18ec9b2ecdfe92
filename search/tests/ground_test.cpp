// What everything stands on: randomness that repeats, squares of whole numbers.
#include <cstdint>
#include <vector>

#include "check.hpp"
#include "matrix.hpp"
#include "random.hpp"

using homestretch::Random;
using homestretch::Square;

TEST(the_same_seed_gives_the_same_numbers) {
    Random one(7), two(7), other(8);
    bool same = true, differs = false;
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t drawn = one.next();
        same = same && drawn == two.next();
        differs = differs || drawn != other.next();
    }
    CHECK(same);
    CHECK(differs);
}

TEST(a_draw_below_a_limit_reaches_each_number_about_as_often) {
    constexpr int limit = 7, draws = 70'000;
    Random random(1);
    std::vector<int> times(limit);
    for (int i = 0; i < draws; ++i) {
        const int drawn = random.below(limit);
        CHECK(drawn >= 0 && drawn < limit);
        ++times[drawn];
    }
    for (const int n : times) CHECK(n > draws / limit * 9 / 10 && n < draws / limit * 11 / 10);
    CHECK(Random(3).below(1) == 0);
}

TEST(a_unit_draw_is_below_one_and_a_chance_is_hit_as_often_as_it_says) {
    Random random(2);
    int hits = 0;
    double sum = 0;
    for (int i = 0; i < 10'000; ++i) {
        const double drawn = random.unit();
        CHECK(drawn >= 0 && drawn < 1);
        sum += drawn;
        hits += random.hits(1U << 30);
    }
    CHECK(sum > 4'800 && sum < 5'200);
    CHECK(hits > 2'300 && hits < 2'700);
}

TEST(parts_of_a_search_draw_numbers_of_their_own) {
    Random whole(5), again(5);
    Random first = whole.split(0), second = whole.split(1);
    CHECK(first.next() != second.next());
    Random repeated = again.split(0);
    CHECK(Random(5).split(0).next() == repeated.next());
}

TEST(a_square_is_read_by_from_and_to_and_turned_over) {
    Square square(3);
    for (int from = 0; from < 3; ++from)
        for (int to = 0; to < 3; ++to) square.row(from)[to] = 10 * from + to;
    CHECK(square(2, 1) == 21);
    const Square turned = square.transposed();
    CHECK(turned.size() == 3);
    CHECK(turned(1, 2) == 21);
    CHECK(Square().empty());
    CHECK(!square.empty());
}
