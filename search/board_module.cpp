#include "board_module.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>

#include "board.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace homestretch::live {

namespace {

using Matrix = nb::ndarray<const std::int32_t, nb::ndim<2>, nb::device::cpu>;
using Placed = std::tuple<Seconds, Seconds, int, int>;
using Missed = std::tuple<const char*, int, Seconds>;
using Tried = std::tuple<Seconds, Seconds, Seconds, std::vector<Missed>>;

constexpr const char* NAMES[] = {"load",    "time_window", "shift_end",    "break",        "unreachable",
                                 "release", "max_stops",   "max_distance", "max_duration", "max_drive"};

void refuse_unless(bool fine, const char* what) {
    if (!fine) throw std::invalid_argument(what);
}

/// A board with the tables that it reads, and what it has been told to know, so that no number leads outside.
class Known {
public:
    explicit Known(int dimensions) : dimensions_(dimensions), board_(dimensions) {}
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;

    void set_profile(int number, Matrix seconds, Matrix meters) {
        const auto places = std::min({seconds.shape(0), seconds.shape(1), meters.shape(0), meters.shape(1)});
        refuse_unless(number >= 0 && number <= static_cast<int>(tables_.size()), "profile");
        const Profile made{table(seconds), table(meters)};
        if (number == static_cast<int>(tables_.size())) {
            board_.add_profile(made);
            tables_.emplace_back(std::move(seconds), std::move(meters));
            places_.push_back(static_cast<int>(places));
        } else {
            board_.set_profile(number, made);
            tables_[static_cast<std::size_t>(number)] = {std::move(seconds), std::move(meters)};
            places_[static_cast<std::size_t>(number)] = static_cast<int>(places);
        }
    }

    int add_stop(const Stop& stop) {
        examine_stop(stop);
        ++stops_;
        return board_.add_stop(stop);
    }

    void set_stop(int number, const Stop& stop) {
        examine_stop(stop);
        refuse_unless(number >= 0 && number < stops_, "stop");
        board_.set_stop(number, stop);
    }

    void add_van(const Van& van) {
        refuse_unless(stops_ == 0, "vans come before stops");
        refuse_unless(van.profile >= 0 && van.profile < static_cast<int>(tables_.size()), "profile");
        refuse_unless(is_place(van.start) && is_place(van.end), "place of a van");
        refuse_unless(van.capacity.size() == static_cast<std::size_t>(dimensions_), "capacity");
        refuse_unless(van.breaks.size() <= MOST_BREAKS, "breaks");
        paces_ = std::max(paces_, van.pace + 1);
        ++vans_;
        sizes_.push_back(0);
        board_.add_van(van);
    }

    void set_kind(int kind, const std::vector<std::uint8_t>& serves) {
        refuse_unless(kind >= 0 && kind <= kinds_ && static_cast<int>(serves.size()) == vans_, "kind");
        kinds_ = std::max(kinds_, kind + 1);
        board_.set_kind(kind, serves);
    }

    void set_route(int van, const std::vector<int>& stops, int held, const Begun& begun) {
        examine(van, stops);
        refuse_unless(begun.on_board.empty() || begun.on_board.size() == static_cast<std::size_t>(dimensions_), "load");
        refuse_unless(begun.place < 0 || is_place(begun.place), "place");
        sizes_[static_cast<std::size_t>(van)] = static_cast<int>(stops.size());
        board_.set_route(van, stops, held, begun);
    }

    std::vector<Placed> ranked(int stop, int van, int each, int most, bool every) {
        examine(std::max(van, 0), {stop});
        return placed(board_.ranked(stop, van, std::max(each, 0), std::max(most, 0), every));
    }

    std::vector<std::vector<std::tuple<Seconds, int, int, int>>> swaps(
        const std::vector<int>& stops, const std::vector<Seconds>& worth, int each) {
        examine(0, stops);
        refuse_unless(static_cast<int>(worth.size()) == stops_, "a worth for each stop");
        std::vector<std::vector<std::tuple<Seconds, int, int, int>>> made;
        for (const auto& row : board_.swaps(stops, worth, static_cast<std::size_t>(std::max(each, 0)))) {
            made.emplace_back();
            for (const Swap& swap : row) made.back().emplace_back(swap.cost, swap.van, swap.gone, swap.position);
        }
        return made;
    }

