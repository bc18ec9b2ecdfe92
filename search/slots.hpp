// Ways that depend on the hour: seconds on a line between the middles of slots, meters of the slot of the departure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "matrix.hpp"

namespace homestretch {

struct Slots {
    std::vector<int> starts, middles;  ///< the middles are doubled, to be whole; none of a single slot
    std::vector<int> which;  ///< by slot, which of the tables: hours that are alike share one
    int steep = 0;  ///< somewhere seconds fall faster than the clock runs: who leaves sooner must not arrive later
    std::vector<Square> time, distance;

    bool empty() const { return which.empty(); }

    /// One more slot, whose middle is doubled.
    void add(int start, int middle, Square seconds, Square meters) {
        std::size_t kind = 0;
        while (kind < time.size() && !(time[kind] == seconds && distance[kind] == meters)) ++kind;
        if (!which.empty() && static_cast<std::size_t>(which.back()) != kind)
            steep |= falls(time[which.back()], kind < time.size() ? time[kind] : seconds, middle - middles.back());
        if (kind == time.size()) time.push_back(std::move(seconds)), distance.push_back(std::move(meters));
        starts.push_back(start);
        middles.push_back(middle);
        which.push_back(static_cast<int>(kind));
    }

    /// When one arrives who leaves then: never sooner for one who leaves later, rounded up.
    int arrive(int from, int to, int leave) const {
        const std::int64_t twice = 2 * static_cast<std::int64_t>(leave);
        std::size_t behind = 0;
        while (behind < middles.size() && middles[behind] <= twice) ++behind;
        const int last = steep ? latest(from, to, behind) : NEVER_YET;
        if (behind == 0) return leave + time[which[0]](from, to);
        if (behind == middles.size()) return std::max(last, leave + time[which.back()](from, to));
        const int before = time[which[behind - 1]](from, to);
        if (which[behind - 1] == which[behind]) return std::max(last, leave + before);
        const int after = time[which[behind]](from, to);
        const std::int64_t span = middles[behind] - middles[behind - 1];
        const std::int64_t fall = static_cast<std::int64_t>(before - after) * (twice - middles[behind - 1]);
        const std::int64_t down = fall >= 0 ? fall / span : -((-fall + span - 1) / span);
        return std::max(last, leave + before - static_cast<int>(down));
    }

    /// The last departure that arrives by then.
    int leave_by(int from, int to, int arrival) const {
        int guess = arrival;
        for (int turn = 0; turn < TURNS; ++turn) {
            const int over = arrive(from, to, guess) - arrival;
            guess -= over;
            if (over >= -NEAR && over <= NEAR) break;
        }
        for (int turn = 0; turn < 2 * NEAR && arrive(from, to, guess) > arrival; ++turn) --guess;
        for (int turn = 0; turn < 2 * NEAR && arrive(from, to, guess + 1) <= arrival; ++turn) ++guess;
        if (arrive(from, to, guess) <= arrival && arrive(from, to, guess + 1) > arrival) return guess;
        return by_halves(from, to, arrival);
    }

    /// Meters of a way that begins then.
    int far(int from, int to, int leave) const {
        if (distance.size() == 1) return distance[0](from, to);
        const auto slot = std::upper_bound(starts.begin(), starts.end(), leave) - starts.begin();
        return distance[which[static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, slot - 1))]](from, to);
    }

private:
    static constexpr int NEVER_YET = -(1 << 30), TURNS = 4, NEAR = 2;

    static bool falls(const Square& before, const Square& after, int doubled) {
        for (int from = 0; from < before.size(); ++from)
            for (int to = 0; to < before.size(); ++to)
                if (2 * static_cast<std::int64_t>(before(from, to) - after(from, to)) > doubled) return true;
        return false;
    }

    /// When the last of those arrives who left in the middles that are behind.
    int latest(int from, int to, std::size_t behind) const {
        int last = NEVER_YET;
        for (std::size_t slot = 0; slot < behind; ++slot)
            last = std::max(last, ((middles[slot] + 1) >> 1) + time[which[slot]](from, to));
        return last;
    }

    int by_halves(int from, int to, int arrival) const {
        int least = time[0](from, to), most = least;
        for (const Square& each : time) least = std::min(least, each(from, to)), most = std::max(most, each(from, to));
        int low = arrival - most, high = arrival - least;
        while (low < high) {
            const int middle = low + (high - low + 1) / 2;
            if (arrive(from, to, middle) <= arrival) low = middle;
            else high = middle - 1;
        }
        return low;
    }
};

}  // namespace homestretch
