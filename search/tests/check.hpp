// The little that our C++ tests need: TEST(a_sentence) { CHECK(condition); }
#pragma once

#include <cstdio>
#include <vector>

namespace homestretch::testing {

struct Test {
    const char* name;
    void (*run)();
};

inline std::vector<Test>& tests() {
    static std::vector<Test> all;
    return all;
}

inline int failures = 0;

inline void check(bool holds, const char* condition, const char* file, int line) {
    if (holds) return;
    ++failures;
    std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
}

struct Registered {
    Registered(const char* name, void (*run)()) { tests().push_back({name, run}); }
};

}  // namespace homestretch::testing

#define TEST(name)                                                   \
    static void name();                                              \
    static const homestretch::testing::Registered name##_(#name, name); \
    static void name()

#define CHECK(...) homestretch::testing::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
