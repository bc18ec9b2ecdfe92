// A piece of a problem: some of its visits and some of its vehicles, as a problem of its own with matrices of its own.
// Pieces are improved side by side; what is near is kept together, with other boundaries each time.
#pragma once

#include <vector>

#include "problem.hpp"
#include "random.hpp"

namespace homestretch {

/// The visits, renumbered in this order, and so many vehicles of each type; a type without any is not in the piece, the
/// others keep their order. Throws `std::invalid_argument` where a visit that it names is left behind.
Problem piece_of(const Problem& whole, const std::vector<int>& visits, const std::vector<int>& vehicles);

/// The piece (0 to `pieces` - 1) of each item, which is a list of visits that stay together. Pieces hold about as many
/// visits each. An item's place on the way between two visits drawn at random is its visits' mean of about (distance
/// to the one - distance to the other), so neither coordinates nor a symmetric matrix are needed.
std::vector<int> divided(const Problem& whole, const std::vector<std::vector<int>>& items, int pieces, Random random);

}  // namespace homestretch
