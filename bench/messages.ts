// Messages on one PostgreSQL with fsync on: how fast they are queued and sent, and what an outage of 300 seconds under load
// leaves behind. The provider is a gateway on loopback; the outage runs on a clock of its own, sending is real.
// Flags: --messages 4000, --rate 5 (a second during the outage).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#platform/config.ts';
import { context, SYSTEM, type World } from '#platform/context.ts';
import { parseGateways } from '#platform/gateways.ts';
import { openWorld } from '#platform/world.ts';
import { sendMessage } from '#src/messages/actions.ts';
import { sendDue } from '#src/messages/sending/actions.ts';
import { modules } from '#src/modules.ts';
import { type HttpProvider, startSms } from '#test/providers.ts';
import { type Flags, figure, type Metric, type Result } from './measure.ts';

const OUTAGE = 300;
const MOODS = ['down', 'cut', 'accept-cut', 'garbage'] as const;

export async function run(flags: Flags): Promise<Result> {
  const messages = Number(flags.messages ?? 4000);
  const rate = Number(flags.rate ?? 5);
  const dir = mkdtempSync(join(tmpdir(), 'pendopo-bench-'));
  const config = readConfig({ PENDOPO_STATE: dir, PENDOPO_MODE: 'demo', LOG_LEVEL: 'error' });
  const sms = await startSms({ keys: true });
  config.gateways = parseGateways(
    {
      sms: [
        {
          name: 'gerbang',
          url: `${sms.url}/send`,
          form: { to: '{to}', text: '{text}', ref: '{id}' },
          accepted: { path: 'status', is: ['queued'] },
          idempotent: true,
          timeout: 5,
        },
      ],
    },
    {},
  );
  const { world, close } = await openWorld(config, modules);
  let now = new Date('2026-11-23T09:00:00+07:00');
  world.clock = () => now;
  try {
    const queued = await queueRate(world, messages);
    const sent = await drainRate(world, sms, messages);
    const outage = await ride(world, sms, rate, (seconds) => {
      now = new Date(now.getTime() + seconds * 1000);
    });
    return { name: 'messages', metrics: [...queued, ...sent, ...outage] };
  } finally {
    await close();
    await sms.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const one = (world: World, n: number) =>
  sendMessage(context(world, SYSTEM, 'system'), {
    template: 'data-dijawab',
    to: { phone: '081200009001' },
    values: { nomor: `N-${n}`, tautan: '/lacak/x' },
  });

async function queueRate(world: World, messages: number): Promise<Metric[]> {
  const began = performance.now();
  let next = 0;
  const writers = Array.from({ length: 8 }, async () => {
    while (next < messages) await one(world, next++);
  });
  await Promise.all(writers);
  return [figure('queued, 8 writers, a commit each', 'messages/s', messages / ((performance.now() - began) / 1000))];
}

async function drainRate(world: World, sms: HttpProvider, messages: number): Promise<Metric[]> {
  const began = performance.now();
  while (sms.taken.length < messages) await sendDue(context(world, SYSTEM, 'system'));
  return [
    figure(
      'sent to a gateway that answers at once, one process',
      'messages/s',
      messages / ((performance.now() - began) / 1000),
    ),
  ];
}

async function ride(world: World, sms: HttpProvider, rate: number, pass: (seconds: number) => void): Promise<Metric[]> {
  const already = sms.taken.length;
  sms.asked = 0;
  let faults = 0;
  sms.mood = () => MOODS[faults++ % MOODS.length] ?? 'down';
  let said = 0;
  for (let second = 0; second < OUTAGE; second += 10) {
    for (let n = 0; n < rate * 10; n++) await one(world, 1_000_000 + said++);
    await sendDue(context(world, SYSTEM, 'system'));
    pass(10);
  }
  const spared = sms.asked;
  sms.mood = 'ok';
  let after = 0;
  const began = performance.now();
  while (sms.taken.length - already < said && after < 3600) {
    pass(10);
    after += 10;
    await sendDue(context(world, SYSTEM, 'system'));
  }
  const working = (performance.now() - began) / 1000;
  const { rows } = await world.pool.query(`SELECT count(*)::int AS open FROM messages.messages WHERE state <> 'sent'`);
  const doubled = sms.taken.length - new Set(sms.taken.map(({ key }) => key)).size;
  return [
    figure(`queued during an outage of ${OUTAGE} s`, 'messages', said),
    figure('requests to the provider during the outage', 'requests', spared),
    figure('lost', 'messages', rows[0].open, '0', rows[0].open === 0),
    figure('doubled', 'messages', doubled, '0', doubled === 0),
    figure('last one sent after the outage, on the clock', 's', after, '≤ 600', after <= 600),
    figure('of it work', 's', working),
  ];
}
