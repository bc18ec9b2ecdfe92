// A plan that is driven, ready to say where one more visit would go and what that would cost.
//
// Of every position of every route an estimate is known in constant time: segments of a route joined with the visit
// between them (Vidal et al. 2013), each stop in the window in which it is served now. It is exact where no stop has
// a second window and no break is owed. `trial` is always exact, number for number what `schedule` states.
#pragma once

#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "line.hpp"

namespace homestretch::live {

constexpr Seconds FULL = Seconds{1} << 30;  ///< seconds that weigh as much as no room, when positions are ranked
constexpr Seconds NO_WAY = 2147483647;  ///< in a matrix, as `homestretch.planner.travel` says it

/// Rows of a matrix that someone else keeps.
struct Table {
    const std::int32_t* cells = nullptr;
    std::int64_t row = 0, column = 0, size = 0;  ///< strides, and how many places there are
    std::int64_t at(int from, int to) const { return cells[from * row + to * column]; }
};

struct Profile {
    Table seconds, meters;
};

struct Stop {
    int place = 0;
    std::vector<Span> windows;
    int kind = 0;                      ///< row of the table that says which shifts may serve it
    std::vector<Seconds> service;      ///< by class of shifts
    std::vector<Seconds> deliver, collect, ride;  ///< by dimension; `ride` is of its pair
    Seconds release = 0, due = FOREVER, late_per_hour = 0;
    int partner = -1;                  ///< the other end of its pair
    bool first = false;                ///< it is the end of the pair that comes first
    int position = -1;                 ///< locked to this place of its route
};

struct Van {
    int profile = 0, pace = 0;  ///< `pace` is its class of shifts, for `Stop::service`
    int start = 0, end = 0;
    Seconds open = 0, close = 0, loading = 0;
    std::vector<Seconds> capacity;
    Seconds fixed = 0, per_km = 0, per_meter = 0;
    Rates rates;
    std::vector<Break> breaks;
    Seconds max_stops = FOREVER, max_distance = FOREVER, max_duration = FOREVER, max_drive = FOREVER;
};

/// Where a van is that is under way.
struct Begun {
    bool is = false;
    Seconds at = 0;
    int place = -1;  ///< -1: its start place
    Seconds leg = -1, leg_meters = 0;  ///< to the first stop, before the matrix; -1: by the matrix
    unsigned breaks_taken = 0;
    std::vector<Seconds> on_board;
};

/// By how much more a route may miss a rule, beyond what its van may.
struct Leave {
    Seconds close = 0, max_stops = 0, max_distance = 0, max_duration = 0, max_drive = 0;
    std::vector<Seconds> capacity;
};

enum class Rule {
    load,
    late,
    shift_end,
    break_late,
    no_way,
    release,
    max_stops,
    max_distance,
    max_duration,
    max_drive
};

struct Miss {
    Rule rule;
    int which;  ///< a stop, or a dimension
    Seconds amount;
};

struct Trial {
    Seconds cost = 0, duration = 0, meters = 0;  ///< what is added
    std::vector<Miss> misses;

    /// Nearer to being kept comes first.
    std::tuple<std::size_t, Seconds, Seconds> rank() const {
        Seconds missed = 0;
        for (const Miss& miss : misses) missed += miss.amount;
        return {misses.size(), missed, cost};
    }
};

/// Of a van's route the position that is nearest to be kept. -1: none is allowed, -2: there is no way to any.
struct Nearest {
    int van, position;
    Trial trial;
};

struct Candidate {
    Seconds missed, cost;
    int van, position;
    auto operator<=>(const Candidate&) const = default;
};

/// On a van's route without the stop at `gone`, this position: what the plan then costs more.
struct Swap {
    Seconds cost;
    int van, gone, position;
    auto operator<=>(const Swap&) const = default;
};

class Board {
public:
    explicit Board(int dimensions) : dimensions_(dimensions) {}

    void add_profile(const Profile& profile) { profiles_.push_back(profile); }
    void set_profile(int number, const Profile& profile) { profiles_[static_cast<std::size_t>(number)] = profile; }
    int add_stop(Stop stop);
    void set_stop(int number, Stop stop) { *stops_[static_cast<std::size_t>(number)] = std::move(stop); }
    void add_van(Van van);
    void set_kind(int kind, std::vector<std::uint8_t> serves);
    void grant(Leave leave) { leave_ = std::move(leave); }

    /// Keeps a route; the first `held` stops stay first.
    void set_route(int van, std::vector<int> stops, int held, const Begun& begun);

