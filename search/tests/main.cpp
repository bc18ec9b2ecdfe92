// Runs every test of the core: `tests [PART OF A NAME]`. `tests --overrun` and `tests --overflow` do what a sanitizer
// must catch, so that one that was left out is seen.
#include <cstring>
#include <limits>

#include "check.hpp"

namespace testing = homestretch::testing;

namespace {

int overrun(int past) {
    const std::vector<int> three(3, past);
    return three.data()[past];
}

int overflow(int by) { return std::numeric_limits<int>::max() + by; }

}  // namespace

int main(int count, char** words) {
    const char* part = count > 1 ? words[1] : "";
    if (std::strcmp(part, "--overrun") == 0) return overrun(count + 1) == count;
    if (std::strcmp(part, "--overflow") == 0) return overflow(count) == count;
    int passed = 0, failed = 0;
    for (const testing::Test& test : testing::tests()) {
        if (std::strstr(test.name, part) == nullptr) continue;
        testing::failures = 0;
        test.run();
        ++(testing::failures == 0 ? passed : failed);
        std::printf("%s %s\n", testing::failures == 0 ? "held  " : "FAILED", test.name);
    }
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed != 0 || passed == 0;
}
