// The Python module `homestretch.planner._search`.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

NB_MODULE(_search, m) {
    m.doc() = "The search core: integers in, integers out.";
    m.def("standard", [] { return static_cast<long>(__cplusplus); }, "The C++ standard that this was compiled as.");
}
