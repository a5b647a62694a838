// Passkeys through HTTP, answered by a software authenticator that can also lie.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { eventsOf } from '#platform/event-log.ts';
import { newId } from '#platform/ids.ts';
import { resetLimits } from '#platform/rate-limit.ts';
import { Authenticator, type Lies } from '#test/authenticator.ts';
import { type Answer, Visitor, wordsOf } from '#test/visitor.ts';
import { openTestWorld, type TestWorld } from '#test/world.ts';
import { createOfficer } from '../actions.ts';

const PASSWORD = 'jagung rebus di teras';
const ORIGIN = 'http://localhost:3000';
const ENROL = '/akun/keamanan/kunci';
const ALONE = '/masuk/kunci';
const SECOND = '/masuk/pengaman';

let t: TestWorld;
before(async () => {
  t = await openTestWorld();
});
after(() => t.close());
beforeEach(() => resetLimits());

let made = 0;
async function officer(): Promise<{ id: string; login: string; at: Visitor }> {
  const [id, login] = [newId(), `pemegang${++made}`];
  const given = { id, login, name: 'Petugas Contoh', agency: 'dindukcapil', roles: ['verifier'], password: PASSWORD };
  assert.ok(await createOfficer(t.ctx(), given));
  const at = new Visitor(t.app);
  await at.post('/masuk', { login, password: PASSWORD });
  return { id, login, at };
}
const question = async (at: Visitor, path: string) => JSON.parse((await at.post(`${path}/tantangan`)).html);
const inside = async (at: Visitor): Promise<boolean> =>
  (await at.get('/akun')).html.includes('Yang boleh Anda lakukan');

async function enrol(
  at: Visitor,
  key = new Authenticator(ORIGIN),
  lies: Lies = {},
): Promise<{ key: Authenticator; answer: Answer }> {
  const jawaban = key.create(await question(at, ENROL), lies);
  return { key, answer: await at.post(ENROL, { nama: 'Ponsel dinas', jawaban }) };
}
async function signInAlone(key: Authenticator, lies: Lies = {}, at = new Visitor(t.app)): Promise<boolean> {
  await at.post(ALONE, { jawaban: key.get(await question(at, ALONE), lies) });
  return inside(at);
}

describe('a passkey', () => {
  test('is enrolled under its name, is a second factor, and gives recovery codes when it is the first', async () => {
    const { at, id } = await officer();
    const { answer } = await enrol(at);
    assert.equal([...answer.html.matchAll(/<code>/g)].length, 10);
    assert.match(wordsOf((await at.get('/akun/keamanan')).html), /Ponsel dinas Kunci sandi/);
    assert.doesNotMatch((await at.get('/akun')).html, /belum boleh memutuskan/);
    assert.deepEqual((await eventsOf(t.ctx(), id)).at(-1)?.data.kind, 'passkey');
    assert.match(wordsOf((await enrol(at)).answer.html), /Kunci sandi terpasang/, 'a second one gives no new codes');
  });

  test('opens a session alone, from a browser that knows nothing, and that session may decide', async () => {
    const { at } = await officer();
    const { key } = await enrol(at);
    const fresh = new Visitor(t.app);
    assert.equal(await signInAlone(key, {}, fresh), true);
    assert.doesNotMatch((await fresh.get('/akun')).html, /belum boleh memutuskan/);
  });

  test('is the second step of its own officer, not of another', async () => {
    const [mine, other] = [await officer(), await officer()];
    const { key } = await enrol(mine.at);
    const { key: foreign } = await enrol(other.at);
    const at = new Visitor(t.app);
    await at.post('/masuk', { login: mine.login, password: PASSWORD });
    assert.equal((await at.post(`${SECOND}/kunci`, { jawaban: foreign.get(await question(at, SECOND)) })).status, 422);
    assert.equal(await inside(at), false);
    assert.equal(
      (await at.post(`${SECOND}/kunci`, { jawaban: key.get(await question(at, SECOND)), ke: '//evil.example' })).path,
      '/kerja',
    );
    assert.ok(await inside(at));
    assert.equal((await new Visitor(t.app).post(`${SECOND}/tantangan`)).status, 403);
  });

  test('can be taken away; then it opens nothing', async () => {
    const { at } = await officer();
    const { key } = await enrol(at);
    const factor = /\/lepas\/([0-9a-f-]{36})/.exec((await at.get('/akun/keamanan')).html)?.[1];
    await at.post(`/akun/keamanan/lepas/${factor}`, { sekarang: PASSWORD });
    assert.equal(await signInAlone(key), false);
  });

  test('of one person is not enrolled by another', async () => {
    const [mine, other] = [await officer(), await officer()];
    const { key } = await enrol(mine.at);
    assert.match(wordsOf((await enrol(other.at, key)).answer.html), /sudah terpasang/);
  });
});

