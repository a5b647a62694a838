// Sealing beside writers that come and go: every event becomes a leaf once, and the tree only ever grows.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { SYSTEM } from '#platform/context.ts';
import { recordEvent } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { listHeads, proveConsistency, proveEvent, sealLog } from './actions.ts';
import { checkProof } from './proof.ts';

describe('sealing the log', () => {
  let test_: TestWorld;
  const ctx = () => test_.ctx(SYSTEM);
  const write = (subject = newId()) =>
    recordEvent(ctx(), { type: 'officer.test', subject, data: { n: 1 } }).then(() => subject);
  const counts = async () => {
    const { rows } = await test_.world.pool.query(`
      SELECT (SELECT count(*)::int FROM platform.events) AS events,
        (SELECT count(*)::int FROM audit.leaves, unnest(positions) p) AS leaves,
        (SELECT count(DISTINCT p)::int FROM audit.leaves, unnest(positions) p) AS different,
        (SELECT coalesce(max(size), 0)::int FROM audit.heads) AS size`);
    return rows[0];
  };
  before(async () => {
    test_ = await openTestWorld();
  });
  after(() => test_.close());

  test('gives each event one leaf and signs one head; nothing new, no new head', async () => {
    for (let i = 0; i < 20; i++) await write();
    const first = await sealLog(ctx());
    const { events, leaves, different, size } = await counts();
    assert.deepEqual([leaves, different, size], [events, events, events]);
    assert.deepEqual(await sealLog(ctx()), { sealed: 0, size: first.size });
    assert.equal((await listHeads(ctx(), { limit: 10 })).heads.length, 1);
  });

  test('misses no event whose transaction was under way, and seals none twice', async () => {
    const slow = new pg.Client({ connectionString: test_.url });
    await slow.connect();
    await slow.query('BEGIN');
    const insert = (client: pg.ClientBase, id: string) =>
      client.query(
        `INSERT INTO platform.events (id, at, recorded_at, type, subject, seq, actor, channel, command_id, data, prev, hash)
         VALUES ($1, now(), now(), 'officer.test', $1, 1, 'system', 'system', $1, '{}', NULL, sha256($2))`,
        [id, Buffer.from(id)],
      );
    await insert(slow, newId()); // a low position, not to be seen yet
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5; i++) await write();
      await sealLog(ctx());
    }
    const before_ = await counts();
    assert.equal(before_.leaves, before_.events);
    await slow.query('COMMIT');
    await slow.end();
    await sealLog(ctx());
    const { events, leaves, different } = await counts();
    assert.deepEqual([leaves, different], [events, events]);
    assert.equal(events, before_.events + 1);
  });

  test('beside many writers and two sealers at once is complete and without doubles', async () => {
    let writing = true;
    const writers = Array.from({ length: 6 }, async () => {
      while (writing) await write();
    });
    for (let round = 0; round < 12; round++)
      await Promise.all([sealLog(ctx()), sealLog(ctx()).catch(() => undefined), new Promise((r) => setTimeout(r, 20))]);
    writing = false;
    await Promise.all(writers);
    await sealLog(ctx());
    const { events, leaves, different, size } = await counts();
    assert.deepEqual([leaves, different, size], [events, events, events]);
  });

  test('proves an event and the growth of the log to somebody without our database', async () => {
    const subject = await write();
    const heads = await listHeads(ctx(), { limit: 50 });
    await sealLog(ctx());
    const { rows } = await test_.world.pool.query('SELECT id FROM platform.events WHERE subject = $1', [subject]);
    const proof = JSON.parse(JSON.stringify(await proveEvent(ctx(), rows[0].id)));
    const key = heads.keys[0] as string;
    assert.deepEqual(checkProof(proof, key).problems, []);
    for (const wrong of [
      { ...proof, leaf: proof.leaf + 1 },
      { ...proof, event: { ...proof.event, actor: 'somebody' } },
      { ...proof, proof: proof.proof.slice(1) },
      { ...proof, checkpoint: proof.checkpoint.replace(/\d/, '9') },
      { ...proof, key: 'localhost/log+00000000+AAAA' },
      { kind: 'pendopo-inclusion-1' },
      null,
    ])
      assert.equal(checkProof(wrong, key).valid, false, JSON.stringify(wrong)?.slice(0, 200));
    for (const old of heads.heads) {
      const growth = JSON.parse(JSON.stringify(await proveConsistency(ctx(), old.size)));
      assert.equal(growth.older, old.checkpoint);
      assert.deepEqual(checkProof(growth, key).problems, []);
    }
    await assert.rejects(proveConsistency(ctx(), 3), /Tidak ada kepala log/);
    await assert.rejects(proveEvent(ctx(), newId()), /tidak ada di log/);
  });
});
