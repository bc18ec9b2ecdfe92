// What Python sees of the board.
#pragma once

#include <nanobind/nanobind.h>

namespace homestretch::live {

void bind_board(nanobind::module_& module);

}  // namespace homestretch::live
