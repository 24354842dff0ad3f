"""The tools of a workshop, as they are sent."""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from .models import Tool


class BoughtSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["bought"])
    shop = serializers.CharField()
    warranty_months = serializers.IntegerField(required=False, allow_null=True)


class RentedSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["rented"])
    lender = serializers.CharField()
    due_on = serializers.DateField()


ORIGINS = {"bought": BoughtSerializer, "rented": RentedSerializer}


@extend_schema_field(
    PolymorphicProxySerializer(component_name="Origin", serializers=ORIGINS, resource_type_field_name="kind")
)
class OriginField(serializers.JSONField):
    def to_internal_value(self, data):
        kind = data.get("kind") if isinstance(data, dict) else None
        if kind not in ORIGINS:
            raise serializers.ValidationError("The kind has to be bought or rented.")
        origin = ORIGINS[kind](data=data)
        origin.is_valid(raise_exception=True)
        return origin.data


class ToolSerializer(serializers.ModelSerializer):
    tags = serializers.ListField(child=serializers.CharField(), default=list)
    origin = OriginField()
    has_photo = serializers.SerializerMethodField()

    class Meta:
        model = Tool
        fields = [
            "id",
            "name",
            "category",
            "price",
            "acquired_on",
            "created_at",
            "tags",
            "notes",
            "origin",
            "has_photo",
        ]

    def get_has_photo(self, tool) -> bool:
        return bool(tool.photo)


class PhotoSerializer(serializers.Serializer):
    file = serializers.FileField()