describe('an answer does not count', () => {
  test('a second time, in the same browser or another', async () => {
    const { at } = await officer();
    const { key } = await enrol(at);
    const browser = new Visitor(t.app);
    const jawaban = key.get(await question(browser, ALONE));
    await browser.post(ALONE, { jawaban });
    assert.ok(await inside(browser));
    await browser.post('/keluar');
    assert.equal((await browser.post(ALONE, { jawaban })).status, 422);
    assert.equal(await inside(browser), false);
  });

  test('in another browser than the one that was asked', async () => {
    const { at } = await officer();
    const { key } = await enrol(at);
    const [asked, thief] = [new Visitor(t.app), new Visitor(t.app)];
    await question(thief, ALONE);
    const jawaban = key.get(await question(asked, ALONE));
    assert.equal((await thief.post(ALONE, { jawaban })).status, 422);
    assert.equal(await inside(thief), false);
    await asked.post(ALONE, { jawaban });
    assert.ok(await inside(asked), 'the thief did not use it up');
  });

  test('when the challenge is made up, older than five minutes, or was put for something else', async () => {
    const { at, login } = await officer();
    const { key } = await enrol(at);
    assert.equal(await signInAlone(key, { challenge: Buffer.alloc(32, 1).toString('base64url') }), false);
    const late = new Visitor(t.app);
    const jawaban = key.get(await question(late, ALONE));
    t.pass(6);
    assert.equal((await late.post(ALONE, { jawaban })).status, 422);
    const other = new Visitor(t.app);
    await other.post('/masuk', { login, password: PASSWORD });
    const forSecond = key.get(await question(other, SECOND));
    assert.equal((await other.post(ALONE, { jawaban: forSecond })).status, 422);
    assert.equal(await inside(other), false);
  });

  test('from another site, for another site, or without the person having been verified', async () => {
    const { at } = await officer();
    const { key } = await enrol(at);
    const lies: Lies[] = [{ origin: 'https://evil.example' }, { rpId: 'evil.example' }, { unverified: true }];
    for (const lie of lies) assert.equal(await signInAlone(key, lie), false, JSON.stringify(lie));
    for (const lie of lies) {
      const another = await officer();
      assert.equal((await enrol(another.at, new Authenticator(ORIGIN), lie)).answer.status, 422, JSON.stringify(lie));
    }
    assert.equal(await signInAlone(key), true);
  });

  test('when the counter did not grow: somebody has a copy of the key', async () => {
    const { at } = await officer();
    const { key } = await enrol(at);
    assert.equal(await signInAlone(key, { counter: 7 }), true);
    assert.equal(await signInAlone(key, { counter: 7 }), false);
    assert.equal(await signInAlone(key, { counter: 3 }), false);
    assert.equal(await signInAlone(key, { counter: 8 }), true);
  });

  test('when it is no answer at all', async () => {
    const at = new Visitor(t.app);
    await question(at, ALONE);
    for (const jawaban of ['', '{}', 'null', '[]', '{"id":5}', '{"id":"AAAA"}', '<script>', 'x'.repeat(30_000)])
      assert.equal((await at.post(ALONE, { jawaban })).status, 422, jawaban.slice(0, 20));
    const { at: mine } = await officer();
    await question(mine, ENROL);
    for (const jawaban of ['', '{}', 'null', '{"id":"AAAA","response":{}}'])
      assert.equal((await mine.post(ENROL, { jawaban })).status, 422, jawaban);
  });
});

test('a passkey is not locked out by others who guess the password', async () => {
  const { at, login } = await officer();
  const { key } = await enrol(at);
  for (let i = 0; i < 11; i++) await new Visitor(t.app).post('/masuk', { login, password: 'salah-sekali' });
  resetLimits();
  assert.equal((await new Visitor(t.app).post('/masuk', { login, password: PASSWORD })).status, 422);
  assert.equal(await signInAlone(key), true);
});
