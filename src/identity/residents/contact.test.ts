// Contacts and devices as people write and browsers name them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cleanEmail, cleanPhone } from '#src/messages/address.ts';
import { maskContact, readContact, showContact } from './contact.ts';
import { deviceName } from './device.ts';

describe('a contact', () => {
  test('is the same however it is written', () => {
    for (const typed of [
      '0812 3456 7890',
      '+62 812-3456-7890',
      '62812.3456.7890',
      '00628123456 7890',
      '(0812)34567890',
    ])
      assert.deepEqual(readContact(typed), { kind: 'phone', value: '+6281234567890' }, typed);
    for (const typed of ['Siti@Contoh.ID', ' siti@contoh.id '])
      assert.deepEqual(readContact(typed), { kind: 'email', value: 'siti@contoh.id' });
    assert.deepEqual(readContact('+60 12-345 6789'), { kind: 'phone', value: '+60123456789' });
  });

  test('is refused when nothing could be sent there', () => {
    for (const typed of [
      '',
      '0812',
      '021 555 1234',
      'siti@',
      '@contoh.id',
      'a b@contoh.id',
      'a@b.id,c@d.id',
      'a@b.id\r\nBcc: c@d.id',
      'a..b@contoh.id',
    ])
      assert.equal(readContact(typed), undefined, typed);
  });

  test('that is accepted is one that messages can be sent to, as it stands', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.emailAddress(), fc.stringMatching(/^[+0-9 ().-]{6,20}$/)), (typed) => {
        const contact = readContact(typed);
        if (!contact) return;
        const clean = contact.kind === 'email' ? cleanEmail : cleanPhone;
        assert.equal(clean(contact.value), contact.value);
        assert.deepEqual(readContact(showContact(contact)), contact);
      }),
    );
  });

  test('is told back to its owner, and masked for others', () => {
    const phone = { kind: 'phone', value: '+6281234567890' } as const;
    assert.equal(showContact(phone), '081234567890');
    assert.equal(maskContact(phone), '08**-****-7890');
    assert.equal(maskContact({ kind: 'email', value: 'siti@contoh.id' }), 's***@contoh.id');
  });
});

test('a device is named in plain words, whatever it says of itself', () => {
  const android =
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36';
  assert.equal(deviceName(android), 'Chrome di Android');
  assert.equal(deviceName(`${android} EdgA/120`), 'Edge di Android');
  assert.equal(
    deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1'),
    'Safari di iPhone',
  );
  assert.equal(
    deviceName('Mozilla/5.0 (Windows NT 10.0; rv:120.0) Gecko/20100101 Firefox/120.0'),
    'Firefox di Windows',
  );
  assert.equal(deviceName('<script>alert(1)</script>'), 'Peramban lain');
  assert.equal(deviceName(undefined), 'Peramban lain');
});
