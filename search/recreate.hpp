// Recreate: absent visits go back where they cost least, in an order drawn anew each time, and now and then a good
// place is passed over ("blinks").
#pragma once

#include <algorithm>
#include <vector>

#include "keys.hpp"
#include "neighbors.hpp"
#include "random.hpp"
#include "tuning.hpp"

namespace homestretch {

template <class Routes>
class Recreate {
public:
    Recreate(Routes& routes, const Candidates& near, const Tuning& tuning)
        : routes_(routes),
          near_(near),
          compete_(tuning.compete),
          again_(tuning.again),
          blink_(static_cast<std::uint32_t>(tuning.blink * 4294967296.0)),
          generous_(static_cast<std::uint32_t>(tuning.generous * 4294967296.0)) {}

    /// Puts back what fits; what does not stays in `absent`. Gives up as soon as the routes (and what is left out) cost
    /// more than `limit`, for going on makes nothing cheaper: then false. Of the first `old` ones, which were left out
    /// before, only some are tried.
    bool greedy(Random& random, std::vector<int>& absent, Cost limit, int old = 0) {
        const int tried = std::min(old, again_), rest = old - tried;
        for (int i = 0; rest > 0 && i < tried; ++i) std::swap(absent[old - 1 - i], absent[random.below(old - i)]);
        waiting_.assign(absent.begin() + rest, absent.end());
        absent.resize(rest);
        order(random, waiting_);
        limit -= routes_.cost();
        for (const int v : absent) limit -= routes_.prize(v);
        for (const int v : waiting_) {
            const Cost prize = routes_.prize(v);
            const Cost most = random.hits(generous_) ? limit : std::min(prize, limit);
            const Cost added = routes_.put(v, near_, most, random, blink_, random.unit() < compete_);
            if (added == NOWHERE) absent.push_back(v);
            limit -= added == NOWHERE ? prize : added;
            if (limit <= 0 && !routes_.may_fall()) break;
        }
        waiting_.clear();
        return limit > 0;
    }

private:
    void order(Random& random, std::vector<int>& absent) const {
        for (int i = static_cast<int>(absent.size()) - 1; i > 0; --i) std::swap(absent[i], absent[random.below(i + 1)]);
        const Keys& keys = routes_.keys();
        const int turn = random.below(14);
        if (turn < 4) return;
        if (turn < 7) by(keys.load, 1, absent);
        else if (turn < 9) by(keys.far, 1, absent);
        else if (turn < 10) by(keys.far, -1, absent);
        else if (turn < 12) by(keys.narrow, 1, absent);
        else if (turn < 13) by(keys.early, 1, absent);
        else by(keys.late, 1, absent);
    }

    static void by(const std::vector<int>& key, int sign, std::vector<int>& absent) {
        const auto before = [&](int a, int b) { return sign * key[a] > sign * key[b]; };
        if (absent.size() > FEW) return std::stable_sort(absent.begin(), absent.end(), before);
        for (std::size_t i = 1; i < absent.size(); ++i) {
            const int v = absent[i];
            std::size_t j = i;
            for (; j > 0 && before(v, absent[j - 1]); --j) absent[j] = absent[j - 1];
            absent[j] = v;
        }
    }

    static constexpr std::size_t FEW = 64;  // up to so many are sorted by insertion, which allocates nothing

    Routes& routes_;
    const Candidates& near_;
    const double compete_;
    const int again_;
    const std::uint32_t blink_, generous_;
    std::vector<int> waiting_;
};

}  // namespace homestretch
