// What holds between visits, and between routes: chains, groups, relations, and what routes cost together.
#include <algorithm>

#include "rich_routes.hpp"

namespace homestretch {

/// Makes units of pairs and chains, and names what stands for what.
void RichRoutes::prepare() {
    const int n = problem_.visits, d = problem_.dimensions;
    units_.resize(n);
    lead_.resize(n);
    entry_.resize(n);
    alternatives_.resize(n);
    relations_of_.resize(n);
    seen_.assign(n, 0);
    against_.assign(64, 0);
    for (const auto& [one, other] : problem_.incompatible) {
        against_[one] |= std::uint64_t{1} << other;
        against_[other] |= std::uint64_t{1} << one;
    }
    for (int k = 0; k < static_cast<int>(problem_.relations.size()); ++k)
        for (const int v : problem_.relations[k].visits) relations_of_[v].push_back(k);
    const auto chain = [&](int v) {
        std::vector<int> made{v};
        made.insert(made.end(), problem_.visit[v].block.begin(), problem_.visit[v].block.end());
        return made;
    };
    chained_ = std::any_of(problem_.visit.begin(), problem_.visit.end(), [](const Visit& v) { return v.leader >= 0; });
    const auto head = [&](int v) { return problem_.visit[v].leader < 0 ? v : problem_.visit[v].leader; };
    for (int v = 0; v < n; ++v) lead_[v] = head(v);
    for (int v = 0; v < n; ++v) {
        const Visit& visit = problem_.visit[v];
        if (visit.partner >= 0 && !visit.first && head(visit.partner) != head(v)) lead_[head(v)] = head(visit.partner);
    }
    for (int v = 0; v < n; ++v)
        if (problem_.visit[v].leader >= 0) lead_[v] = lead_[problem_.visit[v].leader];
    for (int v = 0; v < n; ++v) {
        if (problem_.visit[v].leader >= 0) continue;
        Unit& unit = units_[lead_[v]];
        (lead_[v] == v ? unit.first : unit.second) = chain(v);
    }
    std::vector<int> shown(n, -1);  // by group: the visit that bears its price
    for (int v = 0; v < n; ++v) {
        const int group = problem_.visit[v].group;
        if (group >= 0 && (shown[group] < 0 || problem_.visit[v].prize > problem_.visit[shown[group]].prize))
            shown[group] = v;
    }
    for (int v = 0; v < n; ++v) entry_[v] = problem_.visit[v].group < 0 ? lead_[v] : shown[problem_.visit[v].group];
    for (int v = 0; v < n; ++v)
        if (lead_[v] == v) alternatives_[entry_[v]].push_back(v);
    for (int lead = 0; lead < n; ++lead) {
        Unit& unit = units_[lead];
        unit.deliver.assign(d, 0);
        unit.collect.assign(d, 0);
        unit.ride.assign(d, 0);
        int offset = 0;
        for (const auto* part : {&unit.first, &unit.second})
            for (const int v : *part) {
                const Visit& visit = problem_.visit[v];
                for (int k = 0; k < d; ++k) unit.deliver[k] += visit.deliver[k], unit.collect[k] += visit.collect[k];
                const auto& second = unit.second;
                if (visit.first && std::find(second.begin(), second.end(), visit.partner) != second.end())
                    for (int k = 0; k < d; ++k) unit.ride[k] += visit.ride[k];
                unit.release = std::max(unit.release, visit.release);
                if (visit.position >= 0 && unit.position < 0) unit.position = std::max(0, visit.position - offset);
                unit.relations.insert(unit.relations.end(), relations_of_[v].begin(), relations_of_[v].end());
                ++offset;
            }
        const auto any = [](const std::vector<int>& loads) {
            return std::any_of(loads.begin(), loads.end(), [](int load) { return load > 0; });
        };
        if (!unit.plain()) continue;
        unit.delivers = any(unit.deliver);
        unit.only_collects = any(unit.collect) && !unit.delivers;
        std::uint64_t against = 0;
        for (int kind = 0; kind < 64; ++kind)
            if (problem_.visit[lead].goods >> kind & 1) against |= against_[kind];
        if (unit.delivers) unit.given = against;
        if (any(unit.collect)) unit.taken = against;
    }
}

/// Where relations let a unit be, as things are.
RichRoutes::Span RichRoutes::span_of(const Unit& unit) const {
    Span span;
    for (const int number : unit.relations) {
        const Relation& relation = problem_.relations[number];
        int least = 0, most = std::numeric_limits<int>::max();
        bool behind = false;  // whether the unit's own visit has been passed
        for (const int u : relation.visits) {
            behind = behind || lead_[u] == lead_[unit.first.front()];
            const int r = route_of_[u];
            if (r < 0) continue;
            if (span.route >= 0 && span.route != r) span.none = true;
            span.route = r;
            if (!relation.in_order) continue;
            if (!behind) least = std::max(least, position_[u] + 1);
            else most = std::min(most, position_[u]);
        }
        if (unit.plain()) span.least = std::max(span.least, least), span.most = std::min(span.most, most);
    }
    return span;
}

/// Whether what holds across routes lets a route be driven as well.
bool RichRoutes::fits_in(int route, const Tour& tour) const {
    std::vector<char> grouped(problem_.visits, 0);
    for (const int v : tour.visits) {
        const Visit& visit = problem_.visit[v];
        if (visit.group >= 0) {
            if (grouped[entry_[v]]) return false;
            grouped[entry_[v]] = 1;
            for (const int lead : alternatives_[entry_[v]])
                if (route_of_[lead] >= 0) return false;
        }
        for (const int number : relations_of_[v])
            for (const int u : problem_.relations[number].visits)
                if (route_of_[u] >= 0 && route_of_[u] != route) return false;
    }
    return true;
}

void RichRoutes::count_zones(int route, int sign) {
    for (const int v : routes_[route].tour.visits) {
        const int zone = problem_.visit[v].zone;
        if (zone < 0) continue;
        int& uses = zone_uses_[static_cast<std::size_t>(route) * problem_.zones + zone];
        if (sign > 0 && uses++ == 0) ++zone_served_[zone];
        if (sign < 0 && --uses == 0) --zone_served_[zone];
    }
}

/// What routes cost together, with the trial in the place of `route` (-1 = as they are).
Cost RichRoutes::apart(int route) const {
    Cost cost = 0;
    if (problem_.split_zone != 0) {
        for (int zone = 0; zone < problem_.zones; ++zone) {
            int serving = zone_served_[zone];
            if (route >= 0) {
                const auto in_zone = [&](int v) { return problem_.visit[v].zone == zone; };
                serving -= zone_uses_[static_cast<std::size_t>(route) * problem_.zones + zone] > 0;
                serving += std::any_of(trial_.tour.visits.begin(), trial_.tour.visits.end(), in_zone);
            }
            cost += problem_.split_zone * std::max(0, serving - 1);
        }
    }
    if (problem_.balance == 0) return cost;
    int least = std::numeric_limits<int>::max(), most = -1;
    for (int r = 0; r < routes(); ++r) {
        const Route& each = r == route ? trial_ : routes_[r];
        if (each.tour.visits.empty()) continue;
        const Times& times = each.times;
        const int size = problem_.alike == Alike::MINUTES ? (times.finish - times.depart - times.unpaid) / 60
                         : problem_.alike == Alike::STOPS ? static_cast<int>(each.tour.visits.size())
                                                          : each.load;
        least = std::min(least, size);
        most = std::max(most, size);
    }
    return most < 0 ? cost : cost + problem_.balance * (most - least);
}

}  // namespace homestretch
