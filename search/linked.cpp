// The times of a route in which some moments must not be too far apart: goods that ride, work without a rest, the route
// as a whole. Exact, by trying every way to place the rests; asked only where the times without such rules break them.
#include <algorithm>
#include <tuple>

#include "clock.hpp"

namespace homestretch {

namespace {

constexpr int MOST_PLACINGS = 4000;
constexpr int MOST_PUSHES = 400;
constexpr int BEFORE = -1, AFTER = -2;  // moments of rests that are not on the route
constexpr int DEPARTURE = -1, FINISH = -3;  // in the place of events

enum class What { DRIVE, RELOAD, REST, SERVE };

struct Event {
    What what;
    int from = 0, to = 0;  ///< nodes of a way
    int number = 0;        ///< the position of a visit, the rest
    int lasts = 0, earliest = 0, latest = NEVER;
};

/// From the end of one event to the begin (of a stretch, or the route: the end) of another, seconds at most.
struct Link {
    int since, until, limit;
};

struct Moments {
    int depart = 0, finish = 0;
    std::vector<int> begins, ends;
};

/// One way to place the rests.
struct Chosen {
    std::vector<int> moment;  ///< by rest
    std::vector<int> order;   ///< rests on the route, as they come
};

}  // namespace

/// The route as events, and what must not be too far apart.
class Linked {
public:
    Linked(const Problem& problem, const Clock& clock, const VehicleType& type, const Tour& tour, const Times& times)
        : problem_(problem), clock_(clock), type_(type), tour_(tour), times_(times) {}

    bool best(Times& made) {
        for (std::size_t b = 0; b < type_.rests.size(); ++b) choices_.push_back(moments_of(type_.rests[b]));
        chosen_.moment.assign(type_.rests.size(), AFTER);
        place(0, made);
        return found_;
    }

private:
    /// Moments at which a rest could begin in time.
    std::vector<int> moments_of(const Rest& rest) const {
        const int m = static_cast<int>(tour_.visits.size()), sets = Clock::labels(type_);
        std::vector<int> made{AFTER};
        if (!type_.begun) made.push_back(BEFORE);
        for (int k = 0; k < m; ++k) {
            const int* leave = times_.leave.data() + k * sets;
            const int before = *std::min_element(leave, leave + sets);
            const int after = *std::min_element(leave + sets, leave + 2 * sets) - rest.duration;
            if (before <= rest.latest) made.push_back(2 * k);
            if (after <= rest.latest) made.push_back(2 * k + 1);
        }
        return made;
    }

    void place(std::size_t b, Times& made) {
        if (tries_ >= MOST_PLACINGS) return;
        if (b < choices_.size()) {
            for (const int moment : choices_[b]) {
                chosen_.moment[b] = moment;
                place(b + 1, made);
            }
            return;
        }
        chosen_.order.clear();
        for (int rest = 0; rest < static_cast<int>(choices_.size()); ++rest)
            if (chosen_.moment[rest] >= 0) chosen_.order.push_back(rest);
        do {
            const auto sooner = [&](int one, int other) { return chosen_.moment[one] < chosen_.moment[other]; };
            if (!std::is_sorted(chosen_.order.begin(), chosen_.order.end(), sooner)) continue;
            ++tries_;
            attempt(made);
        } while (std::next_permutation(chosen_.order.begin(), chosen_.order.end()) && tries_ < MOST_PLACINGS);
    }

    /// Builds the events of a placing, times them, and keeps them if they are the best so far.
    void attempt(Times& made) {
        build();
        int first = std::max(type_.open, times_.ready[0]), end = type_.close;
        for (std::size_t b = 0; b < choices_.size(); ++b) {
            const Rest& rest = type_.rests[b];
            const int rested = std::max(type_.open, rest.earliest) + rest.duration;
            if (chosen_.moment[b] == BEFORE) first = std::max(first, rested);
            if (chosen_.moment[b] == AFTER) end = std::min(end, rest.latest);
        }
        if (found_) end = std::min(end, made.finish);
        Moments times;
        if (!least(first, end, times)) return;
        if (!type_.begun) depart_late(times);
        Times tried = made;
        state(times, tried);
        const int rests = static_cast<int>(chosen_.order.size());
        const int paid = tried.finish - tried.depart - tried.unpaid;
        const Cost cost = type_.per_second * paid + type_.overtime * std::max(0, paid - type_.regular) +
                          type_.waiting * tried.waiting + tried.late;
        const auto key = std::make_tuple(tried.finish, -tried.depart, rests, cost);
        if (found_ && key >= key_) return;
        found_ = true;
        key_ = key;
        made = std::move(tried);
    }

