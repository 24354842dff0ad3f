import { randomUUID } from 'node:crypto';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import type { CreateToolDto, ListToolsDto, ToolDto, ToolPageDto, UpdateToolDto } from './tools.dto';

@Injectable()
export class ToolsService {
  private readonly tools = new Map<string, ToolDto>();
  private readonly photos = new Map<string, Buffer>();

  list({ category, tag, acquiredSince, page, size }: ListToolsDto): ToolPageDto {
    const found = [...this.tools.values()].filter(
      (tool) =>
        (!category || tool.category === category) &&
        (tag ?? []).every((wanted) => tool.tags?.includes(wanted)) &&
        (!acquiredSince || tool.acquiredOn >= acquiredSince),
    );
    const start = (page - 1) * size;
    return { items: found.slice(start, start + size), total: found.length, page, size };
  }

  create(created: CreateToolDto): ToolDto {
    this.refuseTaken(created.name);
    const { notes = null, tags = [] } = created;
    const tool = { ...created, notes, tags, id: randomUUID(), createdAt: new Date(), hasPhoto: false };
    this.tools.set(tool.id, tool);
    return tool;
  }

  read(id: string): ToolDto {
    const tool = this.tools.get(id);
    if (!tool) {
      throw new NotFoundException('there is no such tool');
    }
    return tool;
  }

  update(id: string, changes: UpdateToolDto): ToolDto {
    const tool = this.read(id);
    if (changes.name && changes.name !== tool.name) {
      this.refuseTaken(changes.name);
    }
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    return Object.assign(tool, Object.fromEntries(given));
  }

  delete(id: string): void {
    this.read(id);
    this.tools.delete(id);
    this.photos.delete(id);
  }

  setPhoto(id: string, photo: Buffer): ToolDto {
    const tool = this.read(id);
    this.photos.set(id, photo);
    tool.hasPhoto = true;
    return tool;
  }

  photo(id: string): Buffer {
    const photo = this.photos.get(id);
    if (!photo) {
      throw new NotFoundException('this tool has no photo');
    }
    return photo;
  }

  private refuseTaken(name: string): void {
    if ([...this.tools.values()].some((tool) => tool.name === name)) {
      throw new ConflictException(`there is a tool named ${name} already`);
    }
  }
}
