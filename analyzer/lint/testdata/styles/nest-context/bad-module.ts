import { Module } from '@nestjs/common';
import { UsersService } from './bad-users.service';
@Module({ providers: [UsersService] })
export class AppModule {}
