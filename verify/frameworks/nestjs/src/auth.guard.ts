import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';

/** Whoever has the API key may read. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.header('x-api-key') !== 'reading') {
      throw new UnauthorizedException('this API key is unknown');
    }
    return true;
  }
}

/** Whoever has the token may write. */
@Injectable()
export class BearerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.header('authorization') !== 'Bearer writing') {
      throw new UnauthorizedException('this token is unknown');
    }
    return true;
  }
}
