// By what absent visits are ordered before they are put back: larger keys come first.
#pragma once

#include <vector>

namespace homestretch {

constexpr long long NOWHERE = -(1LL << 60);  ///< the added cost of a visit that found no place

struct Keys {
    std::vector<int> load, far, narrow, early, late;
    void resize(int visits) {
        for (auto* key : {&load, &far, &narrow, &early, &late}) key->resize(visits);
    }
};

}  // namespace homestretch
