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
    int size(int route) const { return static_cast<int>(routes_[route].tour.visits.size()); }
    int route_of(int v) const { return route_of_[v]; }
    bool is_visit(int u) const { return u < problem_.visits; }
    int next(int u) const;
    int prev(int u) const;
    int start_of(int route) const { return problem_.visits + 2 * route; }
    int end_of(int route) const { return problem_.visits + 2 * route + 1; }
    int type_of(int route) const { return routes_[route].type; }
    Cost cost() const { return between_ ? cost_ + apart(-1) : cost_; }
    Cost prize(int v) const { return problem_.visit[v].prize; }
    bool required(int v) const { return problem_.visit[v].required; }
    const Keys& keys() const { return keys_; }

    /// Whether one visit more can make the whole cheaper.
    bool may_fall() const { return between_; }

    /// The visit by which a visit is known while it is absent: the first of its pair, chain or group.
    int entry(int v) const { return entry_[v]; }

    /// No route is opened where so many are in use.
    void limit_used(int most) { most_used_ = most; }

    /// Puts visits on an empty route in this order, as they are (RELOAD among them: it reloads there); false (and none
    /// of them) if that breaks a rule.
    bool load(int route, const std::vector<int>& stops);

    /// From here on, changes can be taken back.
    void begin();
    void revert();

    /// Puts an absent entry where it costs least; the added cost, or NOWHERE where it would be `limit` or more.
    Cost put(int v, const Candidates& near, Cost limit, Random& random, std::uint32_t chance, bool compete);

    /// Takes the visits between two stops of a route out of it, `keep` of them excepted, which come after the first
    /// `lead` ones; with a visit all that goes with it. Adds to `absent` what `put` is asked for again.
    void remove(int left, int right, int lead, int keep, std::vector<int>& absent);

    /// Takes all of a route out.
    void clear(int route, std::vector<int>& absent);

    /// Gives a route as it is to a vehicle of another type that has none; false where none may have it.
    bool transplant(int route, Random& random);

    /// The visits of a route, in order, with RELOAD where it reloads.
    void copy(int route, std::vector<int>& into) const;

    /// The absent visits by which what is on no route is known.
    std::vector<int> absent() const;

