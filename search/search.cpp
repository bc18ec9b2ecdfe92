#include "search.hpp"

#include <algorithm>

#include "annealing.hpp"
#include "plain.hpp"
#include "plain_routes.hpp"
#include "rich_routes.hpp"

namespace homestretch {

namespace {

Legs legs_of(const Plain& plain) {
    Legs legs;
    legs.visits = plain.visits;
    legs.cost = &plain.cost;
    legs.time = plain.same() ? &plain.cost : &plain.time;
    for (int v = 0; v < plain.visits; ++v) {
        legs.open.push_back(plain.visit[v].open);
        legs.close.push_back(plain.visit[v].close);
        legs.service.push_back(plain.visit[v].service);
    }
    return legs;
}

/// Legs as the first vehicle type drives them; money and time together where both cost.
Legs legs_of(const Problem& problem, Square& cost) {
    const VehicleType& type = problem.type[0];
    const Square &distance = problem.distance[type.profile], &time = problem.times(type.profile);
    cost = Square(problem.nodes);
    Cost largest = 1;
    const auto leg = [&](int i, int j) {
        return time(i, j) >= NEVER ? Cost{-1} : type.per_meter * distance(i, j) + type.per_second * time(i, j);
    };
    for (int i = 0; i < problem.nodes; ++i)
        for (int j = 0; j < problem.nodes; ++j) largest = std::max(largest, leg(i, j));
    const Cost shrink = 1 + largest / NEVER;
    for (int i = 0; i < problem.nodes; ++i)
        for (int j = 0; j < problem.nodes; ++j) {
            const Cost at = leg(i, j);
            cost.row(i)[j] = at < 0 ? NEVER : static_cast<std::int32_t>(at / shrink);
        }
    Legs legs;
    legs.visits = problem.visits;
    legs.scale = static_cast<double>(shrink);
    legs.cost = &cost;
    legs.time = &time;
    for (int v = 0; v < problem.visits; ++v) {
        const Visit& visit = problem.visit[v];
        legs.open.push_back(visit.windows.empty() ? type.open : visit.windows.front().open);
        legs.close.push_back(visit.windows.empty() ? NEVER : visit.windows.back().close);
        legs.service.push_back(type.service[v]);
    }
    return legs;
}

using Start = std::vector<std::pair<int, std::vector<int>>>;

template <class Routes>
class Over : public Search {
public:
    void cool(long steps, double from, double to) override { annealing_->cool(steps, from, to); }
    bool fewer(long steps) override { return annealing_->fewer(steps); }
    void settle() override { annealing_->settle(); }
    void restore() override { annealing_->restore(); }
    Cost best_cost() const override { return annealing_->best().cost; }
    int best_used() const override { return annealing_->best().used; }

protected:
    std::unique_ptr<Routes> routes_;
    std::unique_ptr<Annealing<Routes>> annealing_;
};

template <bool Same>
class OverPlain : public Over<PlainRoutes<Same>> {
public:
    OverPlain(Plain plain, const Tuning& tuning, std::uint64_t seed, bool vehicles_first) : plain_(std::move(plain)) {
        this->routes_ = std::make_unique<PlainRoutes<Same>>(plain_);
        this->annealing_ = std::make_unique<Annealing<PlainRoutes<Same>>>(*this->routes_, legs_of(plain_), tuning,
                                                                          Random(seed), vehicles_first);
    }

    void begin(const Start& start) override {
        std::vector<int> number(plain_.visits), absent;
        for (int i = 0; i < plain_.visits; ++i) number[plain_.name[i]] = i;
        int r = 0;
        for (const auto& [type, visits] : start) {
            if (r == plain_.vehicles) break;
            std::vector<int> own;
            for (const int v : visits) own.push_back(number[v]);
            if (this->routes_->load(r, own)) ++r;
        }
        for (int i = 0; i < plain_.visits; ++i)
            if (this->routes_->route_of(i) < 0) absent.push_back(i);
        this->annealing_->begin(std::move(absent));
    }

    Answer best() const override {
        const Snapshot& best = this->annealing_->best();
        Answer made{{}, best.cost, best.missing};
        for (const auto& visits : best.routes) {
            if (visits.empty()) continue;
            made.routes.emplace_back(0, std::vector<int>{});
            for (const int i : visits) made.routes.back().second.push_back(plain_.name[i]);
        }
        return made;
    }

    bool plain() const override { return true; }

private:
    const Plain plain_;
};

class OverRich : public Over<RichRoutes> {
public:
    OverRich(const Problem& problem, const Tuning& tuning, std::uint64_t seed) : problem_(problem) {
        routes_ = std::make_unique<RichRoutes>(problem);
        Square cost;
        const Legs legs = legs_of(problem, cost);
        annealing_ = std::make_unique<Annealing<RichRoutes>>(*routes_, legs, tuning, Random(seed),
                                                             problem.vehicles_first);
    }

    void begin(const Start& start) override {
        std::vector<char> taken(routes_->routes(), 0);
        for (const auto& [type, visits] : start)
            for (int r = 0; r < routes_->routes(); ++r)
                if (!taken[r] && routes_->type_of(r) == type) {
                    taken[r] = routes_->load(r, visits);
                    break;
                }
        annealing_->begin(routes_->absent());
    }

    Answer best() const override {
        const Snapshot& best = annealing_->best();
        Answer made{{}, best.cost, best.missing};
        for (int r = 0; r < static_cast<int>(best.routes.size()); ++r)
            if (!best.routes[r].empty()) made.routes.emplace_back(routes_->type_of(r), best.routes[r]);
        return made;
    }

    bool plain() const override { return false; }

private:
    const Problem& problem_;
};

}  // namespace

std::unique_ptr<Search> Search::over(const Problem& problem, const Tuning& tuning, std::uint64_t seed) {
    Plain plain;
    if (!Plain::from(problem, plain)) return std::make_unique<OverRich>(problem, tuning, seed);
    const bool first = problem.vehicles_first;
    if (plain.same()) return std::make_unique<OverPlain<true>>(std::move(plain), tuning, seed, first);
    return std::make_unique<OverPlain<false>>(std::move(plain), tuning, seed, first);
}

}  // namespace homestretch
