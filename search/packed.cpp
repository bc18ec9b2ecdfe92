#include "packed.hpp"

#include <cstring>
#include <stdexcept>
#include <type_traits>

namespace homestretch {

namespace {

// The fields of each record. They are taken apart by structured bindings, so that a field more does not compile here.

template <class Archive>
void each(Archive& archive, Window& window) {
    auto& [open, close] = window;
    archive(open, close);
}

template <class Archive>
void each(Archive& archive, Rest& rest) {
    auto& [duration, earliest, latest, paid] = rest;
    archive(duration, earliest, latest, paid);
}

template <class Archive>
void each(Archive& archive, Visit& visit) {
    auto& [windows, deliver, collect, ride, prize, required, release, partner, first, max_ride, position, due, late,
           home, rank, kept_start, block, leader, group, goods, zone] = visit;
    archive(windows, deliver, collect, ride, prize, required, release, partner, first, max_ride, position, due, late,
            home, rank, kept_start, block, leader, group, goods, zone);
}

template <class Archive>
void each(Archive& archive, VehicleType& type) {
    auto& [vehicles, profile, start, end, open, close, loading, begun, capacity, fixed, per_meter, per_second, overtime,
           regular, waiting, max_stops, max_duration, max_drive, stretch, max_distance, rests, reload, reloading,
           max_trips, backhauls_last, lifo, service, serves] = type;
    archive(vehicles, profile, start, end, open, close, loading, begun, capacity, fixed, per_meter, per_second,
            overtime, regular, waiting, max_stops, max_duration, max_drive, stretch, max_distance, rests, reload,
            reloading, max_trips, backhauls_last, lifo, service, serves);
}

template <class Archive>
void each(Archive& archive, Relation& relation) {
    auto& [visits, in_order] = relation;
    archive(visits, in_order);
}

template <class Archive>
void each(Archive& archive, std::pair<int, int>& two) {
    archive(two.first, two.second);
}

template <class Archive>
void each(Archive& archive, Slots& given) {
    auto& [starts, middles, which, steep, time, distance] = given;
    archive(starts, middles, which, steep, time, distance);
}

template <class Archive>
void each(Archive& archive, Problem& problem) {
    auto& [visits, nodes, dimensions, vehicles_first, moved, changed, drifted, split_zone, balance, alike,
           alike_dimension, zones, relations, incompatible, visit, type, distance, time, slots, coordinates] = problem;
    archive(visits, nodes, dimensions, vehicles_first, moved, changed, drifted, split_zone, balance, alike,
            alike_dimension, zones, relations, incompatible, visit, type, distance, time, slots, coordinates);
}

template <class Archive>
void each(Archive& archive, Square& square) {
    square.store(archive);
}

template <class Archive>
void each(Archive& archive, Coordinates& coordinates) {
    coordinates.store(archive);
}

class Writer {
public:
    template <class... Fields>
    void operator()(Fields&... fields) {
        (put(fields), ...);
    }
    std::string bytes;

private:
    template <class T>
    void put(T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
            bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        else
            each(*this, value);
    }
    template <class T>
    void put(std::vector<T>& values) {
        std::uint64_t count = values.size();
        put(count);
        if constexpr (std::is_arithmetic_v<T>)
            bytes.append(reinterpret_cast<const char*>(values.data()), count * sizeof(T));
        else
            for (T& value : values) put(value);
    }
};

class Reader {
public:
    explicit Reader(const std::string& bytes) : at_(bytes.data()), left_(bytes.size()) {}

    template <class... Fields>
    void operator()(Fields&... fields) {
        (get(fields), ...);
    }
    bool done() const { return left_ == 0; }

private:
    void take(void* into, std::size_t size) {
        if (size > left_) throw std::invalid_argument("not a packed problem");
        if (size > 0) std::memcpy(into, at_, size);
        at_ += size;
        left_ -= size;
    }
    template <class T>
    void get(T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) take(&value, sizeof value);
        else each(*this, value);
    }
    template <class T>
    void get(std::vector<T>& values) {
        std::uint64_t count = 0;
        get(count);
        if (count > left_) throw std::invalid_argument("not a packed problem");
        values.resize(count);
        if constexpr (std::is_arithmetic_v<T>) take(values.data(), count * sizeof(T));
        else
            for (T& value : values) get(value);
    }

    const char* at_;
    std::size_t left_;
};

}  // namespace

std::string packed(const Problem& problem) {
    Writer writer;
    each(writer, const_cast<Problem&>(problem));  // the writer changes nothing
    return std::move(writer.bytes);
}

Problem unpacked(const std::string& bytes) {
    Problem problem;
    Reader reader(bytes);
    each(reader, problem);
    if (!reader.done()) throw std::invalid_argument("not a packed problem");
    return problem;
}

}  // namespace homestretch
