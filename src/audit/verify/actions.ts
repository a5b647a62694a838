// `pendopo verify`: reads the whole log once and says whether it is what it was; constant memory, whatever its length.
import type { Ctx } from '#platform/context.ts';
import { openDataKey, sha256 } from '#platform/crypto.ts';
import { canonical, type EventRow } from '#platform/events.ts';
import { openFile } from '#platform/files.ts';
import { type ApplicationEvent, fold, statusOf } from '#src/applications/application.ts';
import { getVersion } from '#src/catalogue/actions.ts';
import { isSigned, keyIdOf, privateKeyOf, publicBytesOf, type SignedHead } from '../head.ts';
import { allKeys, type StoredKey } from '../store.ts';
import { append, type FinishedPart, leafHash, newEdge, rootOf } from '../tree.ts';
import { type Chain, type Fault, type Findings, follow, found, newFindings } from './faults.ts';
import {
  allCases,
  allEvents,
  allHeads,
  allLeaves,
  allParts,
  atOneMoment,
  type CaseRow,
  issuedFiles,
  type Reader,
  sealedness,
  wrongDocuments,
} from './store.ts';

export type VerifyOptions = {
  /** Fold every case, not one in sixteen. */
  rows?: boolean;
  /** Read every issued paper and compare its bytes. */
  files?: boolean;
  /** A head that somebody kept elsewhere: the log must begin with it. */
  kept?: SignedHead & { origin: string };
  tell?(line: string): void;
};
export type Verified = {
  ok: boolean;
  events: number;
  subjects: number;
  leaves: number;
  heads: number;
  /** Events since the last sealing: bound by their chains alone, for a minute. */
  waiting: number;
  cases: { compared: number; folded: number };
  documents: { compared: number; read: number };
  seconds: number;
  eventsPerSecond: number;
  firstBad: Fault | null;
  faults: Fault[];
  faultCount: number;
};

const TELL_MS = 5000;

/** Verifies all that can be verified. Nothing is written; what is wrong is told, never thrown. */
export async function verifyLog(
  ctx: Pick<Ctx, 'db' | 'pool' | 'keys' | 'files'>,
  options: VerifyOptions = {},
): Promise<Verified> {
  const began = performance.now();
  const findings = newFindings();
  const keys = await allKeys(ctx);
  for (const key of keys) found(findings, ...keyFaults(ctx, key));
  const result = await atOneMoment(ctx, async (reader) => {
    const chains = await verifyChains(ctx, reader, findings, options);
    const tree = await verifyTree(reader, keys, findings, options);
    const { checked, wrong } = await wrongDocuments(reader);
    for (const { id, what } of wrong) found(findings, { where: 'document', subject: id, what });
    const read = options.files ? await verifyFiles(ctx, reader, findings) : 0;
    return { ...chains, ...tree, documents: { compared: checked, read } };
  });
  const seconds = (performance.now() - began) / 1000;
  return {
    ok: findings.count === 0,
    ...result,
    seconds: Math.round(seconds * 100) / 100,
    eventsPerSecond: Math.round(result.events / seconds),
    firstBad: findings.first[0] ?? null,
    faults: findings.first,
    faultCount: findings.count,
  };
}

/** Who has the database and not the master key can put another public key in its place, but not its private half. */
function keyFaults({ keys }: Pick<Ctx, 'keys'>, key: StoredKey): Fault[] {
  const blame = (what: string): Fault[] => [{ where: 'head', what: `key ${key.id}: ${what}` }];
  if (keyIdOf(key.origin, key.public) !== key.id) return blame('its name does not belong to it');
  if (!key.key) return [];
  try {
    const own = publicBytesOf(privateKeyOf(openDataKey(keys, key.key)));
    return own.equals(key.public) ? [] : blame('its public half is not that of its private half: it was exchanged');
  } catch {
    return blame('its private half cannot be opened with this master key');
  }
}

