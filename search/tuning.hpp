// The few numbers of the search, in one place.
#pragma once

namespace homestretch {

struct Tuning {
    double removed = 10;         ///< visits that a ruin takes out on average
    double longest_string = 10;  ///< visits of one route at most
    double split = 0.5;          ///< how often a string leaves some of its middle in place
    double split_grows = 0.5;    ///< how often one more is left
    double blink = 0.01;         ///< how often a place is passed over
    double compete = 0.1;        ///< how often a route of its own competes with places that are there
    int candidates = 20;         ///< neighbors a visit is tried behind, and before
    int nearest = 400;           ///< visits that a ruin looks around
    double hot = 2.0;            ///< first and last temperature, in typical legs
    double cold = 0.02;
};

}  // namespace homestretch
