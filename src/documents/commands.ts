// Shell: `pendopo papers signing | keys | rotate-key`, for the operator of an installation.
import type { Command } from '#platform/command.ts';
import { context, SYSTEM } from '#platform/context.ts';
import type { OpenWorld } from '#platform/world.ts';
import { publicKeys, rotateKey } from './qr/actions.ts';
import { probeSigning } from './signing/actions.ts';
import { REFUSAL_WORDS } from './text.ts';

type InWorld = <T>(work: (open: OpenWorld) => Promise<T>) => Promise<T>;

export const commands = (inWorld: InWorld): Command[] => [
  {
    name: 'papers signing',
    usage: 'papers signing',
    summary: 'who signs papers here, and whether its key opens (BSrE is not asked)',
    run: () =>
      inWorld(async ({ world }) => {
        const found = await probeSigning(context(world, SYSTEM, 'system'));
        const words = found.reason ? (REFUSAL_WORDS[found.reason] ?? found.reason) : 'ready';
        return { ok: !found.reason, json: found, text: `${found.provider ?? 'no provider'}: ${words}` };
      }),
  },
  {
    name: 'papers keys',
    usage: 'papers keys',
    summary: 'the public keys of the codes on papers, the newest first',
    run: () =>
      inWorld(async ({ world }) => {
        const keys = await publicKeys(context(world, SYSTEM, 'system'));
        const lines = keys.map(({ kid, from, until }) => `${kid}  ${from}  ${until ?? 'signs now'}`);
        return { ok: true, json: { keys }, text: lines.join('\n') };
      }),
  },
  {
    name: 'papers rotate-key',
    usage: 'papers rotate-key',
    summary: 'let a new key sign the codes on papers; the old ones stay verifiable',
    run: () =>
      inWorld(async ({ world }) => {
        const kid = await rotateKey(context(world, SYSTEM, 'system'));
        return { ok: true, json: { kid }, text: `The key ${kid} signs from now on.` };
      }),
  },
];
