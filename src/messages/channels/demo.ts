// The demo's own outbox: takes everything, sends nothing. What it took is read at /contoh/pesan. Never in production.
import type { Channel } from '../template.ts';
import type { Sender } from './channel.ts';

export const DEMO_PROVIDER = 'contoh';

export const demoOutbox = (channel: Channel): Sender => ({
  name: DEMO_PROVIDER,
  channel,
  repeat: 'key',
  send: async () => ({ outcome: 'accepted' }),
});
