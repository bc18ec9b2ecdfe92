// One search over one problem: plain where the problem is, rich where it needs to be.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "problem.hpp"
#include "signal.hpp"
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

    /// The first plan, and the search anew from there; `start` is kept where it keeps the rules.
    virtual void begin(const std::vector<std::pair<int, std::vector<int>>>& start) = 0;
    /// What the plan `start` costs, with prizes of what it leaves out, and how many of that are required; instead of
    /// `begin`.
    virtual std::pair<Cost, int> worth(const std::vector<std::pair<int, std::vector<int>>>& start) = 0;

    /// So many steps, unless the signal stops it, while the temperature falls from progress `from` to `to`.
    void cool(long steps, double from, double to, Signal* signal = nullptr);

    /// So many steps of looking for a plan with a route less, unless the signal stops it or one is found: then true.
    bool fewer(long steps, Signal* signal = nullptr);
    virtual void settle() = 0;
    virtual void restore() = 0;
    virtual Answer best() const = 0;
    virtual Answer present() const = 0;
    virtual Cost best_cost() const = 0;
    virtual int best_used() const = 0;
    virtual bool plain() const = 0;

    /// The problem must outlive the search.
    static std::unique_ptr<Search> over(const Problem& problem, const Tuning& tuning, std::uint64_t seed);

protected:
    virtual void anneal(long steps, double from, double to) = 0;
    virtual bool reduce(long steps) = 0;
};

}  // namespace homestretch
