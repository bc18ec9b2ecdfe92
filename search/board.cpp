#include "board.hpp"

#include <algorithm>
#include <tuple>

namespace homestretch::live {

namespace {

std::size_t at(int number) { return static_cast<std::size_t>(number); }

}  // namespace

int Board::add_stop(Stop stop) {
    stops_.push_back(std::make_unique<Stop>(std::move(stop)));
    return static_cast<int>(stops_.size()) - 1;
}

void Board::add_van(Van van) {
    vans_.push_back(std::move(van));
    routes_.emplace_back();
}

void Board::set_kind(int kind, std::vector<std::uint8_t> serves) {
    if (kind >= static_cast<int>(kinds_.size())) kinds_.resize(at(kind) + 1);
    kinds_[at(kind)] = std::move(serves);
}

bool Board::serves(int van, int number) const { return kinds_[at(stop(number).kind)][at(van)] != 0; }

std::pair<Seconds, Seconds> Board::leg(int number, int from, int to) const {
    if (from < 0 || to < 0) return {NO_WAY, NO_WAY};
    const Profile& profile = profiles_[at(van(number).profile)];
    const Seconds seconds = profile.seconds.at(from, to), meters = profile.meters.at(from, to);
    if (seconds >= NO_WAY || meters >= NO_WAY) return {NO_WAY, NO_WAY};
    return {seconds, meters};
}

const Trace& Board::drive(int number, const std::vector<int>& stops, const Begun& begun) {
    lay(number, stops, begun);
    fill_loads(stops, begun);
    return clock_.run(line_, earliest_);
}

/// The line of a route, with what is driven and the first second at which it may depart.
void Board::lay(int number, const std::vector<int>& stops, const Begun& begun) {
    const Van& shift = van(number);
    line_.halts.clear();
    line_.breaks = shift.breaks;
    line_.owed = ((1u << shift.breaks.size()) - 1) & ~(begun.is ? begun.breaks_taken : 0u);
    line_.loading = begun.is ? 0 : shift.loading;
    line_.shift_start = shift.open;
    line_.shift_end = shift.close + leave_.close;
    line_.max_duration = shift.max_duration >= FOREVER ? FOREVER : shift.max_duration + leave_.max_duration;
    line_.fixed = begun.is;
    line_.rates = shift.rates;
    earliest_ = begun.is ? begun.at : shift.open;
    meters_ = drive_ = 0;
    int place = begun.is && begun.place >= 0 ? begun.place : shift.start;
    const auto go = [&](int to, bool first) {
        auto [seconds, meters] = leg(number, place, to);
        if (first && begun.is && begun.leg >= 0) std::tie(seconds, meters) = std::tuple(begun.leg, begun.leg_meters);
        meters_ += meters;
        drive_ += seconds;
        place = to;
        return seconds;
    };
    for (const int each : stops) {
        const Stop& halt = stop(each);
        const Spans spans{halt.windows.data(), static_cast<int>(halt.windows.size())};
        const Seconds way = go(halt.place, line_.halts.empty());
        line_.halts.push_back({way, halt.service[at(shift.pace)], spans, halt.due, halt.late_per_hour});
        if (!begun.is) earliest_ = std::max(earliest_, halt.release);
    }
    line_.home = go(shift.end, line_.halts.empty());
}

void Board::fill_loads(const std::vector<int>& stops, const Begun& begun) {
    const std::size_t width = at(dimensions_);
    loads_.assign((stops.size() + 1) * width, 0);
    if (width == 0) return;
    if (begun.is && !begun.on_board.empty()) std::copy(begun.on_board.begin(), begun.on_board.end(), loads_.begin());
    for (std::size_t k = 0; k < stops.size(); ++k) {
        const Stop& each = stop(stops[k]);
        for (std::size_t d = 0; d < width; ++d) loads_[d] += each.deliver[d];
    }
    for (std::size_t k = 0; k < stops.size(); ++k) {
        const Stop& each = stop(stops[k]);
        const auto here = stops.begin() + static_cast<std::ptrdiff_t>(k);
        const bool taken = std::find(stops.begin(), here, each.partner) != here;  // else nobody sets it down here
        for (std::size_t d = 0; d < width; ++d) {
            const Seconds ride = each.partner < 0 ? 0 : each.first ? each.ride[d] : taken ? -each.ride[d] : 0;
            loads_[(k + 1) * width + d] = loads_[k * width + d] - each.deliver[d] + each.collect[d] + ride;
        }
    }
}

Seconds Board::late_cost(const Trace& trace) const {
    Seconds cost = 0;
    for (std::size_t k = 0; k < line_.halts.size(); ++k) cost += line_.halts[k].late_cost(trace.begins[k]);
    return cost;
}

/// By how much the latest break is late: on the way, or behind it.
Seconds Board::rest_late(const Trace& trace) const {
    Seconds late = 0;
    unsigned on_route = 0;
    for (const Rest& rest : trace.rests) {
        late = std::max(late, rest.begin - line_.breaks[at(rest.index)].latest);
        on_route |= 1u << rest.index;
    }
    for (int k = 0; k < static_cast<int>(line_.breaks.size()); ++k)
        if ((line_.owed & ~on_route) >> k & 1u && !line_.is_before(k, trace.depart))
            late = std::max(late, trace.finish - line_.breaks[at(k)].latest);
    return late;
}

Seconds Board::weigh(int number, const Trace& trace) const {
    if (line_.halts.empty()) return 0;
    const Van& shift = van(number);
    return shift.fixed + meters_ * shift.per_km / 1000 + meters_ * shift.per_meter +
           line_.rates.price(trace.paid, trace.waiting) + late_cost(trace);
}

void Board::set_route(int number, std::vector<int> stops, int held, const Begun& begun) {
    Route& route = routes_[at(number)];
    route.stops = std::move(stops);
    route.held = held;
    route.begun = begun;
    prepare(number, route);
}

/// The route of a van without one of its stops.
Board::Route Board::without(int number, int index) {
    const Route& whole = routes_[at(number)];
    Route rest;
    rest.stops = whole.stops;
    rest.stops.erase(rest.stops.begin() + index);
    rest.held = whole.held;
    rest.begun = whole.begun;
    prepare(number, rest);
    return rest;
}

void Board::prepare(int number, Route& route) {
    const Leave given = std::move(leave_);
    leave_ = Leave{};
    const Trace& trace = drive(number, route.stops, route.begun);
    const bool idle = route.stops.empty() && !route.begun.is;
    route.cost = weigh(number, trace);
    route.meters = idle ? 0 : meters_;
    route.drive = idle ? 0 : drive_;
    route.duration = idle ? 0 : trace.finish - trace.depart;
    route.finish = route.stops.empty() ? 0 : trace.finish;
    route.late_cost = late_cost(trace);
    route.late.clear();
    for (std::size_t k = 0; k < line_.halts.size(); ++k) {
        const Spans& spans = line_.halts[k].spans;
        route.late.push_back(spans.count ? std::max<Seconds>(0, trace.begins[k] - spans.last().close) : 0);
    }
    route.rest_late = route.stops.empty() ? 0 : rest_late(trace);
    route.unpaid = 0;
    route.work = line_.loading + drive_;
    for (const Halt& halt : line_.halts) route.work += halt.service;
    for (const Rest& rest : trace.rests) {
        const Break& taken = line_.breaks[at(rest.index)];
        route.unpaid += taken.paid ? 0 : taken.duration;
        route.work += taken.duration;
    }
    index(number, route, trace, earliest_);
    index_loads(route);
    leave_ = given;
}

Board::Segment Board::joined(const Segment& one, Seconds way, const Segment& other) {
    const Seconds behind = one.lasts - one.warp + way;
    const Seconds wait = std::max<Seconds>(other.first - behind - one.last, 0);
    const Seconds warp = std::max<Seconds>(one.first + behind - other.last, 0);
    return {one.lasts + other.lasts + way + wait, one.warp + other.warp + warp,
            std::max(other.first - behind, one.first) - wait, std::min(other.last - behind, one.last) + warp};
}

/// A service that begins at `begun` now: in that window, the last if it is late.
Board::Segment Board::within(const Spans& spans, Seconds lasts, Seconds begun) {
    if (spans.count == 0) return {lasts, 0, -FOREVER, FOREVER};
    for (int k = 0; k < spans.count; ++k)
        if (begun <= spans.first[k].close) return {lasts, 0, spans.first[k].open, spans.first[k].close};
    return {lasts, 0, spans.last().open, begun};
}

void Board::index(int number, Route& route, const Trace& trace, Seconds earliest) const {
    const Van& shift = van(number);
    const std::size_t size = route.stops.size();
    Segment start{line_.loading, 0, earliest, line_.fixed ? earliest : FOREVER};
    Segment end{0, 0, -FOREVER, std::max(shift.close, route.finish)};
    unsigned on_route = 0;
    for (const Rest& rest : trace.rests) on_route |= 1u << rest.index;
    for (int k = 0; k < static_cast<int>(line_.breaks.size()); ++k) {
        if (!((line_.owed & ~on_route) >> k & 1u) || route.stops.empty()) continue;
        if (line_.is_before(k, trace.depart))
            start.first = std::max(start.first, line_.rested_at(k));
        else
            end.last = std::min(end.last, std::max(line_.breaks[at(k)].latest, route.finish));
    }
    std::vector<Segment> own(size);
    route.before.assign(size + 1, start);
    route.after.assign(size + 1, end);
    route.from.assign(size + 1, route.begun.is && route.begun.place >= 0 ? route.begun.place : shift.start);
    route.to.assign(size + 1, shift.end);
    std::size_t next = 0;
    for (std::size_t k = 0; k < size; ++k) {
        const Halt& halt = line_.halts[k];
        const auto rested = [&](int moment, Segment made) {
            for (; next < trace.rests.size() && trace.rests[next].moment == moment; ++next) {
                const Break& taken = line_.breaks[at(trace.rests[next].index)];
                const Seconds latest = std::max(taken.latest, trace.rests[next].begin);
                made = joined(made, 0, {taken.duration, 0, taken.earliest, latest});
            }
            return made;
        };
        const Segment arrived = rested(static_cast<int>(2 * k), {0, 0, -FOREVER, FOREVER});
        const Segment served = joined(arrived, 0, within(halt.spans, halt.service, trace.begins[k]));
        own[k] = rested(static_cast<int>(2 * k + 1), served);
        route.before[k + 1] = joined(route.before[k], halt.leg, own[k]);
        route.from[k + 1] = stop(route.stops[k]).place;
        route.to[k] = stop(route.stops[k]).place;
    }
    route.ways.assign(size + 1, {0, 0});
    for (std::size_t k = 0; k <= size && (size > 0 || route.begun.is); ++k)
        route.ways[k] = leg(number, route.from[k], route.to[k]);
    for (std::size_t k = size; k-- > 0;)
        route.after[k] = joined(own[k], k + 1 < size ? line_.halts[k + 1].leg : line_.home, route.after[k + 1]);
}

void Board::index_loads(Route& route) const {
    const std::size_t width = at(dimensions_), rows = route.stops.size() + 1;
    route.most_before = route.most_after = loads_;
    for (std::size_t k = 1; k < rows; ++k)
        for (std::size_t d = 0; d < width; ++d) {
            Seconds& until = route.most_before[k * width + d];
            until = std::max(until, route.most_before[(k - 1) * width + d]);
            Seconds& since = route.most_after[(rows - 1 - k) * width + d];
            since = std::max(since, route.most_after[(rows - k) * width + d]);
        }
    route.peaks.assign(route.most_after.begin(), route.most_after.begin() + static_cast<std::ptrdiff_t>(width));
}

Trial Board::trial(int number, const std::vector<int>& stops) {
    const Route& base = routes_[at(number)];
    const Trace& trace = drive(number, stops, base.begun);
    Trial made;
    made.cost = weigh(number, trace) - base.cost;
    made.duration = trace.finish - trace.depart - base.duration;
    made.meters = meters_ - base.meters;
    examine_loads(number, base, made.misses);
    examine_times(base, stops, trace, made.misses);
    examine_limits(number, base, trace, made.misses);
    return made;
}

void Board::examine_loads(int number, const Route& base, std::vector<Miss>& misses) const {
    const std::size_t width = at(dimensions_);
    for (std::size_t d = 0; d < width; ++d) {
        const Seconds capacity = van(number).capacity[d];
        if (capacity < 0) continue;
        Seconds most = 0;
        for (std::size_t k = d; k < loads_.size(); k += width) most = std::max(most, loads_[k]);
        if (most > std::max(capacity + granted(d), base.peaks[d]))
            misses.push_back({Rule::load, static_cast<int>(d), most - capacity - granted(d)});
    }
}

void Board::examine_times(
    const Route& base, const std::vector<int>& stops, const Trace& trace, std::vector<Miss>& misses) {
    excused_.resize(std::max(excused_.size(), stops_.size()), 0);
    for (std::size_t k = 0; k < base.stops.size(); ++k) excused_[at(base.stops[k])] = base.late[k];
    const Seconds rested = stops.empty() ? 0 : rest_late(trace);
    if (rested > base.rest_late) misses.push_back({Rule::break_late, -1, rested});
    for (std::size_t k = 0; k < stops.size(); ++k) {
        const Halt& halt = line_.halts[k];
        if (halt.leg >= NO_WAY) misses.push_back({Rule::no_way, stops[k], 0});
        const Seconds early = base.begun.is ? stop(stops[k]).release - base.begun.at : 0;
        if (early > 0 && std::find(base.stops.begin(), base.stops.end(), stops[k]) == base.stops.end())
            misses.push_back({Rule::release, stops[k], early});
        const Seconds late = halt.spans.count ? trace.begins[k] - halt.spans.last().close : 0;
        if (late > excused_[at(stops[k])]) misses.push_back({Rule::late, stops[k], late});
    }
    if (line_.home >= NO_WAY && !stops.empty()) misses.push_back({Rule::no_way, stops.back(), 0});
    const Seconds overtime = trace.finish - line_.shift_end;
    if (overtime > std::max<Seconds>(0, base.finish - line_.shift_end))
        misses.push_back({Rule::shift_end, -1, overtime});
    for (const int each : base.stops) excused_[at(each)] = 0;
}

void Board::examine_limits(int number, const Route& base, const Trace& trace, std::vector<Miss>& misses) const {
    const Van& shift = van(number);
    const auto limit = [&](Rule rule, Seconds used, Seconds most, Seconds before) {
        if (most < FOREVER && used > std::max(most, base.stops.empty() ? 0 : before))
            misses.push_back({rule, -1, used - most});
    };
    limit(Rule::max_stops, static_cast<Seconds>(line_.halts.size()), shift.max_stops + leave_.max_stops,
          static_cast<Seconds>(base.stops.size()));
    limit(Rule::max_distance, meters_, shift.max_distance + leave_.max_distance, base.meters);
    limit(Rule::max_duration, trace.finish - trace.depart, line_.max_duration, base.duration);
    limit(Rule::max_drive, drive_, shift.max_drive + leave_.max_drive, base.drive);
}

}  // namespace homestretch::live
