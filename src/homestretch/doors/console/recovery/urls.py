"""The addresses of proposals."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.recovery import offers, views

urlpatterns = [
    path("", views.proposals, name="proposals"),
    path("/ask", views.ask, name="proposal-ask"),
    path("/offers/<uuid:offer_id>/withdraw", offers.withdraw, name="offer-withdraw"),
    path("/<uuid:proposal_id>", views.proposal, name="proposal"),
    path("/<uuid:proposal_id>/search", views.search, name="proposal-search"),
    path("/<uuid:proposal_id>/accept", views.accept, name="proposal-accept"),
    path("/<uuid:proposal_id>/decline", views.decline, name="proposal-decline"),
]
