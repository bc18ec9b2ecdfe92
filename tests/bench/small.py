"""A folder of benchmark files, small enough to be solved by hand."""

from pathlib import Path

from bench.instances import Case, Row, load

SOLOMON = """SMALL

VEHICLE
NUMBER     CAPACITY
  3         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0         0          0            200       0
    1      3         4         4          0            150        10
    2      6         8         4          10           160       10
    3      0         9         5          0            150       5
    4      0        12         5          20           160       5
    5      9         0         5          0            150       5
"""

TRIPS = """NAME : TRIPS
TYPE : MTVRPTWR
EDGE_WEIGHT_TYPE : EUC_2D
DIMENSION : 4
VEHICLES : 2
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 0 5
DEMAND_SECTION
1 0
2 6
3 6
4 6
SERVICE_TIME_SECTION
1 0
2 1
3 1
4 1
TIME_WINDOW_SECTION
1 0 100
2 0 90
3 0 90
4 0 90
RELEASE_TIME_SECTION
1 0
2 0
3 20
4 0
VEHICLES_RELOAD_DEPOT_SECTION
1 1
2 1
DEPOT_SECTION
1
EOF
"""

KNOWN = """file,type,n,convention,bks,bks_vehicles,sha256_16,source
vrptw/small.txt,VRPTW,5,dimacs-distance (trunc 1 decimal),61.5,,x,x
vrptw/small.txt,VRPTW,5,"hierarchical (vehicles, then real distance)",62.00,3,x,x
rich/MTVRPTWR_small.vrp,multi-trip,4,dimacs,400,,x,x
"""


def folder_of(path: Path) -> Path:
    """`vrp/` below `path`, as `$HOMESTRETCH_DATA` has it."""
    data = path / "vrp"
    for name in ("vrptw", "rich"):
        (data / name).mkdir(parents=True)
    (data / "vrptw" / "small.txt").write_text(SOLOMON)
    (data / "rich" / "MTVRPTWR_small.vrp").write_text(TRIPS)
    (data / "bks.csv").write_text(KNOWN)
    return data


def a_row(**changes: object) -> Row:
    """The small file of windows."""
    return Row(**{"kind": "vrptw", "file": "vrptw/small.txt", "customers": 5, "best": 615, **changes})


def a_case(path: Path, **changes: object) -> Case:
    """It, read."""
    return load(folder_of(path), a_row(**changes))
