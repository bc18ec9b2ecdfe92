#include "line.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace homestretch::live {

namespace {

constexpr int JUMPS = 200;  // departures tried for a route that lasts too long

auto rank(const Trace& made) { return std::tuple(made.missed, made.finish); }

}  // namespace

Seconds Line::rested_at(int index) const {
    const Break& rest = breaks[static_cast<std::size_t>(index)];
    return std::max(shift_start, rest.earliest) + rest.duration;
}

bool Clock::Placed::before(const Placed& other) const {
    return std::lexicographical_compare(marks.begin(), marks.begin() + count, other.marks.begin(),
                                        other.marks.begin() + other.count);
}

Seconds Clock::over(const Trace& made) const {
    return std::max<Seconds>(0, made.finish - made.depart - line_->max_duration);
}

const Trace& Clock::run(const Line& line, Seconds earliest) {
    line_ = &line;
    place(earliest, best_);
    Seconds work = line.loading + line.home;
    for (const Halt& halt : line.halts) work += halt.leg + halt.service;
    if (line.fixed || line.max_duration >= FOREVER || work > line.max_duration) return best_;
    tried_ = best_;
    for (int jump = 0; jump < JUMPS && over(tried_) > 0 && tried_.missed <= best_.missed; ++jump) {
        earliest = std::max(earliest + 1, tried_.finish - line.max_duration);
        place(earliest, tried_);
        const auto worth = [&](const Trace& made) {
            return std::tuple(made.missed + over(made), made.finish, -made.depart);
        };
        if (worth(tried_) < worth(best_)) best_ = tried_;
    }
    return best_;
}

void Clock::place(Seconds earliest, Trace& into) {
    if (line_->owed == 0 || line_->halts.empty()) {
        course({});
        canonical(earliest, into);
    } else {
        const Label first = soonest(earliest);
        if (first.missed > 0) {
            course(first.placed);
            canonical(first.depart, into);
        } else {
            const Seconds depart = latest(earliest, first.time);
            course(cheapest(depart, first.time));
            drive(depart, into);
        }
    }
    finish(into);
}

void Clock::course(const Placed& placed) {
    events_.clear();
    rest_spans_.clear();
    rest_spans_.reserve(MOST_BREAKS);
    int next = 0;
    const auto rest = [&](int moment, Seconds way) {
        while (next < placed.count && placed.marks[static_cast<std::size_t>(next)].moment == moment) {
            const int index = placed.marks[static_cast<std::size_t>(next++)].index;
            const Break& taken = line_->breaks[static_cast<std::size_t>(index)];
            rest_spans_.push_back({taken.earliest, taken.latest});
            events_.push_back({way, {&rest_spans_.back(), 1}, taken.duration, moment, index});
            way = 0;
        }
        return way;
    };
    for (int number = 0; number < static_cast<int>(line_->halts.size()); ++number) {
        const Halt& halt = line_->halts[static_cast<std::size_t>(number)];
        const Seconds way = rest(2 * number, halt.leg);
        events_.push_back({way, halt.spans, halt.service, 2 * number, -1});
        rest(2 * number + 1, 0);
    }
}

void Clock::drive(Seconds depart, Trace& into) const {
    into.depart = depart;
    into.missed = 0;
    into.begins.clear();
    into.rests.clear();
    Seconds now = depart + line_->loading;
    unsigned on_route = 0;
    for (const Event& event : events_) {
        now = event.spans.count ? event.spans.begin(now + event.way) : now + event.way;
        if (event.spans.count) into.missed += std::max<Seconds>(0, now - event.spans.last().close);
        if (event.index < 0) {
            into.begins.push_back(now);
        } else {
            into.rests.push_back({event.moment, event.index, now});
            on_route |= 1u << event.index;
        }
        now += event.lasts;
    }
    into.finish = now + line_->home;
    into.missed += std::max<Seconds>(0, into.finish - line_->shift_end);
    for (int index = 0; index < static_cast<int>(line_->breaks.size()); ++index)
        if ((line_->owed & ~on_route) >> index & 1u && !line_->is_before(index, depart))
            into.missed += std::max<Seconds>(0, into.finish - line_->breaks[static_cast<std::size_t>(index)].latest);
}

