// Exchanges of tails between plain routes (2-opt*: Potvin and Rousseau 1995), and of directions within one (2-opt).
// Both change many visits at once, which a ruin of short strings hardly does, and most are judged in constant time.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "plain_routes.hpp"

namespace homestretch {

template <bool Same>
class PlainMoves : public PlainRoutes<Same> {
    using Base = PlainRoutes<Same>;
    using Base::at;
    using Base::loads_;
    using Base::problem_;
    using Base::sizes_;
    using Base::stops_;
    using Base::time_between;
    using Base::touch;

public:
    using Base::Base;
    using Base::FORBIDDEN;
    using Base::end_of;
    using Base::is_visit;

    /// Has visit `v` come right after visit `u` (or before it, within one route), with all that follows. Done, and
    /// true, if it adds less than `limit` and keeps every rule.
    bool follow(int u, int v, Cost limit) {
        const int r = stops_[u].route, q = stops_[v].route;
        if (r < 0 || q < 0 || stops_[u].next == v) return false;
        return r == q ? reverse(u, v, limit) : swap_tails(u, v, limit);
    }

private:
    /// Visits of one route that follow one another.
    struct String {
        int first, last;
    };

    Cost leg(int from, int to) const { return problem_.cost(at(from), at(to)); }

    bool in_time(int from, int to) const {
        return stops_[from].leave + time_between(at(from), at(to)) <= stops_[to].latest;
    }

    /// Notes the loads and the number of the visits `first` to `last` (which may be ends: then none), `sign` times.
    void weigh(String string, int sign) {
        const std::size_t d = problem_.dimensions;
        for (int k = string.first; is_visit(k); k = stops_[k].next) {
            number_ += sign;
            weight_[0] += sign * problem_.visit[k].load;
            for (std::size_t i = 1; i < d; ++i) weight_[i] += sign * problem_.more_loads[k * (d - 1) + i - 1];
            if (k == string.last) return;
        }
    }

    /// What loads beyond capacities cost more when `in` comes to route `r` from route `q` and `out` goes there;
    /// FORBIDDEN where that must not be.
    Cost crowding(int r, int q, String in, String out) {
        number_ = 0;
        weight_.assign(problem_.dimensions, 0);
        weigh(in, 1);
        weigh(out, -1);
        const int most = problem_.max_stops;
        if (most > 0 && (sizes_[r] + number_ > most || sizes_[q] - number_ > most)) return FORBIDDEN;
        const std::size_t d = problem_.dimensions;
        Cost sum = 0;
        for (std::size_t i = 0; i < d; ++i) {
            const int one = loads_[r * d + i], other = loads_[q * d + i], k = static_cast<int>(i);
            const Cost fresh = this->priced(one + weight_[i], k) + this->priced(other - weight_[i], k);
            if (fresh >= FORBIDDEN) return FORBIDDEN;
            sum += fresh - this->priced(one, k) - this->priced(other, k);
        }
        return sum;
    }

    /// Writes down what `crowding` was asked for.
    void exchange_loads(int r, int q) {
        const std::size_t d = problem_.dimensions;
        for (std::size_t i = 0; i < d; ++i) {
            this->load(r * d + i, weight_[i], static_cast<int>(i));
            this->load(q * d + i, -weight_[i], static_cast<int>(i));
        }
        sizes_[r] += number_;
        sizes_[q] -= number_;
    }

    void assign(String string, int route) {
        for (int k = string.first; is_visit(k); k = stops_[k].next) {
            touch(k);
            stops_[k].route = route;
            if (k == string.last) return;
        }
    }

    void link(int a, int b) {
        touch(a);
        touch(b);
        stops_[a].next = b;
        stops_[b].prev = a;
        const bool empty = !is_visit(a) && !is_visit(b);
        stops_[a].out = stops_[b].in = empty ? 0 : static_cast<int>(leg(a, b));
    }

    /// Computes the times between two stops again, and beyond as far as they change.
    void renew(int left, int right) {
        this->forward(stops_[left].next, right);
        this->backward(stops_[right].prev, left);
    }

    /// Whether all is in time that comes between `u` and `y` if it is driven from `v` on, the other way round.
    bool in_time_back(int u, int v, int y) const {
        int leave = stops_[u].leave, from = u;
        for (int k = v; k != u; k = stops_[k].prev) {
            const PlainVisit& visit = problem_.visit[k];
            const int arrive = leave + time_between(at(from), k);
            if (arrive > visit.close) return false;
            leave = std::max(arrive, visit.open) + visit.service;
            from = k;
        }
        return leave + time_between(at(from), at(y)) <= stops_[y].latest;
    }

    /// 2-opt*: `v` and all that follows it come after `u`, what followed `u` comes after what was before `v`.
    bool swap_tails(int u, int v, Cost limit) {
        const int r = stops_[u].route, q = stops_[v].route, x = stops_[u].next, w = stops_[v].prev;
        const bool whole = !is_visit(x) && !is_visit(w);
        const Cost joined = whole ? -problem_.fixed : leg(w, x);
        const Cost added = leg(u, v) + joined - stops_[u].out - stops_[v].in;
        if (added >= limit || !in_time(u, v) || (!whole && !in_time(w, x))) return false;
        const int end = end_of(r), other = end_of(q), last = stops_[other].prev, own = stops_[end].prev;
        if (added + crowding(r, q, {v, last}, {x, own}) >= limit) return false;
        this->touch_route(r);
        this->touch_route(q);
        exchange_loads(r, q);
        assign({v, last}, r);
        assign({x, own}, q);
        this->cost_ += added;
        link(u, v);
        link(last, end);
        if (is_visit(x)) {
            link(w, x);
            link(own, other);
        } else {
            link(w, other);
        }
        if (sizes_[q] == 0) this->mark_empty(q);
        renew(u, stops_[v].next);
        renew(w, stops_[stops_[w].next].next);
        return true;
    }

    /// 2-opt: of two visits of one route, the one that comes later follows the other at once, and what was between them
    /// comes after, the other way round. Only where ways are as long there as back.
    bool reverse(int u, int v, Cost limit) {
        if (!problem_.cost_back.empty() || !problem_.time_back.empty()) return false;
        if (stops_[v].leave < stops_[u].leave) std::swap(u, v);
        const int x = stops_[u].next, y = stops_[v].next;
        if (x == v) return false;
        const Cost added = leg(u, v) + leg(x, y) - stops_[u].out - stops_[v].out;
        if (added >= limit) return false;
        for (int k = x; k != v; k = stops_[k].next)
            if (!is_visit(k)) return false;
        if (!in_time_back(u, v, y)) return false;
        this->cost_ += added;
        for (int k = v; k != u;) {
            touch(k);
            Stop& stop = stops_[k];
            const int before = stop.prev;
            std::swap(stop.prev, stop.next);
            std::swap(stop.in, stop.out);
            k = before;
        }
        link(u, v);
        link(x, y);
        renew(u, y);
        return true;
    }

    using Stop = typename Base::Stop;

    std::vector<int> weight_;  ///< by dimension, of what comes less what goes
    int number_ = 0;
};

}  // namespace homestretch
