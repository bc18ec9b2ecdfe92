#include "clock.hpp"

#include <algorithm>

namespace homestretch {

namespace {

/// When a rest before departure is over.
int rested_at(const VehicleType& type, const Rest& rest) { return std::max(type.open, rest.earliest) + rest.duration; }

}  // namespace

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

void Clock::departures(const VehicleType& type, int release, int* row) const {
    const int first = std::max(type.open, release), count = static_cast<int>(type.rests.size());
    std::fill(row, row + labels(type), NEVER);
    const auto depart = [&](int at) {
        int set = 0;
        for (int b = 0; b < count; ++b)
            if (at >= rested_at(type, type.rests[b])) set |= 1 << b;
        row[set] = std::min(row[set], at + type.loading);
    };
    depart(first);
    for (const Rest& rest : type.rests)
        if (rested_at(type, rest) > first) depart(rested_at(type, rest));
}

void Clock::backwards(const VehicleType& type, const std::vector<int>& visits, std::vector<int>& rows) const {
    const int m = static_cast<int>(visits.size()), sets = labels(type);
    const Square& times = problem_.times(type.profile);
    for (int k = m - 1; k >= 0; --k) {
        const int* after = rows.data() + (k + 1) * sets;
        int* row = rows.data() + k * sets;
        const int time = times(visits[k], k + 1 < m ? visits[k + 1] : type.end);
        for (int set = 0; set < sets; ++set) row[set] = after[set] <= -NEVER ? -NEVER : after[set] - time;
        unserve(type, visits[k], row);
    }
}

bool Clock::run(const VehicleType& type, const std::vector<int>& visits, Times& made) const {
    const int m = static_cast<int>(visits.size()), sets = labels(type);
    const Square& times = problem_.times(type.profile);
    made.leave.resize((m + 1) * sets);
    made.latest.resize((m + 1) * sets);
    int release = type.open, at = type.start;
    for (const int v : visits) release = std::max(release, problem_.visit[v].release);
    departures(type, release, made.leave.data());
    for (int k = 0; k < m; ++k) {
        const int* before = made.leave.data() + k * sets;
        int* row = made.leave.data() + (k + 1) * sets;
        const int time = times(at, visits[k]);
        for (int set = 0; set < sets; ++set) row[set] = before[set] >= NEVER ? NEVER : before[set] + time;
        serve(type, visits[k], row);
        at = visits[k];
    }
    const int home = times(at, type.end);
    int* ends = made.latest.data() + m * sets;
    made.finish = NEVER;
    for (int set = 0; set < sets; ++set) {
        ends[set] = type.close;
        for (std::size_t b = 0; b < type.rests.size(); ++b)
            if (!(set >> b & 1)) ends[set] = std::min(ends[set], type.rests[b].latest);
        const int leave = made.leave[m * sets + set];
        if (leave < NEVER && leave + home <= ends[set]) made.finish = std::min(made.finish, leave + home);
    }
    if (made.finish >= NEVER) return false;
    backwards(type, visits, made.latest);
    if (!depart_late(type, visits, release, made)) return false;
    walk(type, visits, made);
    return true;
}

bool Clock::depart_late(const VehicleType& type, const std::vector<int>& visits, int release, Times& made) const {
    const int m = static_cast<int>(visits.size()), sets = labels(type);
    made.kept.resize((m + 1) * sets);
    const int* ends = made.latest.data() + m * sets;
    for (int set = 0; set < sets; ++set)
        made.kept[m * sets + set] = std::min(ends[set], made.finish);
    backwards(type, visits, made.kept);
    const int first = m == 0 ? type.end : visits[0];
    const int out = problem_.times(type.profile)(type.start, first) + type.loading;
    const int soonest = std::max(type.open, release);
    made.depart = -NEVER;
    // Between two moments at which a rest before departure is over the set of rests behind is the same.
    std::vector<int> moments{soonest};
    for (const Rest& rest : type.rests)
        if (rested_at(type, rest) > soonest) moments.push_back(rested_at(type, rest));
    std::sort(moments.begin(), moments.end());
    for (std::size_t k = 0; k < moments.size(); ++k) {
        int set = 0;
        for (std::size_t b = 0; b < type.rests.size(); ++b)
            if (moments[k] >= rested_at(type, type.rests[b])) set |= 1 << b;
        int last = made.kept[set] - out;
        if (k + 1 < moments.size()) last = std::min(last, moments[k + 1] - 1);
        if (last >= moments[k]) made.depart = std::max(made.depart, last);
    }
    return made.depart > -NEVER;
}

void Clock::walk(const VehicleType& type, const std::vector<int>& visits, Times& made) const {
    // Forward again from the late departure, taking each rest at the last moment that does not delay the finish:
    // a rest is due where going on without it could not keep the finish.
    const int m = static_cast<int>(visits.size()), sets = labels(type), count = static_cast<int>(type.rests.size());
    const Square& times = problem_.times(type.profile);
    made.late_leave.resize(m + 1);
    made.label.resize(m + 1);
    made.start.resize(m);
    made.unpaid = made.waiting = 0;
    made.late = 0;
    int set = 0;
    for (int b = 0; b < count; ++b)
        if (made.depart >= rested_at(type, type.rests[b])) set |= 1 << b;
    int now = made.depart + type.loading, at = type.start;
    made.late_leave[0] = now;
    made.label[0] = set;
    const auto take = [&](const int* bound) {  // rests until `now` is in time for `bound` with the set
        while (now > bound[set]) {
            int best = -1, over = NEVER;
            for (int b = 0; b < count; ++b) {
                if (set >> b & 1) continue;
                const int start = std::max(now, type.rests[b].earliest);
                if (start > type.rests[b].latest) continue;
                const int end = start + type.rests[b].duration;
                if (end - bound[set | 1 << b] < over) over = end - bound[set | 1 << b], best = b;
            }
            if (best < 0) return;
            const int start = std::max(now, type.rests[best].earliest);
            made.waiting += start - now;
            if (!type.rests[best].paid) made.unpaid += type.rests[best].duration;
            now = start + type.rests[best].duration;
            set |= 1 << best;
        }
    };
    int bound[MOST_LABELS], before[MOST_LABELS];
    for (int k = 0; k < m; ++k) {
        const int v = visits[k], service = type.service[v];
        const Visit& visit = problem_.visit[v];
        now += times(at, v);
        const int onwards = times(v, k + 1 < m ? visits[k + 1] : type.end);
        for (int s = 0; s < sets; ++s) {
            const int next = made.kept[(k + 1) * sets + s];
            bound[s] = next <= -NEVER ? -NEVER : next - onwards;
        }
        if (count > 0) {
            std::copy(bound, bound + sets, before);
            unrest(type, before);
            for (int s = 0; s < sets; ++s)
                before[s] = before[s] <= -NEVER ? -NEVER : last_begin(visit, before[s] - service);
            take(before);
        }
        const int start = begin(visit, now);
        made.waiting += start - now;
        if (start > visit.due) made.late += visit.late * (start - visit.due);
        made.start[k] = start;
        now = start + service;
        if (count > 0) take(bound);
        made.late_leave[k + 1] = now;
        made.label[k + 1] = set;
        at = v;
    }
    made.finish = now + times(at, type.end);
}

}  // namespace homestretch
