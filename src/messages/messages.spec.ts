// Messages through the real queue and database, with providers on loopback that speak their real protocols and fail.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Actor } from '#platform/context.ts';
import { parseGateways } from '#platform/gateways.ts';
import { newId } from '#platform/ids.ts';
import {
  type HttpProvider,
  type MailProvider,
  startGraph,
  startMail,
  startSms,
  whatsappReport,
} from '#test/providers.ts';
import { MORNING, openTestWorld, type TestWorld } from '#test/world.ts';
import { listMessages, openInbox, readDemoOutbox, resendMessage, sendMessage, setWishes } from './actions.ts';
import { tidy } from './jobs.ts';
import { sendDue } from './sending/actions.ts';

const TOKEN = 'graph-token';
const SECRET = 'graph-app-secret';
/** Seconds after which a test takes silence for an answer; the fast answers of the fakes come well before. */
const IMPATIENT = 1;
const REPORT = 'sms-report-secret-16';
let w: TestWorld;
let graph: HttpProvider;
let sms: HttpProvider;
let mail: MailProvider;

/** What Graph takes, as far as the tests look at it. */
type TemplateMessage = {
  messaging_product: string;
  to: string;
  template: { name: string; language: { code: string }; components: { type: string; parameters: unknown[] }[] };
};

/** Fresh providers and breakers for each test. */
function setGateways(
  change: (all: Record<string, Record<string, unknown>[]>) => void = () => undefined,
  timeout = 10,
): void {
  const form = { to: '{to}', text: '{text}', ref: '{id}' };
  const all: Record<string, Record<string, unknown>[]> = {
    whatsapp: [
      {
        name: 'meta',
        api: graph.url,
        phone: '123456',
        token: TOKEN,
        appSecret: SECRET,
        verifyToken: 'verify-me',
        timeout,
      },
    ],
    sms: [
      {
        name: 'gerbang',
        url: `${sms.url}/send`,
        form,
        timeout,
        accepted: { path: 'status', is: ['queued'] },
        refused: { path: 'status', is: ['invalid-number'] },
        reference: 'id',
        idempotent: true,
        report: {
          secret: REPORT,
          key: 'ref',
          reference: 'id',
          status: 'state',
          delivered: ['DELIVRD'],
          failed: ['UNDELIV'],
        },
      },
    ],
    email: [{ name: 'surel', smtp: mail.url, from: 'Pendopo <pendopo@blorakab.example>', tls: false, timeout }],
  };
  change(all);
  w.world.config.gateways = parseGateways(all, {});
}

const RECEIVED = {
  template: 'permohonan-diterima',
  values: {
    nomor: '261123-7KD4-QXS',
    layanan: 'Akta kelahiran',
    janji: 'Selasa, 24 November 2026',
    tautan: '/lacak/x',
  },
};
const everywhere = { phone: '0812-3456-7890', email: 'siti@contoh.id' };

before(async () => {
  w = await openTestWorld();
  [graph, sms, mail] = await Promise.all([startGraph(TOKEN), startSms({ keys: true }), startMail()]);
});
beforeEach(async () => {
  // what an earlier test left waiting is none of this one's business
  await w.world.pool.query(`UPDATE messages.messages SET state = 'dropped' WHERE state IN ('queued', 'sending')`);
  w.setClock(MORNING);
  for (const one of [graph, sms]) {
    one.mood = 'ok';
    one.taken.length = 0;
    one.asked = 0;
  }
  mail.mood = 'ok';
  mail.mails.length = 0;
  setGateways();
});
after(async () => {
  await w.close();
  await Promise.all([graph.stop(), sms.stop(), mail.stop()]);
});

/** Queues a message about a new application and sends what is due. */
async function say(given: Partial<Parameters<typeof sendMessage>[1]> = {}): Promise<{ id: string; about: string }> {
  const about = newId();
  const { id } = await sendMessage(w.ctx(), { ...RECEIVED, to: everywhere, about, ...given });
  await sendDue(w.ctx());
  return { id, about };
}
const line = async ({ about }: { about: string }) => (await listMessages(w.ctx(), about))[0];
/** Lets minutes pass and sends what is due after each. */
async function wait(minutes: number): Promise<void> {
  for (let n = 0; n < minutes; n++) {
    w.pass(1);
    await sendDue(w.ctx());
  }
}
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  w.app.request(`http://localhost:3000${path}`, { method: 'POST', body, headers });

