// Who is near whom: by distance for the ruin, by cost, waiting and lateness for the recreation.
#pragma once

#include <span>
#include <vector>

#include "matrix.hpp"

namespace homestretch {

/// One neighbor, and what the leg between the two costs.
struct Near {
    int visit, cost;
};

/// Lists of neighbors, one a visit, nearest first, of `most` at most.
class Neighbors {
public:
    Neighbors() = default;
    Neighbors(int visits, int most) : most_(most), counts_(visits), lists_(static_cast<std::size_t>(visits) * most) {}

    std::span<const Near> of(int v) const {
        return {lists_.data() + static_cast<std::size_t>(v) * most_, static_cast<std::size_t>(counts_[v])};
    }
    void add(int v, Near near) { lists_[static_cast<std::size_t>(v) * most_ + counts_[v]++] = near; }

private:
    int most_ = 0;
    std::vector<int> counts_;
    std::vector<Near> lists_;
};

/// Whom a visit may well come right after (`behind`), right before (`ahead`), or whichever of the two (`beside`).
struct Candidates {
    Neighbors behind, ahead, beside;
};

/// What the lists are made from: legs between visits, and each visit's first and last begin and its service.
struct Legs {
    int visits = 0;
    double scale = 1;  ///< what one unit of `cost` stands for
    const Square *cost = nullptr, *time = nullptr;
    const Square *cost_back = nullptr, *time_back = nullptr;  ///< transposed: a row is of legs that lead to a visit
    std::vector<int> open, close, service;
};

/// Visits by their distance there and back, `most` a visit, itself first.
Neighbors near_by_distance(const Legs& legs, int most);

/// By cost and by the waiting that the windows force: `most` behind and ahead, `more` beside, there itself first.
Candidates near_in_time(const Legs& legs, int most, int more);

/// The mean distance to the ten nearest: the unit of the temperatures.
double typical_leg(const Legs& legs, const Neighbors& nearest);

}  // namespace homestretch