/// The last arrival at the first event that makes nothing later past its spans, and finishes as the trace does.
Seconds Clock::last_arrival(const Trace& made) const {
    Seconds now = made.finish, way = line_->home;
    auto begun = made.begins.rbegin();
    auto rest = made.rests.rbegin();
    for (auto event = events_.rbegin(); event != events_.rend(); ++event) {
        const Seconds begin = event->index < 0 ? *begun++ : (rest++)->begin;
        now -= way + event->lasts;
        if (event->spans.count) now = event->spans.last_begin(now, begin);
        way = event->way;
    }
    return now;
}

void Clock::canonical(Seconds earliest, Trace& into) {
    drive(earliest, into);
    if (line_->fixed || events_.empty()) return;
    Seconds low = earliest, high = last_arrival(into) - events_.front().way - line_->loading;
    if (high <= low) return;
    drive(high, later_);
    while (rank(later_) > rank(into) && low < high - 1) {
        const Seconds middle = (low + high) / 2;
        drive(middle, middle_);
        if (rank(middle_) <= rank(into)) {
            low = middle;
            std::swap(into, middle_);
        } else {
            high = middle;
        }
    }
    if (rank(later_) <= rank(into)) std::swap(into, later_);
}

/// Departures at which the set of breaks grows that are not taken after it.
std::vector<Clock::Departure> Clock::departures(Seconds earliest) const {
    const int breaks = static_cast<int>(line_->breaks.size());
    std::set<Seconds> moments{earliest};
    for (int index = 0; index < breaks; ++index)
        if (line_->owed >> index & 1u && !line_->fixed && line_->rested_at(index) > earliest)
            moments.insert(line_->rested_at(index));
    std::vector<Departure> made;
    for (const Seconds at : moments) {
        unsigned taken = (sets() - 1) & ~line_->owed;
        for (int index = 0; index < breaks; ++index)
            if (line_->owed >> index & 1u && line_->is_before(index, at)) taken |= 1u << index;
        made.push_back({at, taken});
    }
    return made;
}

Clock::Label Clock::soonest(Seconds earliest) {
    const std::vector<Departure> from = departures(earliest);
    Label best = driven(from);
    if (best.missed == 0 || from.size() == 1) return best;
    // Where something is missed, what is least so far need not be least at the end: each departure has its say.
    best.reached = false;
    for (const Departure& each : from) {
        const Label made = driven({each});
        const auto key = [](const Label& label) { return std::tuple(label.missed, label.time, label.depart); };
        if (!best.reached || key(made) < key(best) || (key(made) == key(best) && made.placed.before(best.placed)))
            best = made;
    }
    return best;
}

Clock::Label Clock::driven(const std::vector<Departure>& from) {
    labels_.assign(sets(), Label{});
    for (const Departure& each : from) labels_[each.taken] = {0, each.at + line_->loading, each.at, {}, true};
    for (int number = 0; number < static_cast<int>(line_->halts.size()); ++number) {
        const Halt& halt = line_->halts[static_cast<std::size_t>(number)];
        for (Label& label : labels_) label.time += halt.leg;
        rested(labels_, 2 * number);
        for (Label& label : labels_) {
            if (!label.reached) continue;
            const Seconds begin = halt.spans.begin(label.time);
            if (halt.spans.count) label.missed += std::max<Seconds>(0, begin - halt.spans.last().close);
            label.time = begin + halt.service;
        }
        rested(labels_, 2 * number + 1);
    }
    Label best;
    for (unsigned set = 0; set < sets(); ++set) {
        Label& label = labels_[set];
        if (!label.reached) continue;
        label.time += line_->home;
        label.missed += std::max<Seconds>(0, label.time - line_->shift_end);
        for (std::size_t index = 0; index < line_->breaks.size(); ++index)
            if (!(set >> index & 1u)) label.missed += std::max<Seconds>(0, label.time - line_->breaks[index].latest);
        const auto key = [](const Label& each) { return std::tuple(each.missed, each.time, each.depart); };
        if (!best.reached || key(label) < key(best) || (key(label) == key(best) && label.placed.before(best.placed)))
            best = label;
    }
    return best;
}

