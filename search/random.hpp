// A fast generator of repeatable randomness (xoroshiro128+, Blackman and Vigna 2018; seeded by splitmix64).
#pragma once

#include <cstdint>

namespace homestretch {

class Random {
public:
    explicit Random(std::uint64_t seed) : first_(mixed(seed)), second_(mixed(seed)) {}

    std::uint64_t next() {
        const std::uint64_t a = first_, result = first_ + second_;
        const std::uint64_t b = second_ ^ a;
        first_ = rotated(a, 24) ^ b ^ (b << 16);
        second_ = rotated(b, 37);
        return result;
    }

    /// A whole number in [0, limit); limit at least 1.
    int below(int limit) {
        return static_cast<int>(((next() >> 32) * static_cast<std::uint64_t>(limit)) >> 32);
    }

    /// A number in [0, 1).
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    /// True once in 2^32 / `chance` draws.
    bool hits(std::uint32_t chance) { return static_cast<std::uint32_t>(next() >> 32) < chance; }

    /// A generator of its own for part `number` of a search, the same for the same seed.
    Random split(std::uint64_t number) { return Random(next() ^ (number * 0x9e3779b97f4a7c15ULL)); }

private:
    static std::uint64_t mixed(std::uint64_t& seed) {
        std::uint64_t z = (seed += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    static std::uint64_t rotated(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

    std::uint64_t first_, second_;
};

}  // namespace homestretch
