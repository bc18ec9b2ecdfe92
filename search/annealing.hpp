// Ruin and recreate under simulated annealing: a step that is worse by less than a temperature allows is taken, and the
// temperature falls while the search goes on.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "neighbors.hpp"
#include "random.hpp"
#include "recreate.hpp"
#include "ruin.hpp"
#include "tuning.hpp"

namespace homestretch {

/// A plan as the search keeps it: visits by route, and what is left out.
struct Snapshot {
    std::vector<std::vector<int>> routes;  ///< by route, empty ones too
    Cost cost = 0;                         ///< with prizes of what is left out
    int used = 0;
    int missing = 0;  ///< required entries that found no place
};

template <class Routes>
class Annealing {
public:
    Annealing(Routes& routes, const Legs& legs, const Tuning& tuning, Random random, bool vehicles_first)
        : routes_(routes),
          tuning_(tuning),
          random_(random),
          vehicles_first_(vehicles_first),
          near_(near_by_distance(legs, tuning.nearest)),
          candidates_(near_in_time(legs, tuning.candidates, tuning.nearest)),
          unit_(typical_leg(legs, near_)),
          ruin_(routes, near_, candidates_.beside, tuning_),
          recreate_(routes, candidates_, tuning_),
          missed_(routes.visits(), 0),
          overload_(unit_ * tuning.overload) {}

    /// Begins with `absent` to be placed beside what is on routes already.
    void begin(std::vector<int> absent) {
        absent_ = std::move(absent);
        harden();
        routes_.begin();
        recreate_.greedy(random_, absent_, NO_LIMIT);
        current_ = total();
        remember();
    }

    /// So many steps, while the temperature falls from that of progress `from` to that of `to`, both in [0, 1].
    void cool(long steps, double from, double to) {
        for (long step = 0; step < steps; ++step) {
            if (step % 64 == 0) {
                const double progress = from + (to - from) * static_cast<double>(step) / static_cast<double>(steps);
                temperature_ = unit_ * tuning_.hot * std::pow(tuning_.cold / tuning_.hot, progress);
                soften(progress);
            }
            wander();
            const Cost limit = current_ + tolerance();
            disturb();
            if (recreate_.greedy(random_, absent_, limit, static_cast<int>(absent_before_.size()))) {
                current_ = total();
                if (better()) remember();
            } else {
                undo();
            }
        }
    }

    /// So many steps of trying to serve all with one route less than the best plan has; true as soon as that is found.
    /// What is left out often counts for more (the absences of Christiaens and Vanden Berghe).
    bool fewer(long steps) {
        if (!reducing_) reduce();
        for (long step = 0; step < steps; ++step) {
            const long long before = sum_missed();
            const Cost cost = routes_.cost();
            disturb();
            recreate_.greedy(random_, absent_, NO_LIMIT);
            const long long now = sum_missed();
            const Cost limit = cost - static_cast<Cost>(unit_ * std::log(random_.unit() + 1e-300));
            for (const int v : absent_) ++missed_[v];
            if (missing() == 0) {
                current_ = total();
                remember();
                reducing_ = false;
                return true;
            }
            if (now > before || (now == before && routes_.cost() > limit)) undo();
        }
        return false;
    }

    /// Ends the attempts with fewer routes, at the best plan, with no more routes than that from here on.
    void settle() {
        reducing_ = false;
        restore();
        routes_.limit_used(best_.used);
    }

    /// Makes the best plan the present one.
    void restore() {
        std::vector<int> none;
        for (int r = 0; r < routes_.routes(); ++r) routes_.clear(r, none);
        for (int r = 0; r < routes_.routes(); ++r)
            if (!best_.routes[r].empty()) routes_.load(r, best_.routes[r]);
        absent_ = best_absent_;
        current_ = total();
    }

    const Snapshot& best() const { return best_; }

    /// The plan that the search is at, which may be worse than the best one; that where it is overloaded.
    Snapshot present() const {
        if (overloaded()) return best_;
        Snapshot made;
        copy(made);
        return made;
    }

private:
    static constexpr double DEAREST = 1LL << 50;  // the price of an overload: as prizes are, and sums of it are numbers
    static constexpr int FEW = 16;  // visits: of so many a short search sees every plan that is near
    static constexpr Cost NO_LIMIT = std::numeric_limits<Cost>::max() / 4;

    Cost total() const {
        Cost sum = routes_.cost();
        for (const int v : absent_) sum += routes_.prize(v);
        return sum;
    }