void Clock::rested(std::vector<Label>& labels, int moment) const {
    for (unsigned set = 0; set < sets(); ++set) {
        if (!labels[set].reached) continue;
        for (std::size_t index = 0; index < line_->breaks.size(); ++index) {
            if (!(line_->owed >> index & 1u) || set >> index & 1u) continue;
            const Label& was = labels[set];
            const Break& rest = line_->breaks[index];
            const Seconds start = std::max(was.time, rest.earliest);
            const Seconds missed = was.missed + std::max<Seconds>(0, start - rest.latest);
            Label& known = labels[set | 1u << index];
            const Seconds time = start + rest.duration;
            if (!known.reached || std::tuple(missed, time) < std::tuple(known.missed, known.time)) {
                known = {missed, time, was.depart, was.placed, true};
                known.placed.add(moment, static_cast<int>(index));
            }
        }
    }
}

/// The last departure that finishes by then with nothing missed; fills the last such arrivals, by stop and set.
Seconds Clock::latest(Seconds earliest, Seconds finish) {
    const std::size_t width = sets(), halts = line_->halts.size();
    rows_.assign((halts + 1) * width, -FOREVER);
    Seconds* row = rows_.data() + halts * width;
    for (unsigned set = 0; set < width; ++set) {
        bool fits = true;
        for (std::size_t index = 0; index < line_->breaks.size(); ++index)
            fits = fits && (set >> index & 1u || line_->breaks[index].latest >= finish);
        if (fits) row[set] = finish;
    }
    for (std::size_t number = halts; number-- > 0;) {
        const Halt& halt = line_->halts[number];
        const Seconds way = number + 1 < halts ? line_->halts[number + 1].leg : line_->home;
        Seconds* before = rows_.data() + number * width;
        for (unsigned set = 0; set < width; ++set) before[set] = row[set] - way;
        unrested(before);
        for (unsigned set = 0; set < width; ++set) {
            const Seconds at = before[set] - halt.service;
            if (halt.spans.count == 0)
                before[set] = at;
            else
                before[set] = at < halt.spans.first->open ? -FOREVER
                                                           : halt.spans.last_begin(at, halt.spans.first->open);
        }
        unrested(before);
        row = before;
    }
    const std::vector<Departure> from = departures(earliest);
    if (line_->fixed) return earliest;
    const Seconds out = line_->loading + line_->halts.front().leg;
    Seconds last = -FOREVER;
    for (std::size_t k = 0; k < from.size(); ++k) {
        const Seconds until = k + 1 < from.size() ? from[k + 1].at - 1 : finish;
        const Seconds depart = std::min(rows_[from[k].taken] - out, until);
        if (depart >= from[k].at) last = std::max(last, depart);
    }
    return last;
}

void Clock::unrested(Seconds* row) const {
    for (unsigned set = sets(); set-- > 0;)
        for (std::size_t index = 0; index < line_->breaks.size(); ++index) {
            if (!(line_->owed >> index & 1u) || set >> index & 1u) continue;
            const Break& rest = line_->breaks[index];
            const Seconds start = std::min(row[set | 1u << index] - rest.duration, rest.latest);
            if (start >= rest.earliest) row[set] = std::max(row[set], start);
        }
}