async function verifyChains(
  ctx: Pick<Ctx, 'db' | 'pool'>,
  reader: Reader,
  findings: Findings,
  options: VerifyOptions,
): Promise<Pick<Verified, 'events' | 'subjects' | 'cases'>> {
  const cases = allCases(reader);
  let row = (await cases.next()).value as CaseRow | undefined;
  const counted = { compared: 0, folded: 0 };
  let chain: Chain | undefined;
  let own: EventRow[] = [];
  let [events, subjects, told] = [0, 0, performance.now()];

  // cases and subjects come in the same order: what one has and the other lacks is seen in passing
  const close = async (): Promise<void> => {
    if (!chain) return;
    for (; row && row.id < chain.subject; row = (await cases.next()).value as CaseRow | undefined) withoutEvents(row);
    const first = own[0];
    if (row?.id === chain.subject) {
      counted.compared += 1;
      found(findings, ...endFaults(row, chain));
      if (options.rows || row.id.endsWith('0')) {
        counted.folded += 1;
        found(findings, ...(await foldFaults(ctx, row, own)));
      }
      row = (await cases.next()).value as CaseRow | undefined;
    } else if (first?.type === 'application.submitted')
      found(findings, {
        where: 'row',
        subject: chain.subject,
        event: first.id,
        seq: first.seq,
        what: 'there is no case for these events',
      });
  };
  const withoutEvents = ({ id }: CaseRow): void => {
    counted.compared += 1;
    found(findings, { where: 'row', subject: id, what: 'the case has no events: they were deleted' });
  };

  for await (const event of allEvents(reader)) {
    if (event.subject !== chain?.subject) {
      await close();
      subjects += 1;
      own = [];
    }
    const step = follow(chain, event);
    chain = step.chain;
    own.push(event);
    found(findings, ...step.faults);
    events += 1;
    if (events % 1000 === 0 && performance.now() - told > TELL_MS) {
      told = performance.now();
      options.tell?.(`${events} events followed, ${findings.count} faults`);
    }
  }
  await close();
  for (; row; row = (await cases.next()).value as CaseRow | undefined) withoutEvents(row);
  return { events, subjects, cases: counted };
}

function endFaults(row: CaseRow, chain: Chain): Fault[] {
  const blame = (what: string): Fault[] => [{ where: 'row', subject: row.id, seq: chain.seq, what }];
  if (chain.seq < row.seq)
    return blame(`the log ends with event ${chain.seq}, the case has had ${row.seq}: the last are missing`);
  if (chain.seq > row.seq)
    return blame(`the log has ${chain.seq} events, the case has had ${row.seq}: some were added`);
  return row.head.equals(chain.hash) ? [] : blame('the last event is not the one that the case ended with');
}

/** The case folded anew from its events, against what its row says. */
async function foldFaults(ctx: Pick<Ctx, 'db' | 'pool'>, row: CaseRow, events: EventRow[]): Promise<Fault[]> {
  const blame = (what: string): Fault[] => [{ where: 'row', subject: row.id, what }];
  try {
    const started = events[0]?.data as { service?: string; version?: number } | undefined;
    const { service } = await getVersion(ctx, String(started?.service), Number(started?.version));
    const folded = fold(
      service,
      row.id,
      events.map(({ type, data, at }) => ({ at, event: { type, data } as ApplicationEvent })),
    );
    if (canonical(folded) !== canonical(JSON.parse(row.folded)))
      return blame('its stored form is not what its events give');
    const told: Record<string, unknown> = {
      ...folded,
      endedAt: folded.endedAt ?? null,
      status: statusOf(service, folded),
    };
    const wrong = Object.entries(row.columns).filter(([name, value]) => told[name] !== value);
    return wrong.length > 0 ? blame(`${wrong.map(([name]) => name).join(', ')}: not what its events give`) : [];
  } catch {
    return blame('its events cannot be folded');
  }
}

