// What a search and those who wait for it say to each other while it runs: how far it is, and that it should end.
#pragma once

#include <atomic>

namespace homestretch {

class Signal {
public:
    void stop() { stopped_.store(true, std::memory_order_relaxed); }
    bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
    void made(long steps) { steps_.fetch_add(steps, std::memory_order_relaxed); }
    long steps() const { return steps_.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> stopped_{false};
    std::atomic<long> steps_{0};
};

}  // namespace homestretch
