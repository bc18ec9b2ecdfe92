// Where a visit could go: estimates of all positions, and exact trials of the promising ones.
#include <algorithm>
#include <tuple>

#include "board.hpp"

namespace homestretch::live {

namespace {

constexpr int CLEAN = 3;  // places that keep all rules, after which no more are tried

std::size_t at(int number) { return static_cast<std::size_t>(number); }

}  // namespace

/// Positions that keep the order of its pair, locked positions, and what a van under way can still do.
std::pair<int, int> Board::allowed(const Route& route, const Stop& each) const {
    int low = route.held, high = static_cast<int>(route.stops.size());
    if (route.begun.is && route.begun.leg >= 0) {
        if (route.stops.empty()) return {1, 0};
        low = std::max(low, 1);
    }
    if (each.partner >= 0) {
        const auto partner = std::find(route.stops.begin(), route.stops.end(), each.partner);
        const int found = static_cast<int>(partner - route.stops.begin());
        if (partner != route.stops.end() && each.first) high = std::min(high, found);
        if (partner != route.stops.end() && !each.first) low = std::max(low, found + 1);
    }
    if (each.position >= 0) return {std::max(low, each.position), std::min(high, each.position)};
    return {low, high};
}

/// How many limits a position would break, as seconds.
Seconds Board::crowded(int number, const Route& route, int position, const Stop& each) const {
    const Van& shift = van(number);
    Seconds missed = 0;
    const Seconds stops = static_cast<Seconds>(route.stops.size());
    if (stops + 1 > shift.max_stops + leave_.max_stops) missed += FULL;
    if (each.partner >= 0) return missed;  // its goods change what others' do: left to the trial
    const std::size_t width = at(dimensions_), row = at(position) * width;
    for (std::size_t d = 0; d < width; ++d) {
        if (shift.capacity[d] < 0) continue;
        const Seconds most = std::max(route.most_before[row + d] + each.deliver[d],
                                      route.most_after[row + d] + each.collect[d]);
        if (most > std::max(shift.capacity[d] + granted(d), route.peaks[d])) missed += FULL;
    }
    return missed;
}

Candidate Board::guess(int number, const Route& route, int position, const Stop& each, Seconds missed) const {
    const Van& shift = van(number);
    const std::size_t p = at(position);
    const auto [out, out_meters] = leg(number, route.from[p], each.place);
    const auto [back, back_meters] = leg(number, each.place, route.to[p]);
    const auto [was, was_meters] = route.ways[p];
    const Seconds service = each.service[at(shift.pace)];
    if (out >= NO_WAY || back >= NO_WAY) missed += 4 * FULL;
    const Seconds meters = route.meters + out_meters + back_meters - was_meters;
    const Seconds driven = route.drive + out + back - was;
    if (meters > std::max(shift.max_distance + leave_.max_distance, route.meters)) missed += FULL;
    if (driven > std::max(shift.max_drive + leave_.max_drive, route.drive)) missed += FULL;
    Segment best;
    for (std::size_t k = 0; k < std::max<std::size_t>(1, each.windows.size()); ++k) {
        Segment own{service, 0, -FOREVER, FOREVER};
        if (!each.windows.empty()) own = {service, 0, each.windows[k].open, each.windows[k].close};
        Segment after = route.after[p];
        if (p == route.stops.size()) after.last += leave_.close;
        const Segment made = joined(joined(route.before[p], out, own), back, after);
        if (k == 0 || std::tie(made.warp, made.lasts) < std::tie(best.warp, best.lasts)) best = made;
    }
    missed += best.warp;
    if (route.begun.is && each.release > route.begun.at) missed += FULL;
    if (!route.begun.is && each.release > best.last) missed += each.release - best.last;
    const Seconds lasts = best.lasts - best.warp;
    missed += std::max<Seconds>(0, lasts - std::max(shift.max_duration + leave_.max_duration, route.duration));
    const bool idle = route.stops.empty() && !route.begun.is;
    const Seconds work = (idle ? shift.loading : route.work) + out + back - was + service;
    const Seconds cost = shift.fixed + meters * shift.per_km / 1000 + meters * shift.per_meter + route.late_cost +
                         shift.rates.price(lasts - route.unpaid, std::max<Seconds>(0, lasts - work)) - route.cost;
    return {missed, cost, number, position};
}

void Board::rank(int number, const Route& route, int stop_number, bool every, std::vector<Candidate>& into) const {
    const Stop& each = stop(stop_number);
    const auto [low, high] = allowed(route, each);
    into.clear();
    for (int position = low; position <= high; ++position) {
        const Seconds missed = crowded(number, route, position, each);
        if (missed == 0 || every) into.push_back(guess(number, route, position, each, missed));
    }
}

std::vector<Candidate> Board::ranked(int stop_number, int only, int each, int most, bool every) {
    std::vector<Candidate> made;
    for (int number = 0; number < static_cast<int>(vans_.size()); ++number) {
        if ((only >= 0 && number != only) || !serves(number, stop_number)) continue;
        rank(number, routes_[at(number)], stop_number, every, found_);
        if (!every) std::erase_if(found_, [](const Candidate& found) { return found.missed >= FULL; });
        const auto few = std::min<std::size_t>(at(each), found_.size());
        std::partial_sort(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(few), found_.end());
        made.insert(made.end(), found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(few));
    }
    const auto few = std::min<std::size_t>(at(most), made.size());
    std::partial_sort(made.begin(), made.begin() + static_cast<std::ptrdiff_t>(few), made.end());
    made.resize(few);
    return made;
}

std::vector<std::vector<Swap>> Board::swaps(
    const std::vector<int>& stops, const std::vector<Seconds>& worth, std::size_t each) {
    std::vector<std::vector<Swap>> made(stops.size());
    for (int number = 0; number < static_cast<int>(vans_.size()); ++number) {
        const Route& whole = routes_[at(number)];
        for (int gone = whole.held; gone < static_cast<int>(whole.stops.size()); ++gone) {
            const Seconds lost = worth[at(whole.stops[at(gone)])];
            if (lost < 0) continue;
            const Route rest = without(number, gone);
            for (std::size_t k = 0; k < stops.size(); ++k) {
                if (!serves(number, stops[k])) continue;
                rank(number, rest, stops[k], false, found_);
                const auto best = std::min_element(found_.begin(), found_.end());
                if (best == found_.end() || best->missed > 0) continue;
                const Swap swap{best->cost + rest.cost - whole.cost + lost, number, gone, best->position};
                made[k].insert(std::upper_bound(made[k].begin(), made[k].end(), swap), swap);
                if (made[k].size() > each) made[k].pop_back();
            }
        }
    }
    return made;
}

std::vector<Nearest> Board::nearest(int stop_number, int each) {
    std::vector<Nearest> made;
    std::vector<int> stops;
    for (int number = 0; number < static_cast<int>(vans_.size()); ++number) {
        if (!serves(number, stop_number)) continue;
        const Route& route = routes_[at(number)];
        rank(number, route, stop_number, true, found_);
        const auto few = std::min<std::size_t>(at(each), found_.size());
        std::partial_sort(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(few), found_.end());
        Nearest best{number, found_.empty() ? -1 : -2, {}};
        for (std::size_t k = 0; k < few && found_[k].missed < 4 * FULL; ++k) {
            stops = route.stops;
            stops.insert(stops.begin() + found_[k].position, stop_number);
            Trial tried = trial(number, stops);
            if (best.position < 0 || tried.rank() < best.trial.rank()) {
                best.position = found_[k].position;
                best.trial = std::move(tried);
            }
            if (best.trial.misses.empty()) break;
        }
        made.push_back(std::move(best));
    }
    return made;
}

/// The stop at `index` of a van's route anywhere else: the best of the most promising places, its cost for the plan.
Candidate Board::elsewhere(int number, int index, int most) {
    const Route& whole = routes_[at(number)];
    const Candidate nowhere{0, 0, number, -1};
    if (index < whole.held) return nowhere;
    const int gone = whole.stops[at(index)];
    const Route rest = without(number, index);
    const Seconds saved = rest.cost - whole.cost;
    const bool leaves = trial(number, rest.stops).misses.empty();
    std::vector<Candidate> ranks;
    for (int other = 0; other < static_cast<int>(vans_.size()); ++other) {
        if (!serves(other, gone) || (other != number && !leaves)) continue;
        rank(other, other == number ? rest : routes_[at(other)], gone, false, found_);
        for (const Candidate& found : found_)
            if (found.missed < FULL && (other != number || found.position != index)) ranks.push_back(found);
    }
    const auto few = std::min<std::size_t>(at(most), ranks.size());
    std::partial_sort(ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(few), ranks.end());
    Candidate best = nowhere;
    int clean = 0;
    std::vector<int> stops;
    for (std::size_t k = 0; k < few && clean < CLEAN; ++k) {
        stops = ranks[k].van == number ? rest.stops : routes_[at(ranks[k].van)].stops;
        stops.insert(stops.begin() + ranks[k].position, gone);
        const Trial tried = trial(ranks[k].van, stops);
        if (!tried.misses.empty()) continue;
        ++clean;
        const Seconds cost = tried.cost + (ranks[k].van == number ? 0 : saved);
        if (best.position < 0 || std::tie(cost, ranks[k].van, ranks[k].position) <
                                     std::tie(best.cost, best.van, best.position))
            best = {0, cost, ranks[k].van, ranks[k].position};
    }
    return best;
}

}  // namespace homestretch::live