    Tried trial(int van, const std::vector<int>& stops) {
        examine(van, stops);
        return told(board_.trial(van, stops));
    }

    std::vector<std::tuple<int, int, Tried>> nearest(int stop, int each) {
        examine(0, {stop});
        std::vector<std::tuple<int, int, Tried>> made;
        for (const Nearest& near : board_.nearest(stop, std::max(each, 0)))
            made.emplace_back(near.van, near.position, told(near.trial));
        return made;
    }

    Placed elsewhere(int van, int index, int most) {
        examine(van, {});
        refuse_unless(index >= 0 && index < sizes_[static_cast<std::size_t>(van)], "position");
        return placed({board_.elsewhere(van, index, std::max(most, 0))}).front();
    }

    void grant(const Leave& leave) {
        const auto named = leave.capacity.size();
        refuse_unless(named == 0 || named == static_cast<std::size_t>(dimensions_), "capacity");
        board_.grant(leave);
    }

    Seconds cost(int van) const {
        examine(van, {});
        return board_.cost(van);
    }

private:
    static Table table(const Matrix& matrix) {
        return {matrix.data(), matrix.stride(0), matrix.stride(1), static_cast<std::int64_t>(matrix.shape(0))};
    }

    static Tried told(const Trial& made) {
        std::vector<Missed> misses;
        for (const Miss& miss : made.misses)
            misses.emplace_back(NAMES[static_cast<int>(miss.rule)], miss.which, miss.amount);
        return {made.cost, made.duration, made.meters, misses};
    }

    static std::vector<Placed> placed(const std::vector<Candidate>& found) {
        std::vector<Placed> made;
        for (const Candidate& each : found) made.emplace_back(each.missed, each.cost, each.van, each.position);
        return made;
    }

    bool is_place(int place) const {
        return place >= 0 && std::all_of(places_.begin(), places_.end(), [&](int rows) { return place < rows; });
    }

    void examine_stop(const Stop& stop) const {
        const auto width = static_cast<std::size_t>(dimensions_);
        refuse_unless(stop.deliver.size() == width && stop.collect.size() == width && stop.ride.size() == width,
                      "loads of a stop");
        refuse_unless(is_place(stop.place), "place of a stop");
        refuse_unless(stop.kind >= 0 && stop.kind < kinds_, "kind of a stop");
        refuse_unless(static_cast<int>(stop.service.size()) >= paces_, "services of a stop");
    }

    void examine(int van, const std::vector<int>& stops) const {
        refuse_unless(van >= 0 && van < vans_, "van");
        const auto known = [&](int each) { return each >= 0 && each < stops_; };
        refuse_unless(std::all_of(stops.begin(), stops.end(), known), "stop");
    }

