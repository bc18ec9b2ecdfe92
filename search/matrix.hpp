// A square of whole numbers, row by row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace homestretch {

class Square {
public:
    Square() = default;
    explicit Square(int size) : size_(size), cells_(static_cast<std::size_t>(size) * size) {}

    bool operator==(const Square& other) const = default;

    int size() const { return size_; }
    bool empty() const { return size_ == 0; }
    std::int32_t* row(int from) { return cells_.data() + static_cast<std::size_t>(from) * size_; }
    const std::int32_t* row(int from) const { return cells_.data() + static_cast<std::size_t>(from) * size_; }
    std::int32_t operator()(int from, int to) const { return row(from)[to]; }

    bool symmetric() const {
        for (int i = 0; i < size_; ++i)
            for (int j = 0; j < i; ++j)
                if (row(i)[j] != row(j)[i]) return false;
        return true;
    }

    Square transposed() const {
        Square made(size_);
        for (int i = 0; i < size_; ++i)
            for (int j = 0; j < size_; ++j) made.row(j)[i] = row(i)[j];
        return made;
    }

    template <class Archive>
    void store(Archive& archive) {
        archive(size_, cells_);
    }

private:
    int size_ = 0;
    std::vector<std::int32_t> cells_;
};

}  // namespace homestretch
