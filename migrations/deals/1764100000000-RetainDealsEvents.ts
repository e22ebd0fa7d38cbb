// Events of the deals log are kept for a while, and appended by a function.
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropEventRetention, eventRetention } from '../tenancy.ts';

export class RetainDealsEvents1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await eventRetention(runner, 'deals');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropEventRetention(runner, 'deals');
  }
}
