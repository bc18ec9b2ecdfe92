// The routes of a problem with every rule. Places are ranked by an estimate in constant time and tried in full, best
// first: a route is only ever replaced by one that `evaluate` found to keep all rules.
#pragma once

#include <limits>
#include <vector>

#include "clock.hpp"
#include "keys.hpp"
#include "neighbors.hpp"
#include "problem.hpp"
#include "random.hpp"

namespace homestretch {

class RichRoutes {
public:
    explicit RichRoutes(const Problem& problem);

    int visits() const { return problem_.visits; }
    int routes() const { return static_cast<int>(routes_.size()); }
    int used() const { return used_; }
    int size(int route) const { return static_cast<int>(routes_[route].visits.size()); }
    int route_of(int v) const { return route_of_[v]; }
    bool is_visit(int u) const { return u < problem_.visits; }
    int next(int u) const;
    int prev(int u) const;
    int start_of(int route) const { return problem_.visits + 2 * route; }
    int end_of(int route) const { return problem_.visits + 2 * route + 1; }
    int type_of(int route) const { return routes_[route].type; }
    Cost cost() const { return cost_; }
    Cost prize(int v) const { return problem_.visit[v].prize; }
    bool required(int v) const { return problem_.visit[v].required; }
    const Keys& keys() const { return keys_; }

    /// No route is opened where so many are in use.
    void limit_used(int most) { most_used_ = most; }

    /// Puts visits on an empty route in this order, as they are; false (and none of them) if that breaks a rule.
    bool load(int route, const std::vector<int>& visits);

    /// From here on, changes can be taken back.
    void begin();
    void revert();

    /// Puts an absent visit (with its partner) where it costs least; the added cost, or NOWHERE where it would be
    /// `limit` or more.
    Cost put(int v, const Candidates& near, Cost limit, Random& random, std::uint32_t chance, bool compete);

    /// Takes the visits between two stops of a route out of it, `keep` of them excepted, which come after the first
    /// `lead` ones; with a visit its partner. Adds to `absent` what `put` is asked for again.
    void remove(int left, int right, int lead, int keep, std::vector<int>& absent);

    /// Takes all of a route out.
    void clear(int route, std::vector<int>& absent);

    /// The visits of a route, in order.
    void copy(int route, std::vector<int>& into) const { into = routes_[route].visits; }

private:
    struct Route {
        int type = 0;
        std::vector<int> visits;
        Times times;
        std::vector<int> held;  ///< (m + 1) x dimensions: on board when leaving the start and each visit
        std::vector<int> most_before, most_after;  ///< the most that is held up to there, from there on
        Cost cost = 0;
        std::int64_t meters = 0;
        int drive = 0;
    };
    struct Option {
        Cost added;
        int route, at, partner_at;  ///< positions in the route as it will be; partner_at -1 without a partner
    };

    bool evaluate(Route& route) const;
    bool weigh(Route& route) const;
    bool stacked(const Route& route) const;
    Cost timed_cost(const Route& route) const;
    bool room_for(const Route& route, int at, int v) const;
    Cost estimate(const Route& route, int at, int v, Cost limit) const;
    void consider(int route, int at, int v, Cost limit);
    void consider_pair(int route, int v, Cost limit);
    void offer(const Option& option);
    void consider_empty(int v, Cost limit);
    Cost take_best(int v, Cost limit);
    bool apply(const Option& option, int v);
    void keep(int route);
    void replace(int route);
    int node_at(const Route& route, int position) const;
    bool serves(const Route& route, int v) const;

    const Problem& problem_;
    Clock clock_;
    std::vector<Route> routes_;
    std::vector<int> route_of_, position_;
    std::vector<std::vector<int>> empty_;  ///< by type
    std::vector<Option> options_;  ///< the best by their estimates, `most_` of them
    std::size_t most_ = 0;
    Route trial_;
    std::vector<Route> log_;
    std::vector<int> logged_;
    std::size_t log_size_ = 0;
    std::vector<std::uint32_t> stamp_, tried_;
    std::uint32_t epoch_ = 0, asked_ = 0;
    int most_used_ = std::numeric_limits<int>::max();
    int used_ = 0;
    Cost cost_ = 0, cost_before_ = 0;
    Keys keys_;
};

}  // namespace homestretch
