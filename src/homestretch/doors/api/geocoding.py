"""Addresses by the installed maps: from a line of text to places, from a point to an address. No outside service."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from homestretch.doors.api.places import point_of
from homestretch.kernel.geo import read_point
from homestretch.places import books
from homestretch.web.entry import READ

router = Router(tags=["places"])


class AddressQuery(Schema):
    """An address in one line."""

    q: str = Field(min_length=1, max_length=500, description="Its parts in any order.", examples=["Mill Lane 3, Town"])
    country: str = Field("", max_length=2, pattern="^([A-Za-z]{2})?$", description="ISO 3166-1 alpha-2; empty: any.")
    lat: float | None = Field(None, description="With lon: near here, where several fit as well.")
    lon: float | None = None
    limit: int = Field(5, ge=1, le=20)


class PointQuery(Schema):
    """A point in WGS84 degrees."""

    lat: float
    lon: float
    limit: int = Field(1, ge=1, le=20)


class HitOut(Schema):
    """A place that may be meant."""

    lat: float
    lon: float
    label: str
    precision: Literal["rooftop", "interpolated", "street", "place"] = Field(
        description="rooftop: the house; interpolated: between known numbers; street: along it; place: a town."
    )
    score: float = Field(description="0 to 1; from 0.8 on a rooftop is taken without a person.")
    street: str
    number: str
    city: str
    postcode: str


class HitsOut(Schema):
    """Places that fit, likeliest first, and the maps that were asked: none installed, nothing found."""

    items: list[HitOut]
    maps: list[str]


@router.get("/search", auth=READ("places"), response=HitsOut)
def search_address(request: HttpRequest, wanted: Query[AddressQuery]) -> Any:
    """Where an address may be, by the installed maps. Nothing is kept."""
    near = point_of(wanted.lat, wanted.lon)
    hits = books.find(wanted.q, country=wanted.country, near=near, limit=wanted.limit)
    return {"items": hits, "maps": [info.name for info in books.maps()]}


@router.get("/reverse", auth=READ("places"), response=HitsOut)
def reverse_address(request: HttpRequest, wanted: Query[PointQuery]) -> Any:
    """What is at a point, by the installed maps: the nearest house, else the street, else the town."""
    hits = books.reverse(read_point(wanted.lat, wanted.lon), limit=wanted.limit)
    return {"items": hits, "maps": [info.name for info in books.maps()]}
