// One search over one problem: plain where the problem is, rich where it needs to be.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "problem.hpp"
#include "tuning.hpp"

namespace homestretch {

/// A plan in the problem's words: for each route its vehicle type and its visits.
struct Answer {
    std::vector<std::pair<int, std::vector<int>>> routes;
    Cost cost = 0;  ///< with prizes of what is left out
    int missing = 0;  ///< required visits (pairs count once) that found no place
};

class Search {
public:
    virtual ~Search() = default;

    /// The first plan; `start` is kept where it keeps the rules.
    virtual void begin(const std::vector<std::pair<int, std::vector<int>>>& start) = 0;
    virtual void cool(long steps, double from, double to) = 0;
    virtual bool fewer(long steps) = 0;
    virtual void settle() = 0;
    virtual void restore() = 0;
    virtual Answer best() const = 0;
    virtual Cost best_cost() const = 0;
    virtual int best_used() const = 0;
    virtual bool plain() const = 0;

    /// The problem must outlive the search.
    static std::unique_ptr<Search> over(const Problem& problem, const Tuning& tuning, std::uint64_t seed);
};

}  // namespace homestretch
