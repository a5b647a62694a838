// Shell: `pendopo keys status | keys rotate | retention run | privacy record`, for the operator of an installation.
import type { Command, Outcome } from '#platform/command.ts';
import { context, SYSTEM } from '#platform/context.ts';
import { countKeys, rotateKeys } from '#platform/keyring.ts';
import type { OpenWorld } from '#platform/world.ts';
import { KEYED } from '#src/keyed.ts';
import { formatBytes, formatNumber } from '#ui/format.ts';
import { runRetention } from './keeping/actions.ts';
import { currentRecord } from './record/actions.ts';
import { recordCsv } from './record/record.ts';

type InWorld = <T>(work: (open: OpenWorld) => Promise<T>) => Promise<T>;

export const commands = (inWorld: InWorld): Command[] => [
  {
    name: 'keys status',
    usage: 'keys status',
    summary: 'which master keys still open data, and how much',
    run: () => inWorld(keyStatus),
  },
  {
    name: 'keys rotate',
    usage: 'keys rotate',
    summary: 'wrap every data key anew under the current master key, while the program serves',
    run: () => inWorld(rotate),
  },
  {
    name: 'retention run',
    usage: 'retention run [--dry-run]',
    summary: 'destroy what has been kept long enough, as every night; --dry-run only counts',
    run: (args) => inWorld((open) => retention(open, args.flags['dry-run'] === true)),
  },
  {
    name: 'privacy record',
    usage: 'privacy record [--csv]',
    summary: 'the record of processing activities (UU 27/2022 Pasal 31)',
    run: (args) => inWorld((open) => record(open, args.flags.csv === true)),
  },
];

async function keyStatus({ world, url }: OpenWorld): Promise<Outcome> {
  const counts = await countKeys(url, world.keys, KEYED);
  const totals = new Map<string, { rows: number; current: boolean; known: boolean }>();
  for (const { keyId, rows, current, known } of counts) {
    const total = totals.get(keyId) ?? { rows: 0, current, known };
    totals.set(keyId, { ...total, rows: total.rows + rows });
  }
  const ring = world.keys.ring.map((one, index) => ({
    keyId: one.id.toString('hex'),
    current: index === 0,
    rows: totals.get(one.id.toString('hex'))?.rows ?? 0,
  }));
  const strangers = [...totals].filter(([, one]) => !one.known);
  const bare = totals.get('')?.rows ?? 0;
  const lines = [
    ...ring.map(
      (one) => `${one.keyId}  ${one.current ? 'current' : 'old    '}  ${formatNumber(one.rows, 0)} data keys`,
    ),
    ...(bare > 0 ? [`(no id)   oldest   ${formatNumber(bare, 0)} data keys, by the first master key`] : []),
    ...strangers.map(
      ([id, one]) =>
        `${id}  MISSING  ${formatNumber(one.rows, 0)} data keys: add this master key to PENDOPO_OLD_MASTER_KEYS`,
    ),
    ...(strangers.length > 0
      ? []
      : bare + ring.slice(1).reduce((sum, one) => sum + one.rows, 0) === 0
        ? ['Everything is under the current master key; old ones may be taken away.']
        : ['Run "npx pendopo keys rotate" before an old master key is taken away.']),
  ];
  return { ok: strangers.length === 0, json: { ring, withoutId: bare, tables: counts }, text: lines.join('\n') };
}

async function rotate({ world, url }: OpenWorld): Promise<Outcome> {
  const done = await rotateKeys(url, world.keys, KEYED, {
    told: ({ table, rewrapped }) => void process.stderr.write(`\r${table}: ${formatNumber(rewrapped, 0)}   `),
  });
  const total = done.reduce((sum, one) => sum + one.rewrapped, 0);
  if (total > 0) process.stderr.write('\n');
  const lines = done
    .filter((one) => one.rewrapped > 0)
    .map((one) => `${one.table.padEnd(32)} ${formatNumber(one.rewrapped, 0)}`);
  return {
    ok: true,
    json: { rewrapped: total, tables: done },
    text: [
      ...lines,
      `${formatNumber(total, 0)} data keys wrapped anew under ${world.keys.ring[0]?.id.toString('hex')}.`,
    ].join('\n'),
  };
}

async function retention({ world }: OpenWorld, dryRun: boolean): Promise<Outcome> {
  const report = await runRetention(context(world, SYSTEM, 'system'), { dryRun });
  const { purged, erased, held, examined, disk } = report;
  const bytes = (given: number) => formatBytes(given);
  const text = dryRun
    ? `${formatNumber(examined, 0)} ended cases looked at. Would lose their files: ${formatNumber(purged.cases, 0)}; all their content: ${formatNumber(erased.cases, 0)}; kept by a hold: ${formatNumber(held, 0)}. Nothing was changed.`
    : [
        `${formatNumber(examined, 0)} ended cases looked at, ${formatNumber(held, 0)} kept by a hold`,
        `files of ${formatNumber(purged.cases, 0)} cases destroyed: ${formatNumber(purged.files, 0)} files, ${bytes(purged.bytes)}`,
        `content of ${formatNumber(erased.cases, 0)} cases destroyed: ${formatNumber(erased.files, 0)} files, ${bytes(erased.bytes)} in all`,
        `file store ${bytes(disk.storeBefore)} → ${bytes(disk.storeAfter)}; tables ${bytes(disk.tablesBefore)} → ${bytes(disk.tablesAfter)} (room inside is used again before the tables grow)`,
      ].join('\n');
  return { ok: true, json: report, text };
}

async function record({ world }: OpenWorld, csv: boolean): Promise<Outcome> {
  const activities = await currentRecord(world);
  const lines = activities.map(
    (one) =>
      `${one.source.padEnd(8)} ${one.id.padEnd(28)} ${one.name}${one.specific.length > 0 ? ` [${one.specific.join(', ')}]` : ''}${one.verified ? '' : ' (perlu diverifikasi)'}`,
  );
  return { ok: true, json: { activities }, text: csv ? recordCsv(activities).trimEnd() : lines.join('\n') };
}
