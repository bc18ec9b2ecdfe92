"""The API: every failure a problem document, one OpenAPI document. `wiring.routers` says what is in it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from homestretch.doors.api.document import finish
from homestretch.events.idempotency import Replayed
from homestretch.kernel.refusal import Refusal
from homestretch.web.entry import PUBLIC
from homestretch.web.etags import etag
from homestretch.web.once import replayed
from homestretch.web.problems import forbidden, invalid, problem, unauthenticated
from homestretch.web.wire import Renderer, StrictParser, malformed, too_large


class Api(NinjaAPI):
    """Bodies with a `version` carry it as ETag; the document says who may enter and how things fail."""

    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        """The answer of an operation."""
        response = super().create_response(request, data, **kwargs)
        if isinstance(data, dict) and isinstance(data.get("version"), int):
            response["ETag"] = etag(data["version"])
        return response

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """The OpenAPI 3.1 document."""
        return finish(super().get_openapi_schema(**kwargs), self)

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The function's name: unique over all routers, which a test holds."""
        return str(operation.view_func.__name__)


api = Api(
    title="Homestretch",
    version="1",
    description="Last mile delivery management: orders, plans, routes, tracking, messages and measures.",
    docs_url=None,
    openapi_url=None,
    renderer=Renderer(),
    parser=StrictParser(),
    urls_namespace="api",
)


@api.exception_handler(Refusal)
def refusal_answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A rule said no."""
    return problem(refusal, request)


@api.exception_handler(Replayed)
def replayed_answer(request: HttpRequest, again: Replayed) -> HttpResponse:
    """The key was used before."""
    return replayed(request, again)


@api.exception_handler(ValidationError)
def invalid_answer(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The request does not fit its schema."""
    refusal, errors = invalid(error.errors)
    return problem(refusal, request, errors=errors)


@api.exception_handler(HttpError)
def ninja_answer(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses by itself."""
    known = {401: unauthenticated, 403: forbidden, 413: too_large}
    make = known.get(error.status_code)
    return problem(make() if make else malformed("the request can't be read"), request)


@api.exception_handler(Http404)
def missing_answer(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing at this address."""
    return problem(Refusal("page.not_found", "there is nothing at this address", remedy="check the address"), request)


@api.get("/openapi.json", auth=PUBLIC, include_in_schema=False)
def openapi_document(request: HttpRequest) -> HttpResponse:
    """This API as an OpenAPI 3.1 document."""
    return api.create_response(request, api.get_openapi_schema(), status=200)
