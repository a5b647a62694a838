// Sends what is due: claim, choose the way, write the try down, hand over, write down what came back.
import type { Ctx, World } from '#platform/context.ts';
import { openDataKey, unsealJson } from '#platform/crypto.ts';
import type { Gateways } from '#platform/gateways.ts';
import { idFrom } from '#platform/ids.ts';
import { counters } from '#platform/metrics.ts';
import { type Address, masked } from '../address.ts';
import { type Breaker, CLOSED, pass, settled } from '../breaker.ts';
import type { Letter, Outcome, Sender } from '../channels/channel.ts';
import { demoOutbox } from '../channels/demo.ts';
import { smsGateway } from '../channels/gateway.ts';
import { smtp } from '../channels/smtp.ts';
import { whatsapp } from '../channels/whatsapp.ts';
import { outOfQuiet } from '../quiet.ts';
import { CHANNELS, type Channel, render, type Template, type Values } from '../template.ts';
import { templates } from '../templates/store.ts';
import { nextStep, type Tried, type Way } from '../way.ts';
import {
  beginTries,
  type Claimed,
  claim,
  type Ended,
  end,
  type NewTry,
  postpone,
  settle,
  type TriedRow,
  triesOf,
  type Waiting,
  type Wishes,
  wishesOf,
} from './store.ts';

/** So many messages are under way at once in one process. */
const BATCH = 16;
/** Longer than any provider may take; a sender that is silent longer is believed dead. */
const LEASE_MS = 120_000;
/** A job hands over to the next after this long, so that others have their turn. */
const SHIFT_MS = 50_000;

type Post = {
  senders: Map<string, Sender>;
  breakers: Map<string, Breaker>;
  /** Set while this process sends: who comes then only rings. */
  ring?: (() => void) | undefined;
};
const posts = new WeakMap<World['pool'], Post & { gateways: Gateways }>();

/** The providers of this program, each with its breaker. */
export function postOf(world: Pick<World, 'config' | 'pool'>): Post {
  const { gateways, mode, publicUrl } = world.config;
  let post = posts.get(world.pool);
  if (post?.gateways !== gateways) {
    const real = [
      ...gateways.whatsapp.map((one) => whatsapp(one)),
      ...gateways.sms.map((one) => smsGateway(one)),
      ...gateways.email.map((one) => smtp(one, new URL(publicUrl).hostname)),
    ];
    const senders = real.length === 0 && mode === 'demo' ? CHANNELS.map(demoOutbox) : real;
    post = {
      gateways,
      senders: new Map(senders.map((one) => [`${one.channel}:${one.name}`, one])),
      breakers: new Map(),
    };
    posts.set(world.pool, post);
  }
  return post;
}

/** Which channels this installation has. */
export const channelsOf = (world: Pick<World, 'config' | 'pool'>): Channel[] => {
  const has = new Set([...postOf(world).senders.values()].map((one) => one.channel));
  return CHANNELS.filter((channel) => has.has(channel));
};

/**
 * Sends all that is due until nothing is, or the shift is over. One at a time in a process: whoever comes meanwhile only
 * rings, so that messages never take more than one of the worker's hands. Returns how many tries were made.
 */
export async function sendDue(ctx: Ctx): Promise<number> {
  const post = postOf(ctx);
  if (post.ring) {
    post.ring();
    return 0;
  }
  const began = performance.now();
  const underWay = new Set<Promise<void>>();
  let tries = 0;
  let fault: unknown;
  try {
    for (;;) {
      // a try that ends while we look may have put its message back behind our look: then we look again
      let rung = false;
      const bell = new Promise<void>((resolve) => {
        post.ring = () => {
          rung = true;
          resolve();
        };
      });
      const now = ctx.clock();
      const open = fault === undefined && performance.now() - began < SHIFT_MS;
      // with every provider down, each message would only be looked at and put back
      if (open && underWay.size <= BATCH / 2 && !allDown(ctx, now)) {
        const { claimed, letters } = await plan({ ...ctx, now }, BATCH - underWay.size);
        for (const letter of letters) {
          const way: Promise<void> = carry(ctx, letter)
            .catch((error: unknown) => {
              fault ??= error;
            })
            .finally(() => {
              underWay.delete(way);
              post.ring?.();
            });
          underWay.add(way);
        }
        tries += letters.length;
        if (claimed > 0) continue;
      }
      if (underWay.size > 0) await bell;
      else if (fault !== undefined) throw fault;
      else if (!(rung && open)) return tries;
    }
  } finally {
    post.ring = undefined;
  }
}

function allDown(world: Pick<World, 'config' | 'pool'>, now: Date): boolean {
  const { senders, breakers } = postOf(world);
  return senders.size > 0 && [...senders.keys()].every((name) => closedUntil(breakers, name, now) !== undefined);
}

function closedUntil(breakers: Post['breakers'], provider: string, now: Date): Date | undefined {
  const state = pass(breakers.get(provider) ?? CLOSED, now.getTime());
  return state.allowed ? undefined : new Date(state.until);
}

type Planned = { do: 'send' | 'ask'; sender: Sender; name: string; letter: Letter; row: NewTry; masked: string };

