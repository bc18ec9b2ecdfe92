"""What the search core (`search/*.cpp`) shows to Python."""

def standard() -> int:
    """The C++ standard that the core was compiled as: its year and month."""
