"""The tools of a workshop, as they are stored."""

from django.core.validators import MinLengthValidator, MinValueValidator
from django.db import models


class Tool(models.Model):
    class Category(models.TextChoices):
        HAND = "hand", "Hand tool"
        POWER = "power", "Power tool"
        MEASURING = "measuring", "Measuring tool"

    name = models.CharField(max_length=60, unique=True, validators=[MinLengthValidator(2)])
    category = models.CharField(max_length=20, choices=Category.choices)
    price = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])
    acquired_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    tags = models.JSONField(default=list)
    notes = models.TextField(null=True, blank=True)
    origin = models.JSONField()
    photo = models.FileField(upload_to="photos", null=True)

    class Meta:
        ordering = ["id"]
