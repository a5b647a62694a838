// Writes src/platform/db/types.ts from a freshly migrated database ("npm run types").
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../src/platform/migrate.ts';
import { startPostgres } from '../src/platform/postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'pendopo-types-'));
const server = await startPostgres({ dir });
try {
  await migrate(server.url, new Date());
  const args = ['--dialect', 'postgres', '--url', server.url, '--out-file', 'src/platform/db/types.ts'];
  args.push('--exclude-pattern', '{graphile_worker.*,platform.events_*,public.pendopo*}');
  execFileSync(process.execPath, ['node_modules/kysely-codegen/dist/cli/bin.js', ...args], { stdio: 'inherit' });
} finally {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
