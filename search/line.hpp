// The times of any one route, kept or not kept in time: what `schedule` states, number for number.
//
// A route finishes as early as it can with the least missed, and, that given, departs as late as it can. A break may be
// taken at each stop on arrival (moment 2k) or after its service (moment 2k + 1). For each set of breaks that lie
// behind the earliest time is kept (earlier is never worse for what follows), backwards the latest.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace homestretch::live {

using Seconds = std::int64_t;

constexpr Seconds FOREVER = Seconds{1} << 50;
constexpr int MOST_BREAKS = 6;

/// Something can begin in [open, close].
struct Span {
    Seconds open, close;
};

struct Spans {
    const Span* first = nullptr;
    int count = 0;  ///< 0: at any time
    const Span& last() const { return first[count - 1]; }

    /// When it begins that could begin `at`; past the last span at once.
    Seconds begin(Seconds at) const {
        for (int k = 0; k < count; ++k)
            if (at <= first[k].close) return at > first[k].open ? at : first[k].open;
        return at;
    }

    /// The last begin not after `at` that is no later past the spans than one at `begun`, which is not after `at`.
    Seconds last_begin(Seconds at, Seconds begun) const {
        for (int k = count - 1; k >= 0; --k) {
            if (begun > first[k].close) return begun;
            if (at >= first[k].open) return at < first[k].close ? at : first[k].close;
        }
        return at;
    }
};

struct Break {
    Seconds duration, earliest, latest;
    bool paid;
};

/// What seconds cost, in minor units; each product is rounded down once a route.
struct Rates {
    Seconds per_hour = 0, per_second = 0, overtime = 0, waiting = 0;
    Seconds regular = FOREVER;
    Seconds price(Seconds paid, Seconds waited) const {
        const Seconds over = paid > regular ? paid - regular : 0;
        return paid * per_hour / 3600 + paid * per_second + over * overtime / 3600 + waited * waiting / 3600;
    }
};

struct Halt {
    Seconds leg;  ///< that leads here
    Seconds service;
    Spans spans;
    Seconds due = FOREVER, late_per_hour = 0;
    Seconds late_cost(Seconds begin) const { return begin > due ? (begin - due) * late_per_hour / 3600 : 0; }
};

/// What a clock needs of a route.
struct Line {
    std::vector<Halt> halts;
    Seconds home = 0;  ///< the last leg
    std::vector<Break> breaks;
    unsigned owed = 0;  ///< breaks that are not taken yet
    Seconds loading = 0, shift_start = 0, shift_end = 0, max_duration = FOREVER;
    bool fixed = false;  ///< it departs exactly when it is told to
    Rates rates;

    Seconds rested_at(int index) const;
    bool is_before(int index, Seconds depart) const { return !fixed && depart >= rested_at(index); }
};

/// A break on the way: at which moment it is taken, and when it begins.
struct Rest {
    int moment, index;
    Seconds begin;
};

/// The times. `begins` are those of services.
struct Trace {
    Seconds depart = 0, finish = 0, missed = 0, waiting = 0, paid = 0;
    std::vector<Seconds> begins;
    std::vector<Rest> rests;
};

/// The times of lines, one after the other, without asking for memory each time.
class Clock {
public:
    /// The canonical times of a line that departs at `earliest` or later.
    const Trace& run(const Line& line, Seconds earliest);

private:
    struct Mark {
        int moment, index;
        auto operator<=>(const Mark&) const = default;
    };
    struct Placed {
        std::array<Mark, MOST_BREAKS> marks;
        int count = 0;
        void add(int moment, int index) { marks[static_cast<std::size_t>(count++)] = {moment, index}; }
        bool before(const Placed& other) const;
    };
    struct Label {
        Seconds missed, time, depart;
        Placed placed;
        bool reached = false;
    };
    struct Way {
        Seconds time, idle, late;
        Placed placed;
    };
    struct Event {
        Seconds way;
        Spans spans;
        Seconds lasts;
        int moment, index;  ///< index -1: the service of stop moment / 2
    };
    struct Departure {
        Seconds at;
        unsigned taken;
    };

    void place(Seconds earliest, Trace& into);
    void course(const Placed& placed);
    void drive(Seconds depart, Trace& into) const;
    Seconds last_arrival(const Trace& made) const;
    void canonical(Seconds earliest, Trace& into);
    std::vector<Departure> departures(Seconds earliest) const;
    Label soonest(Seconds earliest);
    Label driven(const std::vector<Departure>& from);
    void rested(std::vector<Label>& labels, int moment) const;
    Seconds latest(Seconds earliest, Seconds finish);
    void unrested(Seconds* row) const;
    Placed cheapest(Seconds depart, Seconds finish);
    void spread(std::vector<std::vector<Way>>& ways, int moment) const;
    void finish(Trace& made) const;
    unsigned sets() const { return 1u << line_->breaks.size(); }
    Seconds over(const Trace& made) const;

    const Line* line_ = nullptr;
    std::vector<Event> events_;
    std::vector<Span> rest_spans_;
    std::vector<Label> labels_;
    std::vector<Seconds> rows_;
    std::vector<std::vector<Way>> ways_;
    Trace best_, tried_, later_, middle_;
};

}  // namespace homestretch::live