async function plan(ctx: Ctx, most: number): Promise<{ claimed: number; letters: Planned[] }> {
  return ctx.db.transaction().execute(async (db) => {
    const tx = { ...ctx, db };
    const claimed = await claim(tx, most, new Date(ctx.now.getTime() + LEASE_MS));
    if (claimed.length === 0) return { claimed: 0, letters: [] };
    const tries = await triesOf(
      tx,
      claimed.map((one) => one.id),
    );
    const wishes = await wishesOf(
      tx,
      claimed.flatMap((one) => one.account ?? []),
    );
    const letters: Planned[] = [];
    const waiting: Waiting[] = [];
    const ended: Ended[] = [];
    for (const message of claimed) {
      const step = planOne(
        ctx,
        message,
        tries.filter((one) => one.message === message.id && one.round === message.round),
        message.account ? wishes.get(message.account) : undefined,
      );
      if ('letter' in step) letters.push(step);
      else if ('until' in step) waiting.push(step);
      else ended.push(step);
    }
    // a question changes nothing out there and is no try of its own
    await beginTries(
      tx,
      letters.filter((one) => one.do === 'send').map((one) => one.row),
    );
    await postpone(tx, waiting);
    await end(tx, ended);
    for (const one of ended) counters.message(one.state, one.channel ?? 'none');
    return { claimed: claimed.length, letters };
  });
}

function planOne(ctx: Ctx, message: Claimed, tries: TriedRow[], wishes: Wishes | undefined): Planned | Waiting | Ended {
  const { senders, breakers } = postOf(ctx);
  const template = templates().get(message.template);
  // a template that a newer release has dropped, or a content destroyed by age: nothing can be said any more
  if (!template || !message.key) return { id: message.id, state: 'dropped', channel: null, reason: 'nothing-left' };
  if (template.optional && wishes?.off.includes(template.id))
    return { id: message.id, state: 'dropped', channel: null, reason: 'switched-off' };
  const expires = new Date(message.round_at.getTime() + template.expires * 60_000);
  const open = message.urgent ? ctx.now : outOfQuiet(ctx.now, ctx.calendar.offsetMinutes, message.id);
  if (open > ctx.now && open < expires) return { id: message.id, until: open, reason: 'quiet-hours' };

  const key = openDataKey(ctx.keys, message.key);
  const address = unsealJson<Address>(key, message.address);
  const ways = waysOf(template, message, address, wishes, senders);
  if (ways.length === 0) return withoutWay(template, message, address);
  const step = nextStep(
    {
      id: message.id,
      urgent: message.urgent,
      roundAt: message.round_at,
      expires,
      ways,
      tried: tries.map(
        (one): Tried => ({
          ...one,
          provider: `${one.channel}:${one.provider}`,
          startedAt: one.started_at,
          endedAt: one.ended_at,
        }),
      ),
      closedUntil: (provider) => closedUntil(breakers, provider, ctx.now),
    },
    ctx.now,
  );
  switch (step.do) {
    case 'wait':
      return { id: message.id, until: step.until, reason: step.reason };
    case 'end':
      return { id: message.id, state: template.inbox ? 'failed' : 'dropped', channel: null, reason: step.reason };
    case 'send':
    case 'ask': {
      const sender = senders.get(step.way.provider) as Sender;
      const through = pass(breakers.get(step.way.provider) ?? CLOSED, ctx.now.getTime());
      if (through.allowed) breakers.set(step.way.provider, through.after);
      const { channel } = sender;
      // asking is about the try before; sending is a new one, under the same key for the same provider and round
      const number = step.do === 'ask' ? (tries.at(-1)?.number ?? 1) : message.attempts + 1;
      const row = {
        message: message.id,
        number,
        round: message.round,
        channel,
        provider: sender.name,
        key: idFrom(message.id, String(message.round), step.way.provider),
      };
      const rendered = render(template, unsealJson<Values>(key, message.content), wishes?.language ?? 'id', channel);
      const letter = { key: row.key, ...address, ...rendered };
      return { do: step.do, sender, name: step.way.provider, letter, row, masked: masked(channel, address) };
    }
  }
}

function waysOf(
  template: Template,
  message: Claimed,
  address: Address,
  wishes: Wishes | undefined,
  senders: Post['senders'],
): Way[] {
  const wished = wishes?.channels.filter((channel) => template.channels.includes(channel)) ?? [];
  const order = [...new Set([...wished, ...template.channels])].filter(
    (channel) => (message.only_by ?? channel) === channel && (channel === 'email' ? address.email : address.phone),
  );
  return order.flatMap((channel) =>
    [...senders]
      .filter(([, sender]) => sender.channel === channel)
      .map(([provider, { repeat }]) => ({ channel, provider, repeat })),
  );
}

function withoutWay(template: Template, message: Claimed, address: Address): Ended {
  const reason = address.phone || address.email ? 'no-channel' : 'no-address';
  const readable = template.inbox && (message.account !== null || message.about !== null);
  return { id: message.id, state: readable ? 'sent' : 'failed', channel: readable ? 'inbox' : null, reason };
}

async function carry(ctx: Ctx, { do: what, sender, name, letter, row, masked: address }: Planned): Promise<void> {
  const outcome = what === 'ask' ? await sender.ask?.(letter) : await sender.send(letter);
  const now = ctx.clock();
  const told: Outcome = outcome ?? { outcome: 'unknown', reason: 'no-lookup' };
  const { breakers } = postOf(ctx);
  const fault = (told.outcome === 'failed' && !told.aboutReader) || told.outcome === 'unknown';
  const rest = told.outcome === 'failed' ? told.retryAfter : undefined;
  breakers.set(name, settled(breakers.get(name) ?? CLOSED, fault, now.getTime(), rest));
  counters.message(told.outcome, sender.channel);
  await settle(ctx, now, {
    message: row.message,
    number: row.number,
    channel: sender.channel,
    provider: sender.name,
    masked: address,
    outcome: told.outcome,
    reason: told.outcome === 'accepted' ? null : told.reason,
    reference: told.outcome === 'accepted' ? (told.reference ?? null) : null,
  });
}
