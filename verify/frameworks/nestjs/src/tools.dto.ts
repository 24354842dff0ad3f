import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath, PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsDateString,
  IsEnum,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

export enum Category {
  Hand = 'hand',
  Power = 'power',
  Measuring = 'measuring',
}

export class Bought {
  @ApiProperty({ enum: ['bought'] })
  @IsIn(['bought'])
  kind: 'bought';

  @ApiProperty()
  @IsString()
  shop: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsInt()
  warrantyMonths?: number;
}

export class Rented {
  @ApiProperty({ enum: ['rented'] })
  @IsIn(['rented'])
  kind: 'rented';

  @ApiProperty()
  @IsString()
  lender: string;

  @ApiProperty({ format: 'date' })
  @IsDateString()
  dueOn: string;
}

@ApiExtraModels(Bought, Rented)
export class CreateToolDto {
  @ApiProperty({ minLength: 2, maxLength: 60 })
  @IsString()
  @Length(2, 60)
  name: string;

  @ApiProperty({ enum: Category, enumName: 'Category' })
  @IsEnum(Category)
  category: Category;

  @ApiProperty({ minimum: 0 })
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0)
  price: number;

  @ApiProperty({ format: 'date' })
  @IsDateString()
  acquiredOn: string;

  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsString({ each: true })
  tags?: string[];

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @IsString()
  notes?: string | null;

  @ApiProperty({
    oneOf: [{ $ref: getSchemaPath(Bought) }, { $ref: getSchemaPath(Rented) }],
    discriminator: {
      propertyName: 'kind',
      mapping: { bought: getSchemaPath(Bought), rented: getSchemaPath(Rented) },
    },
  })
  @ValidateNested()
  @Type(() => Object, {
    keepDiscriminatorProperty: true,
    discriminator: {
      property: 'kind',
      subTypes: [
        { value: Bought, name: 'bought' },
        { value: Rented, name: 'rented' },
      ],
    },
  })
  origin: Bought | Rented;
}

export class UpdateToolDto extends PartialType(CreateToolDto) {}

export class ToolDto extends CreateToolDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  createdAt: Date;

  @ApiProperty()
  hasPhoto: boolean;
}

export class ToolPageDto {
  @ApiProperty({ type: [ToolDto] })
  items: ToolDto[];

  @ApiProperty()
  total: number;

  @ApiProperty()
  page: number;

  @ApiProperty()
  size: number;
}

export class ListToolsDto {
  @ApiPropertyOptional({ enum: Category, enumName: 'Category' })
  @IsOptional()
  @IsEnum(Category)
  category?: Category;

  @ApiPropertyOptional({ type: [String], description: 'Tags that a tool has to have' })
  @IsOptional()
  @Transform(({ value }) => (Array.isArray(value) ? value : [value]))
  @IsString({ each: true })
  tag?: string[];

  @ApiPropertyOptional({ format: 'date' })
  @IsOptional()
  @IsDateString()
  acquiredSince?: string;

  @ApiPropertyOptional({ minimum: 1, default: 1 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  page: number = 1;

  @ApiPropertyOptional({ minimum: 1, maximum: 100, default: 20 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  size: number = 20;
}
