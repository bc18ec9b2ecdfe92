#include "piece.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace homestretch {

namespace {

constexpr int ELSEWHERE = -2;  // a home that is not in the piece
constexpr double LEAN = 0.9;  // below 1, so that what lies beyond the second visit is in the order of its distance
constexpr int DRAWS = 3;  // the farthest of so many: between two that are close the order of the others says little

Square picked(const Square& from, const std::vector<int>& nodes) {
    const int size = static_cast<int>(nodes.size());
    Square made(size);
    for (int i = 0; i < size; ++i) {
        const std::int32_t* row = from.row(nodes[i]);
        for (int j = 0; j < size; ++j) made.row(i)[j] = row[nodes[j]];
    }
    return made;
}

/// The profile's squares over the nodes, made from coordinates where it has those.
void add_profile(Problem& piece, const Problem& whole, int profile, const std::vector<int>& nodes) {
    piece.coordinates.emplace_back();
    piece.slots.emplace_back();
    if (whole.slotted(profile)) {
        piece.slots.back() = whole.slots[profile];
        for (auto* squares : {&piece.slots.back().time, &piece.slots.back().distance})
            for (Square& square : *squares) square = picked(square, nodes);
    }
    if (!whole.has_coordinates(profile)) {
        piece.distance.push_back(picked(whole.distance[profile], nodes));
        piece.time.push_back(whole.one_matrix(profile) ? Square() : picked(whole.time[profile], nodes));
        return;
    }
    const Coordinates& at = whole.coordinates[profile];
    const int size = static_cast<int>(nodes.size());
    piece.distance.emplace_back(size);
    piece.time.push_back(at.same() ? Square() : Square(size));
    for (int i = 0; i < size; ++i)
        for (int j = 0; j < size; ++j) {
            piece.distance.back().row(i)[j] = at.meters(nodes[i], nodes[j]);
            if (!at.same()) piece.time.back().row(i)[j] = at.seconds(nodes[i], nodes[j]);
        }
}

/// The number that `from` has in `kept`, which grows by it where it is new.
int renumbered(std::vector<int>& kept, int from) {
    const auto at = std::find(kept.begin(), kept.end(), from);
    if (at == kept.end()) return kept.push_back(from), static_cast<int>(kept.size()) - 1;
    return static_cast<int>(at - kept.begin());
}

template <class T>
std::vector<T> picked(const std::vector<T>& from, const std::vector<int>& places) {
    std::vector<T> made;
    made.reserve(places.size());
    for (const int place : places) made.push_back(from[place]);
    return made;
}

/// What visits and types are called in the piece, -1 for those left behind.
struct Numbers {
    std::vector<int> visit, type;

    /// Throws where that one was left behind.
    int of(int v) const {
        if (v >= 0 && visit[v] < 0) throw std::invalid_argument("what belongs together is torn apart");
        return v < 0 ? v : visit[v];
    }
    std::vector<int> of(std::vector<int> visits) const {
        for (int& v : visits) v = of(v);
        return visits;
    }
};

Numbers numbers_of(const Problem& whole, const std::vector<int>& visits, const std::vector<int>& vehicles) {
    Numbers made{std::vector<int>(whole.visits, -1), std::vector<int>(whole.type.size(), -1)};
    for (std::size_t i = 0; i < visits.size(); ++i) made.visit[visits[i]] = static_cast<int>(i);
    int kept = 0;
    for (std::size_t t = 0; t < vehicles.size(); ++t)
        if (vehicles[t] > 0) made.type[t] = kept++;
    return made;
}

/// A visit as it is, with the numbers of the piece for others that it names.
Visit named(Visit visit, const Numbers& numbers) {
    visit.partner = numbers.of(visit.partner);
    visit.leader = numbers.of(visit.leader);
    visit.block = numbers.of(std::move(visit.block));
    if (visit.home >= 0) visit.home = numbers.type[visit.home] >= 0 ? numbers.type[visit.home] : ELSEWHERE;
    return visit;
}

/// Relations of visits of the piece; one that has others too is torn apart.
std::vector<Relation> relations_of(const Problem& whole, const Numbers& numbers) {
    std::vector<Relation> made;
    for (const Relation& relation : whole.relations) {
        const auto is_here = [&](int v) { return numbers.visit[v] >= 0; };
        if (std::none_of(relation.visits.begin(), relation.visits.end(), is_here)) continue;
        made.push_back(relation);
        made.back().visits = numbers.of(std::move(made.back().visits));
    }
    return made;
}

}  // namespace

