"""Whoever has the API key may read, and whoever has the token may write."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if parts[1:] != [b"writing"]:
            raise AuthenticationFailed("This token is unknown.")
        return ("writer", None)

    def authenticate_header(self, request):
        return "Bearer"


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        key = request.headers.get("X-API-Key")
        if key is None:
            return None
        if key != "reading":
            raise AuthenticationFailed("This API key is unknown.")
        return ("reader", None)


class WritersWrite(BasePermission):
    def has_permission(self, request, view):
        return request.user == "writer" or (request.user == "reader" and request.method in SAFE_METHODS)


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "tokenAuth"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = ApiKeyAuthentication
    name = "apiKeyAuth"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "X-API-Key"}