    int dimensions_, stops_ = 0, vans_ = 0, kinds_ = 0, paces_ = 0;
    std::vector<std::pair<Matrix, Matrix>> tables_;
    std::vector<int> places_, sizes_;
    Board board_;
};

void bind_stop(nb::module_& m) {
    nb::class_<Stop>(m, "Stop", "A visit in numbers; see board.hpp.")
        .def(nb::init<>())
        .def_rw("place", &Stop::place)
        .def_prop_rw(
            "windows",
            [](const Stop& stop) {
                std::vector<std::pair<Seconds, Seconds>> made;
                for (const Span& span : stop.windows) made.emplace_back(span.open, span.close);
                return made;
            },
            [](Stop& stop, const std::vector<std::pair<Seconds, Seconds>>& windows) {
                stop.windows.clear();
                for (const auto& [open, close] : windows) stop.windows.push_back({open, close});
            })
        .def_rw("kind", &Stop::kind)
        .def_rw("service", &Stop::service)
        .def_rw("deliver", &Stop::deliver)
        .def_rw("collect", &Stop::collect)
        .def_rw("ride", &Stop::ride)
        .def_rw("release", &Stop::release)
        .def_rw("due", &Stop::due)
        .def_rw("late_per_hour", &Stop::late_per_hour)
        .def_rw("partner", &Stop::partner)
        .def_rw("first", &Stop::first)
        .def_rw("position", &Stop::position);
}

void bind_van(nb::module_& m) {
    nb::class_<Van>(m, "Van", "A shift in numbers; see board.hpp.")
        .def(nb::init<>())
        .def_rw("profile", &Van::profile)
        .def_rw("pace", &Van::pace)
        .def_rw("start", &Van::start)
        .def_rw("end", &Van::end)
        .def_rw("open", &Van::open)
        .def_rw("close", &Van::close)
        .def_rw("loading", &Van::loading)
        .def_rw("capacity", &Van::capacity)
        .def_rw("fixed", &Van::fixed)
        .def_rw("per_km", &Van::per_km)
        .def_rw("per_meter", &Van::per_meter)
        .def_rw("max_stops", &Van::max_stops)
        .def_rw("max_distance", &Van::max_distance)
        .def_rw("max_duration", &Van::max_duration)
        .def_rw("max_drive", &Van::max_drive)
        .def("set_rates",
             [](Van& van, Seconds per_hour, Seconds per_second, Seconds overtime, Seconds waiting, Seconds regular) {
                 van.rates = {per_hour, per_second, overtime, waiting, regular};
             })
        .def("add_break", [](Van& van, Seconds duration, Seconds earliest, Seconds latest, bool paid) {
            van.breaks.push_back({duration, earliest, latest, paid});
        });
    nb::class_<Begun>(m, "Begun", "Where a van is that is under way; see board.hpp.")
        .def(nb::init<>())
        .def_rw("is_begun", &Begun::is)
        .def_rw("at", &Begun::at)
        .def_rw("place", &Begun::place)
        .def_rw("leg", &Begun::leg)
        .def_rw("leg_meters", &Begun::leg_meters)
        .def_rw("breaks_taken", &Begun::breaks_taken)
        .def_rw("on_board", &Begun::on_board);
    nb::class_<Leave>(m, "Leave", "By how much more a route may miss a rule; see board.hpp.")
        .def(nb::init<>())
        .def_rw("close", &Leave::close)
        .def_rw("capacity", &Leave::capacity)
        .def_rw("max_stops", &Leave::max_stops)
        .def_rw("max_distance", &Leave::max_distance)
        .def_rw("max_duration", &Leave::max_duration)
        .def_rw("max_drive", &Leave::max_drive);
}

}  // namespace

void bind_board(nb::module_& m) {
    bind_stop(m);
    bind_van(m);
    nb::class_<Known>(m, "Board", "Kept routes that say where one more visit would go; see board.hpp.")
        .def(nb::init<int>(), "dimensions"_a)
        .def("set_profile", &Known::set_profile, "number"_a, "seconds"_a, "meters"_a)
        .def("add_van", &Known::add_van, "van"_a)
        .def("set_kind", &Known::set_kind, "kind"_a, "serves"_a)
        .def("add_stop", &Known::add_stop, "stop"_a)
        .def("set_stop", &Known::set_stop, "number"_a, "stop"_a)
        .def("grant", &Known::grant, "leave"_a)
        .def("set_route", &Known::set_route, "van"_a, "stops"_a, "held"_a, "begun"_a)
        .def("ranked", &Known::ranked, "stop"_a, "van"_a, "each"_a, "most"_a, "every"_a)
        .def("swaps", &Known::swaps, "stops"_a, "worth"_a, "each"_a)
        .def("nearest", &Known::nearest, "stop"_a, "each"_a)
        .def("elsewhere", &Known::elsewhere, "van"_a, "index"_a, "most"_a)
        .def("trial", &Known::trial, "van"_a, "stops"_a)
        .def("cost", &Known::cost, "van"_a);
    m.attr("FOREVER") = FOREVER;
    m.attr("FULL") = FULL;
}

}  // namespace homestretch::live
