#include "rich_routes.hpp"

#include <algorithm>

namespace homestretch {

namespace {

constexpr std::size_t FEW = 6;     // options next to candidates that are tried in full
constexpr std::size_t MANY = 256;  // options anywhere, before a visit is said to have no place

bool keeps(const Problem& problem) { return problem.moved != 0 || problem.changed != 0 || problem.drifted != 0; }

/// Whether routes cost what `estimate` does not see.
bool weighs_more(const Problem& problem) {
    const auto late = [](const Visit& visit) { return visit.late > 0; };
    const auto dear = [](const VehicleType& type) { return type.overtime > 0 || type.waiting > 0; };
    const auto slotted = [](const Slots& slots) { return !slots.empty(); };
    return std::any_of(problem.slots.begin(), problem.slots.end(), slotted) ||
           std::any_of(problem.visit.begin(), problem.visit.end(), late) ||
           std::any_of(problem.type.begin(), problem.type.end(), dear);
}

}  // namespace

RichRoutes::RichRoutes(const Problem& problem)
    : problem_(problem),
      clock_(problem),
      route_of_(problem.visits, -1),
      position_(problem.visits, -1),
      before_(problem.visits, -1),
      empty_(problem.type.size()),
      stable_(keeps(problem)),
      between_(problem.split_zone != 0 || problem.balance != 0),
      precise_(stable_ || between_ || weighs_more(problem)) {
    prepare();
    for (int t = 0; t < static_cast<int>(problem.type.size()); ++t) {
        Route route;
        route.type = t;
        evaluate(route);
        for (int k = 0; k < problem.type[t].vehicles; ++k) {
            empty_[t].push_back(static_cast<int>(routes_.size()));
            routes_.push_back(route);
        }
    }
    for (auto& list : empty_) std::reverse(list.begin(), list.end());
    spots_.resize(problem.visits + routes_.size());
    for (std::size_t profile = 0; profile < problem.distance.size(); ++profile) {
        const Square &distance = problem.distance[profile], &time = problem.time[profile];
        distance_back_.push_back(distance.symmetric() ? Square() : distance.transposed());
        time_back_.push_back(time.empty() || time.symmetric() ? Square() : time.transposed());
    }
    for (const VehicleType& type : problem.type) kinds_.push_back(kind_of(type));
    for (int r = 0; r < static_cast<int>(routes_.size()); ++r)
        spots_[problem.visits + r].type = static_cast<std::int16_t>(routes_[r].type);
    for (int r = 0; r < static_cast<int>(routes_.size()); ++r)
        if (kinds_[routes_[r].type].quick) note_spots(r);
    stamp_.assign(routes_.size(), 0);
    tried_.assign(routes_.size(), 0);
    zone_uses_.assign(problem.split_zone != 0 ? routes_.size() * problem.zones : 0, 0);
    zone_served_.assign(problem.zones, 0);
    keys_.resize(problem.visits);
    for (int v = 0; v < problem.visits; ++v) {
        const Visit& visit = problem.visit[v];
        long long load = 0;
        for (int d = 0; d < problem.dimensions; ++d)
            load += visit.deliver[d] + visit.collect[d] + (visit.ride.empty() ? 0 : visit.ride[d]);
        const bool bound = !visit.windows.empty();
        keys_.load[v] = static_cast<int>(std::min<long long>(load, NEVER));
        keys_.far[v] = problem.type.empty() ? 0 : problem.distance[0](problem.type[0].start, v);
        keys_.narrow[v] = bound ? visit.windows.front().open - visit.windows.back().close : -NEVER;
        keys_.early[v] = bound ? -visit.windows.front().open : 0;
        keys_.late[v] = bound ? visit.windows.back().close : NEVER;
    }
}

int RichRoutes::next(int u) const {
    const bool visit = is_visit(u);
    const int r = visit ? route_of_[u] : (u - problem_.visits) / 2;
    const auto at = static_cast<std::size_t>(visit ? position_[u] + 1 : 0);
    const std::vector<int>& visits = routes_[r].tour.visits;
    return at < visits.size() ? visits[at] : end_of(r);
}

int RichRoutes::prev(int u) const {
    const bool visit = is_visit(u);
    const int r = visit ? route_of_[u] : (u - problem_.visits) / 2;
    const int at = (visit ? position_[u] : size(r)) - 1;
    return at >= 0 ? routes_[r].tour.visits[at] : start_of(r);
}

void RichRoutes::begin() {
    ++epoch_;
    log_size_ = 0;
    cost_before_ = cost_;
}

void RichRoutes::keep(int route) {
    if (stamp_[route] == epoch_) return;
    stamp_[route] = epoch_;
    if (log_size_ == log_.size()) {
        log_.emplace_back();
        logged_.push_back(0);
    }
    logged_[log_size_] = route;
    std::swap(log_[log_size_++], routes_[route]);
}

/// Where the visits of a route are, once it has changed.
void RichRoutes::settle_in(int r) {
    const std::vector<int>& visits = routes_[r].tour.visits;
    int before = problem_.visits + r;
    for (int k = 0; k < static_cast<int>(visits.size()); ++k) {
        const int v = visits[k];
        route_of_[v] = r;
        position_[v] = k;
        before_[v] = before;
        spots_[v].type = static_cast<std::int16_t>(routes_[r].type);
        before = v;
    }
    if (problem_.split_zone != 0) count_zones(r, 1);
    if (kinds_[routes_[r].type].quick) note_spots(r);
}

/// The trial takes the place of the route.
void RichRoutes::replace(int r) {
    const bool was = !routes_[r].tour.visits.empty(), is = !trial_.tour.visits.empty();
    cost_ += trial_.cost - routes_[r].cost;
    for (const int v : routes_[r].tour.visits) route_of_[v] = -1;
    if (problem_.split_zone != 0) count_zones(r, -1);
    keep(r);
    std::swap(routes_[r], trial_);
    settle_in(r);
    auto& empty = empty_[routes_[r].type];
    if (was && !is) empty.push_back(r), --used_;
    if (!was && is) empty.erase(std::find(empty.begin(), empty.end(), r)), ++used_;
}

void RichRoutes::revert() {
    for (std::size_t k = 0; k < log_size_; ++k) {
        for (const int v : routes_[logged_[k]].tour.visits) route_of_[v] = -1;
        if (problem_.split_zone != 0) count_zones(logged_[k], -1);
    }
    for (std::size_t k = 0; k < log_size_; ++k) {
        const int r = logged_[k];
        const bool was = !routes_[r].tour.visits.empty(), is = !log_[k].tour.visits.empty();
        std::swap(routes_[r], log_[k]);
        settle_in(r);
        auto& empty = empty_[routes_[r].type];
        if (was && !is) empty.push_back(r), --used_;
        if (!was && is) empty.erase(std::find(empty.begin(), empty.end(), r)), ++used_;
    }
    cost_ = cost_before_;
}

int RichRoutes::node_at(const Route& route, int position) const {
    const VehicleType& type = problem_.type[route.type];
    if (position < 0) return type.start;
    return position < static_cast<int>(route.tour.visits.size()) ? route.tour.visits[position] : type.end;
}

/// Whether a route is in use, or the first of those that are not and are like it.
bool RichRoutes::is_first(int route) const {
    return !routes_[route].tour.visits.empty() || empty_[routes_[route].type].back() == route;
}

/// Makes the trial of an option; whether it keeps all rules.
bool RichRoutes::apply(const Option& option) {
    const Route& route = routes_[option.route];
    const Unit& unit = units_[option.unit];
    const auto [at, before, after] = option.place;
    const int more = static_cast<int>(unit.first.size()), behind = static_cast<int>(unit.second.size());
    trial_.type = route.type;
    std::vector<int>& visits = trial_.tour.visits;
    visits = route.tour.visits;
    visits.insert(visits.begin() + at, unit.first.begin(), unit.first.end());
    if (option.partner_at >= 0)
        visits.insert(visits.begin() + option.partner_at, unit.second.begin(), unit.second.end());
    std::vector<int>& cuts = trial_.tour.cuts;
    cuts.clear();
    for (const int cut : route.tour.cuts)
        if (cut < at) cuts.push_back(cut);
    if (before) cuts.push_back(at);
    if (after) cuts.push_back(at + more + (option.partner_at == at + more ? behind : 0));
    for (const int cut : route.tour.cuts)
        if (cut > at) cuts.push_back(cut + more + (behind > 0 && cut + more >= option.partner_at ? behind : 0));
    return evaluate(trial_);
}

Cost RichRoutes::take_best(Cost limit) {
    const Option* best = nullptr;
    std::size_t tried = 0;
    for (const Option& option : options_) {
        if (best != nullptr && ++tried == FEW) break;
        if (!apply(option)) continue;
        Cost added = trial_.cost - routes_[option.route].cost;
        if (between_) added += apart(option.route) - apart(-1);
        if (added >= limit) continue;
        limit = added;
        best = &option;
        if (!precise_) break;
    }
    if (best == nullptr) return NOWHERE;
    if (precise_) apply(*best);
    replace(best->route);
    return limit;
}

Cost RichRoutes::put(int v, const Candidates& near, Cost limit, Random& random, std::uint32_t chance, bool compete) {
    options_.clear();
    most_ = FEW;
    for (const int lead : alternatives_[v]) {
        const Unit& unit = units_[lead];
        const Span span = span_of(unit);
        if (span.none) continue;
        if (span.route >= 0 || unit.position >= 0) {
            for (int r = 0; r < routes(); ++r)
                if (span.route < 0 ? is_first(r) : r == span.route) consider_all(r, lead, span, limit);
            continue;
        }
        blinker_ = &random;
        blink_ = chance;
        consider_near(lead, near, limit);
        blinker_ = nullptr;
        if (compete) consider_empty(lead, span, limit);
    }
    Cost added = take_best(limit);
    if (added != NOWHERE) return added;
    options_.clear();
    most_ = MANY;
    for (const int lead : alternatives_[v]) {
        const Span span = span_of(units_[lead]);
        if (span.none) continue;
        for (int r = 0; r < routes(); ++r)
            if (!routes_[r].tour.visits.empty() && (span.route < 0 || r == span.route))
                consider_all(r, lead, span, limit);
    }
    added = take_best(limit);
    if (added != NOWHERE) return added;
    options_.clear();
    for (const int lead : alternatives_[v]) consider_empty(lead, span_of(units_[lead]), limit);
    return take_best(limit);
}

bool RichRoutes::load(int route, const std::vector<int>& stops) {
    trial_.type = routes_[route].type;
    trial_.tour.visits.clear();
    trial_.tour.cuts.clear();
    const bool reloads = problem_.type[trial_.type].reload >= 0;
    for (const int stop : stops) {
        const int at = static_cast<int>(trial_.tour.visits.size());
        if (stop != RELOAD) trial_.tour.visits.push_back(stop);
        else if (reloads && at > 0) trial_.tour.cuts.push_back(at);
    }
    if (!fits_in(route, trial_.tour) || !evaluate(trial_)) return false;
    replace(route);
    return true;
}

bool RichRoutes::transplant(int route, Random& random) {
    const int types = static_cast<int>(empty_.size()), first = random.below(types);
    const Tour tour = routes_[route].tour;
    for (int k = 0; k < types; ++k) {
        const int type = (first + k) % types;
        if (type == routes_[route].type || empty_[type].empty()) continue;
        if (!tour.cuts.empty() && problem_.type[type].reload < 0) continue;
        trial_.type = type;
        trial_.tour = tour;
        if (!evaluate(trial_)) continue;
        std::swap(trial_, other_);
        trial_.type = routes_[route].type;
        trial_.tour = {};
        evaluate(trial_);
        replace(route);
        std::swap(trial_, other_);
        replace(empty_[type].back());
        return true;
    }
    return false;
}

void RichRoutes::copy(int route, std::vector<int>& into) const {
    const Tour& tour = routes_[route].tour;
    into = tour.visits;
    for (std::size_t k = tour.cuts.size(); k-- > 0;) into.insert(into.begin() + tour.cuts[k], RELOAD);
}

std::vector<int> RichRoutes::absent() const {
    std::vector<int> made;
    for (int v = 0; v < visits(); ++v)
        if (!alternatives_[v].empty() && std::all_of(alternatives_[v].begin(), alternatives_[v].end(),
                                                     [&](int lead) { return route_of_[lead] < 0; }))
            made.push_back(v);
    return made;
}

void RichRoutes::remove(int left, int right, int lead, int keep, std::vector<int>& absent) {
    const int r = is_visit(left) ? route_of_[left] : (left - problem_.visits) / 2;
    const Route& route = routes_[r];
    const std::vector<int>& visits = route.tour.visits;
    const int first = is_visit(left) ? position_[left] + 1 : 0, m = static_cast<int>(visits.size());
    const int last = is_visit(right) ? position_[right] : m;
    goes_.assign(m, 0);
    const bool bound = ++turn_ % 2 == 0;  // every other time all that must be on one route goes together
    for (int k = 0; k < m; ++k) {
        const int v = visits[k];
        // What is locked to a position goes along with anything before it.
        const bool chosen = (k >= first && k < last && !(k - first >= lead && k - first < lead + keep)) ||
                            (units_[lead_[v]].position >= 0 && k > first);
        if (!chosen) continue;
        const Unit& unit = units_[lead_[v]];
        for (const auto* chain : {&unit.first, &unit.second})
            for (const int u : *chain) goes_[position_[u]] = 1;
        if (bound)
            for (const int relation : unit.relations)
                for (const int u : problem_.relations[relation].visits)
                    if (route_of_[u] == r) {
                        const Unit& other = units_[lead_[u]];
                        for (const auto* chain : {&other.first, &other.second})
                            for (const int w : *chain) goes_[position_[w]] = 1;
                    }
    }
    trial_.type = route.type;
    trial_.tour.visits.clear();
    trial_.tour.cuts.clear();
    const std::size_t known = absent.size();
    auto cut = route.tour.cuts.begin();
    for (int k = 0; k < m; ++k) {
        const int v = visits[k], kept = static_cast<int>(trial_.tour.visits.size());
        if (cut != route.tour.cuts.end() && *cut == k) {
            ++cut;
            std::vector<int>& cuts = trial_.tour.cuts;
            if (kept > 0 && (cuts.empty() || cuts.back() < kept)) cuts.push_back(kept);
        }
        if (!goes_[k]) trial_.tour.visits.push_back(v);
        else if (lead_[v] == v) absent.push_back(entry_[v]);
    }
    while (!trial_.tour.cuts.empty() && trial_.tour.cuts.back() == static_cast<int>(trial_.tour.visits.size()))
        trial_.tour.cuts.pop_back();
    if (static_cast<int>(trial_.tour.visits.size()) == m || !evaluate(trial_)) {
        absent.resize(known);
        return;
    }
    if (!trial_.tour.cuts.empty()) without_cuts();
    replace(r);
}

/// Drops reloads of the trial that it does without, and cheaper.
void RichRoutes::without_cuts() {
    for (std::size_t k = trial_.tour.cuts.size(); k-- > 0;) {
        other_.type = trial_.type;
        other_.tour = trial_.tour;
        other_.tour.cuts.erase(other_.tour.cuts.begin() + static_cast<std::ptrdiff_t>(k));
        if (!evaluate(other_) || other_.cost > trial_.cost) continue;
        std::swap(trial_, other_);
    }
}

void RichRoutes::clear(int route, std::vector<int>& absent) { remove(start_of(route), end_of(route), 0, 0, absent); }

}  // namespace homestretch
