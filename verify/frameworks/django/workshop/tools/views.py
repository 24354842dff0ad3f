"""The operations."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from .models import Tool
from .serializers import PhotoSerializer, ToolSerializer


class Pages(PageNumberPagination):
    page_size = 20
    page_size_query_param = "size"
    max_page_size = 100


class ToolViewSet(viewsets.ModelViewSet):
    queryset = Tool.objects.all()
    serializer_class = ToolSerializer
    pagination_class = Pages
    parser_classes = [JSONParser]

    def get_queryset(self):
        tools = super().get_queryset()
        query = self.request.query_params
        if self.action == "list":
            if "category" in query:
                tools = tools.filter(category=query["category"])
            if "acquired_since" in query:
                tools = tools.filter(acquired_on__gte=query["acquired_since"])
            wanted = set(query.getlist("tag"))
            if wanted:
                tools = tools.filter(id__in=[tool.id for tool in tools if wanted <= set(tool.tags)])
        return tools

    @extend_schema(
        parameters=[
            OpenApiParameter("category", str, enum=Tool.Category.values),
            OpenApiParameter("tag", str, many=True, description="Tags that a tool has to have"),
            OpenApiParameter("acquired_since", OpenApiTypes.DATE),
        ]
    )
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    @extend_schema(methods=["POST"], request=PhotoSerializer, responses=ToolSerializer)
    @extend_schema(methods=["GET"], responses={(200, "image/png"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get", "post"], parser_classes=[MultiPartParser])
    def photo(self, request, pk=None):
        tool = self.get_object()
        if request.method == "POST":
            form = PhotoSerializer(data=request.data)
            form.is_valid(raise_exception=True)
            tool.photo.save(f"{tool.id}.png", form.validated_data["file"])
            return Response(self.get_serializer(tool).data)
        if not tool.photo:
            raise NotFound("This tool has no photo.")
        return FileResponse(tool.photo.open(), content_type="image/png")
