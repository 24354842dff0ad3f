"""The paths of the service."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import DefaultRouter

from workshop.tools.views import ToolViewSet

router = DefaultRouter()
router.register("tools", ToolViewSet)

urlpatterns = [
    path("api/schema/", SpectacularJSONAPIView.as_view(authentication_classes=[])),
    path("api/", include(router.urls)),
]
