#include "clock.hpp"

#include <algorithm>

namespace homestretch {

namespace {

/// When a rest before departure is over.
int rested_at(const VehicleType& type, const Rest& rest) { return std::max(type.open, rest.earliest) + rest.duration; }

}  // namespace

Clock::Clock(const Problem& problem)
    : problem_(problem),
      slotted_(std::any_of(problem.slots.begin(), problem.slots.end(),
                           [](const Slots& each) { return !each.empty(); })),
      drifts_(problem.drifted != 0 || slotted_) {
    rides_ = std::any_of(problem.visit.begin(), problem.visit.end(), [](const Visit& v) { return v.max_ride < NEVER; });
    held_ = drifts_ || problem.alike == Alike::MINUTES ||
            std::any_of(problem.visit.begin(), problem.visit.end(),
                        [](const Visit& visit) { return visit.late > 0 || visit.max_ride < NEVER; });
}

void Clock::rest(const VehicleType& type, int* row) {
    const int count = static_cast<int>(type.rests.size());
    for (int set = 0; set < (1 << count); ++set) {
        if (row[set] >= NEVER) continue;
        for (int b = 0; b < count; ++b) {
            if (set >> b & 1) continue;
            const Rest& rest = type.rests[b];
            const int start = std::max(row[set], rest.earliest);
            if (start <= rest.latest) row[set | 1 << b] = std::min(row[set | 1 << b], start + rest.duration);
        }
    }
}

void Clock::unrest(const VehicleType& type, int* row) {
    const int count = static_cast<int>(type.rests.size());
    for (int set = (1 << count) - 1; set >= 0; --set) {
        for (int b = 0; b < count; ++b) {
            if (set >> b & 1) continue;
            const Rest& rest = type.rests[b];
            const int start = std::min(row[set | 1 << b] - rest.duration, rest.latest);
            if (start >= rest.earliest) row[set] = std::max(row[set], start);
        }
    }
}

void Clock::serve(const VehicleType& type, int v, int* row) const {
    const Visit& visit = problem_.visit[v];
    const int service = type.service[v], sets = labels(type);
    if (sets > 1) rest(type, row);
    for (int set = 0; set < sets; ++set) {
        if (row[set] >= NEVER) continue;
        const int start = begin(visit, row[set]);
        row[set] = start >= NEVER ? NEVER : start + service;
    }
    if (sets > 1) rest(type, row);
}

void Clock::unserve(const VehicleType& type, int v, int* row) const {
    const Visit& visit = problem_.visit[v];
    const int service = type.service[v], sets = labels(type);
    if (sets > 1) unrest(type, row);
    for (int set = 0; set < sets; ++set)
        row[set] = row[set] <= -NEVER ? -NEVER : last_begin(visit, row[set] - service);
    if (sets > 1) unrest(type, row);
}

/// Fills where trips begin, and when their goods are there.
void Clock::trips(const Tour& tour, Times& made) const {
    const int m = static_cast<int>(tour.visits.size());
    made.ready.assign(m + 1, -1);
    made.needs.assign(m + 1, 0);
    auto cut = tour.cuts.rbegin();
    for (int k = m - 1; k >= 0; --k) {
        const int release = problem_.visit[tour.visits[k]].release;
        const bool ends = cut != tour.cuts.rend() && *cut == k + 1;
        made.needs[k] = ends ? release : std::max(release, made.needs[k + 1]);
        if (ends) ++cut;
        if (k == 0 || (cut != tour.cuts.rend() && *cut == k)) made.ready[k] = made.needs[k];
    }
}

/// The set of rests that can be over before a departure.
int Clock::behind(const VehicleType& type, int at) const {
    int set = 0;
    if (type.begun) return set;
    for (std::size_t b = 0; b < type.rests.size(); ++b)
        if (at >= rested_at(type, type.rests[b])) set |= 1 << b;
    return set;
}

void Clock::departures(const VehicleType& type, int release, int* row) const {
    const int first = std::max(type.open, release);
    std::fill(row, row + labels(type), NEVER);
    if (type.begun) {
        if (release <= type.open) row[0] = type.open + type.loading;
        return;
    }
    const auto depart = [&](int at) {
        const int set = behind(type, at);
        row[set] = std::min(row[set], at + type.loading);
    };
    depart(first);
    for (const Rest& rest : type.rests)
        if (rested_at(type, rest) > first) depart(rested_at(type, rest));
}

/// When a vehicle that leaves visit k - 1 (or the start) at `leave` arrives at visit k, by the reload place if need be.
int Clock::advance(const VehicleType& type, const Tour& tour, const Times& made, int k, int leave) const {
    int at = k == 0 ? type.start : tour.visits[k - 1];
    if (made.cut(k)) {
        leave = std::max(arrive(type, at, type.reload, leave), made.ready[k]) + type.reloading;
        at = type.reload;
    }
    return arrive(type, at, k < static_cast<int>(tour.visits.size()) ? tour.visits[k] : type.end, leave);
}

/// From the last times of arriving at visit k + 1 (or at the end) to those of leaving visit k.
void Clock::onwards(const VehicleType& type, const Tour& tour, const Times& made, int k, int* row) const {
    const int next = k + 1 < static_cast<int>(tour.visits.size()) ? tour.visits[k + 1] : type.end;
    if (!made.cut(k + 1)) return undrive(type, tour.visits[k], next, row);
    undrive(type, type.reload, next, row);
    for (int set = 0; set < labels(type); ++set)
        row[set] = row[set] - type.reloading < made.ready[k + 1] ? -NEVER : row[set] - type.reloading;
    undrive(type, tour.visits[k], type.reload, row);
}

void Clock::backwards(const VehicleType& type, const Tour& tour, const Times& made, std::vector<int>& rows) const {
    const int m = static_cast<int>(tour.visits.size()), sets = labels(type);
    for (int k = m - 1; k >= 0; --k) {
        int* row = rows.data() + k * sets;
        std::copy(row + sets, row + 2 * sets, row);
        onwards(type, tour, made, k, row);
        unserve(type, tour.visits[k], row);
    }
}

bool Clock::run(const VehicleType& type, const Tour& tour, Times& made) const {
    const int m = static_cast<int>(tour.visits.size()), sets = labels(type);
    for (auto* rows : {&made.leave, &made.latest, &made.kept}) rows->resize((m + 1) * sets);
    for (auto* rows : {&made.late_leave, &made.label}) rows->resize(m + 1);
    made.start.resize(m);
    trips(tour, made);
    if (sets == 1 && tour.cuts.empty() && !slotted_) return run_plain(type, tour, made);
    departures(type, made.ready[0], made.leave.data());
    int at = type.start;
    for (int k = 0; k < m; ++k) {
        int* row = made.leave.data() + (k + 1) * sets;
        std::copy(row - sets, row, row);
        if (made.cut(k)) {
            drive(type, at, type.reload, row);
            reload(type, made.ready[k], row);
            at = type.reload;
        }
        drive(type, at, tour.visits[k], row);
        serve(type, tour.visits[k], row);
        at = tour.visits[k];
    }
    int* ends = made.latest.data() + m * sets;
    made.finish = NEVER;
    for (int set = 0; set < sets; ++set) {
        ends[set] = type.close;
        for (std::size_t b = 0; b < type.rests.size(); ++b)
            if (!(set >> b & 1)) ends[set] = std::min(ends[set], type.rests[b].latest);
        const int leave = made.leave[m * sets + set];
        if (leave >= NEVER) continue;
        const int home = arrive(type, at, type.end, leave);
        if (home <= ends[set]) made.finish = std::min(made.finish, home);
    }
    if (made.finish >= NEVER) return false;
    backwards(type, tour, made, made.latest);
    if (!depart_late(type, tour, made)) return false;
    const bool simple = type.rests.empty();
    const bool lazy = type.rests.size() == 1 && !weighs(type, tour);
    walk(type, tour, simple ? Placed{} : lazy ? lazily(type, tour, made) : cheapest(type, tour, made), made);
    return true;
}

/// The same without rests and reloads, where there is but one label.
bool Clock::run_plain(const VehicleType& type, const Tour& tour, Times& made) const {
    const int m = static_cast<int>(tour.visits.size());
    const Square& times = problem_.times(type.profile);
    if (type.begun && made.ready[0] > type.open) return false;
    int now = std::max(type.open, made.ready[0]) + type.loading, at = type.start;
    made.leave[0] = now;
    for (int k = 0; k < m; ++k) {
        const int v = tour.visits[k], leg = times(at, v);
        made.label[k] = leg;  // for the ways back; there is but one label
        now = begin(problem_.visit[v], now + leg);
        if (now >= NEVER) return false;
        now += type.service[v];
        made.leave[k + 1] = now;
        at = v;
    }
    const int home = times(at, type.end);
    made.label[m] = home;
    made.finish = now + home;
    int latest = type.close;
    made.latest[m] = latest;
    if (made.finish > latest) return false;
    for (int k = m - 1; k >= 0; --k) {
        const int v = tour.visits[k];
        latest = last_begin(problem_.visit[v], latest - made.label[k + 1] - type.service[v]);
        made.latest[k] = latest;
    }
    made.depart = made.leave[0] - type.loading;
    made.unpaid = made.waiting = 0;
    made.late = 0;
    if (!held_ && type.per_second == 0 && type.overtime == 0 && type.waiting == 0 && type.max_duration >= NEVER &&
        type.stretch >= NEVER) {
        std::fill(made.label.begin(), made.label.end(), 0);
        return true;
    }
    int kept = made.finish;
    made.kept[m] = kept;
    for (int k = m - 1; k >= 0; --k) {
        const int v = tour.visits[k];
        kept = last_begin(problem_.visit[v], kept - made.label[k + 1] - type.service[v]);
        made.kept[k] = kept;
    }
    if (!type.begun) made.depart = kept - made.label[0] - type.loading;
    made.worked = made.finish - made.depart;
    now = made.depart + type.loading;
    made.late_leave[0] = now;
    for (int k = 0; k < m; ++k) {
        const int v = tour.visits[k];
        now += made.label[k];
        const int start = begin(problem_.visit[v], now);
        made.waiting += start - now;
        if (held_) made.late += price(problem_.visit[v], start);
        made.start[k] = start;
        now = start + type.service[v];
        made.late_leave[k + 1] = now;
    }
    std::fill(made.label.begin(), made.label.end(), 0);
    return true;
}

bool Clock::depart_late(const VehicleType& type, const Tour& tour, Times& made) const {
    const int m = static_cast<int>(tour.visits.size()), sets = labels(type);
    const int* ends = made.latest.data() + m * sets;
    for (int set = 0; set < sets; ++set) made.kept[m * sets + set] = std::min(ends[set], made.finish);
    backwards(type, tour, made, made.kept);
    made.depart = -NEVER;
    if (type.begun) {
        made.depart = type.open;
        return true;
    }
    const int first = m == 0 ? type.end : tour.visits[0];
    const int soonest = std::max(type.open, made.ready[0]);
    // Between two moments at which a rest before departure is over the set of rests behind is the same.
    std::array<int, MOST_RESTS + 1> moments{soonest};
    std::size_t count = 1;
    for (const Rest& rest : type.rests) {
        const int moment = rested_at(type, rest);
        if (moment <= soonest) continue;
        std::size_t k = count++;
        for (; k > 1 && moments[k - 1] > moment; --k) moments[k] = moments[k - 1];
        moments[k] = moment;
    }
    for (std::size_t k = 0; k < count; ++k) {
        const int arrival = made.kept[behind(type, moments[k])];
        if (arrival <= -NEVER) continue;
        int last = leave_by(type, type.start, first, arrival) - type.loading;
        if (k + 1 < count) last = std::min(last, moments[k + 1] - 1);
        if (last >= moments[k]) made.depart = std::max(made.depart, last);
    }
    return made.depart > -NEVER;
}

std::pair<std::int64_t, std::int64_t> Clock::driven(const VehicleType& type, const Tour& tour,
                                                    const Times& made) const {
    const Slots& slots = problem_.slots[type.profile];
    const int m = static_cast<int>(tour.visits.size());
    std::int64_t meters = 0, seconds = 0;
    int at = type.start;
    const auto go = [&](int to, int leave) {
        meters += slots.far(at, to, leave);
        const int arrival = arrive(type, at, to, leave);
        seconds += arrival - leave;
        at = to;
        return arrival;
    };
    for (int k = 0; k <= m; ++k) {
        int leave = made.late_leave[k];
        if (made.cut(k)) leave = std::max(go(type.reload, leave), made.ready[k]) + type.reloading;
        go(k < m ? tour.visits[k] : type.end, leave);
    }
    return {meters, seconds};
}

/// Forward from the late departure, with the rests where they are placed.
void Clock::walk(const VehicleType& type, const Tour& tour, const Placed& placed, Times& made) const {
    const int m = static_cast<int>(tour.visits.size());
    made.unpaid = made.waiting = 0;
    made.late = 0;
    int set = behind(type, made.depart), next = 0, now = made.depart + type.loading, since = made.depart;
    made.worked = 0;
    made.late_leave[0] = now;
    made.label[0] = set;
    const auto take = [&](int moment) {
        for (; next < placed.count && placed.moment[next] == moment; ++next) {
            const Rest& rest = type.rests[placed.rest[next]];
            const int start = std::max(now, rest.earliest);
            if (moment % 2 == 0) made.waiting += start - now;
            if (!rest.paid) made.unpaid += rest.duration;
            now = start + rest.duration;
            made.worked = std::max(made.worked, start - since);
            since = now;
            set |= 1 << placed.rest[next];
        }
    };
    for (int k = 0; k < m; ++k) {
        const int v = tour.visits[k];
        const Visit& visit = problem_.visit[v];
        now = advance(type, tour, made, k, now);
        take(2 * k);
        const int start = begin(visit, now);
        made.waiting += start - now;
        made.late += price(visit, start);
        made.start[k] = start;
        now = start + type.service[v];
        take(2 * k + 1);
        made.late_leave[k + 1] = now;
        made.label[k + 1] = set;
    }
    made.finish = advance(type, tour, made, m, now);
    made.worked = std::max(made.worked, made.finish - since);
}

}  // namespace homestretch
