// The Python module `homestretch.planner._search`: integers in, integers out.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <stdexcept>

#include "board_module.hpp"
#include "clock.hpp"
#include "packed.hpp"
#include "piece.hpp"
#include "problem.hpp"
#include "savings.hpp"
#include "search.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace homestretch {

namespace {

using Table = nb::ndarray<const std::int32_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

constexpr std::int32_t UNREACHABLE = 2147483647;  // as `homestretch.planner.problem` says it

Square picked(const Table& table, const std::vector<int>& places) {
    const int size = static_cast<int>(places.size());
    Square made(size);
    for (int i = 0; i < size; ++i)
        for (int j = 0; j < size; ++j) {
            const std::int32_t at = table(places[i], places[j]);
            if (at < 0 || (at >= NEVER && at != UNREACHABLE)) throw std::invalid_argument("a leg is too long");
            made.row(i)[j] = at == UNREACHABLE ? NEVER : at;
        }
    return made;
}

/// Adds a profile: `places` names the row of the tables for each node.
/// `ways` are nodes from which each way is as long: (node, seconds, meters).
void add_profile(Problem& problem, const Table& durations, const Table& distances, const std::vector<int>& places,
                 const std::vector<std::tuple<int, int, int>>& ways) {
    if (static_cast<int>(places.size()) != problem.nodes) throw std::invalid_argument("a place for each node");
    const auto rows = static_cast<int>(
        std::min({durations.shape(0), durations.shape(1), distances.shape(0), distances.shape(1)}));
    if (std::any_of(places.begin(), places.end(), [&](int place) { return place < 0 || place >= rows; }))
        throw std::invalid_argument("a place outside the tables");
    Square distance = picked(distances, places);
    Square time = picked(durations, places);
    for (const auto& [node, seconds, meters] : ways) {
        if (node < 0 || node >= problem.nodes) throw std::invalid_argument("a way from a node that is not there");
        std::fill_n(time.row(node), problem.nodes, seconds);
        std::fill_n(distance.row(node), problem.nodes, meters);
    }
    if (time == distance) time = Square();
    problem.distance.push_back(std::move(distance));
    problem.time.push_back(std::move(time));
    problem.coordinates.emplace_back();
    problem.slots.emplace_back();
}

/// Adds a slot to the last profile, whose own tables are the least of all slots; `middle` is doubled.
void add_slot(Problem& problem, int start, int middle, const Table& durations, const Table& distances,
              const std::vector<int>& places, const std::vector<std::tuple<int, int, int>>& ways) {
    Problem one;
    one.nodes = problem.nodes;
    add_profile(one, durations, distances, places, ways);
    if (problem.slots.empty()) throw std::invalid_argument("a slot of no profile");
    Square seconds = one.one_matrix(0) ? one.distance[0] : std::move(one.time[0]);
    problem.slots.back().add(start, middle, std::move(seconds), std::move(one.distance[0]));
}

using Axes = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Rounded = std::pair<double, int>;  ///< how much one of length is, and the number of its `Rounding`

/// Adds a profile whose legs are computed: `places` names the row of `axes` for each node.
void add_coordinates(Problem& problem, const Axes& axes, const std::vector<int>& places, const Rounded& meters,
                     const Rounded& seconds) {
    if (static_cast<int>(places.size()) != problem.nodes) throw std::invalid_argument("a place for each node");
    std::vector<double> at;
    for (const int place : places) {
        if (place < 0 || place >= static_cast<int>(axes.shape(0))) throw std::invalid_argument("a place of no row");
        for (std::size_t k = 0; k < axes.shape(1); ++k) at.push_back(axes(place, k));
    }
    const auto measure = [](const Rounded& given) {
        if (given.second < 0 || given.second > 2) throw std::invalid_argument("a rounding");
        return Measure{given.first, static_cast<Rounding>(given.second)};
    };
    problem.coordinates.emplace_back(static_cast<int>(axes.shape(1)), std::move(at), measure(meters), measure(seconds));
    problem.distance.emplace_back();
    problem.time.emplace_back();
    problem.slots.emplace_back();
}

void refuse_unless(bool fine, const char* what) {
    if (!fine) throw std::invalid_argument(what);
}

/// Raises where the numbers do not fit together, for the search itself does not ask.
void examine(const Problem& problem) {
    const auto visits = static_cast<std::size_t>(problem.visits);
    const auto dimensions = static_cast<std::size_t>(problem.dimensions);
    const auto is_node = [&](int node) { return node >= 0 && node < problem.nodes; };
    refuse_unless(problem.visit.size() == visits && problem.nodes >= problem.visits, "visits");
    for (const Visit& visit : problem.visit) {
        refuse_unless(visit.deliver.size() == dimensions && visit.collect.size() == dimensions, "loads of a visit");
        refuse_unless(visit.partner < problem.visits, "partner of a visit");
        refuse_unless(visit.partner < 0 || visit.ride.size() == dimensions, "loads of a pair");
    }
    refuse_unless(!problem.type.empty(), "vehicle types");
    for (const VehicleType& type : problem.type) {
        refuse_unless(type.profile >= 0 && type.profile < static_cast<int>(problem.distance.size()), "profile");
        refuse_unless(is_node(type.start) && is_node(type.end), "place");
        refuse_unless(type.capacity.size() == dimensions, "capacity");
        refuse_unless(type.service.size() == visits && type.serves.size() == visits, "visits of a vehicle type");
        refuse_unless(type.rests.size() <= MOST_RESTS, "rests");
        refuse_unless(!problem.has_coordinates(type.profile), "matrices: only pieces of this problem can be searched");
    }
}

/// Raises where visits are named twice or not at all, or more vehicles are wanted than there are.
void examine_piece(const Problem& whole, const std::vector<int>& visits, const std::vector<int>& vehicles) {
    std::vector<char> seen(whole.visits, 0);
    for (const int v : visits) refuse_unless(v >= 0 && v < whole.visits && seen[v]++ == 0, "visits of a piece");
    refuse_unless(vehicles.size() == whole.type.size(), "vehicles of a piece");
    for (std::size_t t = 0; t < vehicles.size(); ++t)
        refuse_unless(vehicles[t] >= 0 && vehicles[t] <= whole.type[t].vehicles, "vehicles of a piece");
}

nb::bytes bytes_of(const Problem& problem) {
    const std::string made = packed(problem);
    return nb::bytes(made.data(), made.size());
}

}  // namespace

}  // namespace homestretch