    void build() {
        events_.clear();
        links_.clear();
        served_.clear();
        int at = type_.start, next = 0, since = DEPARTURE;
        const int m = static_cast<int>(tour_.visits.size()), rests = static_cast<int>(chosen_.order.size());
        const auto take = [&](int moment) {
            for (; next < rests && chosen_.moment[chosen_.order[next]] == moment; ++next) {
                const Rest& rest = type_.rests[chosen_.order[next]];
                const int number = static_cast<int>(events_.size());
                events_.push_back({What::REST, 0, 0, chosen_.order[next], rest.duration, rest.earliest, rest.latest});
                if (type_.stretch < NEVER) links_.push_back({since, number, type_.stretch});
                since = number;
            }
        };
        std::vector<int> left(m);
        for (int k = 0; k < m; ++k) {
            if (times_.cut(k)) {
                events_.push_back({What::DRIVE, at, type_.reload});
                events_.push_back({What::RELOAD, 0, 0, k, type_.reloading, times_.ready[k]});
                at = type_.reload;
            }
            events_.push_back({What::DRIVE, at, tour_.visits[k]});
            at = tour_.visits[k];
            take(2 * k);
            served_.push_back(static_cast<int>(events_.size()));
            events_.push_back({What::SERVE, 0, 0, k, type_.service[at]});
            take(2 * k + 1);
            left[k] = static_cast<int>(events_.size()) - 1;
        }
        events_.push_back({What::DRIVE, at, type_.end});
        if (type_.stretch < NEVER) links_.push_back({since, FINISH, type_.stretch});
        if (type_.max_duration < NEVER) links_.push_back({DEPARTURE, FINISH, type_.max_duration});
        for (int k = 0; k < m; ++k) {
            const Visit& visit = problem_.visit[tour_.visits[k]];
            if (!visit.first || visit.max_ride >= NEVER) continue;
            const auto end = std::find(tour_.visits.begin() + k, tour_.visits.end(), visit.partner);
            if (end != tour_.visits.end())
                links_.push_back({left[k], served_[end - tour_.visits.begin()], visit.max_ride});
        }
    }

    /// The earliest times with no event before its low; false if something is too late.
    bool walk(int depart, Moments& made) const {
        made.depart = depart;
        made.begins.resize(events_.size());
        made.ends.resize(events_.size());
        int now = depart + type_.loading;
        for (std::size_t k = 0; k < events_.size(); ++k) {
            const Event& event = events_[k];
            int begin = now;
            if (event.what == What::DRIVE) {
                now = clock_.arrive(type_, event.from, event.to, begin);
            } else {
                begin = std::max({begin, event.earliest, lows_[k]});
                if (event.what == What::SERVE) begin = Clock::begin(problem_.visit[tour_.visits[event.number]], begin);
                if (begin >= NEVER || begin > event.latest) return false;
                now = begin + event.lasts;
            }
            made.begins[k] = begin;
            made.ends[k] = now;
        }
        made.finish = now;
        return true;
    }

    /// The earliest times that keep every rule and finish by `end`, departing then or later.
    bool least(int depart, int end, Moments& made) {
        lows_.assign(events_.size(), 0);
        if (type_.begun) {
            if (times_.ready[0] > type_.open) return false;
            depart = type_.open;
        }
        for (int push = 0; push < MOST_PUSHES; ++push) {
            if (!walk(depart, made) || made.finish > end) return false;
            bool raised = false;
            for (const Link& link : links_) {
                const int since = link.since == DEPARTURE ? made.depart : made.ends[link.since];
                const int over = (link.until == FINISH ? made.finish : made.begins[link.until]) - since - link.limit;
                if (over <= 0) continue;
                if (link.since == DEPARTURE && type_.begun) return false;
                if (link.since == DEPARTURE) depart = std::max(depart, made.depart + over);
                else lows_[link.since] = std::max(lows_[link.since], made.begins[link.since] + over);
                raised = true;
            }
            if (!raised) return true;
        }
        return false;
    }

