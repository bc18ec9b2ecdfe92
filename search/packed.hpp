// A problem as bytes, to be sent to another process of the same version and kind of machine.
#pragma once

#include <string>

#include "problem.hpp"

namespace homestretch {

std::string packed(const Problem& problem);

/// Throws `std::invalid_argument` for what `packed` did not write.
Problem unpacked(const std::string& bytes);

}  // namespace homestretch