/// Of the ways from a departure that finish by then with nothing missed, the fewest breaks, then the least cost.
Clock::Placed Clock::cheapest(Seconds depart, Seconds finish) {
    const std::size_t width = sets(), halts = line_->halts.size();
    ways_.assign(width, {});
    ways_[departures(depart).front().taken].push_back({depart + line_->loading, 0, 0, {}});
    Seconds work = line_->loading + line_->home;
    for (std::size_t number = 0; number < halts; ++number) {
        const Halt& halt = line_->halts[number];
        const Seconds* row = rows_.data() + number * width;
        work += halt.leg + halt.service;
        for (unsigned set = 0; set < width; ++set) {
            std::erase_if(ways_[set], [&](const Way& way) { return way.time + halt.leg > row[set]; });
            for (Way& way : ways_[set]) way.time += halt.leg;
        }
        spread(ways_, static_cast<int>(2 * number));
        const Seconds last = halt.spans.count ? halt.spans.last().close : finish;
        for (std::vector<Way>& held : ways_) {
            std::erase_if(held, [&](const Way& way) { return way.time > last; });
            for (Way& way : held) {
                const Seconds begin = halt.spans.begin(way.time);
                way.late += halt.late_cost(begin);
                way.time = begin + halt.service;
            }
        }
        spread(ways_, static_cast<int>(2 * number + 1));
    }
    const Seconds* row = rows_.data() + halts * width;
    Placed best;
    std::tuple<int, Seconds> least;
    bool found = false;
    for (unsigned set = 0; set < width; ++set)
        for (const Way& way : ways_[set]) {
            if (way.time + line_->home > row[set]) continue;
            Seconds waiting = finish - depart - work + way.idle, paid = finish - depart;
            for (int k = 0; k < way.placed.count; ++k) {
                const int index = way.placed.marks[static_cast<std::size_t>(k)].index;
                const Break& rest = line_->breaks[static_cast<std::size_t>(index)];
                waiting -= rest.duration;
                if (!rest.paid) paid -= rest.duration;
            }
            const std::tuple price(way.placed.count, line_->rates.price(paid, waiting) + way.late);
            if (!found || price < least || (price == least && way.placed.before(best))) {
                best = way.placed;
                least = price;
                found = true;
            }
        }
    return best;
}

void Clock::spread(std::vector<std::vector<Way>>& ways, int moment) const {
    const auto covers = [](const Way& one, const Way& other) {
        return one.time <= other.time && one.idle <= other.idle && one.late <= other.late;
    };
    for (unsigned set = 0; set < sets(); ++set) {
        if (ways[set].empty()) continue;
        for (std::size_t index = 0; index < line_->breaks.size(); ++index) {
            if (!(line_->owed >> index & 1u) || set >> index & 1u) continue;
            const Break& rest = line_->breaks[index];
            std::vector<Way>& known = ways[set | 1u << index];
            for (const Way& way : ways[set]) {
                const Seconds start = std::max(way.time, rest.earliest);
                if (start > rest.latest) continue;
                Way made{start + rest.duration, way.idle - (moment % 2 ? start - way.time : 0), way.late, way.placed};
                made.placed.add(moment, static_cast<int>(index));
                const auto no_worse = [&](const Way& other) { return covers(other, made); };
                if (std::any_of(known.begin(), known.end(), no_worse)) continue;
                std::erase_if(known, [&](const Way& other) { return covers(made, other); });
                known.push_back(made);
            }
        }
    }
}

/// What is paid and waited.
void Clock::finish(Trace& made) const {
    made.waiting = 0;
    made.paid = made.finish - made.depart;
    Seconds now = made.depart + line_->loading;
    std::size_t next = 0;
    for (std::size_t number = 0; number < line_->halts.size(); ++number) {
        const Halt& halt = line_->halts[number];
        made.waiting += made.begins[number] - now - halt.leg;
        now = made.begins[number] + halt.service;
        for (; next < made.rests.size() && made.rests[next].moment <= static_cast<int>(2 * number + 1); ++next) {
            const Rest& taken = made.rests[next];
            const Break& rest = line_->breaks[static_cast<std::size_t>(taken.index)];
            if (taken.moment % 2)
                now = taken.begin + rest.duration;
            else
                made.waiting -= rest.duration;
            if (!rest.paid) made.paid -= rest.duration;
        }
    }
}

}  // namespace homestretch::live
