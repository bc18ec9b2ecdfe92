"""Addresses of orders."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.orders import changing, lists, many, shown, writing
from homestretch.doors.console.recovery import offers

urlpatterns = [
    path("", lists.orders, name="orders"),
    path("/bulk", many.bulk, name="orders-bulk"),
    path("/bulk/<uuid:bulk_id>", many.act_page, name="orders-act"),
    path("/bulk/<uuid:bulk_id>/progress", many.act_progress, name="orders-act-progress"),
    path("/views", lists.save, name="orders-save-view"),
    path("/views/<uuid:view_id>/remove", lists.remove, name="orders-remove-view"),
    path("/new", writing.new, name="order-new"),
    path("/<uuid:order_id>", shown.order, name="order"),
    path("/<uuid:order_id>/edit", writing.edit, name="order-edit"),
    path("/<uuid:order_id>/cancel", changing.cancel, name="order-cancel"),
    path("/<uuid:order_id>/move", changing.move, name="order-move"),
    path("/<uuid:order_id>/release", changing.release, name="order-release"),
    path("/<uuid:order_id>/hold", changing.hold, name="order-hold"),
    path("/<uuid:order_id>/free", changing.free, name="order-free"),
    path("/<uuid:order_id>/hand-over", changing.hand_over, name="order-hand-over"),
    path("/<uuid:order_id>/deliver", changing.deliver, name="order-deliver"),
    path("/<uuid:order_id>/offer", offers.offer, name="order-offer"),
    path("/<uuid:order_id>/link", changing.link, name="order-link"),
    path("/<uuid:order_id>/link/send", changing.send_link, name="order-send-link"),
    path("/<uuid:order_id>/link/close", changing.close_link, name="order-close-link"),
]
