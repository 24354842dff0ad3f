import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Query,
  StreamableFile,
  UploadedFile,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiBody,
  ApiConflictResponse,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiProduces,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import { ApiKeyGuard, BearerGuard } from './auth.guard';
import { CreateToolDto, ListToolsDto, ToolDto, ToolPageDto, UpdateToolDto } from './tools.dto';
import { ToolsService } from './tools.service';

@ApiTags('tools')
@Controller('tools')
export class ToolsController {
  constructor(private readonly tools: ToolsService) {}

  @Get()
  @UseGuards(ApiKeyGuard)
  @ApiSecurity('api-key')
  @ApiOkResponse({ type: ToolPageDto })
  list(@Query() query: ListToolsDto): ToolPageDto {
    return this.tools.list(query);
  }

  @Post()
  @UseGuards(BearerGuard)
  @ApiBearerAuth()
  @ApiCreatedResponse({ type: ToolDto })
  @ApiBadRequestResponse({ description: 'The tool is not valid' })
  @ApiConflictResponse({ description: 'The name is taken' })
  create(@Body() tool: CreateToolDto): ToolDto {
    return this.tools.create(tool);
  }

  @Get(':id')
  @UseGuards(ApiKeyGuard)
  @ApiSecurity('api-key')
  @ApiOkResponse({ type: ToolDto })
  @ApiNotFoundResponse({ description: 'There is no such tool' })
  findOne(@Param('id', ParseUUIDPipe) id: string): ToolDto {
    return this.tools.read(id);
  }

  @Patch(':id')
  @UseGuards(BearerGuard)
  @ApiBearerAuth()
  @ApiOkResponse({ type: ToolDto })
  @ApiNotFoundResponse({ description: 'There is no such tool' })
  @ApiConflictResponse({ description: 'The name is taken' })
  update(@Param('id', ParseUUIDPipe) id: string, @Body() changes: UpdateToolDto): ToolDto {
    return this.tools.update(id, changes);
  }

  @Delete(':id')
  @UseGuards(BearerGuard)
  @ApiBearerAuth()
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: 'There is no such tool' })
  remove(@Param('id', ParseUUIDPipe) id: string): void {
    this.tools.delete(id);
  }

  @Post(':id/photo')
  @UseGuards(BearerGuard)
  @ApiBearerAuth()
  @UseInterceptors(FileInterceptor('file'))
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @ApiCreatedResponse({ type: ToolDto })
  @ApiNotFoundResponse({ description: 'There is no such tool' })
  uploadPhoto(@Param('id', ParseUUIDPipe) id: string, @UploadedFile() file?: Express.Multer.File): ToolDto {
    if (!file) {
      throw new BadRequestException('the form has no file');
    }
    return this.tools.setPhoto(id, file.buffer);
  }

  @Get(':id/photo')
  @UseGuards(ApiKeyGuard)
  @ApiSecurity('api-key')
  @ApiProduces('image/png')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiNotFoundResponse({ description: 'There is no such photo' })
  downloadPhoto(@Param('id', ParseUUIDPipe) id: string): StreamableFile {
    return new StreamableFile(this.tools.photo(id), { type: 'image/png' });
  }
}
