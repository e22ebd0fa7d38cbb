// Events of the auth log are kept for a while, and appended by a function.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropEventRetention, eventRetention } from '../tenancy.ts';

export class RetainAuthEvents1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await eventRetention(runner, 'auth');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropEventRetention(runner, 'auth');
  }
}
