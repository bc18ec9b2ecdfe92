"""The board's addresses."""

from __future__ import annotations

from django.urls import path, register_converter

from homestretch.doors.console.board import views
from homestretch.doors.console.board.days import DayConverter

register_converter(DayConverter, "day")

urlpatterns = [
    path("board", views.today, name="board"),
    path("board/<day:day>", views.day, name="board-day"),
]
