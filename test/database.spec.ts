// The same migrations on every PostgreSQL we promise, and the generated types as the database really is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import pg from 'pg';
import { migrate } from '#platform/migrate.ts';
import { startPostgres, systemPostgresBins } from '#platform/postgres.ts';
import { actOnApplication, submitApplication } from '#src/applications/actions.ts';
import { seed } from '#src/seed.ts';
import { connectWorld, openTestWorld, withDatabase } from './world.ts';

const root = join(import.meta.dirname, '..');
const example = JSON.parse(readFileSync(join(root, 'services/akta-kelahiran/example.json'), 'utf8'));

describe('the database', () => {
  test('has the types that the code was written against', async () => {
    const t = await openTestWorld();
    try {
      const made = execFileSync(
        process.execPath,
        [
          'node_modules/kysely-codegen/dist/cli/bin.js',
          '--dialect',
          'postgres',
          '--url',
          t.url,
          '--print',
          '--exclude-pattern',
          '{graphile_worker.*,platform.events_*,public.pendopo*}',
        ],
        { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const body = (text: string) => text.slice(text.indexOf('export interface'), text.lastIndexOf('}') + 1);
      const same = body(readFileSync(join(root, 'src/platform/db/types.ts'), 'utf8')) === body(made);
      assert.ok(same, 'src/platform/db/types.ts is older than the migrations: run "npm run types"');
    } finally {
      await t.close();
    }
  });

  const [system] = systemPostgresBins();
  test('may be any PostgreSQL from 15 on: the same migrations, the same way of a case', {
    skip: system ? false : 'no PostgreSQL of the system was found',
  }, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'pendopo-system-pg-'));
    const server = await startPostgres({ dir, bin: system ?? '', settings: { fsync: 'off' } });
    try {
      const admin = new pg.Client({ connectionString: server.url });
      await admin.connect();
      // an ordinary owner, as a hosting regency would give us: may create roles, is no superuser
      await admin.query(`CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'rahasia'`);
      await admin.query('CREATE DATABASE regency OWNER owner');
      await admin.end();
      const owned = new URL(withDatabase(server.url, 'regency'));
      owned.username = 'owner';
      owned.password = 'rahasia';
      await migrate(owned.href, new Date());
      const t = connectWorld(owned.href);
      await seed(t.world);
      const receipt = await submitApplication(t.ctx(), {
        service: 'akta-kelahiran',
        answers: example.answers,
        channel: 'online',
      });
      const done = await actOnApplication(t.ctx(await t.officer('verifikator')), receipt.number, {
        action: 'setujui-berkas',
      });
      assert.equal(done.state, 'pengesahan');
      await assert.rejects(t.world.pool.query('DELETE FROM platform.events'), /permission denied/);
      await t.close();
    } finally {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