    /// Lets routes be overloaded, where they know how, at a price that is found on the way: with it about half of the
    /// plans have such a route. Plans whose vans are all full are hardly reached else. In the end none may be.
    void soften(double progress) {
        if constexpr (requires { routes_.soften(Cost{}); }) {
            const bool late = progress >= tuning_.crammed;
            if (tuning_.overload <= 0 || routes_.visits() <= FEW || (late && !routes_.overloaded())) return harden();
            overload_ *= !routes_.overloaded() ? 1 - tuning_.dearer : late ? 2 : 1 + tuning_.dearer;
            overload_ = std::clamp(overload_, unit_, DEAREST);
            routes_.soften(static_cast<Cost>(overload_));
            current_ = total();
        }
    }

    /// Allows no overload from here on; there must be none.
    void harden() {
        if constexpr (requires { routes_.soften(Cost{}); }) routes_.soften(Routes::FORBIDDEN);
    }

    /// Exchanges of tails and directions between neighbors, at the present temperature, where routes know such.
    void wander() {
        if constexpr (requires { routes_.follow(0, 0, Cost{}); }) {
            const Cost before = routes_.cost();
            for (int k = 0; k < tuning_.moves; ++k) {
                const int v = random_.below(routes_.visits());
                const auto near = candidates_.behind.of(v);
                if (near.empty()) continue;
                const int u = near[random_.below(static_cast<int>(near.size()))].visit;
                routes_.begin();
                routes_.follow(u, v, tolerance());
            }
            current_ += routes_.cost() - before;
            if (current_ < best_.cost && better()) remember();
        }
    }

    /// What a step may add at the present temperature, drawn anew each time.
    Cost tolerance() { return -static_cast<Cost>(temperature_ * std::log(random_.unit() + 1e-300)); }

    void disturb() {
        routes_.begin();
        absent_before_ = absent_;
        ruin_.strings(random_, absent_);
    }

    void undo() {
        routes_.revert();
        absent_.swap(absent_before_);
    }

    bool overloaded() const {
        if constexpr (requires { routes_.overloaded(); }) return routes_.overloaded();
        return false;
    }

    bool better() const {
        if (overloaded()) return false;
        if (!vehicles_first_) return current_ < best_.cost;
        const int missing = this->missing();
        if (missing != best_.missing) return current_ < best_.cost;
        return routes_.used() != best_.used ? routes_.used() < best_.used : current_ < best_.cost;
    }

    int missing() const {
        return static_cast<int>(
            std::count_if(absent_.begin(), absent_.end(), [&](int v) { return routes_.required(v); }));
    }

    void remember() {
        copy(best_);
        best_absent_ = absent_;
    }

    void copy(Snapshot& into) const {
        into.routes.resize(routes_.routes());
        for (int r = 0; r < routes_.routes(); ++r) routes_.copy(r, into.routes[r]);
        into.cost = current_;
        into.used = routes_.used();
        into.missing = missing();
    }

    /// Gives up the route with the fewest required visits, of these the shortest.
    void reduce() {
        restore();
        harden();
        routes_.limit_used(best_.used - 1);
        int least = -1;
        std::pair<long, int> fewest;
        for (int r = 0; r < routes_.routes(); ++r) {
            if (routes_.size(r) == 0) continue;
            long required = 0;
            for (const int v : best_.routes[r]) required += v >= 0 && routes_.required(v);
            const std::pair<long, int> count(required, routes_.size(r));
            if (least < 0 || count < fewest) least = r, fewest = count;
        }
        if (least >= 0) routes_.clear(least, absent_);
        reducing_ = true;
    }

    long long sum_missed() const {
        long long sum = 0;
        for (const int v : absent_)
            if (routes_.required(v)) sum += 1 + missed_[v];
        return sum;
    }

    Routes& routes_;
    const Tuning tuning_;
    Random random_;
    const bool vehicles_first_;
    const Neighbors near_;
    const Candidates candidates_;
    const double unit_;
    Ruin<Routes> ruin_;
    Recreate<Routes> recreate_;
    std::vector<int> absent_, absent_before_, best_absent_;
    std::vector<long long> missed_;
    Snapshot best_;
    Cost current_ = 0;
    double temperature_ = 0;
    double overload_;  ///< the price of a whole capacity of load beyond one
    bool reducing_ = false;
};

}  // namespace homestretch
