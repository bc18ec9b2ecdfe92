// Where a route rests, its departure and its finish being known: fewest rests on the route first, then least cost.
#include <algorithm>

#include "clock.hpp"

namespace homestretch {

namespace {

/// A way to be somewhere in time with a set of rests behind.
struct Way {
    int time = 0;
    int idle = 0;  ///< seconds (negative) before rests after a service, which are no waiting
    Cost late = 0;
    Placed placed;
};

/// Adds a way to those with the same rests behind, if no other is as good.
void add(std::vector<Way>& known, const Way& way, bool drifts) {
    const auto as_good = [&](const Way& one, const Way& other) {
        const bool sooner = drifts ? one.time == other.time : one.time <= other.time;
        return sooner && one.idle <= other.idle && one.late <= other.late;
    };
    for (const Way& other : known)
        if (as_good(other, way)) return;
    std::erase_if(known, [&](const Way& other) { return as_good(way, other); });
    known.push_back(way);
}

using Ways = std::array<std::vector<Way>, MOST_LABELS>;

/// Every rest may be taken at a moment.
void spread(const VehicleType& type, Ways& ways, int moment, bool drifts) {
    const int count = static_cast<int>(type.rests.size());
    for (int set = 0; set < (1 << count); ++set) {
        for (int b = 0; b < count; ++b) {
            if (set >> b & 1) continue;
            const Rest& rest = type.rests[b];
            for (const Way& way : ways[set]) {
                const int start = std::max(way.time, rest.earliest);
                if (start > rest.latest) continue;
                Way more = way;
                if (moment % 2) more.idle -= start - way.time;
                more.time = start + rest.duration;
                more.placed.moment[more.placed.count] = static_cast<std::int16_t>(moment);
                more.placed.rest[more.placed.count++] = static_cast<std::int8_t>(b);
                add(ways[set | 1 << b], more, drifts);
            }
        }
    }
}

}  // namespace

/// Whether when it rests makes a difference in cost.
bool Clock::weighs(const VehicleType& type, const Tour& tour) const {
    return type.waiting > 0 || std::any_of(tour.visits.begin(), tour.visits.end(), [&](int v) {
               const Visit& visit = problem_.visit[v];
               return visit.late > 0 || (drifts_ && visit.kept_start < NEVER);
           });
}

/// One rest, taken at the last moment that does not delay the finish, if it is on the route at all.
Placed Clock::lazily(const VehicleType& type, const Tour& tour, const Times& made) const {
    const int m = static_cast<int>(tour.visits.size());
    Placed placed;
    int now = made.depart + type.loading;
    if (behind(type, made.depart) != 0) return placed;
    int bound[2], before[2];
    for (int k = 0; k < m; ++k) {
        const int v = tour.visits[k];
        now = advance(type, tour, made, k, now);
        std::copy_n(made.kept.data() + 2 * (k + 1), 2, bound);
        onwards(type, tour, made, k, bound);
        std::copy_n(bound, 2, before);
        unrest(type, before);
        for (int& at : before) at = at <= -NEVER ? -NEVER : last_begin(problem_.visit[v], at - type.service[v]);
        int moment = 2 * k;
        if (now <= before[0]) {
            now = begin(problem_.visit[v], now) + type.service[v];
            if (now <= bound[0]) continue;
            ++moment;
        }
        placed.moment[0] = static_cast<std::int16_t>(moment);
        placed.count = 1;
        return placed;
    }
    return placed;
}

Placed Clock::cheapest(const VehicleType& type, const Tour& tour, const Times& made) const {
    const int m = static_cast<int>(tour.visits.size()), sets = labels(type);
    thread_local Ways ways;
    for (int set = 0; set < sets; ++set) ways[set].clear();
    ways[behind(type, made.depart)].push_back({made.depart + type.loading, 0, 0, {}});
    for (int k = 0; k < m; ++k) {
        const int v = tour.visits[k];
        const Visit& visit = problem_.visit[v];
        for (int set = 0; set < sets; ++set) {
            for (Way& way : ways[set]) {
                const int arrival = advance(type, tour, made, k, way.time);
                way.idle -= arrival - way.time;  // what is driven, loaded, or waited for goods, is no waiting either
                way.time = arrival;
            }
            std::erase_if(ways[set], [&](const Way& way) { return way.time > made.kept[k * sets + set]; });
        }
        spread(type, ways, 2 * k, drifts_);
        for (int set = 0; set < sets; ++set) {
            for (Way& way : ways[set]) {
                const int start = begin(visit, way.time);
                way.late += start < NEVER ? price(visit, start) : 0;
                way.time = start < NEVER ? start + type.service[v] : NEVER;
            }
            std::erase_if(ways[set], [](const Way& way) { return way.time >= NEVER; });
        }
        spread(type, ways, 2 * k + 1, drifts_);
    }
    const Way* best = nullptr;
    Cost least = 0;
    for (int set = 0; set < sets; ++set)
        for (const Way& way : ways[set]) {
            const int home = advance(type, tour, made, m, way.time);
            if (home > made.kept[m * sets + set]) continue;
            int unpaid = 0, rested = home - way.time;
            for (int k = 0; k < way.placed.count; ++k) {
                const Rest& rest = type.rests[way.placed.rest[k]];
                rested += rest.duration;
                if (!rest.paid) unpaid += rest.duration;
            }
            const int paid = made.finish - made.depart - unpaid;
            const Cost cost = type.per_second * paid + type.overtime * std::max(0, paid - type.regular) +
                              type.waiting * (way.idle - rested) + way.late;
            if (best != nullptr && (best->placed.count < way.placed.count ||
                                    (best->placed.count == way.placed.count && least <= cost)))
                continue;
            best = &way;
            least = cost;
        }
    return best == nullptr ? Placed{} : best->placed;
}

}  // namespace homestretch