NB_MODULE(_search, m) {
    using namespace homestretch;
    m.doc() = "The search core: integers in, integers out.";
    m.attr("NEVER") = NEVER;
    m.attr("MOST_RESTS") = MOST_RESTS;
    m.attr("RELOAD") = RELOAD;

    nb::class_<Visit>(m, "Visit", "A visit in numbers; see problem.hpp.")
        .def(nb::init<>())
        .def_prop_rw(
            "windows",
            [](const Visit& visit) {
                std::vector<std::pair<int, int>> made;
                for (const Window& window : visit.windows) made.emplace_back(window.open, window.close);
                return made;
            },
            [](Visit& visit, const std::vector<std::pair<int, int>>& windows) {
                visit.windows.clear();
                for (const auto& [open, close] : windows) visit.windows.push_back({open, close});
            })
        .def_rw("deliver", &Visit::deliver)
        .def_rw("collect", &Visit::collect)
        .def_rw("ride", &Visit::ride)
        .def_rw("prize", &Visit::prize)
        .def_rw("required", &Visit::required)
        .def_rw("release", &Visit::release)
        .def_rw("partner", &Visit::partner)
        .def_rw("first", &Visit::first)
        .def_rw("max_ride", &Visit::max_ride)
        .def_rw("position", &Visit::position)
        .def_rw("due", &Visit::due)
        .def_rw("late", &Visit::late)
        .def_rw("home", &Visit::home)
        .def_rw("rank", &Visit::rank)
        .def_rw("kept_start", &Visit::kept_start)
        .def_rw("block", &Visit::block)
        .def_rw("leader", &Visit::leader)
        .def_rw("group", &Visit::group)
        .def_rw("goods", &Visit::goods)
        .def_rw("zone", &Visit::zone);

    nb::class_<VehicleType>(m, "VehicleType", "Vehicles that differ in nothing, in numbers; see problem.hpp.")
        .def(nb::init<>())
        .def_rw("vehicles", &VehicleType::vehicles)
        .def_rw("profile", &VehicleType::profile)
        .def_rw("start", &VehicleType::start)
        .def_rw("end", &VehicleType::end)
        .def_rw("open", &VehicleType::open)
        .def_rw("close", &VehicleType::close)
        .def_rw("loading", &VehicleType::loading)
        .def_rw("begun", &VehicleType::begun)
        .def_rw("capacity", &VehicleType::capacity)
        .def_rw("fixed", &VehicleType::fixed)
        .def_rw("per_meter", &VehicleType::per_meter)
        .def_rw("per_second", &VehicleType::per_second)
        .def_rw("overtime", &VehicleType::overtime)
        .def_rw("regular", &VehicleType::regular)
        .def_rw("waiting", &VehicleType::waiting)
        .def_rw("max_stops", &VehicleType::max_stops)
        .def_rw("max_duration", &VehicleType::max_duration)
        .def_rw("max_drive", &VehicleType::max_drive)
        .def_rw("stretch", &VehicleType::stretch)
        .def_rw("max_distance", &VehicleType::max_distance)
        .def_rw("reload", &VehicleType::reload)
        .def_rw("reloading", &VehicleType::reloading)
        .def_rw("max_trips", &VehicleType::max_trips)
        .def_rw("backhauls_last", &VehicleType::backhauls_last)
        .def_rw("lifo", &VehicleType::lifo)
        .def_rw("service", &VehicleType::service)
        .def_rw("serves", &VehicleType::serves)
        .def(
            "add_rest",
            [](VehicleType& type, int duration, int earliest, int latest, bool paid) {
                type.rests.push_back({duration, earliest, latest, paid});
            },
            "duration"_a, "earliest"_a, "latest"_a, "paid"_a);

    nb::class_<Problem>(m, "Problem", "The question in numbers; see problem.hpp.")
        .def(nb::init<>())
        .def_rw("visits", &Problem::visits)
        .def_rw("nodes", &Problem::nodes)
        .def_rw("dimensions", &Problem::dimensions)
        .def_rw("vehicles_first", &Problem::vehicles_first)
        .def_rw("moved", &Problem::moved)
        .def_rw("changed", &Problem::changed)
        .def_rw("drifted", &Problem::drifted)
        .def_rw("split_zone", &Problem::split_zone)
        .def_rw("zones", &Problem::zones)
        .def_rw("incompatible", &Problem::incompatible)
        .def("add_relation", [](Problem& problem, std::vector<int> visits, bool in_order) {
            problem.relations.push_back({std::move(visits), in_order});
        })
        .def("set_balance", [](Problem& problem, int of, int dimension, Cost price) {
            if (of < 0 || of > 2) throw std::invalid_argument("minutes, stops or load");
            problem.alike = static_cast<Alike>(of + 1);
            problem.alike_dimension = dimension;
            problem.balance = price;
        })
        .def("add_visit", [](Problem& problem, const Visit& visit) { problem.visit.push_back(visit); })
        .def("add_type", [](Problem& problem, const VehicleType& type) { problem.type.push_back(type); })
        .def("add_profile", &add_profile, "durations"_a, "distances"_a, "places"_a, "ways"_a)
        .def("add_slot", &add_slot, "start"_a, "middle"_a, "durations"_a, "distances"_a, "places"_a, "ways"_a)
        .def("add_coordinates", &add_coordinates, "axes"_a, "places"_a, "meters"_a, "seconds"_a)
        .def(
            "piece",
            [](const Problem& whole, const std::vector<int>& visits, const std::vector<int>& vehicles) {
                examine_piece(whole, visits, vehicles);
                nb::gil_scoped_release released;
                return piece_of(whole, visits, vehicles);
            },
            "visits"_a, "vehicles"_a, "Some visits and vehicles of each type, as a problem with its own matrices.")
        .def(
            "divided",
            [](const Problem& whole, const std::vector<std::vector<int>>& items, int pieces, std::uint64_t seed) {
                for (const auto& item : items)
                    for (const int v : item) refuse_unless(v >= 0 && v < whole.visits, "visits of an item");
                refuse_unless(!whole.type.empty(), "vehicle types");
                nb::gil_scoped_release released;
                return divided(whole, items, pieces, Random(seed));
            },
            "items"_a, "pieces"_a, "seed"_a, "The piece of each item; near ones together.")
        .def(
            "saved",
            [](const Problem& problem, int neighbors) {
                refuse_unless(!problem.type.empty(), "vehicle types");
                nb::gil_scoped_release released;
                const auto [type, routes] = saved(problem, neighbors);
                std::vector<std::pair<int, std::vector<int>>> made;
                for (const std::vector<int>& visits : routes) made.emplace_back(type, visits);
                return made;
            },
            "neighbors"_a, "The first plan of a large problem; see savings.hpp.")
        .def("__getstate__", &bytes_of)
        .def("__setstate__", [](Problem& problem, const nb::bytes& bytes) {
            new (&problem) Problem(unpacked(std::string(bytes.c_str(), bytes.size())));
        });

    nb::class_<Signal>(m, "Signal", "Between a running search and those who wait for it; see signal.hpp.")
        .def(nb::init<>())
        .def("stop", &Signal::stop)
        .def_prop_ro("stopped", &Signal::stopped)
        .def_prop_ro("steps", &Signal::steps);

    nb::class_<Tuning>(m, "Tuning", "The few numbers of the search; see tuning.hpp.")
        .def(nb::init<>())
        .def_rw("removed", &Tuning::removed)
        .def_rw("longest_string", &Tuning::longest_string)
        .def_rw("split", &Tuning::split)
        .def_rw("split_grows", &Tuning::split_grows)
        .def_rw("timely", &Tuning::timely)
        .def_rw("blink", &Tuning::blink)
        .def_rw("generous", &Tuning::generous)
        .def_rw("again", &Tuning::again)
        .def_rw("whole", &Tuning::whole)
        .def_rw("compete", &Tuning::compete)
        .def_rw("moves", &Tuning::moves)
        .def_rw("candidates", &Tuning::candidates)
        .def_rw("nearest", &Tuning::nearest)
        .def_rw("overload", &Tuning::overload)
        .def_rw("dearer", &Tuning::dearer)
        .def_rw("crammed", &Tuning::crammed)
        .def_rw("hot", &Tuning::hot)
        .def_rw("cold", &Tuning::cold);

    nb::class_<Search>(m, "Search", "One search over one problem.")
        .def(nb::new_([](const Problem& problem, std::uint64_t seed, const Tuning& tuning) {
                 examine(problem);
                 nb::gil_scoped_release released;
                 return Search::over(problem, tuning, seed);
             }),
             "problem"_a, "seed"_a, "tuning"_a = Tuning(), nb::keep_alive<0, 1>())
        .def("begin", &Search::begin, "start"_a, nb::call_guard<nb::gil_scoped_release>(),
             "The first plan; routes that name no visit twice are kept where they keep the rules.")
        .def("worth", &Search::worth, "start"_a, nb::call_guard<nb::gil_scoped_release>(),
             "(cost, missing) of the plan `start`, instead of `begin`.")
        .def("cool", nb::overload_cast<long, double, double, Signal*>(&Search::cool), "steps"_a, "from_"_a, "to"_a,
             "signal"_a = nb::none(), nb::call_guard<nb::gil_scoped_release>())
        .def("fewer", nb::overload_cast<long, Signal*>(&Search::fewer), "steps"_a, "signal"_a = nb::none(),
             nb::call_guard<nb::gil_scoped_release>())
        .def("settle", &Search::settle, nb::call_guard<nb::gil_scoped_release>())
        .def("restore", &Search::restore, nb::call_guard<nb::gil_scoped_release>())
        .def("best", [](const Search& search) { return search.best().routes; })
        .def("present",
             [](const Search& search) {
                 Answer present = search.present();
                 return nb::make_tuple(present.routes, present.cost, present.missing);
             },
             "(routes, cost, missing) of the plan that the search is at.")
        .def_prop_ro("cost", &Search::best_cost)
        .def_prop_ro("used", &Search::best_used)
        .def_prop_ro("missing", [](const Search& search) { return search.best().missing; })
        .def_prop_ro("plain", &Search::plain);

    live::bind_board(m);
}
