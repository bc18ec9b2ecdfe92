// The few numbers of the search, in one place.
#pragma once

namespace homestretch {

struct Tuning {
    double removed = 10;         ///< visits that a ruin takes out on average
    double longest_string = 10;  ///< visits of one route at most
    double split = 0.5;          ///< how often a string leaves some of its middle in place
    double split_grows = 0.5;    ///< how often one more is left
    double timely = 0.4;         ///< how often a ruin looks around in time as well as in space
    double blink = 0.01;         ///< how often a place is passed over
    double compete = 0.02;       ///< how often a route of its own competes with places that are there
    double generous = 0.02;      ///< how often a visit is put back for more than leaving it out costs
    int again = 20;              ///< visits left out before that a step tries to put in, at most
    double whole = 0.01;         ///< how often a ruin takes out a whole route
    int moves = 8;               ///< exchanges of tails or directions that are tried beside each ruin
    int candidates = 30;         ///< neighbors a visit is tried behind, and before
    int nearest = 120;           ///< visits that a ruin looks around
    double overload = 100;       ///< typical legs for a whole capacity of load beyond one, at first; 0 = never
    double dearer = 0.01;        ///< by which it grows in 64 steps if there is some, and falls if there is none
    double crammed = 0.5;        ///< progress from which there is none any more, as soon as it can be
    double hot = 8.0;            ///< first and last temperature, in typical legs
    double cold = 0.03;
};

}  // namespace homestretch
