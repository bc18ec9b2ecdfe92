// Ruin: strings of visits are taken out of routes that run side by side (adjacent string removal: Christiaens and
// Vanden Berghe 2020, "Slack induction by string removals").
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "neighbors.hpp"
#include "random.hpp"
#include "tuning.hpp"

namespace homestretch {

template <class Routes>
class Ruin {
public:
    Ruin(Routes& routes, const Neighbors& nearest, const Neighbors& timely, const Tuning& tuning)
        : routes_(routes), nearest_(nearest), timely_(timely), tuning_(tuning), ruined_(routes.routes(), 0) {}

    /// Takes about `tuning.removed` visits out, near one another; adds them to `absent`.
    void strings(Random& random, std::vector<int>& absent) {
        ++turn_;
        const int present = routes_.visits() - static_cast<int>(absent.size());
        const double mean = static_cast<double>(present) / std::max(1, routes_.used());
        const double longest = std::min<double>(tuning_.longest_string, mean);
        const double most = 4.0 * tuning_.removed / (1.0 + longest) - 1.0;
        const int strings = std::max(1, static_cast<int>(random.unit() * most + 1.0));
        const int seed = random.below(routes_.visits());
        const int own = routes_.route_of(seed);
        if (own >= 0 && routes_.size(own) <= 3 * tuning_.removed && random.unit() < tuning_.whole) {
            if constexpr (requires { routes_.transplant(own, random); })
                if (random.below(2) == 0 && routes_.transplant(own, random)) return;
            return routes_.clear(own, absent);
        }
        int made = 0;
        const Neighbors& around = random.unit() < tuning_.timely ? timely_ : nearest_;
        for (const auto& [v, cost] : around.of(seed)) {
            if (made == strings) break;
            const int r = routes_.route_of(v);
            if (r < 0 || ruined_[r] == turn_) continue;
            ruined_[r] = turn_;
            ++made;
            const int size = routes_.size(r);
            const double bound = std::min<double>(size, longest);
            const int length = std::min(size, static_cast<int>(random.unit() * bound + 1.0));
            cut(random, v, size, length, absent);
        }
    }

private:
    /// Takes a string of `length` visits around `v` out of its route, perhaps leaving some in its middle.
    void cut(Random& random, int v, int size, int length, std::vector<int>& absent) {
        int keep = 0;
        if (length > 1 && length < size && random.unit() < tuning_.split) {
            keep = 1;
            while (length + keep < size && random.unit() < tuning_.split_grows) ++keep;
        }
        const int span = length + keep;
        int before = 0, after = 0;  // visits of the route on either side of v, as far as the string can reach
        for (int u = routes_.prev(v); before < span - 1 && routes_.is_visit(u); u = routes_.prev(u)) ++before;
        for (int u = routes_.next(v); after < span - 1 && routes_.is_visit(u); u = routes_.next(u)) ++after;
        const int least = std::max(0, span - 1 - after), most = std::min(before, span - 1);
        const int offset = least + random.below(most - least + 1);
        int left = routes_.prev(v);
        for (int i = 0; i < offset; ++i) left = routes_.prev(left);
        int right = routes_.next(left);
        for (int i = 0; i < span; ++i) right = routes_.next(right);
        const int lead = keep == 0 ? 0 : 1 + random.below(std::max(1, length - 1));
        routes_.remove(left, right, lead, keep, absent);
    }

    Routes& routes_;
    const Neighbors &nearest_, &timely_;
    const Tuning& tuning_;
    std::vector<std::uint32_t> ruined_;
    std::uint32_t turn_ = 0;
};

}  // namespace homestretch