async function verifyTree(
  reader: Reader,
  keys: StoredKey[],
  findings: Findings,
  { kept, tell }: VerifyOptions,
): Promise<Pick<Verified, 'leaves' | 'heads' | 'waiting'>> {
  const blame = (where: 'tree' | 'head', what: string, at: Partial<Fault> = {}): void =>
    found(findings, { where, what, ...at });
  const edge = newEdge();
  const heads = allHeads(reader);
  const stored = allParts(reader);
  let finished: FinishedPart[] = [];
  let head = (await heads.next()).value;
  let [count, broken, keptSeen, told] = [0, false, false, performance.now()];

  for await (const { leaf, sealedId, sealedHash, id, hash, copies } of allLeaves(reader)) {
    if (leaf !== edge.size) {
      blame('tree', `leaves ${edge.size} to ${leaf - 1} are missing`);
      break;
    }
    const name = { event: sealedId };
    if (id === null) blame('tree', `it was sealed as leaf ${leaf} and is no longer in the log: it was deleted`, name);
    else if (id !== sealedId) blame('tree', `in its place, leaf ${leaf}, stands event ${id}`, name);
    else if (hash === null || !hash.equals(sealedHash))
      blame('tree', `it differs from what was sealed as leaf ${leaf}: it was rewritten`, name);
    else if (copies > 1) blame('tree', `at its place in the log stand ${copies} events`, name);
    append(edge, leafHash(sealedHash), (part) => finished.push(part));
    for (const part of finished) {
      const known = (await stored.next()).value;
      if (!known || known.level !== part.level || known.index !== part.index || !known.hash.equals(part.hash))
        blame('tree', `the stored part ${part.level}/${part.index} is not what its leaves give`);
    }
    if (finished.length > 0) finished = [];
    if (kept && edge.size === kept.size) {
      keptSeen = true;
      if (!rootOf(edge).equals(kept.root))
        blame(
          'head',
          `the first ${kept.size} events are not those of the head kept from ${kept.at}: history was rewritten`,
        );
    }
    for (; head && head.size === edge.size; head = (await heads.next()).value) {
      count += 1;
      const { keyName, signature } = head;
      const key = keys.find((one) => one.id === keyName);
      if (!key || !isSigned(key, head, signature))
        blame('head', `the head of ${head.size} events has a wrong signature`);
      // one wrong leaf makes every head after it wrong: the first says where
      if (!broken && !rootOf(edge).equals(head.root)) {
        broken = true;
        blame('head', `the leaves up to ${head.size} do not give the root that was signed at ${head.at}`, name);
      }
    }
    if (performance.now() - told > TELL_MS) {
      told = performance.now();
      tell?.(`${edge.size} leaves compared, ${findings.count} faults`);
    }
  }
  if (head)
    blame('head', `a head tells of ${head.size} events, and there are ${edge.size} leaves: the last were deleted`);
  if (kept && !keptSeen)
    blame('head', `the head kept from ${kept.at} tells of ${kept.size} events, and there are ${edge.size} leaves`);
  if (
    kept &&
    !keys.some((key) => key.id === kept.keyId && key.origin === kept.origin && isSigned(key, kept, kept.signature))
  )
    blame('head', `the head kept from ${kept.at} is not signed with a key of this log`);
  const { waiting, forgotten, twice } = await sealedness(reader);
  for (const { event, subject, seq } of forgotten)
    blame('tree', 'it is older than the last head and was never sealed: it was put in afterwards', {
      event,
      subject,
      seq,
    });
  for (const { event } of twice) blame('tree', 'it was sealed twice', { event });
  return { leaves: edge.size, heads: count, waiting };
}

async function verifyFiles(
  ctx: Pick<Ctx, 'db' | 'files' | 'keys'>,
  reader: Reader,
  findings: Findings,
): Promise<number> {
  let read = 0;
  for await (const { document, file, sha256: told } of issuedFiles(reader)) {
    read += 1;
    const opened = await openFile(ctx, file).catch(() => null);
    const what = !opened
      ? opened === null
        ? 'its bytes were altered'
        : 'its bytes are not in the file store'
      : sha256(opened.bytes).equals(told)
        ? undefined
        : 'its bytes are not those that were issued';
    if (what) found(findings, { where: 'document', subject: document, what });
  }
  return read;
}
