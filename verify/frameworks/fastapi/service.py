"""The tools of a workshop, as a FastAPI application."""

import secrets
from collections.abc import AsyncIterable
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, HTTPException, Query, Response, Security, UploadFile, status
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

app = FastAPI(title="Workshop", version="1.0.0")

api_key_header = APIKeyHeader(name="X-API-Key")
bearer = HTTPBearer()


def reader(key: Annotated[str, Security(api_key_header)]) -> None:
    if not secrets.compare_digest(key, "reading"):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "This API key is unknown.")


def writer(credentials: Annotated[HTTPAuthorizationCredentials, Security(bearer)]) -> None:
    if not secrets.compare_digest(credentials.credentials, "writing"):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "This token is unknown.")


class Category(str, Enum):
    hand = "hand"
    power = "power"
    measuring = "measuring"


class Bought(BaseModel):
    kind: Literal["bought"]
    shop: str
    warranty_months: int | None = None


class Rented(BaseModel):
    kind: Literal["rented"]
    lender: str
    due_on: date


class ToolBase(BaseModel):
    name: Annotated[str, Field(min_length=2, max_length=60)]
    category: Category
    price: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)]
    acquired_on: date
    tags: list[str] = []
    notes: str | None = None
    origin: Annotated[Bought | Rented, Field(discriminator="kind")]


class ToolCreate(ToolBase):
    pass


class ToolUpdate(BaseModel):
    name: Annotated[str, Field(min_length=2, max_length=60)] | None = None
    price: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)] | None = None
    tags: list[str] | None = None
    notes: str | None = None


class Tool(ToolBase):
    id: UUID
    created_at: datetime
    has_photo: bool = False


class ToolPage(BaseModel):
    items: list[Tool]
    total: int
    page: int
    size: int


class Message(BaseModel):
    detail: str


class Reading(BaseModel):
    volts: float
    note: str | None = None


tools: dict[UUID, Tool] = {}
photos: dict[UUID, bytes] = {}


def existing(tool_id: UUID) -> Tool:
    if tool_id not in tools:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such tool.")
    return tools[tool_id]


ExistingTool = Annotated[Tool, Depends(existing)]
missing = {status.HTTP_404_NOT_FOUND: {"model": Message}}
conflict = {status.HTTP_409_CONFLICT: {"model": Message, "description": "The name is taken"}}


def refuse_taken(name: str) -> None:
    if any(tool.name == name for tool in tools.values()):
        raise HTTPException(status.HTTP_409_CONFLICT, f"There is a tool named {name} already.")


@app.get("/tools", tags=["tools"], dependencies=[Depends(reader)])
def list_tools(
    category: Category | None = None,
    tag: Annotated[list[str] | None, Query()] = None,
    acquired_since: date | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ToolPage:
    found = [
        tool
        for tool in tools.values()
        if (category is None or tool.category == category)
        and (not tag or set(tag) <= set(tool.tags))
        and (acquired_since is None or tool.acquired_on >= acquired_since)
    ]
    start = (page - 1) * size
    return ToolPage(items=found[start : start + size], total=len(found), page=page, size=size)


@app.post(
    "/tools", tags=["tools"], dependencies=[Depends(writer)], status_code=status.HTTP_201_CREATED, responses=conflict
)
def create_tool(new: ToolCreate) -> Tool:
    refuse_taken(new.name)
    tool = Tool(id=uuid4(), created_at=datetime.now(timezone.utc), **new.model_dump())
    tools[tool.id] = tool
    return tool


@app.get("/tools/{tool_id}", tags=["tools"], dependencies=[Depends(reader)], responses=missing)
def read_tool(tool: ExistingTool) -> Tool:
    return tool


@app.patch("/tools/{tool_id}", tags=["tools"], dependencies=[Depends(writer)], responses=missing | conflict)
def update_tool(tool: ExistingTool, changes: ToolUpdate) -> Tool:
    if changes.name is not None and changes.name != tool.name:
        refuse_taken(changes.name)
    tools[tool.id] = tool.model_copy(update=changes.model_dump(exclude_unset=True))
    return tools[tool.id]


@app.delete(
    "/tools/{tool_id}",
    tags=["tools"],
    dependencies=[Depends(writer)],
    status_code=status.HTTP_204_NO_CONTENT,
    responses=missing,
)
def delete_tool(tool: ExistingTool) -> None:
    del tools[tool.id]
    photos.pop(tool.id, None)


@app.post("/tools/{tool_id}/photo", tags=["photos"], dependencies=[Depends(writer)], responses=missing)
async def upload_photo(tool: ExistingTool, file: UploadFile) -> Tool:
    photos[tool.id] = await file.read()
    tools[tool.id] = tool.model_copy(update={"has_photo": True})
    return tools[tool.id]


@app.get(
    "/tools/{tool_id}/photo",
    tags=["photos"],
    dependencies=[Depends(reader)],
    response_class=Response,
    responses=missing | {status.HTTP_200_OK: {"content": {"image/png": {}}}},
)
def download_photo(tool: ExistingTool) -> Response:
    if tool.id not in photos:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "This tool has no photo.")
    return Response(photos[tool.id], media_type="image/png")


readings = [Reading(volts=18.5), Reading(volts=17.0, note="low")]


@app.get("/readings", tags=["readings"], response_class=EventSourceResponse)
async def watch_readings() -> AsyncIterable[Reading]:
    for reading in readings:
        yield reading


@app.get("/readings/raw", tags=["readings"], response_class=EventSourceResponse)
async def watch_raw_readings() -> AsyncIterable[ServerSentEvent]:
    for number, reading in enumerate(readings):
        yield ServerSentEvent(raw_data=str(reading.volts), event="reading", id=str(number))


@app.get("/readings/lines", tags=["readings"])
async def export_readings() -> AsyncIterable[Reading]:
    for reading in readings:
        yield reading