Problem piece_of(const Problem& whole, const std::vector<int>& visits, const std::vector<int>& vehicles) {
    const auto& [all, nodes, dimensions, vehicles_first, moved, changed, drifted, split_zone, balance, alike,
                 alike_dimension, zones, relations, incompatible, visit, type, distance, time, slots,
                 coordinates] = whole;
    Problem piece{static_cast<int>(visits.size()), 0, dimensions, vehicles_first, moved, changed, drifted, split_zone,
                  balance, alike, alike_dimension, zones, {}, incompatible, {}, {}, {}, {}, {}, {}};
    const Numbers numbers = numbers_of(whole, visits, vehicles);
    piece.relations = relations_of(whole, numbers);
    std::vector<int> groups, depots, profiles;
    for (const int v : visits) {
        piece.visit.push_back(named(visit[v], numbers));
        if (visit[v].group >= 0) piece.visit.back().group = renumbered(groups, visit[v].group);
    }
    for (std::size_t t = 0; t < vehicles.size(); ++t) {
        if (vehicles[t] == 0) continue;
        VehicleType made = type[t];
        made.vehicles = vehicles[t];
        made.profile = renumbered(profiles, made.profile);
        for (int* place : {&made.start, &made.end, &made.reload})
            if (*place >= 0) *place = piece.visits + renumbered(depots, *place);
        made.service = picked(made.service, visits);
        made.serves = picked(made.serves, visits);
        piece.type.push_back(std::move(made));
    }
    std::vector<int> places = visits;
    places.insert(places.end(), depots.begin(), depots.end());
    piece.nodes = static_cast<int>(places.size());
    for (const int profile : profiles) add_profile(piece, whole, profile, places);
    return piece;
}

std::vector<int> divided(const Problem& whole, const std::vector<std::vector<int>>& items, int pieces, Random random) {
    struct Share {
        std::vector<int> items;
        int first, count;  ///< numbers of the pieces that these become
    };
    const int profile = whole.type.front().profile;
    std::vector<int> piece(items.size(), 0);
    std::vector<double> along(items.size());
    std::vector<Share> open;
    std::vector<int> all;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (!items[i].empty()) all.push_back(static_cast<int>(i));
    open.push_back({std::move(all), 0, std::max(1, pieces)});
    while (!open.empty()) {
        Share share = std::move(open.back());
        open.pop_back();
        if (share.count == 1 || share.items.size() < 2) {
            for (const int i : share.items) piece[i] = share.first;
            continue;
        }
        const auto drawn = [&] {
            const std::vector<int>& item = items[share.items[random.below(static_cast<int>(share.items.size()))]];
            return item[random.below(static_cast<int>(item.size()))];
        };
        const int a = drawn();
        int b = drawn();
        for (int k = 1; k < DRAWS; ++k) {
            const int other = drawn();
            if (whole.meters(profile, a, other) > whole.meters(profile, a, b)) b = other;
        }
        long total = 0;
        for (const int i : share.items) {
            double sum = 0;
            for (const int v : items[i]) sum += whole.meters(profile, v, a) - LEAN * whole.meters(profile, v, b);
            along[i] = sum / static_cast<double>(items[i].size());
            total += static_cast<long>(items[i].size());
        }
        std::stable_sort(share.items.begin(), share.items.end(), [&](int i, int j) { return along[i] < along[j]; });
        const int left = share.count / 2;
        const double wanted = static_cast<double>(total) * left / share.count;
        std::size_t cut = 0;
        long held = 0;
        while (cut + 1 < share.items.size()) {
            const auto size = static_cast<long>(items[share.items[cut]].size());
            if (cut > 0 && static_cast<double>(held) + static_cast<double>(size) / 2 > wanted) break;
            held += size;
            ++cut;
        }
        std::vector<int> others(share.items.begin() + static_cast<long>(cut), share.items.end());
        share.items.resize(cut);
        open.push_back({std::move(others), share.first + left, share.count - left});
        open.push_back({std::move(share.items), share.first, left});
    }
    return piece;
}

}  // namespace homestretch
