// The first plan of a large problem: every visit on a route of its own, then routes joined where that saves most meters
// (Clarke and Wright 1964). It looks at neighbors only, so neither time nor memory grow with the square of the visits.
#pragma once

#include <utility>
#include <vector>

#include "problem.hpp"

namespace homestretch {

/// Each visit's nearest ones, `most` at most, itself excepted, in no order: by a k-d tree where there are coordinates.
std::vector<std::vector<int>> nearest_of(const Problem& problem, int most);

/// (type, routes): of the type with the most vehicles, no more than those. Loads, windows and the most stops of a route
/// are kept; visits with other rules are on none of them, and what a route breaks beyond that is for others to mend.
std::pair<int, std::vector<std::vector<int>>> saved(const Problem& problem, int neighbors);

}  // namespace homestretch
