"""The addresses of the messages desk."""

from __future__ import annotations

from django.urls import path

from homestretch.doors.console.messages import views

urlpatterns = [
    path("", views.desk, name="messages"),
    path("/<uuid:order_id>", views.conversation, name="conversation"),
    path("/<uuid:order_id>/write", views.write, name="conversation-write"),
    path("/<uuid:order_id>/driver", views.driver, name="conversation-driver"),
    path("/<uuid:order_id>/done", views.done, name="conversation-done"),
]
