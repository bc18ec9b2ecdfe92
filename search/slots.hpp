// Ways that depend on the hour: seconds on a line between the middles of slots, meters of the slot of the departure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "matrix.hpp"

namespace homestretch {

struct Slots {
    std::vector<int> starts, middles;  ///< the middles are doubled, to be whole; none of a single slot
    std::vector<Square> time, distance;  ///< by slot

    bool empty() const { return time.empty(); }

    /// When one arrives who leaves then: never sooner for one who leaves later, rounded up.
    int arrive(int from, int to, int leave) const {
        const std::int64_t twice = 2 * static_cast<std::int64_t>(leave);
        int latest = -(1 << 30);
        std::size_t behind = 0;
        for (; behind < middles.size() && middles[behind] <= twice; ++behind)
            latest = std::max(latest, ((middles[behind] + 1) >> 1) + time[behind](from, to));
        if (behind == 0) return leave + time[0](from, to);
        if (behind == middles.size()) return std::max(latest, leave + time.back()(from, to));
        const int before = time[behind - 1](from, to), after = time[behind](from, to);
        const std::int64_t span = middles[behind] - middles[behind - 1];
        const std::int64_t fall = static_cast<std::int64_t>(before - after) * (twice - middles[behind - 1]);
        const std::int64_t down = fall >= 0 ? fall / span : -((-fall + span - 1) / span);
        return std::max(latest, leave + before - static_cast<int>(down));
    }

    /// The last departure that arrives by then.
    int leave_by(int from, int to, int arrival) const {
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

    /// Meters of a way that begins then.
    int far(int from, int to, int leave) const {
        const auto slot = std::upper_bound(starts.begin(), starts.end(), leave) - starts.begin();
        return distance[static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, slot - 1))](from, to);
    }
};

}  // namespace homestretch
