"""The addresses of a merchant's pages."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.merchant import imports, orders, writing

urlpatterns = [
    path("", orders.listed, name="merchant"),
    path("/new", writing.new, name="merchant-new"),
    path("/orders/<uuid:order_id>", orders.order, name="merchant-order"),
    path("/orders/<uuid:order_id>/link", orders.link, name="merchant-link"),
    path("/orders/<uuid:order_id>/cancel", orders.cancel, name="merchant-cancel"),
    path("/proofs/<uuid:proof_id>", orders.proof, name="merchant-proof"),
    path("/import", imports.send, name="merchant-import"),
    path("/imports/<uuid:import_id>", imports.page_of, name="merchant-import-page"),
    path("/imports/<uuid:import_id>/check", imports.check, name="merchant-import-check"),
    path("/imports/<uuid:import_id>/run", imports.run, name="merchant-import-run"),
    path("/imports/<uuid:import_id>/undo", imports.undo, name="merchant-import-undo"),
    path("/imports/<uuid:import_id>/refusals.csv", imports.refusals, name="merchant-import-refusals"),
]
