// What an outsider takes home: the proof that one event is in the log, or that the log of then is the beginning of the log of
// now. Checked without any database, with the public key alone. Pure.
import { type EventRow, hashEvent } from '#platform/events.ts';
import { type HeadKey, isSigned, readCheckpoint, readKey, type SignedHead } from './head.ts';
import { isConsistent, isIncluded, leafHash } from './tree.ts';

/** Hashes are base64; `key` is the public key as `writeKey` prints it; `checkpoint` the signed head. */
export type InclusionProof = {
  kind: 'pendopo-inclusion-1';
  event: Record<string, unknown>;
  leaf: number;
  proof: string[];
  checkpoint: string;
  key: string;
};
export type ConsistencyProof = {
  kind: 'pendopo-consistency-1';
  older: string;
  newer: string;
  proof: string[];
  key: string;
};
/** `older` of a log that has changed its key since is signed by `olderKey`. */
export type Checked = { valid: boolean; problems: string[]; kind: string; key: string; size?: number; at?: string };

/** The event as it stands in a proof: everything that its hash covers, so that anybody can compute it again. */
export const eventJson = (event: EventRow): Record<string, unknown> => ({
  ...event,
  prev: event.prev?.toString('base64') ?? null,
  hash: event.hash.toString('base64'),
});

/** Judges a proof. `trusted`: the public key from somewhere else than the proof; without it only its inner truth is known. */
export function checkProof(proof: unknown, trusted?: string): Checked {
  const given = (proof ?? {}) as Partial<Record<keyof InclusionProof | keyof ConsistencyProof, unknown>>;
  const problems: string[] = [];
  const keyText = trusted ?? (typeof given.key === 'string' ? given.key : '');
  const key = readKey(keyText);
  const result = (size?: number, at?: string): Checked => ({
    valid: problems.length === 0,
    problems,
    kind: String(given.kind ?? ''),
    key: keyText,
    ...(size !== undefined && { size }),
    ...(at !== undefined && { at }),
  });
  if (!key) problems.push('the public key is not one: it looks like "origin+id+base64"');
  else if (trusted !== undefined && given.key !== undefined && given.key !== trusted)
    problems.push('the proof names another public key than the one you trust');
  const path = Array.isArray(given.proof)
    ? (given.proof as unknown[]).map((one) => Buffer.from(String(one), 'base64'))
    : [];
  if (path.length > 64 || path.some((one) => one.length !== 32)) problems.push('the list of hashes is not one');
  if (!key || problems.length > 0) return result();
  switch (given.kind) {
    case 'pendopo-inclusion-1': {
      const head = signedBy(key, given.checkpoint, 'the head', problems);
      const hash = eventHash(given.event, problems);
      if (head && hash && !isIncluded(leafHash(hash), Number(given.leaf), head.size, path, head.root))
        problems.push('the event is not in the tree of this head at this place');
      return result(head?.size, head?.at);
    }
    case 'pendopo-consistency-1': {
      const older = signedBy(key, given.older, 'the older head', problems);
      const newer = signedBy(key, given.newer, 'the newer head', problems);
      if (older && newer && !isConsistent(older, newer, path))
        problems.push('the older head is not the beginning of the newer one: history was rewritten');
      return result(newer?.size, newer?.at);
    }
    default:
      problems.push('this is not a proof of Pendopo: "kind" is missing or unknown');
      return result();
  }
}

function signedBy(key: HeadKey, text: unknown, what: string, problems: string[]): SignedHead | undefined {
  const head = typeof text === 'string' ? readCheckpoint(text) : undefined;
  if (!head) problems.push(`${what} cannot be read`);
  else if (head.keyId !== key.id || head.origin !== key.origin) problems.push(`${what} is signed with another key`);
  else if (!isSigned(key, head, head.signature)) problems.push(`${what} has a wrong signature`);
  else return head;
  return undefined;
}

function eventHash(given: unknown, problems: string[]): Buffer | undefined {
  const event = (given ?? {}) as Record<string, unknown>;
  const told = Buffer.from(String(event.hash ?? ''), 'base64');
  try {
    const row = { ...event, prev: event.prev ? Buffer.from(String(event.prev), 'base64') : null };
    if (hashEvent(row as unknown as EventRow).equals(told)) return told;
  } catch {
    // what cannot be hashed is no event: the sentence below
  }
  problems.push("the event's content does not give its hash");
  return undefined;
}