describe('a message', () => {
  test('leaves through the queue, after the commit of what caused it, and never when that was undone', async () => {
    const undone = w.world.db.transaction().execute(async (db) => {
      await sendMessage({ ...w.ctx(), db }, { ...RECEIVED, to: everywhere });
      throw new Error('undone');
    });
    await assert.rejects(undone, /undone/);
    await w.world.db.transaction().execute(async (db) => {
      await sendMessage({ ...w.ctx(), db }, { ...RECEIVED, to: everywhere });
      assert.equal(graph.asked, 0);
    });
    await w.work();
    assert.equal(graph.taken.length, 1);
  });

  test('with the same id changes nothing', async () => {
    const id = newId();
    for (let n = 0; n < 3; n++) await sendMessage(w.ctx(), { ...RECEIVED, id, to: everywhere });
    await w.work();
    await w.work();
    assert.equal(graph.taken.length, 1);
  });

  test('goes out once when two senders work at the same time', async () => {
    for (let n = 0; n < 40; n++) await sendMessage(w.ctx(), { ...RECEIVED, to: everywhere });
    const other = { ...w.ctx(), pool: Object.create(w.world.pool) };
    await Promise.all([sendDue(w.ctx()), sendDue(other)]);
    assert.equal(graph.taken.length, 40);
    assert.equal(new Set(graph.taken.map((one) => one.key)).size, 40);
  });

  test('is a template message for WhatsApp, in the protocol of the Cloud API', async () => {
    const said = await say();
    const { raw } = graph.taken[0] as unknown as { raw: TemplateMessage };
    assert.equal(raw.messaging_product, 'whatsapp');
    assert.equal(raw.to, '6281234567890');
    assert.deepEqual(raw.template.name, 'permohonan_diterima');
    assert.deepEqual(raw.template.language, { code: 'id' });
    assert.equal(raw.template.components[0]?.parameters.length, 4);
    assert.deepEqual([(await line(said))?.state, (await line(said))?.masked], ['sent', '0812 **** 890']);
  });

  test('as a code carries the button of WhatsApp, is in no inbox, and is destroyed when it has expired', async () => {
    const about = newId();
    await sendMessage(w.ctx(), {
      template: 'kode-masuk',
      to: everywhere,
      values: { kode: '123456', menit: '10' },
      urgent: true,
      about,
    });
    await sendDue(w.ctx());
    const { raw } = graph.taken[0] as unknown as { raw: TemplateMessage };
    assert.deepEqual(raw.template.components[1], {
      type: 'button',
      sub_type: 'url',
      index: '0',
      parameters: [{ type: 'text', text: '123456' }],
    });
    assert.deepEqual(await listMessages(w.ctx(), about), []);
    await tidy(w.ctx());
    const kept = async () =>
      (await w.world.pool.query('SELECT key FROM messages.messages WHERE about = $1', [about])).rows[0].key !== null;
    assert.ok(await kept());
    w.pass(11);
    await tidy(w.ctx());
    assert.equal(await kept(), false);
  });

  test('that came too late as a code is dropped, not sent', async () => {
    graph.mood = 'down';
    sms.mood = 'down';
    mail.mood = 'down';
    const about = newId();
    await sendMessage(w.ctx(), {
      template: 'kode-masuk',
      to: everywhere,
      values: { kode: '123456', menit: '10' },
      urgent: true,
      about,
    });
    await wait(11);
    graph.mood = sms.mood = mail.mood = 'ok';
    await wait(3);
    assert.equal(graph.taken.length + sms.taken.length + mail.mails.length, 0);
    const { rows } = await w.world.pool.query('SELECT state, reason FROM messages.messages WHERE about = $1', [about]);
    assert.deepEqual(rows, [{ state: 'dropped', reason: 'too-late' }]);
  });

  test('with no address can only be read on the pages, and says so', async () => {
    const said = await say({ to: { phone: 'bukan nomor' } });
    const { state, channel, reason } = (await line(said)) ?? {};
    assert.deepEqual({ state, channel, reason }, { state: 'sent', channel: 'inbox', reason: 'no-address' });
  });

  test('holds its address and values only sealed', async () => {
    const { id } = await say();
    const { rows } = await w.world.pool.query('SELECT * FROM messages.messages m WHERE id = $1', [id]);
    const bytes = JSON.stringify(rows, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    for (const clear of ['81234567890', 'siti@', 'Akta', '7KD4']) assert.ok(!bytes.includes(clear), clear);
  });
});

describe('faults', () => {
  test('of the address go to the next channel without a second try', async () => {
    graph.mood = 'refuse';
    const said = await say();
    assert.deepEqual([graph.asked, sms.taken.length], [1, 1]);
    assert.equal((await line(said))?.channel, 'sms');
    sms.mood = 'refuse';
    const next = await say();
    assert.equal((await line(next))?.channel, 'email');
    mail.mood = 'refuse';
    const last = await say();
    const { state, reason } = (await line(last)) ?? {};
    assert.deepEqual({ state, reason }, { state: 'failed', reason: 'no-such-mailbox' });
  });

  for (const mood of ['down', 'slow-down', 'lie'] as const) {
    test(`of a provider that is ${mood} are tried again and come through once it is well`, async () => {
      sms.mood = mood;
      const said = await say({ channel: 'sms' });
      assert.equal((await line(said))?.state, 'queued');
      sms.mood = 'ok';
      await wait(5);
      assert.equal((await line(said))?.state, 'sent');
      assert.equal(sms.taken.length, 1);
    });
  }

  for (const mood of ['hang', 'accept-hang', 'cut', 'accept-cut', 'garbage'] as const) {
    test(`of a gateway that honours keys never double: ${mood}`, async () => {
      setGateways(undefined, IMPATIENT);
      sms.mood = mood;
      const said = await say({ channel: 'sms' });
      sms.mood = 'ok';
      await wait(5);
      assert.equal((await line(said))?.state, 'sent');
      assert.equal(sms.taken.length, 1);
    });

    test(`of a gateway that can only be asked never double: ${mood}`, async () => {
      const plain = await startSms({ keys: false });
      try {
        setGateways((all) => {
          const { idempotent: _, ...gateway } = all.sms?.[0] ?? {};
          const lookup = { url: `${plain.url}/status/{id}`, accepted: { path: 'status', is: ['queued'] } };
          all.sms = [{ ...gateway, url: `${plain.url}/send`, lookup }];
        }, IMPATIENT);
        plain.mood = mood;
        const said = await say({ channel: 'sms' });
        plain.mood = 'ok';
        await wait(6);
        assert.equal((await line(said))?.state, 'sent');
        assert.equal(plain.taken.length, 1);
      } finally {
        await plain.stop();
      }
    });
  }

  test('of WhatsApp after it took the message are settled by its report, which bears our key', async () => {
    setGateways(undefined, IMPATIENT);
    graph.mood = 'accept-hang';
    const said = await say({ channel: 'whatsapp' });
    graph.mood = 'ok';
    await wait(2);
    assert.deepEqual([(await line(said))?.state, (await line(said))?.reason], ['queued', 'report']);
    const { body, signature } = whatsappReport(SECRET, '123456', [
      { id: 'wamid.x', status: 'sent', key: graph.taken[0]?.key ?? '' },
    ]);
    assert.equal((await post('/api/hooks/whatsapp/meta', body, { 'x-hub-signature-256': signature })).status, 200);
    await wait(10);
    assert.equal((await line(said))?.state, 'sent');
    assert.equal(graph.taken.length, 1);
  });

  test('of mail are repeated under the same Message-ID', async () => {
    setGateways(undefined, IMPATIENT);
    mail.mood = 'accept-hang';
    const said = await say({ channel: 'email' });
    mail.mood = 'ok';
    await wait(3);
    assert.equal((await line(said))?.state, 'sent');
    const ids = mail.mails.map((one) => /^Message-ID: (.+)$/im.exec(one.raw)?.[1]);
    assert.equal(mail.mails.length, 2, 'SMTP cannot be asked: this is what remains');
    assert.equal(new Set(ids).size, 1);
    assert.match(ids[0] ?? '', /^<[0-9a-f-]{36}@localhost>\r?$/);
  });

  test('that a grey-listing mail server answers are tried again and do not count against it', async () => {
    mail.mood = 'slow-down';
    const said = await Promise.all(Array.from({ length: 7 }, () => say({ channel: 'email' })));
    mail.mood = 'ok';
    const other = await say({ channel: 'email' });
    assert.equal((await line(other))?.state, 'sent');
    await wait(3);
    for (const one of said) assert.equal((await line(one))?.state, 'sent');
  });

  test('of one provider go over to the second after three tries', async () => {
    const second = await startSms({ keys: true });
    try {
      setGateways((all) => {
        all.sms?.push({ ...all.sms[0], name: 'gerbang-dua', url: `${second.url}/send` });
      });
      sms.mood = 'lie';
      const said = await say({ channel: 'sms' });
      await wait(6);
      assert.deepEqual([sms.asked, second.taken.length], [3, 1]);
      assert.equal((await line(said))?.state, 'sent');
    } finally {
      await second.stop();
    }
  });

  test('of one provider do not hold up the others', async () => {
    setGateways((all) => Object.assign(all.sms?.[0] ?? {}, { timeout: IMPATIENT }));
    sms.mood = 'hang';
    for (let n = 0; n < 30; n++) await sendMessage(w.ctx(), { ...RECEIVED, to: everywhere, channel: 'sms' });
    for (let n = 0; n < 30; n++) await sendMessage(w.ctx(), { ...RECEIVED, to: everywhere, channel: 'whatsapp' });
    await sendDue(w.ctx());
    assert.equal(graph.taken.length, 30);
    assert.ok(sms.asked <= 16, `${sms.asked} tries at a provider that hangs`);
    sms.mood = 'ok';
    await wait(5);
    assert.equal(sms.taken.length, 30);
  });

  test('that last until the end leave the message failed; an officer may have it sent again', async () => {
    sms.mood = 'refuse';
    const said = await say({ channel: 'sms' });
    assert.equal((await line(said))?.state, 'failed');
    sms.mood = 'ok';
    const officer = await w.officer('verifikator');
    await resendMessage(w.ctx(officer), said.id);
    await resendMessage(w.ctx(officer), said.id);
    await w.work();
    assert.equal((await line(said))?.state, 'sent');
    assert.equal(sms.taken.length, 1);
  });
});

describe('an outage of 300 seconds', () => {
  test('under load loses nothing and doubles nothing', async () => {
    setGateways((all) => {
      all.whatsapp = [];
      all.email = [];
    });
    const sent = new Map<string, number>();
    const start = w.world.clock().getTime();
    const moods = ['down', 'cut', 'accept-cut', 'garbage', 'lie', 'slow-down'] as const;
    // half a minute of health, five of every fault a gateway knows, then health again; four messages come in every ten seconds
    let faults = 0;
    sms.mood = () => {
      const second = (w.world.clock().getTime() - start) / 1000;
      return second >= 30 && second < 330 ? (moods[faults++ % moods.length] ?? 'down') : 'ok';
    };
    const crash = async () => {
      // a sender dies: what it was about to do is known only as begun
      await w.world.pool.query(`
        WITH m AS (UPDATE messages.messages SET state = 'sending', next_at = now() - interval '1 year'
          WHERE id IN (SELECT id FROM messages.messages WHERE state = 'queued' AND attempts > 0 LIMIT 3) RETURNING id, attempts)
        UPDATE messages.attempts a SET ended_at = NULL, outcome = NULL, reason = NULL FROM m
        WHERE a.message = m.id AND a.number = m.attempts`);
    };
    for (let step = 0; step < 36; step++) {
      for (let n = 0; n < 4; n++) {
        const { id } = await sendMessage(w.ctx(), { ...RECEIVED, to: everywhere });
        sent.set(id, step);
      }
      await sendDue(w.ctx());
      if (step % 7 === 6) await crash();
      w.pass(1 / 6);
    }
    let minutes = 0;
    const open = async () =>
      Number(
        (
          await w.world.pool.query(`SELECT count(*) FROM messages.messages WHERE id = ANY($1) AND state <> 'sent'`, [
            [...sent.keys()],
          ])
        ).rows[0].count,
      );
    while ((await open()) > 0 && minutes < 60) {
      w.pass(1);
      minutes += 1;
      await sendDue(w.ctx());
    }
    assert.equal(await open(), 0, 'nothing is lost');
    assert.equal(sms.taken.length, sent.size, 'nothing is doubled');
    assert.equal(new Set(sms.taken.map((one) => one.key)).size, sent.size);
    assert.ok(minutes <= 20, `drained ${minutes} minutes after the outage`);
    assert.ok(
      sms.asked < sent.size * 3,
      `${sms.asked} requests for ${sent.size} messages: the breaker spares the provider`,
    );
  });
});

describe('a crash', () => {
  test('between the note and the answer is resolved with the same key', async () => {
    // what a killed sender leaves: the message is being sent, its try has no end, and the provider has it
    const said = await say({ channel: 'sms' });
    await w.world.pool.query(
      `UPDATE messages.attempts SET ended_at = NULL, outcome = NULL, reference = NULL WHERE message = $1`,
      [said.id],
    );
    await w.world.pool.query(
      `UPDATE messages.messages SET state = 'sending', sent_at = NULL, next_at = $2 WHERE id = $1`,
      [said.id, new Date(w.world.clock().getTime() + 120_000)],
    );
    await sendDue(w.ctx());
    assert.equal(sms.asked, 1, 'the lease of the dead sender still holds');
    await wait(5);
    assert.equal((await line(said))?.state, 'sent');
    assert.equal(sms.taken.length, 1);
    assert.ok(sms.asked >= 2, 'it was said again, under the same key');
  });
});

describe('quiet hours', () => {
  test('hold a message back until the morning, except what was asked for just now', async () => {
    w.setClock('2026-11-23T22:30:00+07:00');
    const quiet = await say({ channel: 'sms' });
    const asked = await say({ channel: 'sms', urgent: true });
    assert.equal((await line(asked))?.state, 'sent');
    assert.equal((await line(quiet))?.state, 'queued');
    w.setClock('2026-11-24T05:59:00+07:00');
    await sendDue(w.ctx());
    assert.equal(sms.taken.length, 1);
    await wait(12);
    assert.equal((await line(quiet))?.state, 'sent');
  });

  test('hold back a repeat too, when the fault came in the evening', async () => {
    w.setClock('2026-11-23T20:59:30+07:00');
    sms.mood = 'down';
    const said = await say({ channel: 'sms' });
    sms.mood = 'ok';
    await wait(30);
    assert.equal(sms.taken.length, 0);
    w.setClock('2026-11-24T06:10:00+07:00');
    await wait(2);
    assert.equal((await line(said))?.state, 'sent');
  });
});

describe('delivery reports', () => {
  const hook = '/api/hooks/whatsapp/meta';
  const report = (statuses: Parameters<typeof whatsappReport>[2], secret = SECRET, phone = '123456') => {
    const { body, signature } = whatsappReport(secret, phone, statuses);
    return post(hook, body, { 'x-hub-signature-256': signature, 'content-type': 'application/json' });
  };

  test('of an unknown provider are not found; the handshake wants the right word', async () => {
    assert.equal((await post('/api/hooks/whatsapp/lain', '{}')).status, 404);
    const shake = (token: string) =>
      w.app.request(
        `http://localhost:3000${hook}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`,
      );
    assert.equal((await shake('wrong')).status, 403);
    const right = await shake('verify-me');
    assert.deepEqual([right.status, await right.text()], [200, '1158201444']);
  });

  test('with a forged, missing or foreign signature are refused and change nothing', async () => {
    const said = await say();
    const id = `wamid.1.${graph.taken[0]?.key}`;
    const { body } = whatsappReport(SECRET, '123456', [{ id, status: 'delivered' }]);
    assert.equal((await post(hook, body)).status, 403);
    assert.equal((await post(hook, body, { 'x-hub-signature-256': 'sha256=00' })).status, 403);
    assert.equal((await report([{ id, status: 'delivered' }], 'another-secret')).status, 403);
    const { signature } = whatsappReport(SECRET, '123456', [{ id, status: 'sent' }]);
    assert.equal((await post(hook, body, { 'x-hub-signature-256': signature })).status, 403);
    assert.equal((await line(said))?.state, 'sent');
  });

  test('only move forward: replayed, late and out of order they change nothing', async () => {
    const said = await say();
    const id = `wamid.1.${graph.taken[0]?.key}`;
    assert.equal((await report([{ id, status: 'delivered' }])).status, 200);
    const first = await line(said);
    assert.equal(first?.state, 'delivered');
    w.pass(5);
    for (const status of ['delivered', 'sent', 'read', 'failed'])
      assert.equal((await report([{ id, status }])).status, 200);
    assert.deepEqual(await line(said), first);
    await sendDue(w.ctx());
    assert.equal(sms.taken.length, 0);
  });

  test('of a failure send the message by the next channel, once however often they come', async () => {
    const said = await say();
    const id = `wamid.1.${graph.taken[0]?.key}`;
    for (let n = 0; n < 3; n++) await report([{ id, status: 'failed', code: 131026 }]);
    await w.work();
    await report([{ id, status: 'failed', code: 131026 }]);
    await w.work();
    assert.deepEqual([(await line(said))?.channel, sms.taken.length], ['sms', 1]);
  });

  test('about another number, another message, or in no shape at all are taken and change nothing', async () => {
    const said = await say();
    const id = `wamid.1.${graph.taken[0]?.key}`;
    assert.equal((await report([{ id, status: 'delivered' }], SECRET, '999')).status, 200);
    assert.equal((await report([{ id: 'wamid.none', status: 'delivered' }])).status, 200);
    for (const body of ['', 'null', '[]', '{"entry":5}', '{"entry":[{"changes":[{"value":{"statuses":[null]}}]}]}']) {
      const { createHmac } = await import('node:crypto');
      const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
      assert.equal((await post(hook, body, { 'x-hub-signature-256': signature })).status, 200, body);
    }
    assert.equal((await line(said))?.state, 'sent');
  });

  test('of an SMS gateway come as JSON, form or address, with the secret only', async () => {
    const path = '/api/hooks/sms/gerbang';
    const said = [await say({ channel: 'sms' }), await say({ channel: 'sms' }), await say({ channel: 'sms' })];
    const [a, b, c] = sms.taken.map((one) => one.key);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal((await post(`${path}/wrong`, JSON.stringify({ ref: a, state: 'DELIVRD' }))).status, 403);
    assert.equal((await post(path, JSON.stringify({ ref: a, state: 'DELIVRD' }))).status, 403);
    assert.equal((await post(path, JSON.stringify({ ref: a, state: 'DELIVRD' }), { 'x-secret': REPORT })).status, 200);
    assert.equal((await post(`${path}/${REPORT}`, `id=sms-${b}&state=DELIVRD`, form)).status, 200);
    const byAddress = await w.app.request(`http://localhost:3000${path}/${REPORT}?ref=${c}&state=DELIVRD`);
    assert.equal(byAddress.status, 200);
    for (const one of said) assert.equal((await line(one))?.state, 'delivered');
  });
});

describe('headers and texts', () => {
  test('of mail hold one recipient and one line, whatever was typed', async () => {
    await say({
      channel: 'email',
      values: { ...RECEIVED.values, layanan: 'Akta\r\nBcc: semua@contoh.id\r\n\r\n<b>isi</b>' },
    });
    await say({ channel: 'email', to: { email: 'a@contoh.id\r\nBcc: b@contoh.id' } });
    assert.equal(mail.mails.length, 1);
    const { raw, to } = mail.mails[0] as { raw: string; to: string[] };
    const [headers = '', body = ''] = raw.split(/\r?\n\r?\n/s);
    assert.deepEqual(to, ['siti@contoh.id']);
    assert.doesNotMatch(headers, /^bcc:/im);
    assert.match(headers, /^Subject: Permohonan 261123-7KD4-QXS diterima\r?$/m);
    assert.match(headers, /^Auto-Submitted: auto-generated/m);
    assert.ok(raw.includes('text/plain') && !raw.includes('text/html'));
    assert.ok(body.includes('Permohonan'));
  });

  test('of an SMS are letters that a phone shows, on one number', async () => {
    await say({ channel: 'sms', values: { ...RECEIVED.values, layanan: 'Akta “désa” & to=0811\u0007' } });
    assert.deepEqual(
      sms.taken.map((one) => one.to),
      ['6281234567890'],
    );
    assert.match(sms.taken[0]?.text ?? '', /\(Akta "désa" & to=0811\)/);
  });
});

describe('a resident with an account', () => {
  const account = newId();
  const resident: Actor = { kind: 'resident', holds: [], account };

  test('chooses the channel, the language, and what may be left out; what is owed cannot be switched off', async () => {
    await setWishes(w.ctx(resident), { first: 'email', language: 'en', on: [] });
    await say({
      to: { account, ...everywhere },
      template: 'ditolak',
      values: { nomor: '1', layanan: 'KIA', tautan: '/lacak/x' },
    });
    assert.match(mail.mails[0]?.raw ?? '', /^Subject: Application 1 was refused\r?$/m);
    w.pass(1);
    const optional = await say({ to: { account, ...everywhere } });
    assert.deepEqual([(await line(optional))?.state, (await line(optional))?.reason], ['dropped', 'switched-off']);
    await assert.rejects(setWishes(w.ctx(resident), { first: 'pigeon', language: 'xx', on: [] }), /perbaiki/);
  });

  test('reads everything in the inbox, page by page, whatever became of it outside', async () => {
    const { messages } = await openInbox(w.ctx(resident));
    assert.equal(messages.length, 2);
    assert.match(messages[0]?.text ?? '', /received your application/);
    for (let n = 0; n < 25; n++) {
      w.pass(1);
      await sendMessage(w.ctx(), { ...RECEIVED, to: { account } });
    }
    const first = await openInbox(w.ctx(resident));
    assert.deepEqual([first.messages.length, first.newer, Boolean(first.older)], [20, undefined, true]);
    const second = await openInbox(w.ctx(resident), { older: first.older });
    assert.deepEqual([second.messages.length, second.older], [7, undefined]);
    const back = await openInbox(w.ctx(resident), { newer: second.newer });
    assert.deepEqual(
      back.messages.map((one) => one.id),
      first.messages.map((one) => one.id),
    );
  });

  test('and nobody else', async () => {
    const page = (path: string) => w.app.request(`http://localhost:3000${path}`);
    assert.equal((await page('/akun/pesan')).status, 303);
    await assert.rejects(openInbox(w.ctx(await w.officer('verifikator'))), /akun warga/);
    assert.equal((await openInbox(w.ctx({ kind: 'resident', holds: [], account: newId() }))).messages.length, 0);
  });
});

describe('the outbox of a demo', () => {
  test('takes what no provider is there for, and is no page of production', async () => {
    setGateways((all) => {
      for (const channel of Object.keys(all)) all[channel] = [];
    });
    await sendMessage(w.ctx(), {
      template: 'kode-masuk',
      to: everywhere,
      values: { kode: '424242', menit: '10' },
      urgent: true,
    });
    await w.work();
    assert.ok((await readDemoOutbox(w.ctx())).some((one) => one.text?.includes('424242')));
    const page = () => w.app.request('http://localhost:3000/contoh/pesan');
    assert.match(await (await page()).text(), /424242/);
    w.world.config.mode = 'production';
    try {
      assert.equal((await page()).status, 404);
      setGateways((all) => {
        for (const channel of Object.keys(all)) all[channel] = [];
      });
      const said = await say();
      assert.deepEqual([(await line(said))?.channel, (await line(said))?.reason], ['inbox', 'no-channel']);
    } finally {
      w.world.config.mode = 'demo';
    }
  });
});
