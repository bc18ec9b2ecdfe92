"""Where they drive on the left, for maps that do not say it themselves.

Rough boxes (south, west, north, east; degrees) over the countries and territories with left-hand traffic, drawn so
that hardly any neighbor who drives on the right is inside. What the data itself shows (its roundabouts) goes before.
"""

from __future__ import annotations

_BOXES: tuple[tuple[float, float, float, float], ...] = (
    # Europe: Ireland, Great Britain (the Channel in two steps), Channel Islands, Malta, Cyprus
    (51.2, -11.0, 55.6, -5.3),
    (49.8, -8.7, 50.6, -1.0),
    (50.5, -5.8, 51.0, 0.9),
    (50.85, -5.8, 61.0, 1.5),
    (51.9, 1.4, 53.5, 1.9),
    (49.1, -2.75, 49.8, -2.0),
    (35.7, 14.1, 36.2, 14.7),
    (34.5, 32.2, 35.8, 34.7),
    # East Asia: Japan (Okinawa, Kyushu and Shikoku, Tsushima, Honshu, Hokkaido), Hong Kong and Macau
    (24.0, 122.9, 30.0, 131.5),
    (30.0, 129.2, 34.0, 142.0),
    (34.0, 129.15, 34.75, 129.6),
    (34.0, 130.6, 36.5, 141.5),
    (36.5, 135.0, 41.6, 142.5),
    (41.3, 139.2, 43.4, 146.0),
    (43.3, 140.5, 45.6, 145.3),
    (22.18, 113.83, 22.53, 114.45),
    (22.1, 113.52, 22.22, 113.6),
    # South Asia: India with Pakistan, Bangladesh, Nepal, Bhutan; Sri Lanka, Maldives
    (5.8, 72.0, 21.0, 88.0),
    (20.5, 68.0, 26.5, 92.2),
    (24.0, 66.5, 30.0, 88.3),
    (25.0, 62.3, 29.5, 70.0),
    (29.0, 70.0, 34.8, 79.0),
    (26.3, 88.0, 28.2, 92.0),
    (24.0, 91.0, 27.2, 94.6),
    (-1.0, 72.5, 7.3, 73.8),
    # South-East Asia: Thailand, Malaysia with Singapore and Brunei, Indonesia, East Timor
    (5.7, 98.2, 14.0, 102.3),
    (14.0, 98.9, 17.3, 104.5),
    (17.3, 98.0, 20.2, 100.3),
    (-11.0, 95.0, 5.9, 104.9),
    (1.1, 99.6, 6.7, 104.6),
    (-11.1, 104.0, 7.4, 119.3),
    (-11.1, 119.0, 1.8, 141.0),
    # Oceania: Australia, Papua New Guinea, New Zealand and the islands
    (-44.0, 112.5, -10.0, 154.5),
    (-12.0, 140.8, -0.8, 163.0),
    (-48.0, 166.0, -34.0, 179.0),
    (-22.5, 176.5, -15.5, 180.0),
    (-23.0, -176.0, -13.2, -171.0),
    # Africa: Kenya, Uganda, Tanzania, Malawi, Zambia, Zimbabwe, Mozambique, Botswana, Namibia, South Africa and islands
    (-4.7, 34.0, 4.2, 41.6),
    (-1.3, 30.0, 3.6, 35.0),
    (-11.7, 30.9, -1.0, 40.6),
    (-17.2, 32.7, -9.3, 40.9),
    (-17.9, 25.0, -13.5, 33.5),
    (-13.5, 30.0, -8.9, 33.5),
    (-17.6, 22.0, -13.1, 25.1),
    (-27.0, 17.0, -17.9, 36.0),
    (-28.7, 11.6, -17.4, 21.1),
    (-35.0, 15.5, -22.0, 36.0),
    (-21.0, 57.2, -19.9, 63.6),
    (-10.5, 46.0, -3.7, 56.5),
    # The Americas: Bermuda, Bahamas, Turks and Caicos, Cayman, Jamaica, eastern islands, Guyana, Suriname, Falklands
    (32.2, -65.0, 32.5, -64.6),
    (20.8, -79.4, 27.4, -71.0),
    (19.2, -81.5, 19.8, -79.7),
    (17.6, -78.5, 18.6, -76.1),
    (17.6, -65.1, 18.8, -64.2),
    (18.14, -63.2, 18.35, -62.9),
    (16.6, -62.9, 17.8, -61.6),
    (15.1, -61.6, 15.7, -61.2),
    (11.9, -61.9, 14.15, -59.4),
    (10.0, -61.95, 11.4, -60.4),
    (3.8, -59.8, 8.4, -57.2),
    (2.5, -58.0, 6.0, -54.3),
    (-53.0, -61.6, -51.0, -57.6),
)


def drives_left(lat: float, lon: float) -> bool:
    """True where the country at that position drives on the left, as far as rough outlines can tell."""
    return any(south <= lat <= north and west <= lon <= east for south, west, north, east in _BOXES)