    /// As late a departure as lets it finish as soon.
    void depart_late(Moments& made) {
        const int finish = made.finish;
        int low = made.depart, high = finish - type_.loading;
        for (const Event& event : events_)
            high -= event.what == What::DRIVE ? problem_.times(type_.profile)(event.from, event.to) : event.lasts;
        Moments tried;
        if (high <= low) return;
        if (least(high, finish, tried)) {
            made = tried;
            return;
        }
        while (low < high - 1) {
            const int middle = low + (high - low) / 2;
            if (least(middle, finish, tried)) low = std::max(middle, tried.depart), made = tried;
            else high = middle;
        }
    }

    /// The times in the words of the clock.
    void state(const Moments& moments, Times& made) const {
        const int m = static_cast<int>(tour_.visits.size());
        made.depart = moments.depart;
        made.finish = moments.finish;
        made.unpaid = made.waiting = 0;
        made.late = 0;
        int now = moments.depart + type_.loading, stop = -1;
        made.late_leave[0] = now;
        for (std::size_t k = 0; k < events_.size(); ++k) {
            const Event& event = events_[k];
            const bool before = stop + 1 < m && static_cast<int>(k) <= served_[stop + 1];
            const bool there = event.what == What::SERVE || (event.what == What::REST && before && comes_before(k));
            if (there) made.waiting += moments.begins[k] - now;
            if (event.what == What::REST && !type_.rests[event.number].paid) made.unpaid += event.lasts;
            now = moments.ends[k];
            if (event.what == What::SERVE) {
                stop = event.number;
                made.start[stop] = moments.begins[k];
                made.late += clock_.price(problem_.visit[tour_.visits[stop]], moments.begins[k]);
            }
            if (event.what == What::SERVE || event.what == What::REST) made.late_leave[stop + 1] = now;
        }
    }

    /// Whether a rest is one before a service.
    bool comes_before(std::size_t event) const { return chosen_.moment[events_[event].number] % 2 == 0; }

    const Problem& problem_;
    const Clock& clock_;
    const VehicleType& type_;
    const Tour& tour_;
    const Times& times_;
    std::vector<std::vector<int>> choices_;
    Chosen chosen_;
    std::vector<Event> events_;
    std::vector<Link> links_;
    std::vector<int> served_, lows_;
    std::tuple<int, int, int, Cost> key_{};
    int tries_ = 0;
    bool found_ = false;
};

/// Whether the times as they are keep apart what must not be too far apart.
bool Clock::held(const VehicleType& type, const Tour& tour, const Times& made) const {
    if (made.finish - made.depart > type.max_duration) return false;
    const std::vector<int>& visits = tour.visits;
    for (std::size_t k = 0; rides_ && k < visits.size(); ++k) {
        const Visit& visit = problem_.visit[visits[k]];
        if (!visit.first || visit.max_ride >= NEVER) continue;
        const auto end = std::find(visits.begin() + static_cast<std::ptrdiff_t>(k), visits.end(), visit.partner);
        if (end == visits.end()) return false;
        if (made.start[end - visits.begin()] - made.late_leave[k + 1] > visit.max_ride) return false;
    }
    return made.worked <= type.stretch;
}

bool Clock::hold(const VehicleType& type, const Tour& tour, Times& made) const {
    if (held(type, tour, made)) return true;
    int work = type.loading, at = type.start;
    const Square& times = problem_.times(type.profile);
    bool loose = !type.rests.empty() || slotted_ || rides_ || !tour.cuts.empty();
    for (const int v : tour.visits) {
        work += times(at, v) + type.service[v];
        loose = loose || problem_.visit[v].windows.size() > 1;
        at = v;
    }
    if (!loose || work + times(at, type.end) > type.max_duration) return false;
    const Times known = made;
    return Linked(problem_, *this, type, tour, known).best(made);
}

}  // namespace homestretch