private:
    /// What is on board by position (0 = at departure) and dimension, trip by trip. Where a trip begins, `held` and
    /// `most_before` are those of the trip that ends, `fresh` is what the one that begins sets off with.
    struct Board {
        std::vector<int> held, most_before, most_after, gathered, fresh;
        std::vector<std::uint8_t> order;            ///< bits: something was only collected before; is delivered after
        std::vector<std::uint64_t> kinds_before, kinds_after;
    };
    struct Route {
        int type = 0;
        Tour tour;
        Times times;
        Board board;
        Cost cost = 0;
        std::int64_t meters = 0;
        int drive = 0;
        int load = 0;  ///< delivered and collected, of the dimension that is to be alike
    };
    /// Visits that are put somewhere as one: a chain, and for a pair the chain of its other end, somewhere behind.
    struct Unit {
        std::vector<int> first, second;
        std::vector<int> deliver, collect;  ///< by dimension, of both
        std::vector<int> ride;              ///< by dimension, from the first chain to the second
        int release = 0;
        int position = -1;  ///< that the first one must have, by a lock
        bool delivers = false, only_collects = false;
        std::uint64_t given = 0, taken = 0;  ///< kinds of goods that must not be aboard with what it is given, gives
        std::vector<int> relations;
        bool plain() const { return first.size() == 1 && second.empty(); }
    };
    /// Where: before what is at position `at`, after or before a reload of its own or one that is there.
    struct Place {
        int at = 0;
        bool before = false, after = false;
    };
    struct Option {
        Cost added;
        int unit, route;
        Place place;
        int partner_at;  ///< position of the second chain in the route as it will be; -1 without one
    };
    /// A stop (or a start) of a route that has neither rests nor reloads, and what a place right behind it depends on.
    struct alignas(64) Spot {
        int route = -1, next = -1, node = 0;
        int at = 0, free = 0;       ///< the position behind it; how many stops more the route may have
        int leave = 0, latest = 0;  ///< first departure from here; last arrival at the next stop
        int kept = 0, late_leave = 0;
        int before = 0, after = 0;  ///< room that is left up to here, from here on, of the first dimension
        int gap = 0;                ///< meters from here to the next stop; 0 where the route is empty
        int farther = 0;            ///< how many meters more the route may have
        std::int16_t type = 0;
        std::uint8_t order = 0;     ///< as on the board
        bool empty = true;
    };
    /// What such places depend on by type.
    struct Kind {
        bool quick = false, all = false;  ///< whether its routes are such; whether it may serve every visit
        Cost per_meter = 0, per_second = 0, fixed = 0;
        const Square *distance = nullptr, *distance_back = nullptr, *time = nullptr, *time_back = nullptr;
    };
    /// Where relations let a unit be: the route (-1 = any), and the positions.
    struct Span {
        int route = -1, least = 0, most = std::numeric_limits<int>::max();
        bool none = false;
    };

    // evaluate.cpp: a route in full, from its visits alone
    bool evaluate(Route& route) const;
    bool measured(Route& route) const;
    bool weigh(Route& route) const;
    bool stacked(const Route& route) const;
    bool ordered(Route& route) const;
    bool mixed(Route& route) const;
    bool related(const Route& route) const;
    Cost timed_cost(const Route& route) const;
    Cost change_cost(const Route& route) const;
    bool room_for(const Route& route, const Place& place, const Unit& unit) const;

    // places.cpp: where a unit could go
    Cost estimate(const Route& route, const Place& place, const Unit& unit, Cost limit) const;
    Cost timed(const Route& route, const Place& place, const Unit& unit, Cost added, Cost limit) const;
    int working(const VehicleType& type, const Unit& unit) const;
    void consider(int route, int at, int unit, Cost limit);
    void consider(int route, const Place& place, int unit, Cost limit);
    void consider_all(int route, int unit, const Span& span, Cost limit);
    void consider_pair(int route, int unit, Cost limit);
    void consider_near(int unit, const Candidates& near, Cost limit);
    void consider_empty(int unit, const Span& span, Cost limit);
    void offer(const Option& option);  // which it now and then passes over, while a `blinker_` is there
    bool serves(const Route& route, const Unit& unit) const;

    // quick.cpp: the same for routes without rests and reloads
    Kind kind_of(const VehicleType& type) const;
    void note_spots(int route);
    void consider_quick(int spot, int unit, Cost limit);

    // bonds.cpp: what holds across routes
    Span span_of(const Unit& unit) const;
    Cost apart(int route) const;
    void prepare();
    void count_zones(int route, int sign);

    Cost take_best(Cost limit);
    bool apply(const Option& option);
    void keep(int route);
    void replace(int route);
    void settle_in(int route);
    bool fits_in(int route, const Tour& tour) const;
    void without_cuts();
    bool is_first(int route) const;
    int node_at(const Route& route, int position) const;

    const Problem& problem_;
    Clock clock_;
    std::vector<Route> routes_;
    std::vector<int> route_of_, position_, before_;  ///< by visit; `before_` is the stop (or start) before it
    std::vector<std::vector<int>> empty_;  ///< by type
    std::vector<Unit> units_;              ///< by the visit that leads it
    std::vector<int> lead_, entry_;        ///< of each visit: who leads its unit, and by whom it is known when absent
    std::vector<std::vector<int>> alternatives_;  ///< by entry: leads of units, one of which is served
    std::vector<std::vector<int>> relations_of_;
    std::vector<std::uint64_t> against_;   ///< by kind of goods: those that it must not meet
    std::vector<int> zone_uses_, zone_served_;  ///< visits by route and zone; routes by zone
    std::vector<Spot> spots_;           ///< by node, starts behind the visits
    std::vector<Kind> kinds_;           ///< by type
    std::vector<Square> distance_back_, time_back_;  ///< by profile, transposed; empty where that makes no difference
    std::vector<Option> options_;  ///< the best by their estimates, `most_` of them
    std::size_t most_ = 0;
    Random* blinker_ = nullptr;
    std::uint32_t blink_ = 0;
    Route trial_, other_;
    std::vector<Route> log_;
    std::vector<int> logged_;
    std::size_t log_size_ = 0;
    std::vector<std::uint32_t> stamp_, tried_, seen_;
    std::vector<std::uint8_t> goes_;
    std::uint32_t epoch_ = 0, asked_ = 0, turn_ = 0;
    bool chained_ = false;
    int most_used_ = std::numeric_limits<int>::max();
    int used_ = 0;
    const bool stable_, between_, precise_;  ///< a plan is kept; routes cost together; estimates do not see all
    Cost cost_ = 0, cost_before_ = 0;
    Keys keys_;
};

}  // namespace homestretch