    /// The most promising positions of a stop, at most `each` of a route and `most` in all, least missed first, then
    /// cheapest. `van` -1: of all. Not `every`: without those where a limit does not hold.
    std::vector<Candidate> ranked(int stop, int van, int each, int most, bool every);

    /// For each of the stops the cheapest places, by estimate and `each` at most, on routes that leave out one stop of
    /// theirs for it. `worth` is what leaving out each known stop costs, negative where it must not be.
    std::vector<std::vector<Swap>> swaps(
        const std::vector<int>& stops, const std::vector<Seconds>& worth, std::size_t each);

    /// For each van that may serve a stop the nearest of its `each` most promising positions, tried exactly.
    std::vector<Nearest> nearest(int stop, int each);

    /// The best other place of the stop at an index of a van's route: what the plan then costs more. Position -1: none.
    Candidate elsewhere(int van, int index, int most);

    /// A route with these stops. What it misses already is not held against it.
    Trial trial(int van, const std::vector<int>& stops);

    bool serves(int van, int stop) const;
    Seconds cost(int van) const { return routes_[static_cast<std::size_t>(van)].cost; }

private:
    /// Stops in a row: seconds from the begin of the first to the end of the last, the seconds by which windows are
    /// missed, and between which begins both hold.
    struct Segment {
        Seconds lasts = 0, warp = 0, first = 0, last = 0;
    };
    struct Route {
        std::vector<int> stops;
        int held = 0;
        Begun begun;
        std::vector<Seconds> late;   ///< by stop, past its windows
        std::vector<Seconds> peaks;  ///< by dimension: the most that is on board
        Seconds rest_late = 0;       ///< of the break that is latest past its window
        Seconds finish = 0, cost = 0, duration = 0, meters = 0, drive = 0;
        Seconds unpaid = 0, work = 0, late_cost = 0;  ///< of breaks on the way; all but waiting; of dues
        std::vector<Segment> before, after;   ///< by position: up to there, from there on
        std::vector<int> from, to;            ///< places
        std::vector<std::pair<Seconds, Seconds>> ways;  ///< between them: seconds, meters
        std::vector<Seconds> most_before, most_after;  ///< position by dimension: the most that is on board
    };

    static Segment joined(const Segment& one, Seconds way, const Segment& other);
    static Segment within(const Spans& spans, Seconds lasts, Seconds begun);
    const Trace& drive(int van, const std::vector<int>& stops, const Begun& begun);
    void lay(int van, const std::vector<int>& stops, const Begun& begun);
    void fill_loads(const std::vector<int>& stops, const Begun& begun);
    void prepare(int van, Route& route);
    Route without(int van, int index);
    void index(int van, Route& route, const Trace& trace, Seconds earliest) const;
    void index_loads(Route& route) const;
    void examine_loads(int van, const Route& base, std::vector<Miss>& misses) const;
    void examine_times(const Route& base, const std::vector<int>& stops, const Trace& trace, std::vector<Miss>& misses);
    void examine_limits(int van, const Route& base, const Trace& trace, std::vector<Miss>& misses) const;
    Seconds rest_late(const Trace& trace) const;
    Seconds weigh(int van, const Trace& trace) const;
    Seconds late_cost(const Trace& trace) const;
    Candidate guess(int van, const Route& route, int position, const Stop& stop, Seconds missed) const;
    Seconds crowded(int van, const Route& route, int position, const Stop& stop) const;
    void rank(int van, const Route& route, int stop, bool every, std::vector<Candidate>& into) const;
    std::pair<int, int> allowed(const Route& route, const Stop& stop) const;
    std::pair<Seconds, Seconds> leg(int van, int from, int to) const;
    const Van& van(int number) const { return vans_[static_cast<std::size_t>(number)]; }
    const Stop& stop(int number) const { return *stops_[static_cast<std::size_t>(number)]; }
    Seconds granted(std::size_t dimension) const { return leave_.capacity.empty() ? 0 : leave_.capacity[dimension]; }

    int dimensions_;
    std::vector<Profile> profiles_;
    std::vector<std::unique_ptr<Stop>> stops_;
    std::vector<Van> vans_;
    std::vector<std::vector<std::uint8_t>> kinds_;
    std::vector<Route> routes_;
    Leave leave_;
    Clock clock_;
    Line line_;
    Seconds meters_ = 0, drive_ = 0, earliest_ = 0;  ///< of the line that was laid last
    std::vector<Seconds> loads_;  ///< of it: on board at departure and behind each stop, by dimension
    std::vector<Seconds> excused_;                   ///< by stop: late already
    std::vector<Candidate> found_;
};

}  // namespace homestretch::live
