#include "search.hpp"

#include <algorithm>
#include <stdexcept>

#include "annealing.hpp"
#include "plain.hpp"
#include "plain_moves.hpp"
#include "rich_routes.hpp"

namespace homestretch {

namespace {

Legs legs_of(const Plain& plain) {
    Legs legs;
    legs.visits = plain.visits;
    legs.cost = &plain.cost;
    legs.cost_back = plain.cost_back.empty() ? legs.cost : &plain.cost_back;
    legs.time = plain.same() ? legs.cost : &plain.time;
    legs.time_back = plain.same() ? legs.cost_back : plain.time_back.empty() ? legs.time : &plain.time_back;
    for (int v = 0; v < plain.visits; ++v) {
        legs.open.push_back(plain.visit[v].open);
        legs.close.push_back(plain.visit[v].close);
        legs.service.push_back(plain.visit[v].service);
    }
    return legs;
}

/// Legs as the first vehicle type drives them; money and time together where both cost.
Legs legs_of(const Problem& problem, Square& cost, Square& cost_back, Square& time_back) {
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
    legs.cost = legs.cost_back = &cost;
    legs.time = legs.time_back = &time;
    if (!cost.symmetric()) legs.cost_back = &(cost_back = cost.transposed());
    if (!time.symmetric()) legs.time_back = &(time_back = time.transposed());
    for (int v = 0; v < problem.visits; ++v) {
        const Visit& visit = problem.visit[v];
        legs.open.push_back(visit.windows.empty() ? type.open : visit.windows.front().open);
        legs.close.push_back(visit.windows.empty() ? NEVER : visit.windows.back().close);
        legs.service.push_back(type.service[v]);
    }
    return legs;
}

constexpr long STRETCH = 100;  // steps between two looks at the signal

using Start = std::vector<std::pair<int, std::vector<int>>>;

template <class Routes>
class Over : public Search {
public:
    void begin(const Start& start) override {
        clear();
        std::vector<int> absent = load(start);
        if (!annealing_) make_annealing();
        annealing_->begin(std::move(absent));
    }

    std::pair<Cost, int> worth(const Start& start) override {
        std::pair<Cost, int> made(0, 0);
        for (const int v : load(start)) made.first += routes_->prize(v), made.second += routes_->required(v);
        made.first += routes_->cost();
        return made;
    }

    void settle() override { begun().settle(); }
    void restore() override { begun().restore(); }
    Cost best_cost() const override { return begun().best().cost; }
    int best_used() const override { return begun().best().used; }
    Answer best() const override { return answer(begun().best()); }
    Answer present() const override { return answer(begun().present()); }

protected:
    /// Puts routes where they keep the rules; what is on none of them is returned.
    virtual std::vector<int> load(const Start& start) = 0;
    virtual void make_annealing() = 0;
    virtual Answer answer(const Snapshot& snapshot) const = 0;
    void anneal(long steps, double from, double to) override { begun().cool(steps, from, to); }
    bool reduce(long steps) override { return begun().fewer(steps); }

    void clear() {
        std::vector<int> none;
        for (int r = 0; r < routes_->routes(); ++r) routes_->clear(r, none);
    }

    Annealing<Routes>& begun() const {
        if (!annealing_) throw std::logic_error("the search has not begun");
        return *annealing_;
    }

    std::unique_ptr<Routes> routes_;
    std::unique_ptr<Annealing<Routes>> annealing_;
};

template <bool Same>
class OverPlain : public Over<PlainMoves<Same>> {
public:
    OverPlain(Plain plain, const Tuning& tuning, std::uint64_t seed, bool vehicles_first)
        : plain_(std::move(plain)), tuning_(tuning), seed_(seed), vehicles_first_(vehicles_first) {
        this->routes_ = std::make_unique<PlainMoves<Same>>(plain_);
    }

    bool plain() const override { return true; }

protected:
    void make_annealing() override {
        this->annealing_ = std::make_unique<Annealing<PlainMoves<Same>>>(*this->routes_, legs_of(plain_), tuning_,
                                                                          Random(seed_), vehicles_first_);
    }

    std::vector<int> load(const Start& start) override {
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
        return absent;
    }

    Answer answer(const Snapshot& snapshot) const override {
        Answer made{{}, snapshot.cost, snapshot.missing};
        for (const auto& visits : snapshot.routes) {
            if (visits.empty()) continue;
            made.routes.emplace_back(0, std::vector<int>{});
            for (const int i : visits) made.routes.back().second.push_back(plain_.name[i]);
        }
        return made;
    }

private:
    const Plain plain_;
    const Tuning tuning_;
    const std::uint64_t seed_;
    const bool vehicles_first_;
};

class OverRich : public Over<RichRoutes> {
public:
    OverRich(const Problem& problem, const Tuning& tuning, std::uint64_t seed)
        : problem_(problem), tuning_(tuning), seed_(seed) {
        routes_ = std::make_unique<RichRoutes>(problem);
    }

    bool plain() const override { return false; }

protected:
    void make_annealing() override {
        Square cost, cost_back, time_back;
        const Legs legs = legs_of(problem_, cost, cost_back, time_back);
        annealing_ = std::make_unique<Annealing<RichRoutes>>(*routes_, legs, tuning_, Random(seed_),
                                                             problem_.vehicles_first);
    }

    std::vector<int> load(const Start& start) override {
        std::vector<char> taken(routes_->routes(), 0);
        for (const auto& [type, visits] : start)
            for (int r = 0; r < routes_->routes(); ++r)
                if (!taken[r] && routes_->type_of(r) == type) {
                    taken[r] = routes_->load(r, visits);
                    break;
                }
        return routes_->absent();
    }

    Answer answer(const Snapshot& snapshot) const override {
        Answer made{{}, snapshot.cost, snapshot.missing};
        for (int r = 0; r < static_cast<int>(snapshot.routes.size()); ++r)
            if (!snapshot.routes[r].empty()) made.routes.emplace_back(routes_->type_of(r), snapshot.routes[r]);
        return made;
    }

private:
    const Problem& problem_;
    const Tuning tuning_;
    const std::uint64_t seed_;
};

}  // namespace

void Search::cool(long steps, double from, double to, Signal* signal) {
    const auto progress = [&](long step) {
        return from + (to - from) * static_cast<double>(step) / static_cast<double>(steps);
    };
    for (long done = 0; done < steps; done += STRETCH) {
        if (signal != nullptr && signal->stopped()) return;
        const long now = std::min(STRETCH, steps - done);
        anneal(now, progress(done), progress(done + now));
        if (signal != nullptr) signal->made(now);
    }
}

bool Search::fewer(long steps, Signal* signal) {
    for (long done = 0; done < steps; done += STRETCH) {
        if (signal != nullptr && signal->stopped()) return false;
        const long now = std::min(STRETCH, steps - done);
        const bool found = reduce(now);
        if (signal != nullptr) signal->made(now);
        if (found) return true;
    }
    return false;
}

std::unique_ptr<Search> Search::over(const Problem& problem, const Tuning& tuning, std::uint64_t seed) {
    Plain plain;
    if (!Plain::from(problem, plain)) return std::make_unique<OverRich>(problem, tuning, seed);
    const bool first = problem.vehicles_first;
    if (plain.same()) return std::make_unique<OverPlain<true>>(std::move(plain), tuning, seed, first);
    return std::make_unique<OverPlain<false>>(std::move(plain), tuning, seed, first);
}

}  // namespace homestretch
