// Places by their coordinates: what a leg takes is computed when it is asked for, so that nothing grows with the square
// of their number. `homestretch.planner.coordinates` says the same numbers in Python.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace homestretch {

enum class Rounding : int { nearest = 0, down = 1, up = 2 };

/// How a length becomes a whole number: times `each`, rounded; a half goes up.
struct Measure {
    double each = 1;
    Rounding rounding = Rounding::nearest;

    std::int32_t of(double length) const {
        const double exact = length * each;
        if (rounding == Rounding::down) return static_cast<std::int32_t>(std::floor(exact));
        if (rounding == Rounding::nearest) return static_cast<std::int32_t>(std::floor(exact + 0.5));
        return static_cast<std::int32_t>(std::ceil(std::nearbyint(exact * 1e6) / 1e6));  // 5 may come as 5.0000000001
    }
};

/// Two axes: a plane. Three: unit vectors from the middle of the earth, lengths in radians along its surface.
class Coordinates {
public:
    Coordinates() = default;
    Coordinates(int axes, std::vector<double> at, Measure meters, Measure seconds)
        : axes_(axes), at_(std::move(at)), meters_(meters), seconds_(seconds) {
        if (axes != 2 && axes != 3) throw std::invalid_argument("two axes or three");
    }

    bool empty() const { return at_.empty(); }
    int size() const { return axes_ == 0 ? 0 : static_cast<int>(at_.size()) / axes_; }
    int axes() const { return axes_; }
    double axis(int place, int k) const { return at_[static_cast<std::size_t>(place) * axes_ + k]; }
    std::int32_t meters(int from, int to) const { return from == to ? 0 : meters_.of(length(from, to)); }
    std::int32_t seconds(int from, int to) const { return from == to ? 0 : seconds_.of(length(from, to)); }
    bool same() const { return meters_.each == seconds_.each && meters_.rounding == seconds_.rounding; }

    Coordinates picked(const std::vector<int>& places) const {
        Coordinates made(axes_, {}, meters_, seconds_);
        made.at_.reserve(places.size() * axes_);
        for (const int place : places)
            for (int k = 0; k < axes_; ++k) made.at_.push_back(at_[static_cast<std::size_t>(place) * axes_ + k]);
        return made;
    }

    template <class Archive>
    void store(Archive& archive) {
        archive(axes_, at_, meters_.each, meters_.rounding, seconds_.each, seconds_.rounding);
    }

private:
    double length(int from, int to) const {
        double sum = 0;
        for (int k = 0; k < axes_; ++k) {
            const double apart = at_[static_cast<std::size_t>(from) * axes_ + k] -
                                 at_[static_cast<std::size_t>(to) * axes_ + k];
            sum += apart * apart;
        }
        return axes_ == 2 ? std::sqrt(sum) : 2 * std::asin(std::min(1.0, std::sqrt(sum) / 2));
    }

    int axes_ = 0;
    std::vector<double> at_;
    Measure meters_, seconds_;
};

}  // namespace homestretch
